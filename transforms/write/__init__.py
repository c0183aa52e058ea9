"""Writing: rows in, Parquet tables and `_run.json` out; and parts on the way there.

In: `RowSet`s of all tables. Out: the tables' folders under the output directory, in files of sane size, and at the
very end the manifest, as one element. Nothing is rejected; a ledger that doesn't balance fails the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsList, AsSingleton

from schemas.files import Failure, FileCounts, ModelRun, Part
from schemas.records import Reject
from schemas.rows import RowSet
from transforms.runtime.failures import OrphansError, write_failures
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


def _failure(rejected: Reject) -> tuple[str, Failure]:
    """What a run without the article needs to know of its reject: not its payload."""
    return rejected.content_hash, Failure(rejected.stage, rejected.reason, rejected.message)


class _NoteFailures(beam.DoFn):
    """What failed → how much of it was noted for a run without it: all, where there are orphans."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def start_bundle(self) -> None:
        self._failures: dict[str, Failure] = {}

    def process(self, failed: tuple[str, Failure], orphans: int) -> Iterator[int]:
        if orphans:
            self._failures.update([failed])
            yield 1

    def finish_bundle(self) -> None:
        if self._failures:
            write_failures(self._failures, self._folder)


@dataclass
class FinishRun(beam.PTransform):
    """Parts → the finished output directory. Arguments as those of `finish_run`.

    Where a reject of `orphaned` leaves copies behind, what failed (`late`) is noted and the run stops short.
    """

    layout: beam.PCollection[Layout]
    model_runs: beam.PCollection[ModelRun]
    orphaned: beam.PCollection[Reject]
    late: beam.PCollection[Reject]
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
        orphans = self.orphaned | "CountOrphans" >> beam.combiners.Count.Globally()
        noted = (
            self.late
            | "Failures" >> beam.Map(_failure).with_output_types(tuple[str, Failure])
            | "Note" >> beam.ParDo(_NoteFailures(self.folder), AsSingleton(orphans)).with_output_types(int)
            | "CountNoted" >> beam.CombineGlobally(sum)
        )
        found = (
            AsSingleton(ledger["files"]),
            AsSingleton(ledger["count"]),
            AsSingleton(ledger["total"]),
            AsSingleton(ledger["problems"]),
            AsList(ledger["tallies"]),
            AsList(self.model_runs),
            AsSingleton(orphans),
            AsSingleton(noted),
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
    orphans: int,
    _noted: int,
    layout: Layout,
    run: Mapping[str, Any],
    **where: Any,
) -> dict[str, Any]:
    if orphans:
        raise OrphansError(f"{orphans} articles that have copies were rejected; --resume goes on without them")
    ledger = Ledger(files, count, total, problems, list(tallies))
    parts = (part for part in group[1] if part is not None)
    run = {**name_engines(run, runs), "partition_by": layout.partition_by}
    return finish_run(parts, ledger, run=run, **where)
