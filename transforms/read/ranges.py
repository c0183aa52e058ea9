"""Records out of a range of a file, and a large file divided into ranges and blocks that all workers can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from schemas.files import CUT, FileRange
from schemas.records import RawRecord, Reject, Skipped
from transforms.read import formats
from transforms.read.blocks import BLOCK, BlockWriter, read_block
from transforms.read.content import Reading, read_content
from transforms.read.delimited import Rows, form_of, read_table
from transforms.read.files import open_file
from transforms.read.lines import read_lines
from transforms.read.packing import BombError, Budget, read_chunks
from transforms.read.parquet import read_parquet
from transforms.read.source import STAGE, ByteStream, Window
from transforms.read.warc import Border, find_records, read_warc
from transforms.runtime.errors import StorageError
from transforms.runtime.outcome import reject

# A file of at most this many bytes isn't worth dividing.
SMALL = 1 << 20
# A packed file's blocks, before it is unpacked, are about this many, until they are this large: a crawl's archives of a
# gigabyte spread over a cluster with some hundreds each.
BLOCKS, LARGEST_BLOCK = 64, 16 << 20

Found = RawRecord | Reject | Skipped


def read_range(part: FileRange, *, max_record_size: int, file_format: str = "") -> Iterator[Found]:
    """The records of a range of a file.

    A failing storage, or a file that unpacks to more than any honest one, ends the range with a reject at the place
    that was reached.

    Args:
        part: the range; of no format: all that the file holds, in layers and members too.
        max_record_size: bytes of one record.
        file_format: read the records of a file of no format as this; "" goes by content and name.
    """
    if part.file_format == BLOCK:
        yield from read_block(part)
        return
    source = ByteStream(part.source_file, iter(()))
    try:
        with open_file(part.path) as stream:
            source = _source(part, stream)
            yield from _read(part, source, stream, max_record_size, file_format)
    except StorageError as error:
        yield _end(part, source, "unreadable_file", f"reading failed here: {error}", retryable=True)
    except BombError as error:
        yield _end(part, source, "decompression_bomb", str(error))
    except OSError as error:
        yield _end(part, source, "unreadable_file", f"can't be opened: {error}", retryable=True)
    except MemoryError:
        raise
    except Exception as error:  # what came before it stands
        yield _end(part, source, "failed", f"{type(error).__name__}: {error}"[:500], retryable=True)


def _end(part: FileRange, source: ByteStream, reason: str, message: str, *, retryable: bool = False) -> Reject:
    return reject(
        STAGE,
        reason,
        message,
        source_file=part.source_file,
        source_offset=source.offset,
        payload=b"",
        payload_size=part.size,
        retryable=retryable,
    )


def _source(part: FileRange, stream: BinaryIO) -> ByteStream:
    """The bytes of a range; of lines from one before, so that it shows whether one begins where the range does."""
    split = part.file_format != formats.PARQUET
    start = max(part.start - (part.file_format == formats.JSONL), 0) if split else 0
    stream.seek(start)
    exact = split and part.stop >= 0 and part.file_format != formats.JSONL
    chunks = read_chunks(_reader(stream, part.stop - start if exact else -1))
    source = ByteStream(part.source_file, chunks, offset=start, charset=part.charset)
    source.date_order = part.date_order
    return source


def _reader(stream: BinaryIO, size: int) -> Callable[[int], bytes]:
    """Reads a file, `size` bytes of it (−1: all), and calls errors of the storage by their name."""
    left = [size]

    def read(wanted: int) -> bytes:
        try:
            found = stream.read(wanted if left[0] < 0 else min(wanted, left[0]))
        except OSError as error:
            raise StorageError(str(error)) from error
        if left[0] >= 0:
            left[0] -= len(found)
        return found

    return read


def _read(part: FileRange, source: ByteStream, stream: BinaryIO, limit: int, file_format: str) -> Iterator[Found]:
    if part.file_format == formats.JSONL:
        yield from read_lines(source, limit, stop=part.stop, skip_first=part.start > 0)
    elif part.file_format == formats.PARQUET:
        yield from read_parquet(source, stream, limit, groups=(part.start, part.stop))
    elif part.file_format == formats.CSV and part.start > 0:
        with open_file(part.path) as beginning:
            form = form_of(ByteStream(part.path, read_chunks(beginning.read), charset=part.charset))
        yield from read_table(source, limit, form=form)
    elif part.file_format == formats.WARC:
        yield from read_warc(source, limit)
    else:
        reading = Reading(file_format or part.file_format, limit, Budget(part.size))
        yield from read_content(source, reading, file=stream, size=part.size)


def is_cut(found: Reject | Skipped) -> bool:
    """Whether reading has failed here, and may go on another time."""
    return isinstance(found, Reject) and found.retryable


def is_small(part: FileRange) -> bool:
    """Whether a part is of a file that isn't worth dividing."""
    return part.size <= SMALL


def divide(
    part: FileRange,
    *,
    folder: str,
    range_size: int,
    max_record_size: int,
    read: Callable[[FileRange], Iterator[Found]],
    largest: int = 0,
) -> Iterator[FileRange | Reject | Skipped]:
    """Divide a large file that nobody but a reader of all of it can divide.

    Large plain CSV and WARC files are read once for where their records begin; the records of packed files, archives
    and documents are written into blocks, if a file is more than one worker should read. Everything else passes.

    Args:
        part: a range of a file.
        folder: where the blocks go.
        range_size: bytes of a range or block.
        max_record_size: bytes of one record.
        read: gives the records of a file of no format.
        largest: bytes of a file of no format that one worker reads.
    """
    if is_small(part) or part.stop >= 0 or part.file_format in (formats.TEXT, formats.HTML):
        yield part
    elif part.file_format in (formats.CSV, formats.WARC):
        yield from _cut(part, range_size, max_record_size)
    elif part.size <= largest:
        yield part
    else:
        writer = BlockWriter(part, folder, block_size(part.size, range_size))
        cut = False
        for found in read(part):
            if isinstance(found, RawRecord):
                yield from writer.add(found)
            else:
                cut = is_cut(found)
                yield found
        yield from writer.flush(CUT if cut else -1)


def block_size(size: int, least: int) -> int:
    """Bytes of a block of a file of `size` bytes: more for a large archive, whose blocks would else be countless."""
    return max(least, min(LARGEST_BLOCK, size // BLOCKS))


def _cut(part: FileRange, range_size: int, max_record_size: int) -> Iterator[FileRange]:
    """Ranges of a file, each beginning with a record."""
    start = 0
    try:
        for place in _places(part, max_record_size):
            if place >= start + range_size:
                yield replace(part, start=start, stop=place)
                start = place
    except (StorageError, OSError):
        # The reader of the rest will meet it too, and say so.
        pass
    yield replace(part, start=start, stop=-1)


def _places(part: FileRange, limit: int) -> Iterator[int]:
    """Where the records of a file begin."""
    with open_file(part.path) as stream:
        source = _source(part, stream)
        if part.file_format == formats.WARC:
            for found in find_records(source, Window(source), limit):
                if isinstance(found, Border):
                    yield found.offset
        elif form := form_of(source):
            for row in Rows(source, limit, form, header=form.header_lines):
                yield row.offset
