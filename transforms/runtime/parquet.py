"""Parquet files of the output tables: batches into files, files into one."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.runtime.storage import create_file, open_file, read_file


class BrokenFileError(pa.ArrowInvalid):
    """A file of a run that can't be read as what it should be."""


COMPRESSION = "zstd"
DIGEST = pa.binary(16)
# A text that is longer on the average is one of its own. Such texts are written in pages of these bytes, after each of
# these rows it is looked at whether a page is full.
LONG_BYTES, PAGE_BYTES, PAGE_ROWS = 256, 256 << 10, 64
# What is fetched of a file to find out what is in it, if that is enough.
FOOTER_BYTES = 4 << 10
# A row group holds about this much before compression: what a query engine reads and skips at a time.
ROW_GROUP_BYTES = 32 << 20
ROW_GROUP_ROWS = 1 << 18
# Of a larger file columns are read piece by piece; smaller ones, of which there are many, aren't kept open.
STREAMED_BYTES, BUFFER_BYTES = 1 << 20, 32 << 10


def write_file(
    path: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch], group_rows: int = ROW_GROUP_ROWS
) -> int:
    """Write batches into a new Parquet file in row groups of sane size, or of few rows. Returns its size in bytes."""
    groups = row_groups(batches)
    first = pa.Table.from_batches(next(groups, ()), schema)
    sink = create_file(path)
    with sink, pq.ParquetWriter(sink, schema, compression=COMPRESSION, **_columns(first)) as writer:
        for group in chain((first,), (pa.Table.from_batches(group, schema) for group in groups)):
            if group.num_rows:
                writer.write_table(group, row_group_size=group_rows)
        writer.close()
        return int(sink.tell())


def _columns(table: pa.Table) -> dict[str, Any]:
    """How the columns of a table such as this one are written.

    Bytes and long texts don't come again, and nobody looks for long bytes by their value. Where there are long texts,
    pages are small, since who reads many files at a time has a page of each in memory.
    """
    strings = [field.name for field in table.schema if not _is_bytes(field.type)]
    common = [name for name in strings if table[name].nbytes <= LONG_BYTES * table.num_rows]
    sought = [field.name for field in table.schema if not _is_bytes(field.type) or field.type == DIGEST]
    pages = {} if common == strings else {"data_page_size": PAGE_BYTES, "write_batch_size": PAGE_ROWS}
    return {"use_dictionary": common, "write_statistics": sought, **pages}


def _is_bytes(type_: pa.DataType) -> bool:
    return bool(pa.types.is_binary(type_) or pa.types.is_fixed_size_binary(type_))


def row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches collected until they fill a row group, or several small ones."""
    group: list[pa.RecordBatch] = []
    size = rows = 0
    for batch in batches:
        group.append(batch)
        size, rows = size + batch.nbytes, rows + batch.num_rows
        if size >= ROW_GROUP_BYTES or rows >= ROW_GROUP_ROWS:
            yield group
            group, size, rows = [], 0, 0
    if group:
        yield group


def open_parquet(path: str) -> tuple[pq.ParquetFile, int]:
    """A Parquet file, held in memory as it lies in storage, and its size in bytes."""
    content = read_file(path)
    with _named(path):
        return pq.ParquetFile(io.BytesIO(content)), len(content)


def stream_parquet(path: str) -> pq.ParquetFile:
    """A Parquet file to be read from beginning to end and closed: a large local one is never in memory as a whole."""
    if "://" not in path and Path(path).stat().st_size >= STREAMED_BYTES:
        with _named(path):
            return pq.ParquetFile(pa.OSFile(path), buffer_size=BUFFER_BYTES)
    return open_parquet(path)[0]


@contextlib.contextmanager
def open_columns(path: str) -> Iterator[pq.ParquetFile]:
    """A Parquet file of which only that is fetched which is asked for: its footer, and columns."""
    with open_file(path) as stream:
        with _named(path):
            file = pq.ParquetFile(stream, pre_buffer=True, metadata=_read_footer(stream))
        with file:
            yield file


def _read_footer(stream: BinaryIO) -> pq.FileMetaData:
    """What a Parquet file says of itself at its end. Arrow by itself fetches 64 KiB, more than many a file has."""
    size = stream.seek(0, 2)
    stream.seek(max(size - FOOTER_BYTES, 0))
    tail = stream.read()
    length = int.from_bytes(tail[-8:-4], "little") + 8
    if len(tail) < length < size:
        stream.seek(size - length)
        tail = stream.read(length)
    return pq.read_metadata(io.BytesIO(tail[-length:]))


@contextlib.contextmanager
def _named(path: str) -> Iterator[None]:
    """Have an error say which file it is of."""
    try:
        yield
    except pa.ArrowInvalid as error:
        raise BrokenFileError(f"{path} is no Parquet file, or not a whole one") from error
