"""Writing: rows in, Parquet tables and `_run.json` out; and parts on the way there.

In: `RowSet`s of all tables. Out: the tables' folders under the output directory, in files of sane size, and at the
very end the manifest, as one element. Nothing is rejected; a ledger that doesn't balance fails the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsList, AsSingleton

from schemas.files import FileCounts, ModelRun, Part
from schemas.rows import RowSet
from transforms.runtime.layout import Layout
from transforms.write.finish import Ledger, finish_run, name_engines
from transforms.write.ledger import CountRows, Tally
from transforms.write.merge import MergeParts
from transforms.write.parts import BUFFER_SECONDS, WriteParts


@dataclass
class WriteRows(beam.PTransform):
    """Collections of rows → parts in the run's working directory `folder`; with `keep`, for a later run to use.

    Each collection is written where it arises, along with the step that makes it: joined first, all its rows would be
    stored somewhere else before any is written here. `layout` is that of tables that are laid out by time; `seconds` as
    for `WriteParts`.
    """

    folder: str
    layout: beam.PCollection[Layout] | None = None
    keep: bool = False
    seconds: float = BUFFER_SECONDS

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: Sequence[beam.PCollection[RowSet]]) -> beam.PCollection[Part]:
        """Each worker collects the rows of its bundle; the parts are joined."""
        found = (AsSingleton(self.layout),) if self.layout else ()
        write = WriteParts(self.folder, keep=self.keep, seconds=self.seconds)
        return [
            rows | f"Parts{number}" >> beam.ParDo(write, *found).with_output_types(Part)
            for number, rows in enumerate(collections)
        ] | "Join" >> beam.Flatten()


@dataclass
class FinishRun(beam.PTransform):
    """Parts → the finished output directory. Arguments as those of `finish_run`."""

    layout: beam.PCollection[Layout]
    model_runs: beam.PCollection[ModelRun]
    run: Mapping[str, Any]
    output: str
    folder: str
    lock: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[dict[str, Any]]:
        """Merge and count; one group of all parts once everything is written, then one step on one worker."""
        merged = parts | "Merge" >> MergeParts(self.layout, self.folder, self.output)
        ledger = merged | "Ledger" >> CountRows()
        found = (
            AsSingleton(ledger["files"]),
            AsSingleton(ledger["count"]),
            AsSingleton(ledger["total"]),
            AsSingleton(ledger["problems"]),
            AsList(ledger["tallies"]),
            AsList(self.model_runs),
            AsSingleton(self.layout),
        )
        where = {"output": self.output, "folder": self.folder, "lock": self.lock}
        # A group is there even of no parts.
        nothing = parts.pipeline | "Nothing" >> beam.Create([None])
        return (
            (merged, nothing)
            | "AllMerged" >> beam.Flatten()
            | "AsOne" >> beam.Map(_as_one).with_output_types(tuple[int, Part | None])
            | "Group" >> beam.GroupByKey()
            | "Finish" >> beam.Map(_finish, *found, run=self.run, **where)
        )


def _as_one(part: Part | None) -> tuple[int, Part | None]:
    return 0, part


def _finish(  # noqa: PLR0913, PLR0917, side inputs come one by one
    group: tuple[int, Iterable[Part | None]],
    files: list[FileCounts],
    count: int,
    total: FileCounts,
    problems: list[str],
    tallies: Iterable[Tally],
    runs: list[ModelRun],
    layout: Layout,
    run: Mapping[str, Any],
    **where: Any,
) -> dict[str, Any]:
    ledger = Ledger(files, count, total, problems, list(tallies))
    parts = (part for part in group[1] if part is not None)
    run = {**name_engines(run, runs), "partition_by": layout.partition_by}
    return finish_run(parts, ledger, run=run, **where)
