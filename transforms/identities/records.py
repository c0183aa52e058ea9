"""What goes from step to step while identities are decided: plain tuples, which `marshal` packs."""

from __future__ import annotations

import marshal
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow as pa

Months = tuple[tuple[str, int], ...]
# Why an entity is taken for an identity, the firmest reason first.
NAME, KNOWN, SPELLING, SHORT, KIND = BASES = ("name", "known", "spelling", "short", "kind")


# Of a pack: its size, and how it is compressed.
_SIZE = struct.Struct("<Q")
_CODEC = pa.Codec("zstd", compression_level=1)


class Count(NamedTuple):
    """How often the run names an entity.

    `months`: month → articles. `forms`: a form that articles call it by, other than its name, → month → articles.
    """

    entity_id: str
    name: str
    label: str
    articles: int
    mentions: int
    months: Months
    forms: tuple[tuple[str, Months], ...]


class Own(NamedTuple):
    """An entity whose name, folded, is the key."""

    entity_id: str
    name: str
    label: str
    months: Months


class Use(NamedTuple):
    """An entity that articles also call by the key; `articles` name it at all, `months` by the key."""

    entity_id: str
    name: str
    label: str
    articles: int
    months: Months


class Bearer(NamedTuple):
    """A person whose given name, or last one, is the key."""

    entity_id: str
    articles: int
    given: bool


class Member(NamedTuple):
    """A person whose full name ends with the key (or begins with it, of a name of two words).

    `forms`: the full names, folded, that articles call him by, and how many do.
    """

    entity_id: str
    name: str
    articles: int
    forms: tuple[tuple[str, int], ...]


class Body(NamedTuple):
    """An organisation whose spelling comes down to the key."""

    entity_id: str
    name: str
    label: str
    articles: int


class Link(NamedTuple):
    """That an entity is another one, whose name and kind follow; with its own id: what it is called as an identity."""

    entity_id: str
    identity_id: str
    name: str
    label: str
    confidence: float
    basis: str


def total(months: Months) -> int:
    """The articles of all months."""
    return sum(articles for _, articles in months)


def pack(items: Iterable[tuple[Any, ...]]) -> bytes:
    """Tuples of strings and numbers as bytes, compressed: where one process is the runner, it holds them all."""
    content = marshal.dumps([tuple(item) for item in items])
    return _SIZE.pack(len(content)) + _CODEC.compress(content, asbytes=True)


def unpack(content: bytes) -> list[Any]:
    """The reverse."""
    (size,) = _SIZE.unpack_from(content)
    return list(marshal.loads(_CODEC.decompress(content[_SIZE.size :], size, asbytes=True)))  # noqa: S302, our own
