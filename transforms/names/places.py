"""Where a name lies, offline: countries, their parts, and cities of 15,000 people or more.

Cities are GeoNames' (their table is made by `training/places.py`), first-level parts of countries ISO 3166-2's (through
`pycountry`). ISO writes parts in the country's own language, so a short table adds those that English has its own name
for, and the regions, continents and seas that are part of no one country.

A city counts only where its name leaves little doubt: it lies in the state or country that the article names right
behind it ("Charlotte, North Carolina"), or it is the only one of that name, or `DOMINANCE` times as large as the next,
or that within the countries that the article names. Countries and regions get no coordinates: a point stands badly for
an area. What has an ISO code of its own bears that one. "The West" and "the North" lie nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pycountry

from transforms.names.countries import AMBIGUOUS, fold_marks, load_countries, read_table
from transforms.names.lexicon import COMPASS
from transforms.names.states import us_states
from transforms.runtime.words import is_common

CITIES = "cities.tsv"
# Inhabitants from which on a city is looked for where the model saw none, its name is likely a place's, and its other
# names are read.
SPOTTED_CITY = 1_000_000
LARGE_CITY = 300_000
KNOWN_ABROAD = 100_000
# How many times as large as the next of its name a city must be.
DOMINANCE = 5
# How much a name in the tables says about its being a place.
SURE, LIKELY, POSSIBLE = 3, 2, 1

# Code, then the parts of that country that English news calls otherwise than ISO, or that ISO doesn't list.
REGIONS = """
CN Guangdong,Inner Mongolia,Tibet,Xinjiang,Manchuria; DE Bavaria,Hesse,Lower Saxony,North Rhine-Westphalia,Saxony,
Thuringia; ES Andalusia,Basque Country,Canary Islands,Catalonia,Balearic Islands; ET Amhara,Tigray,Oromia;
FR Normandy,Brittany,Burgundy,Provence,Corsica,French Riviera; GB England,Scotland,Wales,Northern Ireland,Ulster,
Yorkshire,Sussex,Berkshire,Merseyside,West Midlands,Greater Manchester,Channel Islands; ID Java,Sumatra,Bali,Lombok,
West Java,Central Java,East Java,West Papua,Sulawesi,Borneo; IN Kashmir,Orissa,Jammu and Kashmir,Jammu & Kashmir,
Delhi-NCR; IQ Anbar,Nineveh,Kurdistan,Iraqi Kurdistan; IT Lombardy,Tuscany,Sicily,Sardinia,Piedmont,South Tyrol;
JP Hokkaido,Honshu,Kyushu,Okinawa; MY Penang; NG Niger Delta; NZ North Island,South Island; PH Luzon,Mindanao,Visayas,
Metro Manila; PK Azad Kashmir,Waziristan,North Waziristan,South Waziristan; PS West Bank,Gaza Strip,Gaza,
East Jerusalem; RU Siberia,Chechnya,Dagestan,Kamchatka,Sakhalin,North Ossetia; SD Darfur,Kordofan; SO Puntland,
Somaliland; TR Anatolia; UA Crimea,Donbas,Donbass,Donetsk,Luhansk; US D.C.,DC,Washington D.C.,Washington DC,
New England,Silicon Valley,Bronx,Brooklyn,Manhattan,Long Island,Capitol Hill,Midwest,NYC,L.A.; VN Mekong Delta
"""
WIDE = """
Africa,Asia,Europe,North America,South America,Latin America,Central America,Antarctica,Oceania,Eurasia,Americas,
Middle East,Far East,Southeast Asia,South-East Asia,South East Asia,East Asia,South Asia,Central Asia,Western Europe,
Eastern Europe,Central Europe,Northern Europe,Southern Europe,West Africa,East Africa,North Africa,Central Africa,
Southern Africa,Sub-Saharan Africa,Horn of Africa,Sahel,Maghreb,Levant,Balkans,Caucasus,Baltics,Scandinavia,Caribbean,
Polynesia,Arctic,Asia-Pacific,Asia Pacific,Indo-Pacific,South Pacific,Korean Peninsula,Korean peninsula,
Arabian Peninsula,Sinai,Golan Heights,Nagorno-Karabakh,Atlantic,Atlantic Ocean,Pacific,Pacific Ocean,Indian Ocean,
Arctic Ocean,Mediterranean,Mediterranean Sea,Black Sea,Red Sea,Caspian Sea,Baltic Sea,North Sea,South China Sea,
East China Sea,Persian Gulf,Gulf,Gulf of Aden,Gulf of Mexico,Gulf of Guinea,Strait of Hormuz,Taiwan Strait,
English Channel,Himalayas,Alps,Andes,Pyrenees,Sahara,Nile,Danube,Rhine,Suez Canal,Panama Canal,Earth,Mars
"""
# What ISO writes behind or around the name of a part.
_PART = re.compile(r"\s(?:Sheng|Shi|Zizhiqu|SAR|[Oo]blast'?|kray|Respublika|City)$|, .*$|\s?[\[(*].*$")
NATIONS = {"England": "ENG", "Scotland": "SCT", "Wales": "WLS", "Northern Ireland": "NIR"}
# States whose name stands for their city as often: the city.
ALSO_CITIES = frozenset(("New York", "Washington"))
# Large cities and states whose names are given names, surnames or words as often.
_COMMON = """
Along Aurora Austin Bari Batman Bello Bergen Best Bush Carson Central Charlotte Clay Cross Delta Diego Enterprise Essen
Federal Guide Hamilton Henderson Hidalgo Independence Jackson Kent Leon León Lincoln Lucena Madison Male Man Marina Mesa
Mission Mobile Most Nancy Natal Nelson Nice Niger Of Orange Paradise Plateau Police Reading Regina Rivers Salem Salta
Same San Santiago Santos Split Taylor Temple Tours Tyler Union Valencia Van Victoria Warren
Wellington
"""
_FOREIGN = re.compile(r"[A-Z][a-z.'-]+(?: (?:[A-Z]|de |la |del |al-)?[A-Za-z.'-]+){0,3}$")


class Place(NamedTuple):
    """A place: ISO 3166-1 alpha-2 code of its country, degrees north and east; None where not known."""

    country_code: str | None
    latitude: float | None
    longitude: float | None


NOWHERE = Place(None, None, None)


class City(NamedTuple):
    """A city: inhabitants, its own name (in the spelling that was asked for), and where it is."""

    population: int
    name: str
    place: Place
    part: str
    """GeoNames' code of the part of the country."""


