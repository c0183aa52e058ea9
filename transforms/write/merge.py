"""Parts into files of sane size: the many small parts of many workers become few files a folder, sorted by time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import pyarrow as pa
import xxhash

from schemas.files import Part
from schemas.tables import WRITTEN
from transforms.runtime.layout import Layout, split_rows
from transforms.runtime.parquet import open_parquet, write_file
from transforms.runtime.storage import join
from transforms.write.parts import write_part
from transforms.write.sorting import merge_sorted

# What BigQuery, Spark and DuckDB like to read at a time, and one worker merges in seconds.
FILE_BYTES = 256 << 20
# A part this large is a file as it is: a later run that adds to the tables needn't write it anew.
LARGE_BYTES = FILE_BYTES // 4


def plan_merges(
    parts: Iterable[Part], *, file_bytes: int = FILE_BYTES, output: str | None = None
) -> Iterator[tuple[Part, ...]]:
    """Parts of one table and partition in groups that fill a file each. A large part stays alone.

    So does one that is published in `output` already and larger than all smaller ones together: whoever adds a day to
    an archive writes that day, not the archive; and of files that each hold more than all smaller ones there are few.
    """
    small: list[Part] = []
    total = 0
    for part in sorted(parts, key=_size):
        if part.size >= LARGE_BYTES or (part.size > total and output is not None and _is_published(part, output)):
            yield (part,)
        else:
            small.append(part)
        total += part.size
    group: list[Part] = []
    size = 0
    for part in sorted(small, key=_path):
        if group and size + part.size > file_bytes:
            yield tuple(group)
            group, size = [], 0
        group.append(part)
        size += part.size
    if group:
        yield tuple(group)


def _path(part: Part) -> str:
    return part.path


def _size(part: Part) -> tuple[int, str]:
    return part.size, part.path


def _is_published(part: Part, output: str) -> bool:
    return part.path.startswith(join(output, part.table) + "/")


def merge_parts(group: tuple[Part, ...], work: str, output: str) -> Part:
    """One part that holds the rows of all, in the working directory or, where it is published already, in the output.

    What lies in the working directory of a dead run is written anew: a run publishes nothing but its own.
    """
    (first, *others) = group
    if not others and (first.path.startswith(join(work, "")) or _is_published(first, output)):
        return first
    table = WRITTEN[first.table]
    path = join(work, f"merged/{table.name}-{uuid.uuid4().hex}.parquet")
    size = write_file(path, table.schema, merge_sorted([part.path for part in group], table), table.group_rows)
    # The heap is full of holes by now.
    pa.default_memory_pool().release_unused()
    return Part(table.name, first.partition, path, sum(part.rows for part in group), size)


def fit_part(part: Part, layout: Layout, work: str) -> Iterator[Part]:
    """A part as it is, or, of a run that was laid out otherwise, its rows in parts by partition."""
    if layout.fits(part.table, part.partition):
        yield part
        return
    table = open_parquet(part.path)[0].read().cast(WRITTEN[part.table].schema)
    for partition, rows in split_rows(table.to_batches(), part.table, layout.partition_by):
        yield write_part(part.table, partition, rows, join(work, "parts"))


def _fit(part: Part, layout: Layout, work: str) -> Iterator[tuple[tuple[str, str, int], Part]]:
    for fitting in fit_part(part, layout, work):
        shard = xxhash.xxh64_intdigest(fitting.path.encode()) % layout.shards
        yield (fitting.table, fitting.partition, shard), fitting


def _plan(keyed: tuple[tuple[str, str, int], Iterable[Part]], output: str) -> Iterator[tuple[Part, ...]]:
    return plan_merges(keyed[1], output=output)


@dataclass
class MergeParts(beam.PTransform):
    """Parts → parts of about `FILE_BYTES`. Only their descriptions go through the shuffle, not their rows.

    Args:
        layout: how the tables are laid out.
        work: the run's working directory.
        output: the run's directory.
    """

    layout: beam.pvalue.AsSingleton
    work: str
    output: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[Part]:
        """Group by folder and shard, plan, spread, merge."""
        return (
            parts
            | "Fit" >> beam.FlatMap(_fit, self.layout, self.work).with_output_types(tuple[tuple[str, str, int], Part])
            | "Group" >> beam.GroupByKey()
            | "Plan" >> beam.FlatMap(_plan, self.output).with_output_types(tuple[Part, ...])
            | "Spread" >> beam.Reshuffle()
            | "Merge" >> beam.Map(merge_parts, self.work, self.output).with_output_types(Part)
        )
