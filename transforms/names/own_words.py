"""What a name's own words say of its kind, and what the tables know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import add

from transforms.names.countries import load_countries
from transforms.names.evidence import KINDS, ORG, PEOPLE, PERSON, PLACE, Weights, load_evidence, load_known, name_keys
from transforms.names.lexicon import FACILITIES, FOREIGN_BODIES, STRONG_BODIES
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


@lru_cache(REMEMBERED)
def score_name(name: str) -> Weights:
    """What a name says of itself and what is known of it, by kind, with the model's bias."""
    table = load_evidence().name
    rows = [table[key] for key in name_keys(name) if key in table]
    score = [NAME_SHARE * sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(KINDS)
    if name in load_countries().demonyms:
        score[PEOPLE] += KNOWN
    if _INHABITANTS.search(name) and name not in load_gazetteer().strength:
        score[PEOPLE] += LIKE_INHABITANTS
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


def _is_made_like_organisation(words: Sequence[str]) -> bool:
    return words[-1] in STRONG_BODIES or not FOREIGN_BODIES.isdisjoint(words)


# "Utahns", "Iowans", "New Yorkers".
_INHABITANTS = re.compile(r"^[A-Z][a-z]+(?:ians|[aeo]ans|hns)$|^New [A-Z][a-z]+ers$")
# "UC Davis", "FC Porto".
_CAMPUS = re.compile(r"[A-Z]{2,4} [A-Z][a-z]")
# "D K Shivakumar", "H D Deve Gowda": a person whose first names are initials.
_INITIALLED = re.compile(r"(?:[A-Z] ){1,3}[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?$")
