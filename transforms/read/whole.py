"""Files that are one record: a plain text, a page."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.records import RawRecord, Reject
from transforms.read.source import ByteStream


def read_whole(source: ByteStream, limit: int, *, file_format: str) -> Iterator[RawRecord | Reject]:
    """All of a source as one record. A larger one than `limit` bytes is read to its end without being held."""
    offset = source.offset
    pieces: list[bytes] = []
    size = 0
    while chunk := source.read():
        if size <= limit:
            pieces.append(chunk[: limit + 1 - size])
        size += len(chunk)
    content = b"".join(pieces)
    if source.damage:
        yield source.cut(offset, content, size)
    elif size > limit:
        yield source.too_large(offset, content, size, limit)
    else:
        yield RawRecord(source.name, offset, file_format, content, charset=source.charset)
