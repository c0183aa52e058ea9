"""Spans that the model cut short, completed: the rest of a person's name, of an organisation's, of a known one.

What stands right beside a person's span in capitals, and is no common word, no title and no known place, belongs to the
name: "Mahmoud" + "Darwish", "Ursula von" + "der Leyen". An organisation goes on behind "of", "for" and "and" where the
model saw two.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from transforms.names.countries import load_countries
from transforms.names.lexicon import BODIES, DAYS, FUNCTION, LEADING, NOT_NAMES, PAGE, TITLES
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import SURE, load_gazetteer
from transforms.names.spans import CORE, NAMES, UPPER, Span
from transforms.names.words import is_common

_WORDS = re.compile(r" \w+")
_LINK = (
    "(?:de la|de los|de las|del|della|de|di|da|dos|do|das|van der|van den|van|von der|von|zu|der|den|ter|bin|bint|binti"
    "|ibn|al|el)"
)
# "Ursula von" + "der Leyen", "Omar" + "al-Bashir"; after a particle already within, the next capitalised word.
_REST = re.compile(rf" (?:{_LINK} |al-|el-)[{UPPER}]\w+|(?<= von| van| der| bin| ibn| del) [{UPPER}]\w+")
_FURTHER = re.compile(rf" ([{UPPER}][^\W\d_]+(?:[-'’][{UPPER}]?[^\W\d_]+)*)(?![\w@/])")
_NEXT = re.compile(rf" [{UPPER}][^\W\d_]")
_GIVEN = re.compile(rf"(?<![\w.])([{UPPER}][\w.’'-]*) $")
_PARTICLE = re.compile(rf"(?<![\w.])([{UPPER}][\w’'-]+ {_LINK} )$")
# Nothing, a particle, or a nickname in quotes: "Ismael “El Mayo” Zambada".
_LINKED = re.compile(rf" (?:{_LINK} |[“\"‘'][\w .’-]{{2,20}}[”\"’'] )?")
_LINE = re.compile(r" (?:natural gas |gas |oil )?(?:pipeline|dam|bridge|tunnel|refinery)\b(?! compan| operator)")
_HEAD = re.compile(rf"(?<![\w.])([{UPPER}][\w’'-]+) of $")
_SKIPPED = FUNCTION | PAGE | DAYS
_PARTED = frozenset(("GPE", "LOC"))
_DAY = re.compile(r" \d")
_AND = re.compile(r" (?:of the|for the|on the|of|for|on|and|&) ")
# Code points: a shorter name is no "Critics of" somebody.
LONG = 10
# Words of a person's name that stand beside the span, at most.
FURTHER = 3
_NO_PART = FUNCTION | PAGE | DAYS | TITLES | LEADING | NOT_NAMES | BODIES


def complete(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, reaching over the words before and after that belong to their names."""
    spans = join_rest(text, spans)
    completed = list(spans)
    for index, (start, end, label) in enumerate(spans):
        if label not in NAMES:
            continue
        before = completed[index - 1][1] if index else 0
        after = spans[index + 1][0] if index + 1 < len(spans) else len(text)
        if label in CORE and (pipeline := _find_line(text, start, end, before)) is not None:
            completed[index] = (pipeline, end, "FAC")
        elif label == "PERSON":
            completed[index] = (_back(text, start, end, before), _forth(text, end, after), label)
        elif text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
            match = _WORDS.match(text, end)
            if match and match.end() <= after and text[start : match.end()] in ORGANISATIONS:
                completed[index] = (start, match.end(), "ORG")
    return completed


def _find_line(text: str, start: int, end: int, before: int) -> int | None:
    """Where the name of a pipeline or a dam begins, which says so behind it: "Power of Siberia gas pipeline"."""
    if not _LINE.match(text, end):
        return None
    match = _HEAD.search(text, max(before, start - 40), start)
    if match and match[1] not in _SKIPPED:
        return match.start(1)
    return None if text[start:end] in load_gazetteer().strength else start


def join_rest(text: str, spans: Sequence[Span]) -> list[Span]:
    """Two spans of one name as one: "Commission" + "Status of Women", "Beatriz" + "Vale", "Quiroga" + "Salas"."""
    joined: list[Span] = []
    for span in spans:
        if joined and span[2] == joined[-1][2] == "ORG":
            first, last, _ = joined[-1]
            if _AND.fullmatch(text, last, span[0]) and _goes_on(text[first:last], text[last : span[0]]):
                joined[-1] = (first, span[1], "ORG")
                continue
        elif joined and joined[-1][2] in _PARTED and span[2] in _PARTED and _is_one_place(text, joined[-1], span):
            joined[-1] = (joined[-1][0], span[1], span[2])
            continue
        elif (
            joined
            and joined[-1][2] == "PERSON"
            and (span[2] in CORE or text[span[0] : span[1]] == "May")
            and _is_rest(text, joined[-1], span)
        ):
            joined[-1] = (joined[-1][0], span[1], "PERSON")
            continue
        joined.append(span)
    return joined


