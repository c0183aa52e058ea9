"""The first records of a dump, in the order of its files' names, for a first look: no more is read than is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam

from schemas.files import FileRange
from schemas.records import Reject, Skipped
from transforms.read.attempt import CountedStep, label_of
from transforms.read.files import expand_pattern
from transforms.read.plan import plan_file
from transforms.read.ranges import Found
from transforms.read.records import PLAN, ReadRecords
from transforms.read.stream import StreamReader
from transforms.read.task import ReadRange
from transforms.runtime.outcome import KEPT, WRITTEN


class _ReadFirst(CountedStep):
    """Patterns → the first records of their files."""

    def __init__(self, reader: StreamReader, file_format: str, limit: int) -> None:
        self._reader, self._file_format, self._limit = reader, file_format, limit

    def process(self, patterns: tuple[str, ...]) -> Iterator[Any]:
        self._left = self._limit
        files = {file.path: file for pattern in patterns for file in expand_pattern(pattern)}
        for path in sorted(files):
            # No digest, which would be of all of the file: nobody adds to such a run.
            plan = plan_file(files[path], file_format=self._file_format)
            if isinstance(plan, Reject):
                whole = FileRange(path, "", 0, -1, path, files[path].size)
                yield from self.route(whole, PLAN, self._count([plan]))
            else:
                yield from self._read(plan)
            if not self._left:
                return

    def _read(self, parts: Iterable[FileRange]) -> Iterator[Any]:
        for part in parts:
            if not self._left:
                return
            found = self._reader.read(replace(part, limit=self._left))
            yield from self.route(part, label_of(part), self._count(found))

    def _count(self, found: Iterable[Found]) -> Iterator[Found]:
        for item in found:
            # A reader that fails says so in a reject, which may be one more than was asked for.
            self._left = max(self._left - (not isinstance(item, Skipped)), 0)
            yield item

    def finish_bundle(self) -> None:
        self._reader.close()


@dataclass
class ReadFirst(beam.PTransform):
    """Patterns → as `ReadRecords`, of which `records` has the arguments, but the first `limit` records and rejects."""

    records: ReadRecords
    limit: int

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, patterns: beam.PCollection[tuple[str, ...]]) -> dict[str, Any]:
        """One worker reads, and what it has read is spread. In: all patterns as one element."""
        task = ReadRange(self.records.max_record_size, self.records.file_format)
        reader = StreamReader(task, self.records.guard)
        read = beam.ParDo(_ReadFirst(reader, self.records.file_format, self.limit))
        found = patterns | "Read" >> read.with_outputs(WRITTEN, main=KEPT)
        return {KEPT: found.kept | "Spread" >> beam.Reshuffle(), WRITTEN: (found[WRITTEN],)}
