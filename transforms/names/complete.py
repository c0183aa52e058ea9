"""Spans that the model cut short, completed: the rest of a person's name, of an organisation's, of a known one.

What stands right beside a person's span in capitals, and is no common word, no title and no known place, belongs to the
name: "Mahmoud" + "Darwish", "Ursula von" + "der Leyen".
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from transforms.names.joined import are_topics, is_body_of_topics, join_spans
from transforms.names.lexicon import BODIES, DAYS, FIELDS, FOREIGN_BODIES, FUNCTION, PAGE, STRONG_BODIES
from transforms.names.organisations import ORGANISATIONS
from transforms.names.own_words import is_given
from transforms.names.parts import DAY, LINK, is_part
from transforms.names.places import load_gazetteer
from transforms.names.spans import CORE, NAMES, UPPER, Span
from transforms.runtime.words import is_common

_WORDS = re.compile(r" \w+")
# "Ursula von" + "der Leyen", "Omar" + "al-Bashir"; after a particle already within, the next capitalised word.
_REST = re.compile(rf" (?:{LINK} |al-|el-)[{UPPER}]\w+|(?<= von| van| der| bin| ibn| del) [{UPPER}]\w+")
_FURTHER = re.compile(rf" ([{UPPER}][^\W\d_]+(?:[-'’][{UPPER}]?[^\W\d_]+)*)(?![\w@]|/[^A-Z])")
_NEXT = re.compile(rf" [{UPPER}][^\W\d_]")
_GIVEN = re.compile(rf"(?<![\w.])([{UPPER}][\w.’'-]*) $")
_PARTICLE = re.compile(rf"(?<![\w.])([{UPPER}][\w’'-]+ {LINK} )$")
# "CPI(M)", "JD(S)".
_PARTY_WING = re.compile(r"\([A-Z]{1,4}\)(?!\w)")
_BODY = re.compile(rf"(?: [{UPPER}]\w+){{0,2}} ([{UPPER}]\w+)(?: of [{UPPER}]\w+)?(?![\w-]| [{UPPER}])")
_MORE_FIELDS = re.compile(r"(?:, [A-Z][a-z]+(?: [A-Z][a-z]+)?)*,? (?:and|&) (?:the )?[A-Z][a-z]+(?: [A-Z][a-z]+)?")
_LINE = re.compile(r" (?:natural gas |gas |oil )?(?:pipeline|dam|bridge|tunnel|refinery)\b(?! compan| operator)")
_HEAD = re.compile(rf"(?<![\w.])([{UPPER}][\w’'-]+) of $")
_SKIPPED = FUNCTION | PAGE | DAYS
# Code points: a shorter name is no "Critics of" somebody.
LONG = 10
# Words of a person's name that stand beside the span, at most.
FURTHER = 3


def complete(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, reaching over the words before and after that belong to their names."""
    spans = join_spans(text, spans)
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
        elif label == "ORG" and (rest := _find_rest(text, start, end, after)):
            completed[index] = (start, rest, "ORG")
        elif text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
            match = _WORDS.match(text, end)
            if match and match.end() <= after and text[start : match.end()] in ORGANISATIONS:
                completed[index] = (start, match.end(), "ORG")
    return completed


def _find_rest(text: str, start: int, end: int, after: int) -> int | None:
    """Where an organisation's name ends that goes on: "JD" + "(S)", "Ministry of Gender" + ", Labour and Development".

    Further spans of the same name, which it would reach into, stay as they are.
    """
    wing = _PARTY_WING.match(text, end, after)
    if wing and text[start:end].isupper() and text[start:end] not in wing[0]:
        return wing.end()
    body = _BODY.match(text, end, after)
    if body and (body[1] in STRONG_BODIES or body[1] in FOREIGN_BODIES):
        return body.end()
    match = _MORE_FIELDS.match(text, end, after) if is_body_of_topics(text[start:end]) else None
    return match.end() if match and are_topics(match.group()) else None


def _find_line(text: str, start: int, end: int, before: int) -> int | None:
    """Where the name of a pipeline or a dam begins, which says so behind it: "Power of Siberia gas pipeline"."""
    if not _LINE.match(text, end):
        return None
    match = _HEAD.search(text, max(before, start - 40), start)
    if match and match[1] not in _SKIPPED:
        return match.start(1)
    return None if text[start:end] in load_gazetteer().strength else start


