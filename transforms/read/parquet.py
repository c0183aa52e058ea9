"""Parquet: rows, each a record of named fields. Row groups are read one by one, in batches."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.records import RawRecord, Reject
from transforms.read.formats import PARQUET
from transforms.read.order import rows_order
from transforms.read.source import ByteStream

BATCH_ROWS = 64
# Rows that are looked at for the order of their dates, and what a column of dates is called.
ORDER_ROWS = 2000
DATE = re.compile(r"date|time|publi|created|posted|day|when|fecha|datum|data", re.IGNORECASE)
ERRORS = (pa.ArrowException, OSError, ValueError, NotImplementedError)

Found = RawRecord | Reject


def count_groups(stream: BinaryIO) -> int:
    """How many row groups a file has.

    Raises:
        One of `ERRORS`: it can't be read.
    """
    return int(pq.ParquetFile(stream).num_row_groups)


def read_parquet(
    source: ByteStream, stream: BinaryIO, limit: int, *, groups: tuple[int, int] | None = None
) -> Iterator[Found]:
    """The rows of a file, each as a JSON object; a row's place is its number in the file.

    A row group that can't be read is one reject at the first of its rows that is missing.

    Args:
        source: what gives the records their name.
        stream: the file, in which any place can be gone to.
        limit: bytes of a row.
        groups: the first row group to read and the first not to; all without it.
    """
    try:
        file = pq.ParquetFile(stream)
        metadata = file.metadata
        columns = _text_columns(file.schema_arrow)
        counts = [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]
        source.date_order = _order(file)
    except ERRORS as error:
        yield source.reject("corrupt_file", f"no readable Parquet file: {error}"[:500], source.offset)
        return
    first, stop = groups or (0, len(counts))
    for group in range(first, stop):
        yield from _read_group(source, file, group, sum(counts[:group]), columns, limit)


def _order(file: pq.ParquetFile) -> str:
    """The order of day and month in the dates of the first rows, where these are texts."""
    columns = [field.name for field in file.schema_arrow if _is_text(field.type) and DATE.search(field.name)]
    if not columns:
        return ""
    batch = next(file.iter_batches(batch_size=ORDER_ROWS, columns=columns, use_threads=False), None)
    return rows_order(batch.to_pylist()) if batch is not None else ""


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _text_columns(schema: pa.Schema) -> list[str]:
    """Columns that may say something of an article: all but vectors of numbers, which only cost time."""
    return [field.name for field in schema if not _is_vector(field.type)]


def _is_vector(kind: pa.DataType) -> bool:
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(lists and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)))


def _read_group(
    source: ByteStream, file: pq.ParquetFile, group: int, row: int, columns: list[str], limit: int
) -> Iterator[Found]:
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], columns=columns, use_threads=False):
            for cells in batch.to_pylist():
                payload = json.dumps(cells, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
                if len(payload) > limit:
                    yield source.too_large(row, payload, len(payload), limit)
                else:
                    yield RawRecord(source.name, row, PARQUET, payload, charset="utf-8", date_order=source.date_order)
                row += 1
    except ERRORS as error:
        yield source.reject("corrupt_file", f"row group {group} can't be read from here: {error}"[:500], row)


def _plain(value: Any) -> Any:
    """What JSON has no form for: times in ISO 8601, bytes as text or base64, anything else as it prints."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return str(value)
