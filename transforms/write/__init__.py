"""Writing: rows in, Parquet tables and `_run.json` out; and parts on the way there.

In: `RowSet`s of all tables. Out: the tables' folders under the output directory, in files of sane size, and at the
very end the manifest, as one element. Nothing is rejected; a ledger that doesn't balance fails the run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsList, AsSingleton

from schemas.files import ModelRun, Part
from transforms.runtime.layout import Layout
from transforms.write.finish import finish_run, name_engines
from transforms.write.ledger import CountRows, Ledger
from transforms.write.merge import MergeParts
from transforms.write.parts import BUFFER_SECONDS, ToRows, WriteParts


@dataclass
class WriteRows(beam.PTransform):
    """Collections of what is written → parts in the run's working directory `folder`.

    Each collection is written where it arises, along with the step that makes it: joined first, all its rows would be
    stored somewhere else before any is written here. For the same reason nothing comes here from the side, and rows say
    themselves how their tables are laid out: Flink and Spark join no step to the one before that has to wait for
    something else. `to_rows` makes rows of what isn't any yet; `keep` and `seconds` as for `WriteParts`.
    """

    folder: str
    keep: Collection[str] = ()
    seconds: float = BUFFER_SECONDS
    to_rows: ToRows | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: Sequence[beam.PCollection[Any]]) -> beam.PCollection[Part]:
        """Each worker collects the rows of its bundle; the parts are joined."""
        write = WriteParts(self.folder, keep=self.keep, seconds=self.seconds, to_rows=self.to_rows)
        return [
            rows | f"Parts{number}" >> beam.ParDo(write).with_output_types(Part)
            for number, rows in enumerate(collections)
        ] | "Join" >> beam.Flatten()


@dataclass
class FinishRun(beam.PTransform):
    """Parts → the finished output directory. Arguments as those of `finish_run`; `layout` is that of the tables."""

    layout: AsSingleton
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
        ledger = AsSingleton(merged | "Ledger" >> CountRows(), Ledger())
        # A group is there even of no parts.
        nothing = parts.pipeline | "Begin" >> beam.Impulse() | "Nothing" >> beam.Map(_nothing).with_output_types(_Keyed)
        keyed = merged | "AsOne" >> beam.Map(_as_one).with_output_types(_Keyed)
        where = {"output": self.output, "folder": self.folder, "lock": self.lock}
        return (
            (keyed, nothing)
            | "AllMerged" >> beam.Flatten()
            | "Group" >> beam.GroupByKey()
            | "Finish" >> beam.Map(_finish, ledger, AsList(self.model_runs), self.layout, run=self.run, **where)
        )


_Keyed = tuple[int, Part | None]


def _as_one(part: Part | None) -> tuple[int, Part | None]:
    return 0, part


def _nothing(_: bytes) -> tuple[int, Part | None]:
    return 0, None


def _finish(
    group: tuple[int, Iterable[Part | None]],
    ledger: Ledger,
    runs: list[ModelRun],
    layout: Layout,
    run: Mapping[str, Any],
    **where: Any,
) -> dict[str, Any]:
    parts = (part for part in group[1] if part is not None)
    run = {**name_engines(run, runs), "partition_by": layout.partition_by}
    return finish_run(parts, ledger, run=run, **where)
