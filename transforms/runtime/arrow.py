"""Rows of the output tables as Arrow batches, and batches as bytes that a pipe carries."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from schemas.tables import Table


def to_batch(table: Table, rows: Sequence[tuple[object, ...]]) -> pa.RecordBatch:
    """Rows of a table, each a tuple in the order of its columns, as one Arrow batch.

    Raises:
        pa.ArrowInvalid: a value that its column can't hold, or None where NULL may not stand.
    """
    schema = table.schema
    arrays = [pa.array(values, type=field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    for array, field in zip(arrays, schema, strict=True):
        if array.null_count and not field.nullable:
            raise pa.ArrowInvalid(f"{table.name}.{field.name} may not be NULL")
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def pack_batch(batch: pa.RecordBatch) -> bytes:
    """A batch as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpack_batch(content: bytes, table: Table) -> pa.RecordBatch:
    """The reverse, for a table. The bytes may come from anyone.

    Raises:
        pa.ArrowInvalid: they are no batch of this table.
    """
    with pa.ipc.open_stream(content) as reader:
        batch = reader.read_next_batch()
    if batch.schema != table.schema:
        raise pa.ArrowInvalid(f"a batch of {table.name} has other columns: {batch.schema.names}")
    batch.validate(full=True)
    return batch
