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
from schemas.records import Reject
from schemas.rows import RowSet
from transforms.runtime.failures import record_failures
from transforms.write.finish import Ledger, finish_run, name_engines
from transforms.write.ledger import CountRows, Tally
from transforms.write.merge import MergeParts
from transforms.write.parts import WriteParts


@dataclass
class WriteRows(beam.PTransform):
    """Collections of rows → parts in the run's working directory `folder`; with `keep`, for a later run to use.

    Each collection is written where it arises, along with the step that makes it: joined first, all its rows would be
    stored somewhere else before any is written here.
    """

    folder: str
    keep: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: Sequence[beam.PCollection[RowSet]]) -> beam.PCollection[Part]:
        """Each worker collects the rows of its bundle; the parts are joined."""
        return [
            rows | f"Parts{number}" >> beam.ParDo(WriteParts(self.folder, keep=self.keep)).with_output_types(Part)
            for number, rows in enumerate(collections)
        ] | "Join" >> beam.Flatten()


@dataclass
class FinishRun(beam.PTransform):
    """Parts → the finished output directory. Arguments as those of `finish_run` and `record_failures`."""

    model_runs: beam.PCollection[ModelRun]
    orphaned: beam.PCollection[Reject]
    late: beam.PCollection[Reject]
    run: Mapping[str, Any]
    output: str
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[dict[str, Any]]:
        """Merge and count; one element once everything is written, then one step on one worker."""
        merged = parts | "Merge" >> MergeParts(f"{self.folder}/merged")
        ledger = merged | "Ledger" >> CountRows()
        once = parts.pipeline | "Once" >> beam.Create([None])
        found = (
            AsList(merged),
            AsSingleton(ledger["files"]),
            AsSingleton(ledger["count"]),
            AsSingleton(ledger["total"]),
            AsSingleton(ledger["problems"]),
            AsList(ledger["tallies"]),
            AsList(self.model_runs),
            AsList(self.orphaned),
            AsList(self.late),
        )
        where = {"output": self.output, "folder": self.folder}
        return once | "Finish" >> beam.Map(_finish, *found, run=self.run, **where)


def _finish(  # noqa: PLR0913, PLR0917, side inputs come one by one
    _: None,
    parts: list[Part],
    files: list[FileCounts],
    count: int,
    total: FileCounts,
    problems: list[str],
    tallies: Iterable[Tally],
    runs: list[ModelRun],
    orphaned: list[Reject],
    late: list[Reject],
    run: Mapping[str, Any],
    **where: Any,
) -> dict[str, Any]:
    record_failures(orphaned, late, where["folder"])
    ledger = Ledger(files, count, total, problems, list(tallies))
    return finish_run(parts, ledger, run=name_engines(run, runs), **where)
