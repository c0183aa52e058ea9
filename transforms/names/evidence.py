"""What speaks for a name's kind: keys for its own words and for the words around a mention, and a weight for each.

The weights are a log-linear model's. It was trained without labelled text, on what the small model makes of thousands
of news articles: a name's kind there is what most articles agree on, and the weights tell which words go with it (the
principle of Collins & Singer 1999, "Unsupervised models for named entity classification": spelling and context are two
views of one name). `training/name_kinds.py` makes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from transforms.names.countries import load_countries
from transforms.names.places import SURE, load_gazetteer
from transforms.runtime.words import is_common

# Per kind in this order.
PERSON, ORG, PLACE, PEOPLE, OTHER = range(5)
KINDS = ("person", "organisation", "place", "people", "other")
Weights = tuple[float, ...]

TABLE = "weights.tsv"
KNOWN_TABLE = "known_names.tsv"
WINDOW = 28
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,6}\d?$|(?:[A-Z]\.){2,5}$")
_CAMEL = re.compile(r"[A-Z]?[a-z]+[A-Z]")
_APOSTROPHES = frozenset("'’")
_STOPS = frozenset(".!?")
_PAUSES = frozenset(",;:")
_OPENING = "\"'“‘(["
_CLOSING = "\"'”’).,;:!?"


class Evidence(NamedTuple):
    """Weights per kind: of a name's own keys, of the word before a mention, and of what follows one."""

    name: Mapping[str, Weights]
    before: Mapping[str, Weights]
    after: Mapping[str, Weights]


@cache
def load_evidence() -> Evidence:
    """The table, read once a process."""
    tables: dict[str, dict[str, Weights]] = {view: {} for view in Evidence._fields}
    for line in resources.files(__package__).joinpath(TABLE).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            view, key, *weights = line.split("\t")
            tables[view][key] = tuple(map(float, weights))
    return Evidence(**tables)


@cache
def load_known() -> dict[str, int]:
    """Names on whose kind nearly all articles of American news agree → that kind, read once a process."""
    lines = resources.files(__package__).joinpath(KNOWN_TABLE).read_text(encoding="utf-8").splitlines()
    return {name: KINDS.index(kind) for name, kind in (line.split("\t") for line in lines)}


def name_keys(name: str) -> tuple[str, ...]:
    """What a name says of itself."""
    words = name.split()
    keys = [f"words {min(len(words), 4)}"]
    strength = load_gazetteer().strength.get(name, 0)
    if strength:
        keys.append(f"gazetteer {strength}")
    if len(words) == 1:
        return (*keys, *_shape_keys(name), *(("common",) if is_common(name) else ()))
    keys += ["last " + words[-1], "first " + words[0]]
    common = sum(map(is_common, words))
    keys.append("common all" if common == len(words) else "common some" if common else "common none")
    if words[0] in load_countries().demonyms:
        keys.append("demonym first")
    elif load_gazetteer().strength.get(words[0]) == SURE:
        keys.append("place first")
    keys += ["head " + head for head, link in pairwise(words) if link in ("of", "for")][:1]
    if "&" in words or "and" in words:
        keys.append("and inside")
    return tuple(keys)


def _shape_keys(word: str) -> tuple[str, ...]:
    if _ACRONYM.match(word):
        return ("acronym",)
    if _CAMEL.match(word):
        return ("camel",)
    if word.isupper():
        return ("shouted",)
    return ("ends " + word[-3:],) if len(word) > 5 else ()


def before(text: str, start: int) -> str:
    """The word right before a mention, `^` at the start of a sentence or line."""
    if start and text[start - 1] == " ":
        word = text[text.rfind(" ", start - WINDOW if start > WINDOW else 0, start - 1) + 1 : start - 1]
        if word.isalpha():
            return word
        if "\n" in word:
            word = word[word.rfind("\n") + 1 :]
        last = word[-1:]
        if last in _STOPS and len(word) > 5:
            return "^"
        return "," if last in _PAUSES else word.lstrip(_OPENING) or word
    return text[start - 1].strip() or "^" if start else "^"


def after(text: str, end: int) -> str:
    """The word right after a mention, with the comma or the possessive between."""
    first = text[end : end + 1]
    if first == " ":
        return _next_word(text, end + 1)
    if first in _APOSTROPHES:
        return "'s " + _next_word(text, end + 3 if text[end + 1 : end + 2] == "s" else end + 2)
    if first == "," and text[end + 1 : end + 2] == " ":
        word = _next_word(text, end + 2)
        return ", #" if word.isdigit() else ", " + word
    return first.strip() or "$"


def _next_word(text: str, start: int) -> str:
    stop = text.find(" ", start, start + WINDOW)
    word = text[start : stop if stop >= 0 else start + WINDOW]
    if word.isalpha():
        return word
    word = word.split("\n", 1)[0]
    return word.rstrip(_CLOSING) or word