def _back(text: str, start: int, end: int, before: int) -> int:
    """Where a person's name begins."""
    for _ in range(FURTHER):
        linked = _PARTICLE.search(text, max(before, start - 40), start)
        if linked and linked.start(1) >= before and not is_common(linked[1].split()[0]):
            return linked.start(1)
        given = _GIVEN.search(text, max(before, start - 24), start)
        if given is None or not is_part(given[1]):
            break
        start = given.start(1)
    return start


def _forth(text: str, end: int, after: int) -> int:
    """Where a person's name ends."""
    for _ in range(FURTHER):
        match = _REST.match(text, end, after)
        if match is None:
            match = _FURTHER.match(text, end, after)
            if match is None or not is_part(match[1]) or DAY.match(text, match.end()):
                break
        end = match.end()
    return end


def _surplus(behind: str, words: Sequence[str], surnames: Container[str]) -> int:
    """How many code points at a person's end belong to a page's next words: "Nancy PelosiSanders".

    Or to the legal name that a page puts behind it: "Ron Johnson Ronald (Ron) Harold Johnson", "Ryan Zinke Ryan Keith".
    """
    glued = _GLUED.fullmatch(words[-1]) if len(words) > 1 else None
    if glued and glued[1] in surnames:
        return len(glued[2])
    if words[0] in words[2:]:
        again = " ".join(words[words.index(words[0], 2) :])
        return len(again) + 1 if f" {words[1]}" in again + behind else 0
    return len(words[-1]) + 1 if len(words) > 2 and behind.startswith(f" ({words[0]})") else 0


# A page's next word on a surname: "Nancy PelosiSanders".
_GLUED = re.compile(r"([A-Z][a-z]{2,})([A-Z][A-Za-z]+)")


def unglue(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans without the word of a headline or a sentence's start that stuck to a surname of the article's.

    "Given Clinton" and "Comey Testimony" are Clinton and Comey where the article has such people without that word.
    """
    surnames: set[str] = set()
    pairs: list[tuple[int, str, str]] = []
    glue: list[tuple[int, int]] = []
    alone: set[str] = set()
    for index, (start, end, label) in enumerate(spans):
        if label in CORE and " " not in text[start:end]:
            alone.add(text[start:end])
        if label == "PERSON":
            words = text[start:end].split()
            surplus = _surplus(text[end : end + 40], words, surnames)
            if surplus:
                glue.append((index, surplus))
                continue
            if len(words) == 2 and any(map(is_common, words)):
                pairs.append((index, words[0], words[1]))
            else:
                surnames.add(words[-1])
    loose = [_without_head(text, span, alone) if span[1] - span[0] > LONG else span for span in spans]
    full = {text[start:end] for start, end, label in spans if label == "PERSON"}
    loose = [_without_first(text, span, full) for span in loose]
    for index, surplus in glue:
        start, end, label = spans[index]
        loose[index] = (start, end - surplus, label)
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


def _without_first(text: str, span: Span, full: Container[str]) -> Span:
    """Oscar Pistorius of "Olympian Oscar Pistorius", where he stands without that word as well.

    A word that begins a longer person's name stays if it is a given name or short for one.
    """
    start, end, label = span
    first, _, rest = text[start:end].partition(" ")
    given = rest.partition(" ")[0]
    if f"{given} {first}" == rest and is_given(given) and not is_given(first):
        # A headline's last word before a caption: "Flake Jeff Flake".
        return end - len(rest), end, "PERSON"
    if label != "PERSON" or end - start < LONG:
        return span
    if given == rest or first.endswith(".") or is_given(first) or not is_given(given):
        return span
    return (end - len(rest), end, label) if rest in full or first in FIELDS else span


def widen(text: str, start: int, end: int) -> int:
    """Where the person begins of whom one word was found: at a given name before it; -1 where more names follow."""
    if _NEXT.match(text, end):
        return -1
    before = _GIVEN.search(text, max(0, start - 20), start)
    return before.start(1) if before and is_part(before[1]) else start
