"""What a name's own words say of its kind, and what the tables know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from operator import add

from transforms.names.countries import fold_marks, load_countries
from transforms.names.evidence import KINDS, ORG, PEOPLE, PERSON, PLACE, Weights, load_evidence, load_known, name_keys
from transforms.names.lexicon import (
    BODIES,
    EVENTS,
    FACILITIES,
    FOREIGN_BODIES,
    HAPPENINGS,
    LANDFORMS,
    LANDSCAPES,
    LAWS,
    PEOPLES,
    REGIONAL,
    STRONG_BODIES,
    TRADES,
    WATERS,
)
from transforms.names.organisations import ORGANISATIONS, WEAK
from transforms.names.places import load_gazetteer
from transforms.runtime.words import is_common

# In units of one mention's label, as in `kinds`.
REMEMBERED = 1 << 16
# The small model calls too much a person, and names of works and events too seldom so.
BIAS = (-0.4, 0.0, 0.0, 0.3, 0.5)
NAME_SHARE = 0.4
GAZETTEER = (0.0, 0.0, 1.0, 3.0)
KNOWN, KNOWN_WEAKLY = 5.0, 0.7
AGREED = 2.5
BUILT = 4.0
MADE_LIKE = 3.0
INITIALLED = 3.0
LIKE_INHABITANTS = 2.0
SEVERAL = 1.0
GIVEN_TABLE = "given_names.txt"


@lru_cache(REMEMBERED)
def score_name(name: str) -> Weights:
    """What a name says of itself and what is known of it, by kind, with the model's bias."""
    table = load_evidence().name
    rows = [table[key] for key in name_keys(name) if key in table]
    score = [NAME_SHARE * sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(KINDS)
    _score_people(name, score)
    if name in load_known():
        score[load_known()[name]] += AGREED
    if name in ORGANISATIONS:
        score[ORG] += KNOWN_WEAKLY if name in WEAK else KNOWN
    if " " in name and _is_made_like_organisation(name.split()):
        score[ORG] += MADE_LIKE
    if _INITIALLED.match(name) and not is_common(name.rsplit(None, 1)[-1]):
        score[PERSON] += INITIALLED
    if " " in name and name.rsplit(None, 1)[-1] in FACILITIES and " of " not in name and " for " not in name:
        score[PLACE] += BUILT
    if _CAMPUS.match(name) and name.partition(" ")[2] in load_gazetteer().strength:
        score[ORG] += MADE_LIKE
    if any(map(str.isdigit, name)):
        score[PERSON] -= KNOWN
        score[PLACE] -= KNOWN
    strength = load_gazetteer().strength
    score[PLACE] += GAZETTEER[strength.get(name) or strength.get(name.title(), 0) * name.isupper()]
    return tuple(map(add, score, BIAS))


def _score_people(name: str, score: list[float]) -> None:
    """Add what a name says of being a people, a faith or a party's followers."""
    if name in load_countries().demonyms or name in REGIONAL or name in _FOLLOWERS:
        score[PEOPLE] += KNOWN
    elif name.rsplit(None, 1)[-1] in _FOLLOWERS:
        score[PERSON] -= KNOWN
        score[PLACE] -= KNOWN
        # Clubs and campaigns call themselves after a party: "College Republicans".
        score[PEOPLE] += 0.0 if name.rsplit(None, 1)[-1] in _PARTISANS else SEVERAL
    if is_inhabitants(name) and name not in load_gazetteer().strength:
        score[PEOPLE] += LIKE_INHABITANTS


def _is_made_like_organisation(words: Sequence[str]) -> bool:
    return words[-1] in STRONG_BODIES or not FOREIGN_BODIES.isdisjoint(words)


@cache
def load_given_names() -> frozenset[str]:
    """Given names that are hardly anything else, read once a process; `training/given_names.py` makes the table."""
    return frozenset(resources.files(__package__).joinpath(GIVEN_TABLE).read_text(encoding="ascii").split())


def is_given(word: str) -> bool:
    """Whether a word, accents aside, is hardly anything but a given name."""
    return fold_marks(word) in load_given_names()


@lru_cache(REMEMBERED)
def is_made_like_person(name: str) -> bool:
    """Whether a name is a given name and one or two words that are neither common nor a body's: "Betsy Ross"."""
    words = name.split()
    if not 2 <= len(words) <= 3 or not is_given(words[0]) or " ".join(words[:2]) in ORGANISATIONS:
        return False
    last = words[-1]
    known = last in _NO_SURNAMES or last in load_countries().codes or is_common(last)
    if last == _HILL:
        known = name in load_gazetteer().strength
    return last[:1].isupper() and not last.isupper() and not known and all(map(str.isalpha, words[1:-1]))


# Of what lands are called, the commonest surname: "Anita Hill".
_HILL = "Hill"
# Several of a faith or a party: "Mormons". No person is called so.
_FOLLOWERS = frozenset(people + "s" for people in PEOPLES)
_PARTISANS = frozenset(("Republicans", "Democrats", "Conservatives", "Liberals", "Socialists", "Libertarians"))


@lru_cache(REMEMBERED)
def is_landscape(name: str) -> bool:
    """Whether a name is a landscape's or an administrative area's by its end: "Permian Basin", "Bristol Bay"."""
    words = name.split()
    if len(words) < 2 or not BODIES.isdisjoint(words) or " of " in name or name in ORGANISATIONS:
        return False
    return is_reserve(name) or words[-1] in LANDSCAPES or (words[-1] in WATERS and not is_given(words[0]))


def is_reserve(name: str) -> bool:
    """Whether a name is one of protected nature: "White Mountains National Forest"."""
    return name.endswith(("National Forest", "National Monument", "National Seashore", "Wildlife Refuge"))


_NO_SURNAMES = FACILITIES | BODIES | LANDFORMS | LAWS | EVENTS | HAPPENINGS | TRADES


def is_inhabitants(name: str) -> bool:
    """Whether a name is made like that of a state's or a city's people."""
    return bool(_INHABITANTS.search(name))


# "Utahns", "Iowans", "New Yorkers".
_INHABITANTS = re.compile(r"^[A-Z][a-z]+(?:ians|[aeo]ans|hns)$|^Iowans$|^New [A-Z][a-z]+ers$")
# "UC Davis", "FC Porto".
_CAMPUS = re.compile(r"[A-Z]{2,4} [A-Z][a-z]")
# "D K Shivakumar", "H D Deve Gowda": a person whose first names are initials.
_INITIALLED = re.compile(r"(?:[A-Z] ){1,3}[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?$")
