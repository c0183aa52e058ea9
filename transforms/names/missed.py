"""Names that the model missed: what stands in capitals and says itself what it is, and names found elsewhere.

`find_unseen` reads the runs of capitalised words that no span touches: a name there has to be known (a country, a
large city, an organisation of the table), made like an organisation ("Kwara State University"), stand behind a title
("Senator Dino Melaye"), or be the initials of the name before it ("… (DAE)"). `find_again` then looks for the names of
the article, and for the surnames and given names of its people, wherever they stand as whole words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from transforms.names.complete import widen
from transforms.names.countries import load_countries
from transforms.names.edges import count_title
from transforms.names.initials import abbreviates, is_unknown
from transforms.names.lexicon import (
    DAYS,
    FOREIGN_BODIES,
    FUNCTION,
    LEADING,
    LOWER_TITLES,
    NOT_NAMES,
    PAGE,
    SPEECH,
    STRONG_BODIES,
    TITLES,
)
from transforms.names.organisations import ORGANISATIONS, OTHERS, WEAK
from transforms.names.places import load_gazetteer
from transforms.names.spans import NAMES, UPPER, Span
from transforms.runtime.words import is_common

_WORD = rf"[{UPPER}](?:\w+|\.(?:[A-Z]\.)*)?(?:[-&'’][{UPPER}]\w*)*"
# It begins with a set of characters, so that the engine skips to the next one at full speed.
_RUN = re.compile(rf"{_WORD}(?: (?:of (?:the )?|and (?=Road )|for |de |del |van |von |bin |al-|el-)?{_WORD})*")
_INITIALS = re.compile(r" \( ?([A-Z][A-Za-z&-]{1,9}) ?\)")
_DATELINE = re.compile(
    rf"([{UPPER}]{{3,}}(?:[ -][{UPPER}]{{2,}}){{0,3}})(?:, [^\n(—–:]{{2,30}}?)?(?: \(([\w /]{{2,30}})\))?"
    r" ?(?:—|–|--| - )"
)
_AGENCY = re.compile(r" \(([A-Z]{2,6}|Reuters|Xinhua|Bloomberg)\) ?(?:—|–|--| - |- )")
AGENCY_REACH = 400
_CAPITALISED = re.compile(rf"[{UPPER}]\w*")
_GLUE = frozenset("@#._-")
_LINKS = frozenset(("of", "for", "the"))
_COVER = "\0"
REMEMBERED = 1 << 15
_SKIPPED = FUNCTION | DAYS | PAGE


def mask(text: str, spans: Sequence[Span]) -> str:
    """The text with every span's characters blotted out; offsets stay. `spans` are in order."""
    pieces = []
    at = 0
    for start, end, _ in spans:
        pieces.append(text[at:start])
        pieces.append(_COVER * (end - start))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def find_unseen(text: str, masked: str, spans: Sequence[Span]) -> list[Span]:
    """Spans of names that say themselves what they are, in order.

    Args:
        text: the article.
        masked: the same without `spans`.
        spans: what is known, in order.
    """
    found = _find_dateline(text, spans)
    found = found or _find_agency(text, spans)
    if " (" in text:
        found += _find_initials(text, spans)
    if found:
        found.sort()
        masked = mask(masked, found)
    for match in _RUN.finditer(masked):
        run = match.group()
        if run not in _SKIPPED:
            span = _judge_run(masked, match.start(), run)
            if span:
                found.append(span)
    found.sort()
    return found


def _find_dateline(text: str, spans: Sequence[Span]) -> list[Span]:
    """The place that an agency's story begins with: "NEW DELHI, May 3 (Reuters) -", "BUFFALO, N.Y. —"."""
    for start in (0, text.find("\n\n") + 2):
        match = _DATELINE.match(text, start)
        if match is None:
            continue
        found = [(*match.span(1), "GPE")]
        if match[2] and " " not in match[2] and match[2] not in load_gazetteer().strength:
            found.append((*match.span(2), "ORG"))
        return [part for part in found if all(span[1] <= part[0] or span[0] >= part[1] for span in spans)]
    return []


def _find_initials(text: str, spans: Sequence[Span]) -> list[Span]:
    """What stands in brackets behind a name that it abbreviates: "Department of Agricultural Extension (DAE)"."""
    found = []
    for (start, end, label), (following, _, _) in pairwise([*spans, (len(text), 0, "")]):
        opened = end + 2 if text.startswith(("'s (", "’s ("), end) else end
        if text.startswith(" (", opened) and label in NAMES:
            match = _INITIALS.match(text, opened)
            if match and match.end() <= following and _is_short_for(match[1], text[start:end], label):
                found.append((match.start(1), match.end(1), label))
    return found


