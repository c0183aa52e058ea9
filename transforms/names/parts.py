"""What the parts of a person's name are linked by, and what no part of one is."""

from __future__ import annotations

import re

from transforms.names.countries import load_countries
from transforms.names.lexicon import BODIES, DAYS, FUNCTION, LEADING, NOT_NAMES, PAGE, TITLES
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import load_gazetteer
from transforms.runtime.words import is_common

LINK = (
    "(?:de la|de los|de las|del|della|de|di|da|dos|do|das|van der|van den|van|von der|von|zu|der|den|ter|bin|bint|binti"
    "|ibn|al|el|y)"
)
DAY = re.compile(r" \d")
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m)$")
NO_PART = FUNCTION | PAGE | DAYS | TITLES | LEADING | NOT_NAMES | BODIES


def is_part(word: str) -> bool:
    """Whether a word in capitals beside a person's name is likely a part of it."""
    bare = _CONTRACTED.sub("", word.rstrip(".").removesuffix("-elect").rstrip("."))
    if bare != word.rstrip(".") and word.endswith(("'s", "’s")):
        return False
    if (bare in NO_PART and word != "May") or (len(word) > 2 and word.isupper()) or is_common(bare):
        return False
    return not (word in load_countries().demonyms or word in load_gazetteer().strength or word in ORGANISATIONS)
