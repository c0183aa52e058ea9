"""Records out of a stream of bytes, whatever is in it: layers of packing, archives, and at last a format."""

from __future__ import annotations

import codecs
import functools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

from schemas.records import RawRecord, Reject, Skipped
from transforms.read import archives, formats
from transforms.read.arc import read_arc
from transforms.read.delimited import form_of, read_table
from transforms.read.documents import is_document, read_document, read_rtf
from transforms.read.exports import read_export
from transforms.read.feeds import read_feed
from transforms.read.json_values import read_json
from transforms.read.known import named_kind, named_package
from transforms.read.lines import read_lines
from transforms.read.mail import read_mail
from transforms.read.order import has_open_dates, text_order
from transforms.read.packing import Budget, Damage, named_compression, recode, sniff_compression, unpack
from transforms.read.parquet import read_parquet
from transforms.read.sniff import ends_with_returns, sniff_container, sniff_format
from transforms.read.source import ByteStream
from transforms.read.warc import read_warc
from transforms.read.whole import read_whole
from transforms.runtime.decoding import find_encoding, looks_binary, needs_recoding

# Packing and archives within one another: crawl.tar.gz in a zip has three.
MAX_DEPTH = 4
# What must be gone about in is held in memory up to this, and on disk beyond.
SPOOL_SIZE = 8 << 20

Found = RawRecord | Reject | Skipped

READERS: dict[str, Callable[[ByteStream, int], Iterator[Found]]] = {
    formats.TEXT: functools.partial(read_whole, file_format=formats.TEXT),
    formats.HTML: functools.partial(read_whole, file_format=formats.HTML),
    formats.JSONL: read_lines,
    formats.JSON: read_json,
    formats.LINES: functools.partial(read_lines, file_format=formats.TEXT),
    formats.MAIL: read_mail,
    formats.RTF: read_rtf,
    **dict.fromkeys(formats.EXPORTS, read_export),
    formats.WARC: read_warc,
    formats.ARC: read_arc,
    formats.XML: read_feed,
}
# Formats in which the next record is found behind damage.
RESUMABLE = frozenset((formats.JSONL, formats.WARC, formats.ARC, formats.XML))
# Formats whose records have fields that a text shows; a table's form tells its own order.
ORDERED = frozenset((formats.JSONL, formats.JSON, formats.XML))
# How much of a file is looked at for the order of its dates.
ORDER_SIZE = 1 << 20


@dataclass(frozen=True)
class Reading:
    """How a file is read: as which format ("": what it is), up to which bytes of a record, within which budget.

    `depth` counts the layers of packing and archives around.
    """

    file_format: str
    limit: int
    budget: Budget
    depth: int = 0


def read_content(
    source: ByteStream, reading: Reading, *, file: BinaryIO | None = None, size: int = -1
) -> Iterator[Found]:
    """The records of a source, those in layers and members of it too.

    Args:
        source: at its beginning.
        reading: how.
        file: the file that the source reads, where it is one: formats that need to go about in it take it.
        size: bytes of it, where known.

    Raises:
        BombError: it unpacks to more than the budget allows.
    """
    head = source.peek()
    if not head:
        source.read()
        message = source.damage or "the file holds no byte"
        yield source.reject("corrupt_file" if source.damage else "empty_file", message, source.offset)
        return
    compression, named = sniff_compression(head), named_compression(source.name)
    container = "" if compression else sniff_container(head, source.name)
    if (compression or container) and reading.depth >= MAX_DEPTH:
        yield _unread(source, "nested_too_deep", f"more than {MAX_DEPTH} layers of packing", head, size)
    elif compression:
        inner = ByteStream(source.name, unpack(source.chunks(), compression, reading.budget))
        yield from read_content(inner, replace(reading, depth=reading.depth + 1))
    elif named and reading.depth == 0 and not container and looks_binary(head):
        yield _unread(source, "corrupt_file", f"not {named} as its name says", head, size)
    elif container:
        yield from _told(source, _read_archive(source, reading, container, file, size), head, "no member that is read")
    else:
        yield from _told(source, _read_format(source, reading, head, file, size), head, "no record in it")


def _told(source: ByteStream, found: Iterator[Found], head: bytes, message: str) -> Iterator[Found]:
    """What was found, or, where that is nothing, a reject that says so."""
    nothing = True
    for item in found:
        nothing = False
        yield item
    if nothing:
        yield source.reject("empty_file", message, 0, head, max(source.offset, len(head)))


