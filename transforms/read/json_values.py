r"""JSON documents: the articles of an array, of an object that holds one, or objects one after another.

A document is read as it streams by; only one article is held at a time. Where an article begins and ends is known by
brackets and quotes alone, so that depth costs nothing and what is broken inside one stays its own affair; the parser
comes later. If an article turns out to be no JSON, or has no end, the next place that looks like the beginning of one
(the first key of the first article) is taken for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from schemas.records import RawRecord, Reject
from transforms.read.formats import JSON
from transforms.read.json_layout import BLANK, KEY, MAX_LEVEL, SCALAR, Ends, find_articles
from transforms.read.json_tables import read_rows
from transforms.read.source import ByteStream, Patience, Window

# Brackets and quotes that are looked at again behind broken articles, in all.
RESCAN_MARKS = 4_000_000
OPENING = re.compile(rb'\{\s*("(?:[^"\\]|\\.){0,200}")\s*:')
# How much of a document is looked at to tell where its articles are.
SAMPLE = 1 << 20
OBJECTS = re.compile(rb"\[\s*\{")

Found = RawRecord | Reject


def read_json(source: ByteStream, limit: int) -> Iterator[Found]:
    """The articles of one or more JSON documents. `limit`: bytes of one."""
    reader = _Reader(source, limit)
    yield from reader.read()


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
                if layout.table:
                    window.drop(layout.start)
                    yield from self._read_table()
                    self._leave(layout.levels)
                elif layout.levels:
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

    def _read_table(self) -> Iterator[Found]:
        """The rows of the table that the window begins with, as far as one may be held."""
        window, ends = self._window, Ends()
        while (end := ends.find(window.data)) < 0 and len(window.data) <= self._limit and window.grow():
            pass
        if not 0 < end <= self._limit:
            yield from self._read_value()
            return
        offset, content = window.offset, bytes(window.data[:end])
        window.drop(end)
        yield from read_rows(self._source, content, offset)

    def _read_elements(self, *, keyed: bool, depth: int = 0) -> Iterator[Found]:
        """The values of the array or object whose opening bracket was just left behind, those of inner lists too."""
        window = self._window
        while self._skip_blank():
            if window.data[:1] in (b"]", b"}"):
                window.drop(1)
                return
            if keyed and window.data[:1] == b'"':
                window.ensure(512)
                found = KEY.match(window.data)
                window.drop(found.start(2) if found else 1)
                if not found or found[2] != b"[":
                    continue
            window.ensure(64)
            if depth < MAX_LEVEL and OBJECTS.match(window.data):
                window.drop(1)
                yield from self._read_elements(keyed=False, depth=depth + 1)
            else:
                yield from self._read_value()

    def _leave(self, levels: int) -> None:
        """Pass over what stands behind a list of articles, up to the end of the objects around it."""
        ends = Ends(levels)
        while levels and ends.find(self._window.data) < 0:
            self._forget(ends)
            if not self._window.grow():
                return
        self._window.drop(ends.place if levels else 0)

    def _forget(self, ends: Ends) -> None:
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
        ends = Ends()
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
        """Whether the window begins with this many bytes of JSON, whose first key then tells how others begin."""
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

    def _next_beginning(self, size: int, ends: Ends) -> int:
        """Where the next article seems to begin inside a broken value of this many bytes; 0 for nowhere."""
        if self._signature is None or not self._patience.take(ends.steps):
            return 0
        found = self._signature.search(self._window.data, 1, size)
        return found.start(1) if found else 0

    def _take(self, size: int) -> RawRecord:
        window = self._window
        content = bytes(window.data[:size])
        source = self._source
        order = source.date_order
        record = RawRecord(source.name, window.offset, JSON, content, charset=source.charset, date_order=order)
        window.drop(size)
        return record

    def _too_large(self, ends: Ends, end: int) -> Reject:
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
