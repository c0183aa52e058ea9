r"""JSON documents: the articles of an array, of an object that holds one, or objects one after another.

A document is read as it streams by; only one article is held at a time. Where an article begins and ends is told by
brackets and quotes alone, so that depth costs nothing and what is broken inside one stays its own affair; the parser
comes later. If an article turns out to be no JSON, or has no end, the next place that looks like the beginning of one
(the first key of the first article) is taken for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from schemas.records import RawRecord, Reject
from transforms.read.formats import JSON
from transforms.read.source import ByteStream, Patience, Window

# Fields under which interfaces and exports put their list of articles, lower case: NewsAPI, the Guardian,
# Elasticsearch, GDELT, CKAN and what people call it themselves.
LISTS = frozenset(
    (
        *("articles", "article_list", "items", "item", "results", "result", "hits", "data", "docs", "documents"),
        *("records", "rows", "entries", "entry", "news", "stories", "posts", "values", "value", "list", "response"),
        *("feed", "collection"),
    )
)
# How much of a document is looked at to tell where its articles are.
SAMPLE = 1 << 20
MAX_LEVEL = 4
# Brackets and quotes that are looked at again behind broken articles, in all.
RESCAN_MARKS = 4_000_000
MARK = re.compile(rb'["{}\[\]]')
BLANK = re.compile(rb"[\s,\x1e]*")
SCALAR = re.compile(rb"[^\s,\]\[{}\"]+")
OPENING = re.compile(rb'\{\s*("(?:[^"\\]|\\.){0,200}")\s*:')
KEY = re.compile(rb'\s*"((?:[^"\\]|\\.){0,200})"\s*:\s*(.?)', re.DOTALL)

Found = RawRecord | Reject


def read_json(source: ByteStream, limit: int) -> Iterator[Found]:
    """The articles of one or more JSON documents. `limit`: bytes of one."""
    reader = _Reader(source, limit)
    yield from reader.read()


class Layout(NamedTuple):
    """Where the articles of an object are: behind the bracket before `start`, under `levels` open brackets.

    `keyed`: each has a key of its own. `levels` 0: the object itself is the article.
    """

    start: int
    levels: int
    keyed: bool


ONE = Layout(0, 0, keyed=False)


def find_articles(sample: bytes) -> Layout:
    """Tell from the first bytes of an object where its articles are.

    A list under one of the usual names, at whatever depth such names lead to, holds them. An object of nothing but
    objects holds them under keys of its own. Any other object is an article.
    """
    start = 0
    for level in range(1, MAX_LEVEL):
        members = list(_members(sample, start + 1))
        inner = next((member for member in members if member.key.lower() in LISTS and member.kind in b"[{"), None)
        if inner is None:
            keyed = len(members) > 1 and {member.kind for member in members} == {b"{"}
            return Layout(start + 1, level, keyed=True) if keyed else ONE
        if inner.kind == b"[":
            following = BLANK.match(sample, inner.start + 1)
            first = sample[following.end() : following.end() + 1] if following else b""
            return Layout(inner.start + 1, level, keyed=False) if first in (b"{", b"]", b"") else ONE
        start = inner.start
    return ONE


class _Member(NamedTuple):
    key: str
    kind: bytes
    start: int


def _members(sample: bytes, start: int) -> Iterator[_Member]:
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
        return _Ends().find(data, start)
    found = SCALAR.match(data, start)
    return found.end() if found else -1


class _Ends:
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


class _Reader:
    def __init__(self, source: ByteStream, limit: int) -> None:
        self._source, self._limit = source, limit
        self._window = Window(source)
        self._patience = Patience(RESCAN_MARKS)
        self._signature: re.Pattern[bytes] | None = None

    def read(self) -> Iterator[Found]:
        """Document after document."""
        window = self._window
        while self._skip_blank():
            first = bytes(window.data[:1])
            if first == b"[":
                window.drop(1)
                yield from self._read_elements(keyed=False)
            elif first == b"{":
                window.ensure(SAMPLE)
                layout = find_articles(bytes(window.data[:SAMPLE]))
                if layout.levels:
                    window.drop(layout.start)
                    yield from self._read_elements(keyed=layout.keyed)
                    self._leave(layout.levels - layout.keyed)
                else:
                    yield from self._read_value()
            elif first in b"]}:":
                window.drop(1)
            else:
                yield from self._read_value()

    def _skip_blank(self) -> bool:
        window = self._window
        while True:
            blank = BLANK.match(window.data)
            window.drop(blank.end() if blank else 0)
            if window.data:
                return True
            if not window.grow():
                return False

    def _read_elements(self, *, keyed: bool) -> Iterator[Found]:
        """The values of the array or object whose opening bracket was just left behind."""
        window = self._window
        while self._skip_blank():
            if window.data[:1] in (b"]", b"}"):
                window.drop(1)
                return
            if keyed and window.data[:1] == b'"':
                window.ensure(512)
                found = KEY.match(window.data)
                window.drop(found.start(2) if found else 1)
            else:
                yield from self._read_value()

    def _leave(self, levels: int) -> None:
        """Pass over what stands behind a list of articles, up to the end of the objects around it."""
        ends = _Ends(levels)
        while levels and ends.find(self._window.data) < 0:
            self._forget(ends)
            if not self._window.grow():
                return
        self._window.drop(ends.place if levels else 0)

    def _forget(self, ends: _Ends) -> None:
        self._window.drop(max(len(self._window.data) - 1, 0))
        ends.forget(len(self._window.data))

    def _read_value(self) -> Iterator[Found]:
        """The value that the window begins with."""
        window = self._window
        if window.data[:1] not in (b"{", b"[", b'"'):
            window.ensure(4096)
            found = SCALAR.match(window.data)
            yield self._take(found.end() if found else 1)
            return
        ends = _Ends()
        while (end := ends.find(window.data)) < 0 and len(window.data) <= self._limit and window.grow():
            pass
        size = end if 0 < end <= self._limit else min(len(window.data), self._limit + 1)
        if 0 < end <= self._limit and self._is_json(size):
            yield self._take(size)
        elif next_one := self._next_beginning(size, ends):
            yield self._take(next_one)
        elif size > self._limit:
            yield self._too_large(ends, end)
        elif end < 0 and self._source.damage:
            yield self._source.cut(window.offset, bytes(window.data))
            window.drop(len(window.data))
        else:
            yield self._take(size)

    def _is_json(self, size: int) -> bool:
        """Whether the window begins with so many bytes of JSON, whose first key then tells how others begin."""
        window = self._window
        try:
            json.loads(window.data[:size].decode("latin-1"), strict=False)
        except RecursionError:
            return True
        except ValueError:
            return False
        if self._signature is None and (opening := OPENING.match(window.data)):
            self._signature = re.compile(rb"[,\n]\s*(\{\s*" + re.escape(opening[1]) + rb"\s*:)")
        return True

    def _next_beginning(self, size: int, ends: _Ends) -> int:
        """Where the next article seems to begin inside a broken value of so many bytes; 0 for nowhere."""
        if self._signature is None or not self._patience.take(ends.steps):
            return 0
        found = self._signature.search(self._window.data, 1, size)
        return found.start(1) if found else 0

    def _take(self, size: int) -> RawRecord:
        window = self._window
        content = bytes(window.data[:size])
        record = RawRecord(self._source.name, window.offset, JSON, content, charset=self._source.charset)
        window.drop(size)
        return record

    def _too_large(self, ends: _Ends, end: int) -> Reject:
        """Pass over a value that is larger than the limit."""
        window = self._window
        offset, content = window.offset, bytes(window.data[: self._limit])
        while end < 0:
            self._forget(ends)
            if not window.grow():
                end = len(window.data)
                break
            end = ends.find(window.data)
        window.drop(end)
        return self._source.too_large(offset, content, window.offset - offset, self._limit)
