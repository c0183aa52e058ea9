"""Entities: which mentions of an article mean the same, and the name that it bears everywhere.

A surname or a given name stands for the one person whom the article names in full with it, initials for the one
organisation that they abbreviate. Countries and the organisations of the table have one name in all articles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.names.countries import load_countries
from transforms.names.initials import ACTS, Initials
from transforms.names.lexicon import PEOPLES, REGIONAL
from transforms.names.organisations import ORGANISATIONS
from transforms.names.own_words import is_inhabitants
from transforms.names.persons import Use, resolve_people
from transforms.names.places import load_gazetteer
from transforms.names.states import SPELT_OUT

_MEMBERS = {"Democratic": "Democrat", "Democrats": "Democrat", "Tories": "Conservative", "Tory": "Conservative"}
_DEPARTMENT = re.compile(r"([A-Z].+) (Department|Ministry)")
_COMPANY = re.compile(r",? (?:Inc|Ltd|Limited|Corp|PLC|Plc|plc|LLC|LLP|GmbH|AG|SA|SE|NV|Co)\.?$")
# "African-American", but not "anti-American".
_HYPHENATED = re.compile(r"^([A-Z][a-z]+)-(?=Americans?$)")
# Cities whose English name changed: the newer one.
_RENAMED = {
    "Bombay": "Mumbai", "Calcutta": "Kolkata", "Madras": "Chennai", "Bangalore": "Bengaluru", "Kiev": "Kyiv",
    "Kharkov": "Kharkiv", "Odessa": "Odesa", "Lvov": "Lviv", "Rangoon": "Yangon", "Saigon": "Ho Chi Minh City",
    "Peking": "Beijing", "NYC": "New York", "New York City": "New York", "L.A.": "Los Angeles",
    "Washington D.C.": "Washington", "Washington DC": "Washington", "D.C.": "Washington", "DC": "Washington",
}  # fmt: skip


def canonical_names(labels: Mapping[str, str], uses: Mapping[str, Use], *, english: bool) -> dict[str, str]:
    """Name in the text → name of its entity, for all names of an article with their labels and uses."""
    if not english:
        return {name: _place_name(" ".join(name.split()), label) for name, label in labels.items()}
    proper = {name.casefold(): name for name in labels if not name.isupper()}
    written = {name: _written(name, label, proper) for name, label in labels.items()}
    people: dict[str, Use] = {}
    for name, label in labels.items():
        if label == "PERSON":
            people[written[name]] = _sum(uses[name], people.get(written[name]))
    meant = resolve_people(people)
    long = Initials(name for name, label in labels.items() if label == "ORG" and " " in name)
    acts = Initials(name for name, label in labels.items() if label in ACTS and " " in name)
    return {
        name: _canonical(written[name], label, meant, acts if label in ACTS else long) for name, label in labels.items()
    }


def _written(name: str, label: str, proper: Mapping[str, str]) -> str:
    """A name as the article writes it where it isn't in capitals."""
    folded = " ".join(name.split())
    if folded.isupper() and len(folded) > 4 and folded not in ORGANISATIONS:
        return proper.get(folded.casefold()) or (folded if label == "ORG" and " " not in folded else _lower(folded))
    return folded


def _sum(use: Use, other: Use | None) -> Use:
    if other is None:
        return use
    return Use(use.times + other.times, min(use.first, other.first), use.kin or other.kin)


def _place_name(name: str, label: str) -> str:
    return country_name(name) or name if label in ("GPE", "LOC") else name


def _canonical(folded: str, label: str, meant: Mapping[str, str], long: Initials) -> str:
    if label == "PERSON":
        return meant[folded]
    if label == "ORG":
        return _organisation(folded, long)
    if label in ("GPE", "LOC"):
        return country_name(folded) or _RENAMED.get(folded) or SPELT_OUT.get(folded, folded)
    if label in ACTS and folded.isupper():
        return long.find(folded) or folded
    return _people(folded) if label == "NORP" else folded


def _people(name: str) -> str:
    """A people or a party's members in the singular, as the adjective is."""
    if name in _MEMBERS:
        return _MEMBERS[name]
    name = _HYPHENATED.sub(r"\1 ", name)
    if name.endswith("s"):
        one = name[:-1]
        if not PEOPLES.isdisjoint((one, one.rsplit(" ", 1)[-1])) or is_inhabitants(name):
            return one
        if one in load_countries().demonyms or one in REGIONAL or one.endswith(" American"):
            return one
    return name


def _lower(name: str) -> str:
    """A name in capitals as it is otherwise written."""
    titled = name.title().replace("’S", "’s").replace("'S", "'s")
    return titled if titled in load_gazetteer().strength or " " in name else name


def _turned(field: str, body: str) -> tuple[str, str]:
    """What a department's name is when its field stands behind: "Justice Department" → "Department of Justice"."""
    return f"{body} of {field}", f"{body} of the {field}"


def _organisation(name: str, long: Initials) -> str:
    if name == "House" and (chamber := long.chamber()):
        return chamber
    if name in ORGANISATIONS:
        return ORGANISATIONS[name]
    turned = _DEPARTMENT.fullmatch(name)
    if turned:
        return next((full for full in _turned(turned[1], turned[2]) if full in long.names), name)
    if name.isupper() or (len(name) < 7 and " " not in name):
        meant = long.find(name)
        if meant:
            return ORGANISATIONS.get(meant) or _COMPANY.sub("", meant)
    whole = long.whole(name)
    if whole:
        return ORGANISATIONS.get(whole) or _COMPANY.sub("", whole)
    return _COMPANY.sub("", name) or name


def country_name(name: str) -> str | None:
    """A country's one name for any of its names, None for what is no country."""
    countries = load_countries()
    code = countries.codes.get(name)
    return countries.names[code] if code else None
