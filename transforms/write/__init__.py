"""Writing: rows in, Parquet tables and `_run.json` out; and bodies put down between the halves of a run.

In: `TableRows` of all tables. Out: the tables' folders under the output directory, in files of sane size, and at the
very end the manifest, as one element. Nothing is rejected; a ledger that doesn't balance fails the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsList

from schemas.records import ModelRun, Part, ReadCount, TableRows
from transforms.write.finish import finish_run, name_engines
from transforms.write.merge import MergeParts
from transforms.write.parts import WriteParts


@dataclass
class WriteTables(beam.PTransform):
    """Rows of all tables → merged parts in the run's working directory `folder`."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, rows: beam.PCollection[TableRows]) -> beam.PCollection[Part]:
        """Collect into parts, merge."""
        return (
            rows
            | "Parts" >> beam.ParDo(WriteParts(self.folder)).with_output_types(Part)
            | "Merge" >> MergeParts(self.folder)
        )


@dataclass
class FinishRun(beam.PTransform):
    """Merged parts → the finished output directory. Arguments as those of `finish.finish_run`."""

    reads: beam.PCollection[ReadCount]
    model_runs: beam.PCollection[ModelRun]
    run: Mapping[str, Any]
    output: str
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[dict[str, Any]]:
        """One element once everything is written, then one step on one worker."""
        once = parts.pipeline | "Once" >> beam.Create([None])
        written = AsList(parts), AsList(self.reads), AsList(self.model_runs)
        where = {"output": self.output, "folder": self.folder}
        return once | "Finish" >> beam.Map(_finish, *written, run=self.run, **where)


def _finish(
    _: None, parts: list[Part], reads: list[ReadCount], runs: list[ModelRun], run: Mapping[str, Any], **where: Any
) -> dict[str, Any]:
    return finish_run(parts, reads, run=name_engines(run, runs), **where)
