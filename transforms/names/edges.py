"""The words at either end of a span that belong to no name: titles, a headline's words, amounts, days, furniture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.names.countries import load_countries
from transforms.names.lexicon import (
    AMOUNTS,
    BODIES,
    COMPASS,
    DAYS,
    FORMS_OF_ADDRESS,
    FUNCTION,
    HONORIFICS,
    HONOURS,
    LEADING,
    PAGE,
    PARTICLE_PREFIXES,
    PARTICLES,
    RANKS,
    UNITS,
)
from transforms.names.places import LIKELY, load_gazetteer
from transforms.runtime.words import is_common

# Punctuation and white space that no name begins or ends with.
OUTSIDE = "$ \t\n\r\f\v\xa0\u200b\ufeff\"'“”‘’„‚«»‹›`´()[]{}<>|/\\,;:!?…*_~=+#@&-–—―•·"


def trim_edges(words: Sequence[str], label: str) -> tuple[int, int]:
    """Of the words of a span, where its name begins and ends."""
    first, last = 0, _before_amount(words)
    if label == "PERSON" or is_titled(words):
        first = count_title(words)
    elif label == "ORG":
        last = _before_roles(words)
        if last == 2 and words[1].islower() and is_common(words[1]):
            last = 1
        while last > 1 and words[last - 1] in _OPEN:
            last -= 1
    else:
        while first < last - 1 and words[first][:1].islower() and "-" not in words[first]:
            first += 1
    while last > first + 1 and words[last - 1][:1].islower() and not _is_particle(words[last - 1]) and label != "ORG":
        last -= 1
    while first < last - 1 and _CONTRACTED.sub("", words[first].strip(OUTSIDE)) in _FRINGE:
        first += 1
    fringe = _FRINGE_OF_PEOPLE if label == "PERSON" else _FRINGE_AFTER
    while first < last - 1 and words[last - 1].strip(OUTSIDE) in fringe:
        last -= 1
    return _without_common(words, first, last, label)


_OPEN = frozenset(("of", "for", "and", "the", "in", "on", "at", "to", "with", "from", "&"))
_SCORE = re.compile(r"\d{1,3}[-–]\d{1,3},?")
# "Here's", "They've".
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m)$")


def _before_amount(words: Sequence[str]) -> int:
    """Where an amount begins that stuck to a name ("Böttcher six years"), else the name's length."""
    for index, word in enumerate(words[1:], 1):
        counted = word[:1].isdigit() and index + 1 < len(words) and words[index + 1] in UNITS
        if counted or word in AMOUNTS or _SCORE.fullmatch(word):
            return index
    return len(words)


def is_titled(words: Sequence[str]) -> bool:
    """Whether a name begins with what stands before people only, and no body follows: "Gen Prawit"."""
    return (
        words[0].rstrip(".") in FORMS_OF_ADDRESS and len(words) < 5 and BODIES.isdisjoint(words) and "of" not in words
    )


_LOOSE = frozenset(("PERSON", "GPE", "LOC"))


def _without_common(words: Sequence[str], first: int, last: int, label: str) -> tuple[int, int]:
    """Bounds without a headline's words around a name: "Trooper Alex Douglass", "Andy Griffith Show", "Growing Africa".

    Two words stay: many a surname is a word as well.
    """
    if label not in _LOOSE or all(map(is_common, words[first:last])):
        return first, last
    if label == "PERSON":
        while first < last - 2 and is_common(words[first]) and not _is_particle(words[first]):
            first += 1
        if first < last - 2 and _WORN.fullmatch(words[last - 1]):
            last -= 1
        while first < last - 2 and is_common(words[last - 1]) and not _is_particle(words[last - 2]):
            last -= 1
    elif is_common(words[first]) and words[first] not in COMPASS and " ".join(words[:last]) not in _places():
        known = _places().get(" ".join(words[first + 1 : last]), 0) >= LIKELY
        return (first + 1, last) if known else (first, last)
    return first, last


# "Che Guevara T-shirt".
_WORN = re.compile(r"[A-Z]-[a-z]+")


def _places() -> Mapping[str, int]:
    return load_gazetteer().strength


_FRINGE = (PAGE | DAYS | FUNCTION | {"Rt", "Hon", "Veteran", "Welcome"}) - {"Will", "New", "Next", "First", "The"}
_FRINGE_AFTER = (PAGE | DAYS | {"MORE", "Rt", "Hon", "Mr", "Mrs", "Ms", "Dr"}) - {"Watch", "Home", "Click"}


_FRINGE_OF_PEOPLE = _FRINGE_AFTER | HONOURS


def count_title(words: Sequence[str]) -> int:
    """How many words in front of a person's name are titles, offices or a nationality."""
    demonyms = load_countries().demonyms
    first = 0
    while first < len(words) - 1:
        word = words[first].rstrip(".,").removesuffix("-elect").rstrip(".")
        known = word in RANKS or word in HONORIFICS or word in LEADING or word in demonyms
        if not known and (not word[:1].islower() or _is_particle(word)):
            break
        first += 1
    return first


def _is_particle(word: str) -> bool:
    return word in PARTICLES or word.startswith(PARTICLE_PREFIXES)


_OFFICES = RANKS | LEADING


def _before_roles(words: Sequence[str]) -> int:
    """Where the offices behind an organisation begin ("House of Representatives Speaker" → 3), else its length."""
    last = len(words)
    if words[-1].rstrip(".") in RANKS:
        while last > 1 and words[last - 1].rstrip(".") in _OFFICES:
            last -= 1
        if words[last - 1] in BODIES or words[last - 1].isupper() or "of" in words[:last]:
            return last
    return len(words)
