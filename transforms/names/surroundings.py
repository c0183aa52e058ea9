"""What an article says of where its places lie: "City, Region" read first, and the countries that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from schemas.records import Mention
from transforms.names.countries import AMBIGUOUS, load_countries
from transforms.names.lexicon import LANDFORMS
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import ALSO_CITIES, SURE, Within, load_gazetteer
from transforms.names.spans import UPPER
from transforms.names.states import STATES

_CANADA = frozenset(("Ont.", "Que.", "B.C.", "Alta.", "Man.", "Sask.", "N.S.", "N.B.", "Nfld.", "P.E.I."))
_BEHIND = re.compile(rf",? \(?((?:[{UPPER}][\w’'-]*\.?(?:[{UPPER}]\.)*)(?: (?:and |of |& )?[{UPPER}][\w’'-]*){{0,3}})")


def _is_state(text: str, start: int, end: int) -> bool:
    """Whether New York or Washington is the state: "New York State", "Ohio, Michigan and New York"."""
    if _STATE_OF.search(text, max(0, start - 60), start) or _STATE.match(text, end):
        return True
    states = load_gazetteer().states.keys() - ALSO_CITIES
    before, after = _AND_BEFORE.search(text, max(0, start - 24), start), _AND_AFTER.match(text, end)
    return bool((before and before[1] in states) or (after and after[1] in states))


_AND_BEFORE = re.compile(r"([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,? and|,) $")
_AND_AFTER = re.compile(r"(?:,? and|,) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?!\w|,? [A-Z])")
_STATE_OF = re.compile(
    r"(?:[Ss]tate of|[Ss]tates like|\([RDI]\) of|\b(?:Sen|Rep|Gov|Senator|Governor)\.?(?: [A-Z][\w.-]+){2,3},? of) $"
)
_STATE = re.compile(r" (?:[Ss]tate\b(?! [A-Z])|(?:Gov|Governor|Sen|Senator|Rep)\b)")


@lru_cache(1 << 14)
def _find_region(text: str) -> Within | None:
    """The country or part of one that a run of capitalised words begins with, if it does."""
    words = text.split(" ")
    gazetteer, countries = load_gazetteer(), load_countries()
    for last in range(len(words), 0, -1):
        form = " ".join(words[:last])
        for name in (form, form + ".", form.rstrip(".")):
            if name in gazetteer.states:
                return gazetteer.states[name]
            if name in STATES and (name != "DE" or form == name):
                return Within("US", STATES[name])
            if name in _CANADA:
                return Within("CA")
            if name in countries.codes and name not in AMBIGUOUS:
                return Within(countries.codes[name])
            owners = gazetteer.regions.get(name, ())
            if len(owners) == 1:
                return Within(owners[0])
    return None


def read_regions(text: str, mentions: Iterable[Mention], names: Sequence[tuple[str, str]]) -> dict[int, Within]:
    """Entity of a city → what stands right behind its name: "Charlotte, North Carolina", "Flint, Mich."."""
    found: dict[int, Within] = {}
    gazetteer, countries = load_gazetteer(), load_countries()
    for mention in mentions:
        entity = mention.entity
        if entity is None or entity in found or mention.label != "GPE":
            continue
        name, start, end = names[entity][0], mention.start_char, mention.end_char
        if name in ALSO_CITIES and _is_state(text, start, end):
            found[entity] = gazetteer.states[name]
        if not text.startswith((", ", " of "), end) or name in countries.codes or name in gazetteer.wide:
            continue
        if name in gazetteer.states or (text[end + 1] == "o" and name.rsplit(None, 1)[-1] not in LANDFORMS):
            continue
        match = _BEHIND.match(text, end if text[end] == "," else end + 3)
        within = _find_region(match[1]) if match and match[1] not in ORGANISATIONS else None
        if within:
            found[entity] = within
    return found


def named_countries(names: Iterable[tuple[str, str]], regions: Mapping[int, Within]) -> frozenset[str]:
    """ISO codes of the countries that an article names, itself or by a people, a region, or a city's region."""
    countries, gazetteer = load_countries(), load_gazetteer()
    codes = {within.code for within in regions.values()}
    for name, label in names:
        if label == "NORP" and name in countries.demonyms:
            codes.add(countries.demonyms[name])
        elif label in ("GPE", "LOC") and name not in AMBIGUOUS:
            code = countries.codes.get(name)
            owners = gazetteer.regions.get(name, ())
            if code:
                codes.add(code)
            elif len(owners) == 1 and (gazetteer.strength[name] == SURE or name not in gazetteer.cities):
                codes.add(owners[0])
            elif cities := gazetteer.cities.get(name):
                sure = len(cities) == 1 or cities[0].population >= CAPITAL * cities[1].population
                if sure and cities[0].population >= LARGE:
                    codes.add(str(cities[0].place.country_code))
    return frozenset(codes)


# Inhabitants of a city that tells of its country, and how many times as large as the next of its name it must be.
LARGE = 1_000_000
CAPITAL = 20
