"""Sorted files into one, a slice of them at a time: memory holds a slice, and what it takes to read each file."""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import Table
from transforms.runtime.layout import sort_rows
from transforms.runtime.parquet import stream_parquet

# Reading many files is waiting for storage.
THREADS = 16
# What of all files together waits to be sorted, about, and at least so many rows of each.
SLICE_BYTES = 8 << 20
FEWEST_ROWS = 16
# Rows of the first file that tell how large one is.
SAMPLE_ROWS = 256
# Later than all times: rows without one come last.
LAST = 1 << 62

Key = tuple[int, str | bytes]


class _Rows:
    """The rows of a sorted file, from its beginning: this many wait to be taken, or more, while it has as many."""

    def __init__(self, file: pq.ParquetFile, table: Table, rows: int) -> None:
        self._batches = file.iter_batches(batch_size=rows)
        self._time, self._id = table.schema.get_field_index(table.time), 0
        self._rows, self._schema = rows, table.schema
        self._ended = False
        self._waiting = pa.Table.from_batches([], table.schema)
        self.fill()

    def fill(self) -> None:
        """Read on where less waits than shall."""
        while not self._ended and self._waiting.num_rows < self._rows:
            batch = next(self._batches, None)
            if batch is None:
                self._ended = True
            else:
                self._waiting = pa.concat_tables([self._waiting, pa.Table.from_batches([batch], self._schema)])
        self._times = self._waiting[self._time].cast(pa.timestamp("us")).cast(pa.int64())

    def __len__(self) -> int:
        return self._waiting.num_rows

    def at(self, index: int) -> Key:
        """By what a row is ordered."""
        time = self._times[index].as_py()
        return LAST if time is None else time, self._waiting[self._id][index].as_py()

    def last(self) -> Key | None:
        """Up to which row all are known; None once the whole file was read."""
        return None if self._ended else self.at(len(self) - 1)

    def take(self, bound: Key | None) -> pa.Table:
        """The rows up to this one; all for None."""
        if bound is None:
            count = len(self)
        elif not len(self) or self.at(0) > bound:
            count = 0
        else:
            count = bisect_right(range(len(self)), bound, key=self.at)
        taken, self._waiting = self._waiting.slice(0, count), self._waiting.slice(count)
        return taken


def merge_sorted(paths: Sequence[str], table: Table) -> Iterator[pa.RecordBatch]:
    """The rows of sorted files of a table, in order; those of a table without time one file after another."""
    with contextlib.ExitStack() as opened:
        with ThreadPoolExecutor(THREADS) as pool:
            files = [opened.enter_context(file) for file in pool.map(stream_parquet, paths)]
        if not table.time:
            for file in files:
                yield from file.iter_batches()
            return
        rows = [_Rows(file, table, _rows_each(files)) for file in files]
        while any(map(len, rows)):
            # Beyond the first of these nobody knows what a file has.
            bound = min((last for each in rows if (last := each.last()) is not None), default=None)
            taken = [found for each in rows if (found := each.take(bound)).num_rows]
            yield from sort_rows(pa.concat_tables(taken), table.time).combine_chunks().to_batches()
            for each in rows:
                each.fill()


def _rows_each(files: Sequence[pq.ParquetFile]) -> int:
    """How many rows of each file make a slice of all."""
    for file in files:
        batch = next(file.iter_batches(batch_size=SAMPLE_ROWS), None)
        if batch is not None and batch.num_rows:
            return max(FEWEST_ROWS, SLICE_BYTES * batch.num_rows // max(batch.nbytes, 1) // len(files))
    return FEWEST_ROWS
