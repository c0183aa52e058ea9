"""Rows into parts: each worker collects the rows of its bundle and writes them into files of its own.

A bundle that runs twice writes twice, under names of its own; only the parts that it announces count. Each time that
parts are written, a part manifest beside them says so. A later run that finds it can trust the parts, whatever has
become of the bundle; see `part_manifest`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import Part
from schemas.rows import BatchSet, RowSet
from schemas.tables import ANALYSES, WRITTEN
from transforms.runtime.arrow import partition_of, to_batch, unpack_batch
from transforms.runtime.parquet import write_file
from transforms.runtime.part_manifest import PartManifest, write_part_manifest

# Rows wait as Python objects until a table and partition has this many, and all together until they are this large.
BATCH_ROWS = 2048
BUFFER_BYTES = 24 << 20
# Nor do they wait longer than this, in seconds, where a later run may use them: it is the work that a crash loses.
BUFFER_SECONDS = 20.0
# What a row takes beside its text, roughly.
ROW_BYTES = 200


class PartBuffer:
    """The rows of one table and partition that wait to be written."""

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

    def write(self, partition: str, folder: str) -> Part:
        """Put everything down in a new file."""
        self.close()
        path = FileSystems.join(folder, f"{self.table.name}-{uuid.uuid4().hex}.parquet")
        size = write_file(path, self.table.schema, self.batches)
        return Part(self.table.name, partition, path, sum(batch.num_rows for batch in self.batches), size)


class WriteParts(beam.DoFn):
    """`RowSet`s and `BatchSet`s → `Part`s, when the buffer is full or old and at the end of a bundle.

    Args:
        folder: where the parts go.
        keep: whether a later run may use them: a manifest is written, and the buffer doesn't grow old.
    """

    def __init__(self, folder: str, *, keep: bool = False) -> None:
        self._folder, self._keep = folder, keep

    def start_bundle(self) -> None:
        """Begin with nothing."""
        self._buffers: dict[tuple[str, str], PartBuffer] = {}
        self._size = 0
        self._since = 0.0

    def process(self, element: RowSet | BatchSet) -> Iterator[Part]:
        """Take rows; write everything once that is much."""
        self._since = self._since or time.monotonic()
        if isinstance(element, BatchSet):
            for packed in element.batches:
                batch = unpack_batch(packed.content, WRITTEN[packed.table])
                self._buffer(packed.table, packed.partition).add_batch(batch)
                self._size += batch.nbytes
        else:
            for table in element.tables:
                for row in table.rows:
                    self._buffer(table.table, partition_of(table.table, row)).add(row, element.attempt_id)
                    self._size += ROW_BYTES + len(getattr(row, "text", "")) + len(getattr(row, "payload", b""))
        if self._size >= BUFFER_BYTES or (self._keep and time.monotonic() - self._since >= BUFFER_SECONDS):
            yield from self._flush()

    def _buffer(self, table: str, partition: str) -> PartBuffer:
        if (table, partition) not in self._buffers:
            self._buffers[table, partition] = PartBuffer(table)
        return self._buffers[table, partition]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Write what is left."""
        for part in self._flush():
            yield WindowedValue(part, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[Part]:
        parts = [buffer.write(partition, self._folder) for (_, partition), buffer in self._buffers.items()]
        if parts and self._keep:
            attempts = tuple(tuple(buffer.attempts) for buffer in self._buffers.values())
            write_part_manifest(self._folder, PartManifest(tuple(parts), attempts))
        self.start_bundle()
        return [part for part in parts if part.table != ANALYSES.name]