def _is_rest(text: str, person: Span, span: Span) -> bool:
    """Whether the span right behind a person's is the rest of the name."""
    link, name = text[person[1] : span[0]], text[span[0] : span[1]]
    if span[2] not in CORE and name != "May":
        return False
    if not _LINKED.fullmatch(link) or is_common(text[person[0] : person[1]].rsplit(None, 1)[-1]):
        return False
    if name in ORGANISATIONS or load_gazetteer().strength.get(name, 0) >= SURE:
        return span[2] == "PERSON" and link != " " and " " not in name
    if " " in name:
        # A given name of China's behind an English one: "Carrie Lam Cheng Yuet-ngor".
        return span[2] == "PERSON" and (link != " " or "-" in name)
    if name == "May":
        return not _DAY.match(text, span[1])
    return not (name.isupper() or is_common(name) or name in _NO_PART or name in load_countries().demonyms)


def _is_one_place(text: str, first: Span, second: Span) -> bool:
    """Whether two spans are one place's name: "San Luis" + "Potosí"."""
    names = text[first[0] : first[1]], text[second[0] : second[1]]
    strength = load_gazetteer().strength
    return text[first[1] : second[0]] == " " and all(strength.get(name, 0) < SURE for name in names)


def _goes_on(name: str, link: str) -> bool:
    words = name.split()
    return words[-1] in BODIES and " and " not in link and "&" not in link


def _back(text: str, start: int, end: int, before: int) -> int:
    """Where a person's name begins."""
    for _ in range(FURTHER):
        linked = _PARTICLE.search(text, max(before, start - 40), start)
        if linked and linked.start(1) >= before and not is_common(linked[1].split()[0]):
            return linked.start(1)
        given = _GIVEN.search(text, max(before, start - 24), start)
        if given is None or not _is_part(given[1]):
            break
        start = given.start(1)
    return start


def _forth(text: str, end: int, after: int) -> int:
    """Where a person's name ends."""
    for _ in range(FURTHER):
        match = _REST.match(text, end, after)
        if match is None:
            match = _FURTHER.match(text, end, after)
            if match is None or not _is_part(match[1]) or _DAY.match(text, match.end()):
                break
        end = match.end()
    return end


def _is_part(word: str) -> bool:
    """Whether a word in capitals beside a person's name is likely a part of it."""
    bare = word.rstrip(".").removesuffix("-elect").rstrip(".")
    if (bare in _NO_PART and word != "May") or (len(word) > 2 and word.isupper()) or is_common(bare):
        return False
    return not (word in load_countries().demonyms or word in load_gazetteer().strength or word in ORGANISATIONS)


def unglue(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans without the word of a headline or a sentence's start that stuck to a surname of the article's.

    "Given Clinton" and "Comey Testimony" are Clinton and Comey where the article has such people without that word.
    """
    surnames: set[str] = set()
    pairs: list[tuple[int, str, str]] = []
    alone: set[str] = set()
    for index, (start, end, label) in enumerate(spans):
        if label in CORE and " " not in text[start:end]:
            alone.add(text[start:end])
        if label == "PERSON":
            words = text[start:end].split()
            if len(words) == 2 and any(map(is_common, words)):
                pairs.append((index, words[0], words[1]))
            else:
                surnames.add(words[-1])
    loose = [_without_head(text, span, alone) if span[1] - span[0] > LONG else span for span in spans]
    for index, first, last in pairs:
        start, end, label = spans[index]
        if is_common(first) and last in surnames:
            loose[index] = (end - len(last), end, label)
        elif is_common(last) and first in surnames:
            loose[index] = (start, start + len(first), label)
    return loose


def _without_head(text: str, span: Span, alone: Container[str]) -> Span:
    """Girma of "Critics of Girma", where Girma stands alone as well; "Bank of Ghana" is itself."""
    start, end, label = span
    words = text[start:end].split(" ")
    if label not in CORE or len(words) != 3 or words[1] not in ("of", "for") or words[2] not in alone:
        return span
    if words[0] in BODIES or not is_common(words[0]) or words[2] in load_gazetteer().strength:
        return span
    return end - len(words[2]), end, label


def widen(text: str, start: int, end: int) -> int:
    """Where the person begins of whom one word was found: at a given name before it; -1 where more names follow."""
    if _NEXT.match(text, end):
        return -1
    before = _GIVEN.search(text, max(0, start - 20), start)
    return before.start(1) if before and _is_part(before[1]) else start
