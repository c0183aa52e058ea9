"""Reading: patterns of input in, raw records out, each with the file and byte that it came from.

In: patterns (see `files.expand_pattern`). Out: `RawRecord`s; `Reject`s of files and records that can't be read; and a
`ReadCount` for every file or part of one, which the ledger holds against what was written in the end.

Large files of lines are split over all workers. A compressed one can be unpacked by one worker only, which puts the
lines down in blocks that all can read. Reasons for a reject:

- `unreadable_file`: it can't be opened, or the storage fails while it is read.
- `unsupported_format`: it isn't a regular file, or of no kind that is read.
- `empty_file`: it holds no byte.
- `corrupt_file`: its compression is damaged; what comes before the damage is read.
- `too_large`: one record is larger than the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.records import FileRange, InputFile, RawRecord, ReadCount, Reject
from transforms.outcome import COUNTS, KEPT, REJECTS, CountRejects
from transforms.read.files import expand_pattern
from transforms.read.plan import RANGE_SIZE, plan_file
from transforms.read.ranges import read_range, unpack_range


class _MatchPatterns(beam.DoFn):
    """Pattern → (path, size) of every file that it names."""

    def process(self, pattern: str) -> Iterator[tuple[str, int]]:
        for file in expand_pattern(pattern):
            yield file.path, file.size


class _Count(beam.DoFn):
    """Shared by the steps that emit records: counts them for the ledger and for Beam's metrics."""

    def setup(self) -> None:
        self._records = Metrics.counter("newsbeam", "records")
        self._bytes = Metrics.counter("newsbeam", "bytes")
        self._rejects = CountRejects()

    def route(self, source_file: str, found: Iterable[Any]) -> Iterator[Any]:
        """Send on what was found, rejects to their side, and how many of both were records of the file."""
        records = 0
        for item in found:
            if isinstance(item, Reject):
                records += 1
                self._rejects.add(item)
                yield beam.pvalue.TaggedOutput(REJECTS, item)
            else:
                if isinstance(item, RawRecord):
                    records += 1
                    self._bytes.inc(len(item.payload) + 1)
                yield item
        if records:
            self._records.inc(records)
            yield beam.pvalue.TaggedOutput(COUNTS, ReadCount(source_file, records))


class _PlanFiles(_Count):
    """(path, size) → its ranges, or a reject."""

    def __init__(self, file_format: str) -> None:
        self._file_format = file_format

    def process(self, file: tuple[str, int]) -> Iterator[Any]:
        plan = plan_file(InputFile(*file), file_format=self._file_format)
        yield from self.route(file[0], [plan] if isinstance(plan, Reject) else plan)


class _UnpackRanges(_Count):
    """Packed files → ranges of blocks; other ranges pass."""

    def __init__(self, folder: str, max_record_size: int) -> None:
        self._folder, self._max_record_size = folder, max_record_size

    def process(self, part: FileRange) -> Iterator[Any]:
        if not part.compression:
            yield part
            return
        blocks = unpack_range(part, folder=self._folder, block_size=RANGE_SIZE, max_record_size=self._max_record_size)
        yield from self.route(part.source_file, blocks)


class _ReadRanges(_Count):
    """Ranges → raw records."""

    def __init__(self, max_record_size: int) -> None:
        self._max_record_size = max_record_size

    def process(self, part: FileRange) -> Iterator[Any]:
        yield from self.route(part.source_file, read_range(part, max_record_size=self._max_record_size))


@dataclass
class ReadRecords(beam.PTransform):
    """Patterns → raw records (`kept`), rejects (`rejects`) and counts of both per file (`counts`).

    Args:
        folder: where blocks of unpacked files go while the run lasts.
        file_format: read every file as this, a member of `formats.FORMATS`; "" goes by content and name.
        max_record_size: bytes of one record.
    """

    folder: str
    file_format: str = ""
    max_record_size: int = 64 << 20

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, patterns: beam.PCollection[str]) -> dict[str, beam.PCollection[Any]]:
        """Match, plan, unpack, spread, read."""
        planned = (
            patterns
            | "Match" >> beam.ParDo(_MatchPatterns()).with_output_types(tuple[str, int])
            | "EachOnce" >> beam.Distinct()
            | "Plan" >> beam.ParDo(_PlanFiles(self.file_format)).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        unpacked = planned.kept | "Unpack" >> beam.ParDo(_UnpackRanges(self.folder, self.max_record_size)).with_outputs(
            REJECTS, COUNTS, main=KEPT
        )
        records = (
            unpacked.kept
            | "Spread" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(_ReadRanges(self.max_record_size)).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        steps = (planned, unpacked, records)
        return {
            KEPT: records.kept,
            REJECTS: [step[REJECTS] for step in steps] | "AllRejects" >> beam.Flatten(),
            COUNTS: [step[COUNTS] for step in steps] | "AllCounts" >> beam.Flatten(),
        }
