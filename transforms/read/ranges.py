"""Records out of a range of a file, and a packed file's lines into blocks that all workers can read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.records import FileRange, RawRecord, Reject
from transforms.outcome import reject
from transforms.read import formats
from transforms.read.files import open_file
from transforms.read.lines import CHUNK, Line, LineReader
from transforms.read.plan import STAGE


def _reject_line(source_file: str, line: Line, reason: str, message: str, *, retryable: bool = False) -> Reject:
    return reject(
        STAGE,
        reason,
        message,
        source_file=source_file,
        source_offset=line.offset,
        payload=line.content,
        payload_size=line.size,
        retryable=retryable,
    )


def read_range(part: FileRange, *, max_record_size: int) -> Iterator[RawRecord | Reject]:
    """The records of an unpacked file that begin in a range of it.

    A range may begin in the middle of a line, which then belongs to the range before. Lines of white space are no
    records. A failing storage ends the range with a reject at the place that was reached.
    """
    reader = LineReader(bytes, offset=0, limit=max_record_size)
    try:
        with open_file(part.path) as stream:
            skip = part.start > 0
            stream.seek(part.start - skip)
            if part.file_format == formats.TEXT:
                yield _read_text(part, stream, max_record_size)
                return
            reader = LineReader(stream.read, offset=part.start - skip + part.base, limit=max_record_size)
            for line in reader:
                if part.stop >= 0 and line.offset - part.base >= part.stop:
                    return
                if skip:
                    skip = False
                elif line.size > max_record_size:
                    yield _too_large(part.source_file, line, max_record_size)
                elif line.content.strip():
                    yield RawRecord(part.source_file, line.offset, part.file_format, line.content)
    except OSError as error:
        yield _reject_line(
            part.source_file, reader.rest(), "unreadable_file", f"reading failed here: {error}", retryable=True
        )


def _read_text(part: FileRange, stream: Any, max_record_size: int) -> RawRecord | Reject:
    content = stream.read(max_record_size + 1)
    size = len(content)
    if size <= max_record_size:
        return RawRecord(part.source_file, part.base, part.file_format, content)
    while more := stream.read(CHUNK):
        size += len(more)
    return _too_large(part.source_file, Line(part.base, content, size), max_record_size)


def _too_large(source_file: str, line: Line, max_record_size: int) -> Reject:
    return _reject_line(source_file, line, "too_large", f"{line.size} bytes, more than the limit of {max_record_size}")


def unpack_range(
    part: FileRange, *, folder: str, block_size: int, max_record_size: int
) -> Iterator[FileRange | Reject]:
    """Put the lines of a packed file down in blocks that all workers can read.

    Args:
        part: a whole packed file.
        folder: where the blocks go.
        block_size: bytes of lines in a block, but for its last line.
        max_record_size: bytes of a line; a longer one is a reject.

    Yields:
        A range for every block and, where the data is damaged, one reject with the place and the line that it cut.
    """
    reader = LineReader(bytes, offset=0, limit=max_record_size)
    block = _Block(part, folder)
    try:
        with open_file(part.path) as raw, formats.unpack(raw, part.compression) as stream:
            reader = LineReader(formats.reader_of(stream), offset=0, limit=max_record_size)
            for line in reader if part.file_format == formats.JSONL else _one_line(stream, max_record_size):
                if line.size > max_record_size:
                    yield from block.flush()
                    yield _too_large(part.source_file, line, max_record_size)
                    continue
                block.add(line)
                if block.size >= block_size:
                    yield from block.flush()
    except formats.DAMAGE as error:
        yield from block.flush()
        yield _reject_line(part.source_file, reader.rest(), "corrupt_file", f"damaged {part.compression}: {error}")
    yield from block.flush()


def _one_line(stream: Any, limit: int) -> Iterator[Line]:
    content = stream.read(limit + 1)
    size = len(content)
    while more := stream.read(CHUNK):
        size += len(more)
    yield Line(0, content, size)


class _Block:
    """Neighbouring lines on their way into a file of their own."""

    def __init__(self, part: FileRange, folder: str) -> None:
        self._part, self._folder = part, folder
        self._lines: list[Line] = []
        self.size = 0

    def add(self, line: Line) -> None:
        self._lines.append(line)
        self.size += line.size + 1

    def flush(self) -> Iterator[FileRange]:
        if not self._lines:
            return
        path = FileSystems.join(self._folder, f"{uuid.uuid4().hex}.block")
        with FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
            stream.write(b"\n".join(line.content for line in self._lines))
        yield replace(self._part, path=path, compression="", base=self._lines[0].offset)
        self._lines, self.size = [], 0
