"""Removes page furniture from an article's text: share buttons, prompts, adverts, links to other articles, credits.

In goes repaired text (see `text`), out comes the same text without some of its lines, and what went and why. Only whole
lines go, and no line changes. What is furniture is said in `rules`; this file decides with a line's surroundings where
its rule asks for that: lines of the rules' sure kind go first, then what leans on them, then what hangs on the edges.

Everything is linear in the number of lines and idempotent: each step leaves nothing that a second pass would take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.clean.rules import MAX_LINE, RULES, Rule, Scope

# A list of related headlines is hardly longer than this, and a short line is hardly a headline beyond this length.
MAX_LIST = 10
MAX_HEADLINE = 130

# Bullets, arrows and markup that may frame a button.
ORNAMENTS = ' *•·|»›>→►▶▸■●#~_{}"-–—'
# Furniture that stands between paragraphs speaks for no neighbour: the next line may well be a subheading.
INLINE = frozenset({"advertisement", "placeholder", "continue", "caption", "related_link", "bracketed_link", "player"})
FIRST_WORD_RE = re.compile(r"(?:(?!©)[\W_])*(©|[^\W_]+)")
# A pattern's escapes and character sets whole, anything else one by one.
TOKEN_RE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.")
HEADLINE_RE = re.compile(r"(?:[A-Z0-9À-ÖØ-Þ]|[\W_]{1,3}[A-Z0-9À-ÖØ-Þ]).*\s.*[^\s.!:;,…\"”'’]['’\"”]?")
# Between paragraphs a line in capitals, as long as a headline and without a full stop, leads to another story. There
# are fewer of them than paragraphs of prose.
SHOUTED = Rule("shouted_link", Scope.ANYWHERE, "")
SHOUTED_CHARS, SHOUTED_WORDS = 40, 6
# A line of as many characters isn't repeated by its writer.
DOUBLED_CHARS = 60
PROSE_RE = re.compile(r".{60,}[.!?][\"”’')]*")
ENDED_RE = re.compile(r"[.!?:…][\"”’')]*$")
BLANK_LINES_RE = re.compile(r"\n{3,}")


class Removed(NamedTuple):
    """A line that was taken out: its text, the name of the rule that took it, its number in the input from 1."""

    line: str
    rule: str
    line_number: int


class _Known(NamedTuple):
    """A rule ready for use."""

    rule: Rule
    pattern: re.Pattern[str]


def remove_furniture(text: str) -> tuple[str, tuple[Removed, ...]]:
    """Takes the page furniture out of a repaired text.

    Returns the text that is left, runs of blank lines that met joined into one and none at its ends, and the lines that
    went, in their order. A text without furniture comes back as it is; one that was all furniture comes back empty.
    """
    lines = text.split("\n")
    matches = _match_lines(text, lines)
    removed = _decide(lines, matches) if matches else {}
    _take_doubled(lines, removed)
    if not removed:
        return text, ()
    kept = "\n".join([line for i, line in enumerate(lines) if i not in removed])
    report = tuple(Removed(lines[i], removed[i], i + 1) for i in sorted(removed))
    return BLANK_LINES_RE.sub("\n\n", kept).strip("\n"), report


def _branches(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, split at each "|" outside groups."""
    depth = start = 0
    for token in TOKEN_RE.finditer(pattern):
        depth += (token[0] == "(") - (token[0] == ")")
        if token[0] == "|" and depth == 0:
            yield pattern[start : token.start()]
            start = token.end()
    yield pattern[start:]


def _openings(pattern: str) -> Iterator[str]:
    r"""The first words of the lines a pattern can match, lower case, "0" for any number.

    Reads the form that `rules` promises: a literal, `\d`, a group of such, an optional group and more. Raises
    ValueError for any other, since such a rule would never be found.
    """
    for branch in _branches(pattern):
        start = re.sub(r"^(?:\\[(\[]\??|[ -]\??)+", "", branch)
        group = re.match(r"\((?:\?:|\?-i:)", start)
        if group:
            end = _end_of_group(start)
            yield from _openings(start[group.end() : end - 1])
            if start[end : end + 1] == "?":
                yield from _openings(start[end + 1 :])
            continue
        word = re.match(r"\\d|©|[^\W_]+", start)
        if word is None:
            raise ValueError(f"a rule's pattern must begin with a word: {branch!r}")
        yield "0" if word[0] == r"\d" else word[0].lower()
        if start[word.end() : word.end() + 1] == "?":
            yield word[0][:-1].lower()


