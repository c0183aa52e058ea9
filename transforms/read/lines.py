"""Lines of a byte stream with their places, in bounded memory, and files of which each line is a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas.records import RawRecord, Reject
from transforms.read.formats import JSONL
from transforms.read.source import ByteStream


class Line(NamedTuple):
    """A line without its newline: the byte where it begins, what was kept of it, and its full size in bytes."""

    offset: int
    content: bytes
    size: int


class LineReader:
    """Lines of a source, one after another; empty ones too, but for an empty last one.

    `limit`: bytes kept of one line. A longer line is read to its end without being held; its `size` tells. A line that
    damage cuts isn't among them: `rest()` gives it.
    """

    def __init__(self, source: ByteStream, limit: int) -> None:
        self._source, self._limit = source, limit
        self._begin(source.offset)

    def __iter__(self) -> Iterator[Line]:
        while chunk := self._source.read():
            first, *others = chunk.split(b"\n")
            self._add(first)
            if not others:
                continue
            line = self.rest()
            yield line
            offset = line.offset + line.size + 1
            last = others.pop()
            for content in others:
                size = len(content)
                yield Line(offset, content if size <= self._limit else content[: self._limit], size)
                offset += size + 1
            self._begin(offset)
            self._add(last)
        if self._size and not self._source.damage:
            yield self.rest()

    def rest(self) -> Line:
        """What has been read of the line whose end hasn't been seen."""
        return Line(self._offset, b"".join(self._pieces), self._size)

    def _begin(self, offset: int) -> None:
        self._offset, self._size = offset, 0
        self._pieces: list[bytes] = []

    def _add(self, piece: bytes) -> None:
        room = self._limit - self._size
        if piece and room > 0:
            self._pieces.append(piece[:room])
        self._size += len(piece)


def read_lines(
    source: ByteStream, limit: int, *, stop: int = -1, skip_first: bool = False, file_format: str = JSONL
) -> Iterator[RawRecord | Reject]:
    """Each line as a record; lines of white space are none.

    Args:
        source: the bytes.
        limit: bytes of one record.
        stop: lines that begin at this byte or behind it belong to another range; −1: all are read.
        skip_first: the first line began before the range.
        file_format: that of the records.
    """
    reader = LineReader(source, limit)
    for line in reader:
        if 0 <= stop <= line.offset:
            return
        if skip_first:
            skip_first = False
        elif line.size > limit:
            yield source.too_large(line.offset, line.content, line.size, limit)
        elif line.content.strip():
            yield RawRecord(
                source.name,
                line.offset,
                file_format,
                line.content,
                charset=source.charset,
                date_order=source.date_order,
            )
    if source.damage:
        cut = reader.rest()
        yield source.cut(cut.offset, cut.content, cut.size)
