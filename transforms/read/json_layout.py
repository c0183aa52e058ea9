"""Where the articles of a JSON document are, found from its first bytes, and where its values end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.read.json_tables import is_table, plain
from transforms.read.table_form import TEXT_NAMES

# Fields under which interfaces and exports put their list of articles, lower case: NewsAPI, the Guardian,
# Elasticsearch, GDELT, CKAN and what people call it themselves.
LISTS = frozenset(
    (
        *("articles", "article_list", "items", "item", "results", "result", "hits", "data", "docs", "documents"),
        *("records", "rows", "entries", "entry", "news", "stories", "posts", "values", "value", "list", "response"),
        *(
            "feed",
            "collection",
            "children",
            "edges",
            "nodes",
            "objects",
            "@graph",
            "publications",
            "messages",
            "tweets",
            "statuses",
        ),
    )
)
MAX_LEVEL = 4
MARK = re.compile(rb'["{}\[\]]')
BLANK = re.compile(rb"[\s,\x1e]*")
SCALAR = re.compile(rb"[^\s,\]\[{}\"]+")
KEY = re.compile(rb'\s*"((?:[^"\\]|\\.){0,200})"\s*:\s*(.?)', re.DOTALL)


class _Layout(NamedTuple):
    """Where the articles of an object are: behind the bracket before `start`, under `levels` open brackets.

    `keyed`: each has a key of its own, or a list of them has. `levels` 0: the object itself is the article. `table`: it
    holds rows by columns, as pandas writes them.
    """

    start: int
    levels: int
    keyed: bool
    table: bool = False


ONE = _Layout(0, 0, keyed=False)


def find_articles(sample: bytes) -> _Layout:
    """Tell from the first bytes of an object where its articles are.

    A list under one of the usual names, at whatever depth such names lead to, holds them. An object of nothing but
    objects, or of nothing but lists of objects, holds them under keys of its own. Any other object is an article, as
    is one with a text of its own.
    """
    start = 0
    for level in range(1, MAX_LEVEL):
        members = list(_members_of(sample, start + 1))
        if is_table([(member.key, member.kind, _first(sample, member)) for member in members]):
            return _Layout(start, level - 1, keyed=False, table=True)
        if any(member.kind == b'"' and plain(member.key) in TEXT_NAMES for member in members):
            return ONE
        inner = _list_of(sample, members)
        if inner is None:
            return _Layout(start + 1, level, keyed=True) if _is_keyed(sample, members) else ONE
        if inner.kind == b"[":
            first = _first(sample, inner)
            return _Layout(inner.start + 1, level, keyed=False) if first in (b"{", b"]", b"") else ONE
        start = inner.start
    return ONE


def _list_of(sample: bytes, members: list[_Member]) -> _Member | None:
    """The member that holds the articles by its name: a list of objects before any other."""
    named = [member for member in members if member.key.lower() in LISTS and member.kind in b"[{"]
    named = [member for member in named if member.key != "@graph" or sample.count(b'"articleBody"') > 1]
    lists = [member for member in named if member.kind == b"[" and _first(sample, member) == b"{"]
    return next(iter(lists or named), None)


def _is_keyed(sample: bytes, members: list[_Member]) -> bool:
    """Whether all that an object holds are articles, or lists of articles, under keys of their own."""
    kinds = {member.kind for member in members}
    if kinds == {b"["}:
        firsts = {_first(sample, member) for member in members}
        return b"{" in firsts and firsts <= {b"{", b"]", b""}
    return len(members) > 1 and kinds == {b"{"}


def _first(sample: bytes, member: _Member) -> bytes:
    """The character with which the first value of a list begins, or the first value behind a key of an object."""
    if member.kind == b"{":
        found = next(_members_of(sample, member.start + 1), None)
        return found.kind if found else b""
    if member.kind != b"[":
        return b""
    following = BLANK.match(sample, member.start + 1)
    return sample[following.end() : following.end() + 1] if following else b""


class _Member(NamedTuple):
    key: str
    kind: bytes
    start: int


def _members_of(sample: bytes, start: int) -> Iterator[_Member]:
    """The keys of the object that `start` stands in, with the places where their values begin, as far as seen."""
    while True:
        blank = BLANK.match(sample, start)
        found = KEY.match(sample, blank.end() if blank else start)
        if not found or not found[2]:
            return
        yield _Member(found[1].decode("utf-8", "replace"), found[2], found.start(2))
        start = _end_of_value(sample, found.start(2))
        if start < 0:
            return


def _end_of_value(data: bytes | bytearray, start: int) -> int:
    """Where the value that begins at `start` ends; −1 where that isn't seen."""
    if data[start : start + 1] in (b"{", b"[", b'"'):
        return Ends().find(data, start)
    found = SCALAR.match(data, start)
    return found.end() if found else -1


class Ends:
    """Finds where a value ends, going on where it stopped when more bytes are there.

    `depth`: open brackets. `steps` counts the brackets and quotes looked at.
    """

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._quoted = False
        self._place = 0
        self.steps = 0

    def find(self, data: bytes | bytearray, start: int = 0) -> int:
        """Where the value that begins at `start` ends, −1 where more is needed. `data` may only have grown."""
        place = max(self._place, start)
        while True:
            self.steps += 1
            if self._quoted:
                quote = data.find(b'"', place)
                if quote < 0:
                    self._place = len(data)
                    return -1
                place = quote + 1
                if _is_escaped(data, quote):
                    continue
                self._quoted = False
            else:
                mark = MARK.search(data, place)
                if not mark:
                    self._place = len(data)
                    return -1
                place = mark.end()
                kind = data[place - 1 : place]
                if kind == b'"':
                    self._quoted = True
                    continue
                self._depth += 1 if kind in b"{[" else -1
            if self._depth <= 0:
                self._place = place
                return place

    def forget(self, kept: int) -> None:
        """All bytes looked at are gone, but for the last ones, by which the next may be escaped."""
        self._place = kept

    @property
    def place(self) -> int:
        """How far was looked."""
        return self._place


def _is_escaped(data: bytes | bytearray, quote: int) -> bool:
    before = quote
    while before > 0 and data[before - 1] == 0x5C:
        before -= 1
    return (quote - before) % 2 == 1