def _end_of_group(pattern: str) -> int:
    """Where the group that a pattern begins with ends."""
    depth = 0
    for token in TOKEN_RE.finditer(pattern):
        depth += (token[0] == "(") - (token[0] == ")")
        if depth == 0:
            return token.end()
    raise ValueError(f"unbalanced group in a rule: {pattern!r}")


def _index_rules(rules: Sequence[Rule]) -> tuple[dict[str, tuple[_Known, ...]], tuple[_Known, ...]]:
    """The rules by first word, and those that are found by their needle."""
    by_word: dict[str, tuple[_Known, ...]] = {}
    by_needle: list[_Known] = []
    for rule in rules:
        known = _Known(rule, re.compile(rule.pattern, re.IGNORECASE))
        if rule.needle:
            by_needle.append(known)
            continue
        for word in sorted(set(_openings(rule.pattern))):
            by_word[word] = (*by_word.get(word, ()), known)
    return by_word, tuple(by_needle)


BY_WORD, BY_NEEDLE = _index_rules(RULES)


def _match_lines(text: str, lines: Sequence[str]) -> dict[int, Rule]:
    """The first rule that each line matches, by the line's index; lines that match none are absent."""
    lowered = text.lower()
    needles = [known for known in BY_NEEDLE if known.rule.needle in lowered]
    matches = {}
    for i, line in enumerate(lines):
        stripped = line.strip(ORNAMENTS)
        if not 0 < len(stripped) < MAX_LINE + 1:
            continue
        rule = _match_line(stripped, needles)
        if rule is not None:
            matches[i] = rule
    for i in _shouted(lines):
        matches.setdefault(i, SHOUTED)
    return matches


def _shouted(lines: Sequence[str]) -> list[int]:
    """The lines in capitals that lead to other stories, none in a text that has few others."""
    found = [i for i, line in enumerate(lines) if len(line) >= SHOUTED_CHARS and line.isupper()]
    if not found:
        return []
    first = next(i for i, line in enumerate(lines) if line.strip())
    links = [
        i
        for i in found
        if i > first and len(lines[i].split()) >= SHOUTED_WORDS and not ENDED_RE.search(lines[i].rstrip())
    ]
    prose = sum(PROSE_RE.fullmatch(line.strip()) is not None and not line.isupper() for line in lines)
    return links if prose >= 2 * len(found) else []


def _match_line(line: str, needles: Sequence[_Known]) -> Rule | None:
    """The first rule that a line matches from end to end."""
    opening = FIRST_WORD_RE.match(line)
    if opening is not None:
        word = opening[1]
        for known in BY_WORD.get("0" if word[0].isdigit() else word.lower(), ()):
            if known.pattern.fullmatch(line):
                return known.rule
    if needles:
        lowered = line.lower()
        for known in needles:
            if known.rule.needle in lowered and known.pattern.fullmatch(line):
                return known.rule
    return None


def _decide(lines: Sequence[str], matches: Mapping[int, Rule]) -> dict[int, str]:
    """Which lines go, and by which rule, given what matches: index of the line to name of the rule."""
    removed = {i: rule.name for i, rule in matches.items() if rule.scope is Scope.ANYWHERE}
    alone = [i for i, rule in matches.items() if rule.scope is Scope.ALONE and _stands_alone(lines, i, removed)]
    removed.update({i: matches[i].name for i in alone})
    order = [i for i, line in enumerate(lines) if line.strip()]
    _take_lists(lines, order, matches, removed)
    _take_neighbours(order, matches, removed)
    _take_start(order, matches, removed)
    _take_end(lines, order, matches, removed)
    return removed


