"""Names as they are compared across articles: folded, in parts, and by what they have in common with others."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.identities.folding import fold, plain
from transforms.identities.known import BODIES, INSTITUTIONS, PEOPLE
from transforms.names.lexicon import GENERATIONS, NICKNAMES, PARTICLES
from transforms.runtime.words import is_made_of

REMEMBERED = 1 << 14
_SPLIT = re.compile(r"[\s.\-‐-―]+")
_INITIALS = re.compile(r"\s(?:\w\.)+$")
_COMPANY = re.compile(r",? (?:inc|ltd|limited|corp|corporation|plc|llc|llp|co)\.?$")
_DEPARTMENT = re.compile(r"(.+) (department|ministry)$")
_NATIONAL = re.compile(r"us (.+)$")


class PersonName(NamedTuple):
    """A full name in parts, folded: the given name, what stands between, the last word, and "jr" or the like."""

    given: str
    middle: tuple[str, ...]
    last: str
    generation: str


@lru_cache(REMEMBERED)
def person_name(name: str) -> PersonName | None:
    """The parts of a full name; None for a name of one word."""
    words = [word for word in _SPLIT.split(plain(name).casefold().replace(",", " ")) if word]
    generation = ""
    if len(words) > 1 and words[-1] in _GENERATIONS:
        generation = words.pop()
    words = [word for word in words if word not in PARTICLES or word == words[0]]
    if len(words) < 2 or _INITIALS.search(name):
        return None
    return PersonName(words[0], tuple(words[1:-1]), words[-1], generation)


_GENERATIONS = frozenset(word.casefold() for word in GENERATIONS)


def known_person(name: str) -> str:
    """The name that stands for all of somebody whom the world calls by several; "" of anybody else."""
    return PEOPLE.get(fold(name), "")


def given_key(name: PersonName) -> str:
    """What the given names of variants have in common."""
    return NICKNAMES.get(name.given, name.given)


def is_variant(one: PersonName, two: PersonName) -> bool:
    """Whether two full names can be one person's: middle names left out or short, given names short ("Mike")."""
    if one.last != two.last or one.generation != two.generation or given_key(one) != given_key(two):
        return False
    if not one.middle or not two.middle:
        return True
    return len(one.middle) == len(two.middle) and all(map(_same_middle, one.middle, two.middle))


def _same_middle(one: str, two: str) -> bool:
    return one == two or (min(len(one), len(two)) == 1 and one[0] == two[0])


@lru_cache(REMEMBERED)
def body_key(name: str, label: str) -> tuple[str, str]:
    """What spellings of a body's name share ("department of justice" of "U.S. Justice Department"), and the name that
    the world has for it, "" where it has none.
    """
    folded = _COMPANY.sub("", fold(name).replace("&", "and"))
    if folded.startswith("united states "):
        folded = "us " + folded.removeprefix("united states ")
    known = _known_body(folded, label)
    if not known:
        national = _NATIONAL.match(folded)
        if national and not BODIES.isdisjoint((national[1].split()[0], national[1].split()[-1])):
            folded = national[1]
        if turned := _DEPARTMENT.match(folded):
            folded = f"{turned[2]} of {turned[1]}"
        known = _known_body(folded, label) or _known_body(folded.replace(" of ", " of the ", 1), label)
    return (fold(known) if known else folded.replace(" of the ", " of "), known)


def _known_body(folded: str, label: str) -> str:
    return INSTITUTIONS.get((folded, label)) or INSTITUTIONS.get((folded, ""), "")


@lru_cache(REMEMBERED)
def is_short_for(short: str, name: str) -> bool:
    """Whether `short`, folded, is made of beginnings of a name's words: "kwasu" of "Kwara State University".

    In their order; the first word and one more must give some.
    """
    letters = short.replace("&", "").replace(" ", "")
    words = [word for word in fold(name).replace("-", " ").split() if word != "&"]
    if len(words) < 2 or not letters or letters[0] != words[0][0]:
        return False
    return is_made_of(letters, words, fewest=2)
