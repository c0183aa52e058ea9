"""Rows into parts: each worker collects the rows of its bundle and writes them into files of its own.

A bundle that runs twice writes twice, under names of its own; only the parts that it announces count. Each time that
parts are written, a part manifest beside them says so. A later run that finds it can trust the parts, whatever has
become of the bundle; see `part_manifest`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import Part
from schemas.rows import BatchSet, RowSet
from schemas.tables import ANALYSES, NONE, WRITTEN
from transforms.runtime.arrow import to_batch, unpack_batch
from transforms.runtime.layout import split_rows
from transforms.runtime.parquet import write_file
from transforms.runtime.part_manifest import PartManifest, write_part_manifest
from transforms.runtime.storage import join

# Rows wait as Python objects until a table has this many, and all together until they are this large.
BATCH_ROWS = 2048
BUFFER_BYTES = 24 << 20
# On this machine they wait no longer than this, in seconds, where a later run may use them: it is the work that a crash
# loses. Elsewhere the runner does a bundle again, and many workers would write small files without end.
BUFFER_SECONDS = 20.0
# What a row takes beside its text, roughly.
ROW_BYTES = 200

ToRows = Callable[[Any], RowSet]


def write_part(table: str, partition: str, rows: pa.Table, folder: str) -> Part:
    """Rows of a table and partition in a new file."""
    path = join(folder, f"{table}-{uuid.uuid4().hex}.parquet")
    size = write_file(path, WRITTEN[table].schema, rows.to_batches(), WRITTEN[table].group_rows)
    return Part(table, partition, path, rows.num_rows, size)


class PartBuffer:
    """The rows of one table that wait to be written."""

    def __init__(self, table: str) -> None:
        self.table = WRITTEN[table]
        self.batches: list[pa.RecordBatch] = []
        self.attempts: list[tuple[str, int]] = []
        self._rows: list[tuple[object, ...]] = []

    def add(self, row: tuple[object, ...], attempt_id: str = "") -> None:
        """Take a row."""
        self._rows.append(row)
        if self.attempts and self.attempts[-1][0] == attempt_id:
            self.attempts[-1] = attempt_id, self.attempts[-1][1] + 1
        else:
            self.attempts.append((attempt_id, 1))
        if len(self._rows) >= BATCH_ROWS:
            self.close()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Take rows that are a batch already; nobody asks for their attempt."""
        self.close()
        self.batches.append(batch)
        self.attempts.append(("", batch.num_rows))

    def close(self) -> None:
        """Turn the waiting rows into a batch."""
        if self._rows:
            self.batches.append(to_batch(self.table, self._rows))
            self._rows = []

    def write(self, folder: str, partition_by: str) -> list[Part]:
        """Write all rows into new files, one for each partition."""
        self.close()
        found = split_rows(self.batches, self.table.name, partition_by)
        return [write_part(self.table.name, partition, rows, folder) for partition, rows in found]


class WriteParts(beam.DoFn):
    """`RowSet`s, `BatchSet`s and what `to_rows` makes some of → `Part`s, when the buffer is full or old and at the end.

    Args:
        folder: where the parts go.
        keep: the tables of which a later run may use the parts: a manifest is written.
        seconds: how old the buffer grows then.
        to_rows: makes rows of an element that isn't any.
    """

    def __init__(
        self,
        folder: str,
        *,
        keep: Collection[str] = (),
        seconds: float = BUFFER_SECONDS,
        to_rows: ToRows | None = None,
    ) -> None:
        self._folder, self._keep, self._seconds, self._to_rows = folder, frozenset(keep), seconds, to_rows

    def start_bundle(self) -> None:
        """Begin with nothing."""
        self._buffers: dict[str, PartBuffer] = {}
        self._size = 0
        self._since = 0.0
        self._partition_by = NONE

    def process(self, element: Any) -> Iterator[Part]:
        """Take rows; write everything once that is much."""
        if self._to_rows is not None and not isinstance(element, RowSet | BatchSet):
            element = self._to_rows(element)
        # All that is laid out by time says the same.
        self._partition_by = element.partition_by or self._partition_by
        self._since = self._since or time.monotonic()
        if isinstance(element, BatchSet):
            for packed in element.batches:
                batch = unpack_batch(packed.content, WRITTEN[packed.table])
                self._buffer(packed.table).add_batch(batch)
                self._size += batch.nbytes
        else:
            for table in element.tables:
                for row in table.rows:
                    self._buffer(table.table).add(row, element.attempt_id)
                    self._size += ROW_BYTES + len(getattr(row, "text", "")) + len(getattr(row, "payload", b""))
        if self._size >= BUFFER_BYTES or (self._keep and time.monotonic() - self._since >= self._seconds):
            yield from self._flush()

    def _buffer(self, table: str) -> PartBuffer:
        if table not in self._buffers:
            self._buffers[table] = PartBuffer(table)
        return self._buffers[table]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Write what is left."""
        for part in self._flush():
            yield WindowedValue(part, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[Part]:
        parts, kept, attempts = [], [], []
        for buffer in self._buffers.values():
            for part in buffer.write(self._folder, self._partition_by):
                parts.append(part)
                if part.table in self._keep:
                    kept.append(part)
                    # Of rows that are sorted and parted nobody asks for their attempt.
                    attempts.append((("", part.rows),) if buffer.table.time else tuple(buffer.attempts))
        if kept:
            write_part_manifest(self._folder, PartManifest(tuple(kept), tuple(attempts)))
        self.start_bundle()
        # What rows took, and all that was freed before, goes back to the system.
        pa.default_memory_pool().release_unused()
        return [part for part in parts if part.table != ANALYSES.name]
