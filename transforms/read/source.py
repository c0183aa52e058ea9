"""The bytes of a file or of an archive's member as its reader sees them: unpacked, in order, with their places."""

from __future__ import annotations

import re

from schemas.records import Reject
from transforms.read.packing import CHUNK, Chunks, Damage
from transforms.runtime.outcome import reject

STAGE = "read"
# Bytes from which the kind of a file is found.
HEAD_SIZE = 1 << 16
# Bytes of a file that are looked through a second time, in all.
RESCAN_SIZE = 1 << 29


class ByteStream:
    """Unpacked bytes, read from front to back.

    Reading ends (`b""`) at the end, and where bytes are missing: `damage` then says why, and `reported` whether a
    reject has. `resume` goes on behind it.

    Args:
        name: what its records say as `source_file`.
        chunks: the bytes.
        offset: the place of the first.
        charset: the encoding that was found from the first bytes, for records that don't state theirs.

    `date_order` is that of day and month in the dates of its records, where it was found from the first bytes.
    """

    def __init__(self, name: str, chunks: Chunks, *, offset: int = 0, charset: str | None = None) -> None:
        self.name, self.offset, self.charset = name, offset, charset
        self.damage = ""
        self.reported = False
        self.date_order = ""
        self._chunks = chunks
        self._buffer = b""
        self._message = ""

    def read(self, size: int = CHUNK) -> bytes:
        """Up to `size` further bytes."""
        if not self._buffer and not self._fill():
            self.damage = self._message
            return b""
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        self.offset += len(found)
        return found

    def peek(self, size: int = HEAD_SIZE) -> bytes:
        """The next `size` bytes, fewer where the end or damage comes first, without taking them."""
        while len(self._buffer) < size and self._fill():
            pass
        return self._buffer[:size]

    def resume(self) -> bool:
        """Go on behind the damage; False where there was none, or nothing is behind it."""
        if not self.damage:
            return False
        self.damage = self._message = ""
        self.reported = False
        # Nobody knows how long the hole is; as one byte it keeps places apart.
        self.offset += 1
        return bool(self.peek(1)) or bool(self._message)

    def chunks(self) -> Chunks:
        """All that is still to come, for a layer that unpacks or recodes it."""
        while True:
            while chunk := self.read():
                yield chunk
            if not self.damage:
                return
            yield Damage(self.damage)
            if not self.resume():
                return

    def _fill(self) -> bool:
        if self._message:
            return False
        for chunk in self._chunks:
            if isinstance(chunk, Damage):
                self._message = chunk.message
                return False
            if chunk:
                self._buffer += chunk
                return True
        return False

    def cut(self, offset: int, payload: bytes, size: int | None = None) -> Reject:
        """The reject for the damage that was met: the place and what there is of the record that it cut."""
        self.reported = True
        return self.reject("corrupt_file", self.damage, offset, payload, size)

    def reject(self, reason: str, message: str, offset: int, payload: bytes = b"", size: int | None = None) -> Reject:
        """A reject of this stage; `size`: bytes of the whole, where `payload` isn't."""
        return reject(
            STAGE,
            reason,
            message,
            source_file=self.name,
            source_offset=offset,
            payload=payload,
            payload_size=size,
        )

    def too_large(self, offset: int, payload: bytes, size: int, limit: int) -> Reject:
        """The reject for a record over the limit."""
        return self.reject("too_large", f"{size} bytes, more than the limit of {limit}", offset, payload, size)


class Patience:
    """How many bytes may be looked through again behind something broken, so that no file takes for ever."""

    def __init__(self, size: int = RESCAN_SIZE) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Whether this many more are fine."""
        self._left -= size
        return self._left > 0


class Window:
    """A stretch of a source that is looked through for the borders of records, and grows as far as that needs.

    `data` holds the bytes from `offset` on.
    """

    def __init__(self, source: ByteStream) -> None:
        self._source = source
        self.offset = source.offset
        self.data = bytearray()

    def grow(self) -> bool:
        """Take in more; False at the end or at damage."""
        chunk = self._source.read()
        self.data += chunk
        return bool(chunk)

    def drop(self, size: int) -> None:
        """Leave the first bytes behind."""
        del self.data[:size]
        self.offset += size

    def skip(self, size: int) -> bool:
        """Leave this many bytes behind, those not taken in yet too; False where there are fewer."""
        while size > len(self.data):
            size -= len(self.data)
            self.drop(len(self.data))
            if not self.grow():
                return False
        self.drop(size)
        return True

    def ensure(self, size: int) -> bool:
        """Take in at least this many bytes; False where there are fewer."""
        while len(self.data) < size:
            if not self.grow():
                return False
        return True

    def search(self, pattern: re.Pattern[bytes], start: int, *, longest: int = 256) -> int:
        """Where `pattern` is found from `start` on, growing to find it, or −1. No match is longer than `longest`.

        Bytes before `start` are kept; a caller that needn't keep them drops them first.
        """
        while True:
            if found := pattern.search(self.data, start):
                return found.start()
            start = max(start, len(self.data) - longest)
            if not self.grow():
                return -1
