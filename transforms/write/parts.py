"""Rows into parts: each worker collects the rows of its bundle and puts them down in files of its own.

A bundle that runs twice writes twice, under names of its own; only the parts that it announces count.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import Part, TableRows
from schemas.tables import NULL_PARTITION, TABLES
from transforms.write.parquet import to_batch, write_file

# Rows wait as Python objects until a table and partition has so many, and all together until they are so large.
BATCH_ROWS = 2048
BUFFER_BYTES = 24 << 20
# What a row takes beside its text, roughly.
ROW_BYTES = 200


def partition_of(table: str, row: tuple[object, ...]) -> str:
    """The value of the table's partition key for a row: the month of publication for articles, else ""."""
    if TABLES[table].partition is None:
        return ""
    published_at = getattr(row, "published_at")  # noqa: B009, rows of partitioned tables have it
    return f"{published_at:%Y-%m}" if published_at else NULL_PARTITION


def count_key(table: str, row: tuple[object, ...]) -> str:
    """What the manifest counts a row under: a reject's stage and reason, a copy's kind; "" for others."""
    if table == "rejects":
        return f"{getattr(row, 'stage')}.{getattr(row, 'reason')}"  # noqa: B009
    if table == "articles":
        return str(getattr(row, "duplicate") or "canonical")  # noqa: B009
    return ""


class PartBuffer:
    """The rows of one table and partition that wait to be written."""

    def __init__(self, table: str) -> None:
        self.table = TABLES[table]
        self.batches: list[pa.RecordBatch] = []
        self.counts: Counter[str] = Counter()
        self._rows: list[tuple[object, ...]] = []

    def add(self, row: tuple[object, ...]) -> None:
        """Take a row."""
        self._rows.append(row)
        if key := count_key(self.table.name, row):
            self.counts[key] += 1
        if len(self._rows) >= BATCH_ROWS:
            self.close()

    def close(self) -> None:
        """Turn the waiting rows into a batch."""
        if self._rows:
            self.batches.append(to_batch(self.table, self._rows))
            self._rows = []

    def write(self, partition: str, folder: str) -> Part:
        """Put everything down in a new file."""
        self.close()
        path = FileSystems.join(folder, f"{self.table.name}-{uuid.uuid4().hex}.parquet")
        size = write_file(path, self.table.schema, self.batches)
        rows = sum(batch.num_rows for batch in self.batches)
        return Part(self.table.name, partition, path, rows, size, tuple(sorted(self.counts.items())))


class WriteParts(beam.DoFn):
    """`TableRows` → `Part`s, when the buffer is full and at the end of a bundle."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def start_bundle(self) -> None:
        """Begin with nothing."""
        self._buffers: dict[tuple[str, str], PartBuffer] = {}
        self._size = 0

    def process(self, element: TableRows) -> Iterator[Part]:
        """Take rows; write everything once that is much."""
        for row in element.rows:
            key = (element.table, partition_of(element.table, row))
            if key not in self._buffers:
                self._buffers[key] = PartBuffer(element.table)
            self._buffers[key].add(row)
            self._size += ROW_BYTES + len(getattr(row, "text", "")) + len(getattr(row, "payload", b""))
        if self._size >= BUFFER_BYTES:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Write what is left."""
        for part in self._flush():
            yield WindowedValue(part, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[Part]:
        parts = [buffer.write(partition, self._folder) for (_, partition), buffer in self._buffers.items()]
        self.start_bundle()
        return parts
