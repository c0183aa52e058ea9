"""The layout of the tables: folders by month, by year or none, and the order of rows in a file.

All tables that know their articles' time are laid out alike. Files are sorted by it, so that readers skip what lies
outside of the days that they ask for; folders are for runs so large that each still has much in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import MONTH, NONE, NULL_PARTITION, WRITTEN, YEAR

FORMATS = {MONTH: "%Y-%m", YEAR: "%Y"}
# A partition should hold this many articles, on the average: a file of some tens of megabytes.
ENOUGH = 10_000
# Of this many articles or fewer, one worker plans all merges of a partition: some 64 files a table.
SHARD = 4_000_000
_FOLDER = re.compile(r"/([a-z]+=[\w-]+)/[^/]+$")


class Layout(NamedTuple):
    """How tables are laid out: their folders, and into how many shards a partition's files are planned."""

    partition_by: str = NONE
    shards: int = 1

    def fits(self, table: str, partition: str) -> bool:
        """Whether a file in this partition's folder ("" for none) belongs there."""
        return not WRITTEN[table].time or partition.partition("=")[0] == ("" if self.partition_by == NONE else self[0])


def choose_layout(articles: Mapping[str, int], partition_by: str = "") -> Layout:
    """The layout for so many articles: the finest folders that leave each enough.

    Args:
        articles: month of publication (`YYYY-MM`, or `unknown`) → how many articles.
        partition_by: `month`, `year` or `none`; "" leaves the choice.
    """
    total = sum(articles.values())
    folders = {MONTH: len(articles), YEAR: len({month[:4] for month in articles}), NONE: 1}
    dated = any(month != NULL_PARTITION for month in articles)
    fitting = (by for by in (MONTH, YEAR) if dated and total >= ENOUGH * folders[by])
    by = partition_by or next(fitting, NONE)
    return Layout(by, max(1, -(-total // (SHARD * max(folders[by], 1)))))


def month_of(time: datetime | None) -> str:
    """The month of a time, as `choose_layout` counts them."""
    return f"{time:%Y-%m}" if time else NULL_PARTITION


def folder_of_path(path: str) -> str:
    """The partition's folder (`month=2024-03`) that a published file lies in; "" without one."""
    found = _FOLDER.search(path)
    return found[1] if found else ""


def may_hold(path: str, time: datetime | None) -> bool:
    """Whether rows of a time may lie in a published file, by its folder."""
    by, _, label = folder_of_path(path).partition("=")
    return not by or label == (time.strftime(FORMATS[by]) if time else NULL_PARTITION)


def sort_rows(table: pa.Table, time: str) -> pa.Table:
    """Rows by time, those without one last, then by their first column, an id, and in the order that they have."""
    return table.take(pc.sort_indices(table, sort_keys=[(time, "ascending"), (table.schema.names[0], "ascending")]))


def split_rows(batches: Iterable[pa.RecordBatch], name: str, partition_by: str) -> Iterator[tuple[str, pa.Table]]:
    """The rows of a table (`name`) by partition: (its folder, "" for none; the rows in their order)."""
    described = WRITTEN[name]
    table = pa.Table.from_batches(batches, described.schema)
    if not described.time:
        yield "", table
        return
    table = sort_rows(table, described.time)
    if partition_by == NONE or not table.num_rows:
        yield "", table
        return
    times = table[described.time].combine_chunks()
    labels = pc.fill_null(pc.strftime(times, format=FORMATS[partition_by]), NULL_PARTITION)
    runs = pc.run_end_encode(labels)
    start = 0
    for end, label in zip(runs.run_ends.to_pylist(), runs.values.to_pylist(), strict=True):
        yield f"{partition_by}={label}", table.slice(start, end - start)
        start = end
