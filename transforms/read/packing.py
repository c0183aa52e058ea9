"""Unpacking: chunks of packed bytes in, chunks of the unpacked ones out, with a mark wherever data is damaged.

Members (gzip, xz) and frames (zstd, lz4) of a file follow one another and are unpacked each by itself, so that damage
in one costs no other: after it the next one is looked for. What a few bytes may grow to is limited by a `Budget`.
"""

from __future__ import annotations

import bz2
import codecs
import functools
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import lz4.frame
import zstandard

CHUNK = 1 << 20
# What is handed to an unpacker at once. zstd's gives back all that comes of it, up to 128 KiB for every 4 bytes.
PIECE = 1 << 15
ZSTD_PIECE = 1 << 11
# Memory that a zstd frame (2^27 bytes: its `--long` default) or an xz block may ask for.
ZSTD_WINDOW = 1 << 27
XZ_MEMORY = 1 << 28
# Text packs to a thirtieth at best. A file that grows beyond both of these is a bomb.
BOMB_RATIO = 200
BOMB_FLOOR = 256 << 20

COMPRESSIONS = {
    **{".gz": "gzip", ".bz2": "bzip2", ".zst": "zstd", ".zstd": "zstd", ".xz": "xz", ".lz4": "lz4"},
    **{".tgz": "gzip", ".tbz2": "bzip2", ".txz": "xz"},
}
# How a member begins, as far as it is fixed. zstd's second form is a frame of metadata.
MEMBERS = {
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]"),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "lz4": re.compile(rb"\x04\x22\x4d\x18"),
}
MAGIC_SIZE = 10
ERRORS = (zlib.error, OSError, EOFError, lzma.LZMAError, zstandard.ZstdError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Damage:
    """Stands among chunks where bytes are missing or broken; the chunks after it, if any, are whole again."""

    message: str


Chunks = Iterator["bytes | Damage"]


class BombError(Exception):
    """A file that grows out of all proportion when unpacked."""


class Budget:
    """How much may be unpacked of one file, in all its layers and members together.

    Args:
        packed_size: bytes of the file.
        floor: bytes that are allowed to any file.
        ratio: bytes that are allowed for every byte of the file.
    """

    def __init__(self, packed_size: int, *, floor: int = BOMB_FLOOR, ratio: int = BOMB_RATIO) -> None:
        self._limit = max(floor, ratio * packed_size)
        self._spent = 0

    def spend(self, size: int) -> None:
        """Take this many unpacked bytes off.

        Raises:
            BombError: that is too much.
        """
        self._spent += size
        if self._spent > self._limit:
            raise BombError(f"unpacks to more than {self._limit} bytes")


class _Zlib:
    """zlib's object with the interface of the others."""

    def __init__(self) -> None:
        self._object = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._object.decompress(self._object.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._object.unconsumed_tail


class _Zstd:
    """zstandard's object with the interface of the others."""

    needs_input = True

    def __init__(self) -> None:
        self._object = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._object.decompress(data)

    @property
    def eof(self) -> bool:
        return bool(self._object.eof)

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data


UNPACKERS: dict[str, Callable[[], Any]] = {
    "gzip": _Zlib,
    "bzip2": bz2.BZ2Decompressor,
    "zstd": _Zstd,
    "xz": functools.partial(lzma.LZMADecompressor, memlimit=XZ_MEMORY),
    "lz4": lz4.frame.LZ4FrameDecompressor,
}


def sniff_compression(head: bytes) -> str:
    """How a file is packed, by its first bytes: a value of `COMPRESSIONS`, or "" where they tell of no packing."""
    return next((name for name, magic in MEMBERS.items() if magic.match(head)), "")


def named_compression(path: str) -> str:
    """How a file is packed, by its name alone."""
    return COMPRESSIONS.get(PurePosixPath(path).suffix.lower(), "")


def read_chunks(read: Callable[[int], bytes], size: int = CHUNK) -> Chunks:
    """What `read` gives until it gives nothing."""
    while chunk := read(size):
        yield chunk


def recode(chunks: Chunks, encoding: str) -> Chunks:
    """Chunks of text in another encoding as UTF-8, with U+FFFD for what is broken and without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    first = True
    for chunk in chunks:
        if isinstance(chunk, Damage):
            yield decoder.decode(b"", final=True).encode()
            decoder.reset()
            yield chunk
            continue
        text = decoder.decode(chunk)
        yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "replace")
        first = False
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def unpack(chunks: Chunks, compression: str, budget: Budget) -> Chunks:
    """The unpacked bytes of all members, with one `Damage` where some are missing.

    Raises:
        BombError: on the way, where the budget doesn't allow it.
    """
    unpacker = _Unpacker(compression)
    for chunk in chunks:
        if isinstance(chunk, Damage):
            yield from unpacker.interrupt(chunk.message)
            continue
        for found in unpacker.feed(chunk):
            if not isinstance(found, Damage):
                budget.spend(len(found))
            yield found
    yield from unpacker.finish()


class _Unpacker:
    """Goes from member to member; `_lost` while it looks for the next one after damage."""

    def __init__(self, compression: str) -> None:
        self._make, self._magic = UNPACKERS[compression], MEMBERS[compression]
        self._piece = ZSTD_PIECE if compression == "zstd" else PIECE
        self._name = compression
        self._member: Any = None
        self._pending = b""
        self._lost = False

    def feed(self, chunk: bytes) -> Chunks:
        for start in range(0, len(chunk), self._piece):
            self._pending += chunk[start : start + self._piece]
            while self._pending:
                fresh = self._member is None
                if fresh and not self._find_member():
                    if len(self._pending) < MAGIC_SIZE:
                        break
                    yield from self._lose("bytes that begin no member")
                    continue
                yield from self._step(fresh=fresh)

    def interrupt(self, message: str) -> Chunks:
        """The packed bytes themselves have a hole here."""
        self._member, self._pending = None, b""
        yield from self._lose(message)

    def finish(self) -> Chunks:
        if self._member is not None:
            yield from self._lose("ends early")
        elif self._pending.strip(b"\0"):
            yield from self._lose("bytes that begin no member")

    def _lose(self, message: str) -> Chunks:
        """Damage, unless nothing has come out since the last."""
        if not self._lost:
            self._lost = True
            yield Damage(f"damaged {self._name}: {message}")

    def _find_member(self) -> bool:
        """Whether the pending bytes hold the beginning of a member, which they then begin with."""
        if self._lost:
            found = self._magic.search(self._pending)
            keep = found.start() if found else max(len(self._pending) - MAGIC_SIZE + 1, 0)
            self._pending = self._pending[keep:]
        else:
            # Tapes and some tools fill up with NULs.
            self._pending = self._pending.lstrip(b"\0")
            found = self._magic.match(self._pending)
        if found:
            self._member = self._make()
        return found is not None

    def _step(self, *, fresh: bool) -> Chunks:
        """Unpack what is pending, up to the end of the member. `fresh`: the member begins here."""
        data, self._pending = self._pending, b""
        try:
            yield from self._unpack(data)
        except ERRORS as error:
            # The next member may begin in these bytes too, but isn't this one.
            self._member, self._pending = None, data[1:] if fresh else data
            yield from self._lose(str(error))
            return
        if self._member.eof:
            self._pending, self._member = self._member.unused_data or b"", None

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        while True:
            found = self._member.decompress(data, CHUNK)
            data = b""
            if found:
                self._lost = False
                yield found
            if self._member.eof or (self._member.needs_input and len(found) < CHUNK):
                return