def _unread(source: ByteStream, reason: str, message: str, head: bytes, size: int) -> Reject:
    """The reject for a file that isn't read."""
    offset = source.offset
    while size < 0 and source.read():
        pass
    return source.reject(reason, message, offset, head, size if size >= 0 else source.offset - offset)


def _read_archive(
    source: ByteStream, reading: Reading, container: str, file: BinaryIO | None, size: int
) -> Iterator[Found]:
    if container == formats.TAR:
        yield from _read_members(archives.read_tar(source), reading)
        return
    with _seekable(source, file) as stream:
        members = archives.package_members(stream)
        if is_document(members):
            yield from read_document(source, stream, members, reading.limit)
            return
        if members:
            head = source.peek() if file else b""
            yield source.reject("unsupported_format", named_package(members), 0, head, max(size, len(head)))
            return
        stream.seek(0)
        yield from _read_members(archives.read_zip(source, stream, reading.budget), reading)


def _read_members(members: archives.Members, reading: Reading) -> Iterator[Found]:
    for member in members:
        if isinstance(member, archives.Member):
            yield from read_content(ByteStream(member.name, member.chunks), replace(reading, depth=reading.depth + 1))
        else:
            yield member


class _seekable:  # noqa: N801, used as a function
    """A file as it is, or a source's bytes in a temporary one, damage left out."""

    def __init__(self, source: ByteStream, file: BinaryIO | None) -> None:
        self._source, self._file = source, file

    def __enter__(self) -> BinaryIO:
        if self._file is not None:
            self._file.seek(0)
            return self._file
        self._spooled: Any = tempfile.SpooledTemporaryFile(SPOOL_SIZE)
        for chunk in self._source.chunks():
            if not isinstance(chunk, Damage):
                self._spooled.write(chunk)
        self._spooled.seek(0)
        return cast(BinaryIO, self._spooled)

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            self._spooled.close()


def _read_format(
    source: ByteStream, reading: Reading, head: bytes, file: BinaryIO | None, size: int
) -> Iterator[Found]:
    kind = reading.file_format or sniff_format(head, source.name)
    if not kind:
        message = named_kind(head, source.name) or "of no kind that is read, by its content or name"
        yield _unread(source, "unsupported_format", message, head, size)
        return
    if kind == formats.PARQUET:
        with _seekable(source, file) as stream:
            yield from read_parquet(source, stream, reading.limit)
        return
    source = _decoded_source(source, kind, head)
    if kind in ORDERED:
        source.date_order = told_order(source)
    form = form_of(source) if kind == formats.CSV else None
    read = READERS.get(kind, read_table)
    while True:
        yield from read(source, reading.limit)
        if source.damage and not source.reported:
            yield source.cut(source.offset, b"")
        resumable = kind in RESUMABLE or form is not None
        if not resumable or not source.resume():
            return
        if form is not None:
            read = functools.partial(read_table, form=form)


def _lines(chunk: bytes | Damage) -> bytes | Damage:
    return chunk if isinstance(chunk, Damage) else chunk.replace(b"\r", b"\n")


def told_order(source: ByteStream) -> str:
    """The order of day and month that the beginning of a source shows in its dates."""
    head = source.peek().decode("utf-8", "replace")
    return text_order(source.peek(ORDER_SIZE).decode("utf-8", "replace") if has_open_dates(head) else head)


def _decoded_source(source: ByteStream, kind: str, head: bytes) -> ByteStream:
    """The source with its encoding known; recoded to UTF-8 where its marks would not be found otherwise."""
    if kind not in formats.MARKED_UP:
        return source
    if kind in (formats.JSONL, formats.CSV, formats.LINES, *formats.EXPORTS) and ends_with_returns(head):
        source = ByteStream(source.name, (_lines(chunk) for chunk in source.chunks()), charset=source.charset)
        head = head.replace(b"\r", b"\n")
    encoding = find_encoding(head, declared=kind == formats.XML)
    if encoding and needs_recoding(
        encoding, lines_only=kind in (formats.JSONL, formats.CSV, formats.LINES, *formats.EXPORTS)
    ):
        return ByteStream(source.name, recode(source.chunks(), encoding), charset="utf-8")
    if head.startswith(codecs.BOM_UTF8):
        source.read(len(codecs.BOM_UTF8))
    source.charset = encoding
    return source