def _take_doubled(lines: Sequence[str], removed: dict[int, str]) -> None:
    """Adds to `removed` the long lines that stand twice in a row: a caption under its picture and in its frame."""
    before = ""
    for i, line in enumerate(lines):
        if i in removed or not line.strip():
            continue
        if line == before and len(line) >= DOUBLED_CHARS:
            removed[i] = "doubled_line"
        before = line


def _stands_alone(lines: Sequence[str], index: int, removed: Mapping[int, str]) -> bool:
    """Whether a line has no text right before and right after it, removed lines aside."""
    for step in (-1, 1):
        i = index + step
        while i in removed:
            i += step
        if 0 <= i < len(lines) and lines[i].strip():
            return False
    return True


def _is_headline(line: str) -> bool:
    """Whether a line could be the headline of another article: short, some words, a capital, no full stop."""
    line = line.strip()
    return len(line) < MAX_HEADLINE and HEADLINE_RE.fullmatch(line) is not None


def _take_lists(
    lines: Sequence[str], order: Sequence[int], matches: Mapping[int, Rule], removed: dict[int, str]
) -> None:
    """Adds to `removed` the headlines under headings that already went.

    One headline before a paragraph may as well be the article's next subheading, so it stays; two or more are a list,
    and so is what reaches the end of the article.
    """
    kept = [i for i in order if i not in removed]
    place = 0
    for heading in [i for i in order if i in removed and matches[i].lists]:
        while place < len(kept) and kept[place] < heading:
            place += 1
        listed = []
        for i in kept[place : place + MAX_LIST]:
            if i in matches or not _is_headline(lines[i]):
                break
            listed.append(i)
        if len(listed) > 1 or (listed and place + len(listed) == len(kept)):
            removed.update(dict.fromkeys(listed, "related_list"))


def _take_neighbours(order: Sequence[int], matches: Mapping[int, Rule], removed: dict[int, str]) -> None:
    """Adds to `removed` each unbroken run of matching lines that touches a removed one; INLINE ones count as absent."""
    for way in (order, order[::-1]):
        beside = False
        for i in way:
            if beside and i in matches and i not in removed:
                removed[i] = matches[i].name
            if removed.get(i) not in INLINE:
                beside = i in removed


def _take_start(order: Sequence[int], matches: Mapping[int, Rule], removed: dict[int, str]) -> None:
    """Adds to `removed` the matching lines the article begins with."""
    began = False
    for i in order:
        if i not in removed:
            if i not in matches or matches[i].lists or (matches[i].scope is Scope.NEIGHBOUR and not began):
                break
            removed[i] = matches[i].name
        began = True


def _take_end(lines: Sequence[str], order: Sequence[int], matches: Mapping[int, Rule], removed: dict[int, str]) -> None:
    """Adds to `removed` the matching lines, and the headings with their headlines, that the article ends with."""
    kept = [i for i in order if i not in removed]
    ended = bool(order) and order[-1] in removed
    while kept:
        i = kept[-1]
        if i in matches and (ended or matches[i].scope is not Scope.NEIGHBOUR):
            removed[i] = matches[i].name
            kept.pop()
        elif not _take_last_list(lines, kept, matches, removed):
            return
        ended = True


def _take_last_list(
    lines: Sequence[str], kept: list[int], matches: Mapping[int, Rule], removed: dict[int, str]
) -> bool:
    """Moves a heading and its two or more headlines from the end of `kept` to `removed`; whether there was one."""
    size = 0
    while size < min(MAX_LIST, len(kept)) and kept[-1 - size] not in matches and _is_headline(lines[kept[-1 - size]]):
        size += 1
    heading = kept[-1 - size] if 1 < size < len(kept) else None
    if heading is None or heading not in matches or not matches[heading].lists:
        return False
    removed.update(dict.fromkeys(kept[-size:], "related_list"))
    removed[heading] = matches[heading].name
    del kept[-1 - size :]
    return True
