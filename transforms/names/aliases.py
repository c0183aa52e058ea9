"""Entities: which mentions of an article mean the same, and the name that it bears everywhere.

A surname or a given name stands for the one person whom the article names in full with it, initials for the one
organisation that they abbreviate. Countries and the organisations of the table have one name in all articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from transforms.names.countries import load_countries
from transforms.names.missed import abbreviates
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import load_gazetteer

REMEMBERED = 1 << 14
_COMPANY = re.compile(r",? (?:Inc|Ltd|Limited|Corp|PLC|Plc|plc|LLC|LLP|GmbH|AG|SA|SE|NV|Co)\.?$")
# Cities whose English name changed: the newer one.
_RENAMED = {
    "Bombay": "Mumbai", "Calcutta": "Kolkata", "Madras": "Chennai", "Bangalore": "Bengaluru", "Kiev": "Kyiv",
    "Kharkov": "Kharkiv", "Odessa": "Odesa", "Lvov": "Lviv", "Rangoon": "Yangon", "Saigon": "Ho Chi Minh City",
    "Peking": "Beijing", "NYC": "New York", "New York City": "New York", "L.A.": "Los Angeles",
    "Washington D.C.": "Washington", "Washington DC": "Washington", "D.C.": "Washington", "DC": "Washington",
}  # fmt: skip


@lru_cache(REMEMBERED)
def person_parts(name: str) -> tuple[str, ...]:
    """What else an article may call the person of a full name: "Abiy Ahmed" → "Ahmed", "Abiy"."""
    words = [word for word in name.split() if word not in ("Jr.", "Jr", "Sr.", "Sr", "II", "III")]
    if len(words) < 2:
        return ()
    parts = [words[-1], words[0]]
    if len(words) > 2:
        parts.append(" ".join(words[1:]))
        parts.append(f"{words[0]} {words[-1]}")
        if words[-1].islower() or words[-2][:1].islower():
            parts.append(" ".join(words[-2:]))
    return tuple(part for part in parts if len(part) > 1 and part[:1].isupper() and not part.endswith(".")) + tuple(
        part for part in parts if part.startswith(("al-", "el-"))
    )


def find_full_names(people: Iterable[str]) -> dict[str, str]:
    """Part of a name → the one full name among `people` that it stands for."""
    full: dict[str, str | None] = {}
    for name in people:
        for part in person_parts(name):
            known = full.setdefault(part, name)
            if known != name:
                full[part] = None
    return {part: name for part, name in full.items() if name}


def canonical_names(labels: Mapping[str, str], *, english: bool) -> dict[str, str]:
    """Name in the text → name of its entity, for all names of an article with their labels."""
    if not english:
        return {name: _place_name(" ".join(name.split()), label) for name, label in labels.items()}
    full = find_full_names(name for name, label in labels.items() if label == "PERSON")
    long = [name for name, label in labels.items() if label == "ORG" and " " in name]
    proper = {name.casefold(): name for name in labels if not name.isupper()}
    return {name: _canonical(name, label, full, long, proper) for name, label in labels.items()}


def _place_name(name: str, label: str) -> str:
    return country_name(name) or name if label in ("GPE", "LOC") else name


def _canonical(name: str, label: str, full: Mapping[str, str], long: list[str], proper: Mapping[str, str]) -> str:
    folded = " ".join(name.split())
    if folded.isupper() and len(folded) > 4:
        folded = proper.get(folded.casefold()) or (folded if label == "ORG" and " " not in folded else _lower(folded))
    if label == "PERSON":
        seen = {folded}
        while folded in full and full[folded] not in seen:
            folded = full[folded]
            seen.add(folded)
        return folded
    if label == "ORG":
        return _organisation(folded, long)
    if label in ("GPE", "LOC"):
        return country_name(folded) or _RENAMED.get(folded, folded)
    if (
        label == "NORP"
        and folded not in ("Swiss",)
        and folded.endswith("s")
        and folded[:-1] in load_countries().demonyms
    ):
        return folded[:-1]
    return folded


def _lower(name: str) -> str:
    """A name in capitals as it is otherwise written."""
    titled = name.title().replace("’S", "’s").replace("'S", "'s")
    return titled if titled in load_gazetteer().strength or " " in name else name


def _organisation(name: str, long: list[str]) -> str:
    if name in ORGANISATIONS:
        return ORGANISATIONS[name]
    if name.isupper() or (len(name) < 7 and " " not in name):
        meant = [other for other in long if abbreviates(name, other)]
        if len(meant) == 1:
            return ORGANISATIONS.get(meant[0], meant[0])
    return _COMPANY.sub("", name) or name


def country_name(name: str) -> str | None:
    """A country's one name for any of its names, None for what is no country."""
    countries = load_countries()
    code = countries.codes.get(name)
    return countries.names[code] if code else None
