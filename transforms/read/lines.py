"""Lines of a byte stream with their places, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

CHUNK = 1 << 20


class Line(NamedTuple):
    """A line without its newline: the byte where it begins, what was kept of it, and its full size in bytes."""

    offset: int
    content: bytes
    size: int


class LineReader:
    """Lines of a stream, one after another; empty ones too, but for an empty last one.

    Args:
        read: returns up to so many further bytes, b"" at the end.
        offset: the byte of the file at which the stream stands.
        limit: bytes kept of one line. A longer line is read to its end without being held; its `size` tells.

    What `read` raises goes on to the caller; `rest()` then gives the line that was cut.
    """

    def __init__(self, read: Callable[[int], bytes], *, offset: int, limit: int) -> None:
        self._read, self._limit = read, limit
        self._begin(offset)

    def __iter__(self) -> Iterator[Line]:
        while chunk := self._read(CHUNK):
            begin = 0
            while (end := chunk.find(b"\n", begin)) >= 0:
                self._add(chunk[begin:end])
                line = self.rest()
                self._begin(line.offset + line.size + 1)
                yield line
                begin = end + 1
            self._add(chunk[begin:])
        if self._size:
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
