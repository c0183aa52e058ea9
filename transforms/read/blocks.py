"""Records written by the worker that unpacked them, for all workers to read: small Arrow files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from schemas.files import FileRange
from schemas.records import RawRecord
from transforms.runtime.storage import create_file, join, read_file

BLOCK = "block"
SCHEMA = pa.schema(
    [
        ("source_file", pa.string()),
        ("source_offset", pa.int64()),
        ("file_format", pa.string()),
        ("payload", pa.large_binary()),
        ("charset", pa.string()),
        ("url", pa.string()),
        ("fetched_at", pa.string()),
        ("date_order", pa.string()),
    ]
)
OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


class BlockWriter:
    """Gathers records into blocks.

    Args:
        part: what the records are of.
        folder: where the blocks go.
        size: bytes of payload in a block, but for its last record.
    """

    def __init__(self, part: FileRange, folder: str, size: int) -> None:
        self._part, self._folder, self._limit = part, folder, size
        self._records: list[RawRecord] = []
        self._size = self._blocks = 0

    def add(self, record: RawRecord) -> Iterator[FileRange]:
        """Take a record; the block that it fills, if it does."""
        self._records.append(record)
        self._size += len(record.payload)
        if self._size >= self._limit:
            yield from self.flush()

    def flush(self, stop: int = -1) -> Iterator[FileRange]:
        """The block of what has been taken since the last, if anything was; `stop` as of its `FileRange`."""
        if not self._records:
            return
        path = join(self._folder, f"{uuid.uuid4().hex}.block")
        columns = [[getattr(record, name) for record in self._records] for name in SCHEMA.names]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        with (
            create_file(path) as stream,
            pa.ipc.new_stream(stream, SCHEMA, options=OPTIONS) as writer,
        ):
            writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))
        yield replace(self._part, path=path, file_format=BLOCK, start=self._blocks, stop=stop)
        self._records, self._size = [], 0
        self._blocks += 1


def read_block(part: FileRange) -> Iterator[RawRecord]:
    """The records of a block."""
    with pa.ipc.open_stream(read_file(part.path)) as reader:
        for batch in reader:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield RawRecord(**dict(zip(SCHEMA.names, row, strict=True)))
