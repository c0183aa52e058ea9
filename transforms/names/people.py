"""A person's name: its parts, and what else an article may call the one who bears it.

Newspapers name a person in full once and in short from then on: by the surname with its particles ("von der Leyen",
"Leyen"), by both of two surnames or the first of them ("López Obrador", "López"), by the family's name that stands
first ("Xi"), or by the given name ("Abiy", "Katrín"), the last only after the full name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.names.countries import fold_marks
from transforms.names.lexicon import FAMILY_FIRST, GENERATIONS, NICKNAMES, PARTICLES

REMEMBERED = 1 << 14
_PREFIX = re.compile(r"(?:al|el|ul|as|ash|an|ar|at|ad)[- ](?=[^\W\d_])|[dD]['’](?=[^\W\d_])", re.IGNORECASE)
_PATRONYMIC = frozenset(("bin", "ibn", "bint", "binti", "ben"))
_INITIAL = re.compile(r"(?:[^\W\d_]\.?-?)+$")


class Forms(NamedTuple):
    """What a person of a full name is called in short.

    `surnames`: forms that mean him wherever they stand; `given`: those that can only refer back to the full name.
    """

    surnames: frozenset[str]
    given: frozenset[str]


@lru_cache(REMEMBERED)
def split_name(name: str) -> tuple[str, ...]:
    """The words of a name, without what tells a son from his father."""
    words = name.replace(",", " ").split()
    while len(words) > 1 and words[-1].rstrip(".") in GENERATIONS:
        words.pop()
    return tuple(words)


@lru_cache(REMEMBERED)
def _generation(name: str) -> str:
    """What tells a son from his father in a name: "Jr", "III", or nothing."""
    last = name.rsplit(None, 1)[-1].rstrip(".")
    return last if last in GENERATIONS and " " in name else ""


def _is_initial(word: str) -> bool:
    """Whether a word of a name is an initial or two: "R.", "H.W.", "J.-P."."""
    return word.endswith(".") and len(word) < 7 and all(len(part) < 2 for part in re.split(r"[.-]+", word))


def _is_particle(word: str) -> bool:
    """Whether a word links the parts of a name: "von", "der", "Bin", "al-"."""
    return word.lower() in PARTICLES


@lru_cache(REMEMBERED)
def short_forms(name: str) -> Forms:
    """What an article may call the person of a full name; nothing for a name of one word."""
    words = split_name(name)
    if len(words) < 2:
        return Forms(frozenset(), frozenset())
    surnames: set[str] = set()
    given: set[str] = set()
    patronymic = len(words) > 2 and words[-2].lower() in _PATRONYMIC
    for first in range(1, len(words)):
        if not _is_initial(words[first]):
            surnames.update(_spellings(words[first:]))
    if patronymic:
        surnames.discard(words[-1])
        given.add(words[-1])
    if len(words) > 3 or (len(words) == 3 and not any(map(_is_particle, words))):
        # The first of two surnames, or a middle name: "Peña" of "Enrique Peña Nieto".
        (surnames if len(words) > 3 else given).add(words[-2])
        given.update(words[1:-2])
    if words[0] in FAMILY_FIRST:
        surnames.add(words[0])
    given.add(words[0])
    given.update(" ".join(words[:last]) for last in range(2, len(words)))
    given = {form for form in given if _is_form(form)} - surnames
    return Forms(frozenset(form for form in surnames if _is_form(form)), frozenset(given))


def _is_form(form: str) -> bool:
    words = form.split()
    return len(form) > 1 and not _is_initial(words[0]) and not _is_particle(words[-1]) and any(map(str.isupper, form))


def _spellings(words: Sequence[str]) -> set[str]:
    """A surname with and without a capital on its particle, and without an article of Arabic before it."""
    form = " ".join(words)
    found = {form}
    if _is_particle(words[0]):
        found.add(form[:1].upper() + form[1:])
        found.add(form[:1].lower() + form[1:])
    bare = _PREFIX.sub("", form, count=1) if _PREFIX.match(form) else ""
    if bare and bare[0].isupper():
        found.update((bare, "al-" + bare, "Al-" + bare, "el-" + bare, "El-" + bare))
    return found


@lru_cache(REMEMBERED)
def _fold_word(word: str) -> str:
    """A word of a name as it is compared: without accents, case and the ways to write a Slavic ending."""
    folded = fold_marks(word).casefold().replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("đ", "d")
    folded = folded.rstrip(".")
    return re.sub(r"(?:iyy|yy|iy|ii)$", "y", folded)


@lru_cache(REMEMBERED)
def fold_name(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared; a hyphen parts two words ("Kim Jong-un", "Kim Jong Un")."""
    return tuple(_fold_word(word) for word in " ".join(split_name(name)).replace("-", " ").split())


def same_person(name: str, other: str) -> bool:
    """Whether two full names can be one person's: initials, middle names and second surnames may be left out."""
    if _generation(name) != _generation(other):
        return False
    one, two = fold_name(name), fold_name(other)
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    if len(short) < 2:
        return False
    if long[: len(short)] == short and not _is_particle(long[len(short) - 1]):
        # A second surname left out, or a middle name that the other has in front of a surname.
        return True
    if short[-1] != long[-1] or not _same_given(short[0], long[0]):
        return False
    more = iter(long[1:-1])
    return all(any(_same_given(word, other) for other in more) for word in short[1:-1])


def _same_given(one: str, two: str) -> bool:
    """Whether two given names are one: the same, an initial of it, or a short form of it ("Mike", "Michael")."""
    if one == two or NICKNAMES.get(one, one) == NICKNAMES.get(two, two):
        return True
    short, long = sorted((one, two), key=len)
    return len(short) == 1 and long.startswith(short)