def _is_short_for(short: str, name: str, label: str) -> bool:
    """Whether brackets right behind a name hold its short form: its initials, or capitals of its own language."""
    if abbreviates(short, name):
        return True
    if label != "ORG" or " " not in name or short in load_gazetteer().strength or short in load_countries().codes:
        return False
    return short.isupper() or (len(short) > 4 and name.rsplit(None, 1)[-1] in STRONG_BODIES and is_unknown(short))


def _find_agency(text: str, spans: Sequence[Span]) -> list[Span]:
    """The agency in brackets before the dash that a story begins behind: "SYDNEY and PERTH, Jul 26 2022 (IPS) - "."""
    match = _AGENCY.search(text, 0, AGENCY_REACH)
    if match is None or match[1] in load_gazetteer().strength:
        return []
    return (
        [(*match.span(1), "ORG")] if all(span[1] <= match.start(1) or span[0] >= match.end(1) for span in spans) else []
    )


def _judge_run(masked: str, start: int, run: str) -> Span | None:
    if start and (masked[start - 1].isalnum() or masked[start - 1] in _GLUE):
        return None
    words = run.split(" ")
    first = 0
    while words[first] in _SKIPPED:
        first += 1
        if first == len(words):
            return None
    if first:
        start += sum(len(word) + 1 for word in words[:first])
        words = words[first:]
        run = " ".join(words)
    if run.endswith(".") and run not in load_countries().codes:
        run = run[:-1]
        words[-1] = words[-1][:-1]
    end = start + len(run)
    if masked.startswith("-", end) or (len(words) > 3 and run.isupper()):
        return None
    label = _known_label(run)
    if label:
        return start, end, label
    return _judge_unknown(masked, start, words) if len(words) > 1 or words[0] not in NOT_NAMES else None


def _known_label(name: str) -> str | None:
    """The label of a name that the tables know wherever it stands."""
    label = load_gazetteer().spotted.get(name) or OTHERS.get(name)
    if label is None and name in ORGANISATIONS and name not in WEAK:
        return "ORG"
    return "NORP" if label is None and name in load_countries().demonyms else label


def _judge_unknown(masked: str, start: int, words: Sequence[str]) -> Span | None:
    name = " ".join(words)
    end = start + len(name)
    titled = count_title(words) if words[0].rstrip(".") in TITLES or words[0] in LEADING else 0
    if titled and words[titled - 1].rstrip(".") in TITLES:
        rest = words[titled:]
        if len(rest) < 4 and not STRONG_BODIES.intersection(rest) and rest[0] not in NOT_NAMES and "of" not in rest:
            return end - len(" ".join(rest)), end, "PERSON"
        return None
    if titled or words[0] in NOT_NAMES:
        return None
    if len(words) > 1 and (
        words[-1] in STRONG_BODIES
        or words[0] in FOREIGN_BODIES
        or words[-1] in FOREIGN_BODIES
        or (words[0] in STRONG_BODIES and words[1] in ("of", "for"))
    ):
        return start, end, "ORG"
    if len(words) in (2, 3) and not name.isupper() and not is_common(words[0]) and not _LINKS.intersection(words):
        before = masked[max(0, start - 24) : start].rsplit(None, 1)
        after = masked[end : end + 16].split(None, 1)
        if (before and before[-1] in LOWER_TITLES) or (after and masked[end : end + 1] == " " and after[0] in SPEECH):
            return start, end, "PERSON"
    return None


class Wanted(NamedTuple):
    """A name that is looked for: its label, and the offset from which on it can be one."""

    label: str
    since: int = 0


def find_again(masked: str, names: Mapping[str, Wanted]) -> list[Span]:
    """Where `names` stand in what the mask leaves of the text, in order, none overlapping another."""
    found: list[Span] = []
    taken: set[int] = set()
    # Most names don't stand in the text again: its capitalised words tell, and spare searching for them.
    words = set(_CAPITALISED.findall(masked))
    words.add("")
    there = [name for name in names if _first_capitalised(name) in words and _COVER not in name]
    for name in sorted(there, key=len, reverse=True):
        label, since = names[name]
        at = masked.find(name, since)
        while at >= 0:
            start, end = at, at + len(name)
            at = masked.find(name, end)
            if not _stands_alone(masked, start, end):
                continue
            if label == "PERSON" and " " not in name:
                start = widen(masked, start, end)
            if start >= 0 and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                found.append((start, end, label))
    found.sort()
    return found


@lru_cache(REMEMBERED)
def _first_capitalised(name: str) -> str:
    """The word that a name begins with, if in a capital letter; else nothing."""
    match = _CAPITALISED.match(name)
    return match.group() if match else ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum() or (before in _GLUE and before) or after in ("-", "_", "@"))