class Within(NamedTuple):
    """What a city lies in: ISO 3166-1 code of the country, and GeoNames' code of its part, or nothing."""

    code: str
    part: str = ""


class _Gazetteer(NamedTuple):
    """What is known about places by name.

    `regions`: parts of countries, each with the codes of the countries that have one of that name; `states`: those
    that cities are told apart by; `strength`: SURE, LIKELY or POSSIBLE for every name; `wide`: names of places in no
    one country; `spotted`: names that are places wherever they stand, each with its label.
    """

    cities: Mapping[str, tuple[City, ...]]
    regions: Mapping[str, tuple[str, ...]]
    states: Mapping[str, Within]
    wide: frozenset[str]
    strength: Mapping[str, int]
    spotted: Mapping[str, str]


@cache
def load_gazetteer() -> _Gazetteer:
    """The gazetteer, read once a process."""
    cities = _read_cities()
    states = {name: Within("US", code) for code, name in us_states().items()}
    states |= {name: Within("GB", code) for name, code in NATIONS.items()}
    sure = dict(_table(REGIONS)) | {name: within.code for name, within in states.items()}
    wide = frozenset(" ".join(WIDE.split()).replace(", ", ",").split(","))
    countries = load_countries().codes
    strength = {name: _city_strength(name, found) for name, found in cities.items()}
    owners: dict[str, set[str]] = {}
    for name, code, kind in _iso_parts():
        if name in COMPASS or is_common(name):
            continue
        owners.setdefault(name, set()).add(code)
        strength[name] = max(strength.get(name, 0), LIKELY if kind == "State" or " " in name else POSSIBLE)
    regions = {name: tuple(sorted(codes)) for name, codes in owners.items()}
    regions |= {name: (code,) for name, code in sure.items()}
    strength |= dict.fromkeys([*sure, *countries, *wide], SURE)
    strength |= dict.fromkeys(AMBIGUOUS.union(_COMMON.split()) & strength.keys(), POSSIBLE)
    spotted = [name for name, found in cities.items() if found[0].population >= SPOTTED_CITY and name == found[0].name]
    spotted += [name for name in (*sure, *wide, *countries) if len(name) > 3 or name in countries]
    labels = {name: "LOC" if name in wide else "GPE" for name in spotted if strength[name] >= LIKELY}
    shouted = {name.upper(): label for name, label in labels.items() if len(name) > 4}
    strength = dict.fromkeys(shouted, SURE) | strength
    return _Gazetteer(cities, regions, states, wide, strength, shouted | labels)


def _city_strength(name: str, found: tuple[City, ...]) -> int:
    return LIKELY if found[0].population >= LARGE_CITY and found[0].name == name else POSSIBLE


def _table(table: str) -> Iterator[tuple[str, str]]:
    for row in " ".join(table.split()).replace(", ", ",").split(";"):
        code, _, names = row.strip().partition(" ")
        for name in names.split(","):
            yield name, code


