"""Sorted files into one, a slice of them at a time: memory holds the files as they are stored, and one slice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import Table
from transforms.runtime.layout import sort_rows
from transforms.runtime.parquet import ROW_GROUP_BYTES, open_parquet

# Reading many files is waiting for storage.
THREADS = 16
# Of a slice, each file is looked at so often.
SAMPLES = 16
# Later than all times: rows without one come last.
LAST = 1 << 62

Key = tuple[int, str | bytes]


class _Keys:
    """By what the rows of a sorted file are ordered."""

    def __init__(self, file: pq.ParquetFile, time: str) -> None:
        first = file.schema_arrow.names[0]
        found = file.read([time, first])
        self._times = found[time].cast(pa.timestamp("us")).cast(pa.int64()).fill_null(LAST).to_numpy()
        self._ids = found[first].combine_chunks()

    def __len__(self) -> int:
        return len(self._times)

    def at(self, index: int) -> Key:
        return int(self._times[index]), self._ids[index].as_py()

    def before(self, key: Key) -> int:
        """How many rows come before this key."""
        return bisect_left(range(len(self)), key, key=self.at)


class _Rows:
    """The rows of a file, taken from its beginning."""

    def __init__(self, file: pq.ParquetFile, rows: int) -> None:
        self._batches = file.iter_batches(batch_size=max(rows, 1))
        self._rest: pa.RecordBatch | None = None

    def take(self, count: int) -> Iterator[pa.RecordBatch]:
        while count:
            batch = self._rest or next(self._batches)
            yield batch.slice(0, count)
            taken = min(count, batch.num_rows)
            self._rest = batch.slice(taken) if batch.num_rows > taken else None
            count -= taken


def merge_sorted(paths: Sequence[str], table: Table) -> Iterator[pa.RecordBatch]:
    """The rows of sorted files of a table, in order; those of a table without time one file after another."""
    with ThreadPoolExecutor(THREADS) as pool:
        files = [file for file, _ in pool.map(open_parquet, paths)]
    if not table.time:
        for file in files:
            yield from file.iter_batches()
        return
    keys = [_Keys(file, table.time) for file in files]
    rows = _slice_rows(files)
    readers = [_Rows(file, rows // len(files)) for file in files]
    done = [0] * len(files)
    for bound in [*_bounds(keys, rows), None]:
        ends = [len(key) if bound is None else max(at, key.before(bound)) for key, at in zip(keys, done, strict=True)]
        batches = [
            batch
            for reader, end, at in zip(readers, ends, done, strict=True)
            for batch in reader.take(end - at)
            if batch.num_rows
        ]
        done = ends
        if batches:
            yield from sort_rows(pa.Table.from_batches(batches, table.schema), table.time).to_batches()


def _slice_rows(files: Sequence[pq.ParquetFile]) -> int:
    """How many rows make a row group."""
    groups = [file.metadata.row_group(index) for file in files for index in range(file.metadata.num_row_groups)]
    rows, size = (sum(values) for values in zip(*((one.num_rows, one.total_byte_size) for one in groups), strict=True))
    return max(SAMPLES, rows * ROW_GROUP_BYTES // max(size, 1))


def _bounds(keys: Sequence[_Keys], rows: int) -> list[Key]:
    """Keys that cut all rows into slices of about this many."""
    step = max(1, rows // SAMPLES)
    samples = sorted({found.at(index) for found in keys for index in range(0, len(found), step)})
    return samples[SAMPLES::SAMPLES]