def _iso_parts() -> Iterator[tuple[str, str, str]]:
    for part in pycountry.subdivisions:
        name = _PART.sub("", part.name)
        for form in {name, fold_marks(name)}:
            if len(form) > 2:
                yield form, part.country_code, part.type


def is_other_name(name: str) -> bool:
    """Whether an English text may call a city by `name`, which another language's may."""
    return name.isascii() and _FOREIGN.match(name) is not None


def _read_cities() -> dict[str, tuple[City, ...]]:
    """Cities by their own name, and the large ones by the other names that an English text may have for them."""
    found: dict[str, list[City]] = {}
    for own, inhabitants, code, part, north, east, others in read_table(CITIES):
        city = City(int(inhabitants), own, Place(code, float(north), float(east)), part)
        plain = own if own.isascii() else fold_marks(own)
        found.setdefault(own, []).append(city)
        if plain != own:
            found.setdefault(plain, []).append(city._replace(name=plain))
        for name in others.split("|") if others else ():
            if name != plain and not is_common(name):
                found.setdefault(name, []).append(city)
    return {name: tuple(_by_population(cities)) for name, cities in found.items()}


def _by_population(cities: list[City]) -> list[City]:
    # Most names are one city's.
    return sorted(cities, key=_population, reverse=True) if len(cities) > 1 else cities


def _population(city: Any) -> int:
    return city.population


def locate(name: str, label: str, codes: Collection[str], within: Within | None = None) -> Place:
    """Where the entity `name` lies.

    Args:
        name: its normal form.
        label: its OntoNotes label; only GPE, LOC and NORP are looked up.
        codes: ISO codes of the countries that the article names otherwise, itself or by their regions and peoples.
        within: what stands right behind it ("Perth, Scotland"), if that is a country or a part of one.
    """
    if label == "NORP":
        return Place(load_countries().demonyms.get(name), None, None)
    gazetteer = load_gazetteer()
    if label not in ("GPE", "LOC") or name in gazetteer.wide or name in COMPASS:
        return NOWHERE
    region = _only(gazetteer.regions.get(name, ()), codes)
    code = load_countries().codes.get(name)
    if code:
        elsewhere = name in AMBIGUOUS and region and region in codes and code not in codes
        return Place(region if elsewhere else code, None, None)
    state = gazetteer.states.get(name)
    if state and (name not in ALSO_CITIES or within == state):
        return Place(region, None, None)
    found = _locate_city(name, region, codes, within)
    return Place(found.country_code, None, None) if label == "LOC" else found


def _locate_city(name: str, region: str | None, codes: Collection[str], within: Within | None) -> Place:
    """Where a city lies, or the region that bears its name."""
    cities = load_gazetteer().cities.get(name, ())
    if region and cities and cities[0].name != name and name not in ALSO_CITIES:
        # A city that is called by its state's name at times: "Rio Grande do Sul".
        return Place(region, None, None)
    found = _choose_within(cities, within) if within else None
    if found:
        return found
    unsure = is_common(name) and bool(cities) and cities[0].population < KNOWN_ABROAD
    city = None if unsure else _choose(cities, codes)
    if city is None:
        return Place(region or (within.code if within else None), None, None)
    foreign = region and region != city.country_code and cities[0].population < LARGE_CITY
    if foreign and (region in codes or city.country_code not in codes):
        return Place(region, None, None)
    return city


def _only(owners: Sequence[str], codes: Collection[str]) -> str | None:
    """The one country that has a region of a name, or the one of them that the article names."""
    near = owners if len(owners) == 1 else [code for code in owners if code in codes]
    return near[0] if len(near) == 1 else None


def _choose_within(cities: Sequence[City], within: Within) -> Place | None:
    """The city that lies in what stands behind its name; its country alone if no city of the tables does.

    None where a large city of that name lies elsewhere: "in London, Germany and France" is a list.
    """
    there = [city for city in cities if city.place.country_code == within.code]
    near = [city for city in there if not within.part or city.part == within.part]
    if near:
        return near[0].place
    if not there and cities and cities[0].population >= LARGE_CITY and not within.part:
        return None
    return Place(within.code, None, None)


def _choose(cities: tuple[City, ...], codes: Collection[str]) -> Place | None:
    if not cities:
        return None
    if _leads(cities):
        return cities[0].place
    near = tuple(city for city in cities if city.place.country_code in codes)
    return near[0].place if near and _leads(near) else None


def _leads(cities: tuple[City, ...]) -> bool:
    return len(cities) == 1 or cities[0].population >= DOMINANCE * cities[1].population
