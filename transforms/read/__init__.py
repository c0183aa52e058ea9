"""Reading: patterns of input in, raw records out, each with the file and place that it came from.

In: patterns (see `files.expand_pattern`). Out: `RawRecord`s; `Reject`s of files and records that can't be read; and a
`ReadCount` for every file or part of one, which the ledger holds against what was written in the end. What an archive
of web pages holds beside pages is counted there too, but is no record.

What a file is, is told by its content, then by its name (`sniff`). Large files of lines and of row groups are split
over all workers at once; large CSV and WARC files by a worker that looks where their records begin; what is packed, an
archive or one document is read by one worker, which puts its records down in blocks that all can read. A member of an
archive goes by the name `archive.zip/folder/member`. Reasons for a reject:

- `unreadable_file`: it can't be opened, or the storage fails while it is read.
- `unsupported_format`: it isn't a regular file, or of no kind that is read.
- `empty_file`: it holds no byte.
- `corrupt_file`: bytes are damaged here, one reject for each stretch; what lies before and behind is read.
- `malformed_row`: a line of a table that isn't a row of it.
- `malformed_xml`: an article whose element never ends.
- `encrypted`: a member of an archive that asks for a password.
- `nested_too_deep`: packing within packing, beyond `content.MAX_DEPTH`.
- `decompression_bomb`: a file that unpacks to more than any honest one; what came before is read.
- `too_large`: one record is larger than the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.records import FileRange, InputFile, RawRecord, ReadCount, Reject, Skipped
from transforms.outcome import COUNTS, KEPT, REJECTS, CountRejects
from transforms.read.files import expand_pattern
from transforms.read.plan import RANGE_SIZE, plan_file
from transforms.read.ranges import divide, read_range


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
        skipped: Counter[str] = Counter()
        for item in found:
            if isinstance(item, Reject):
                records += 1
                self._rejects.add(item)
                yield beam.pvalue.TaggedOutput(REJECTS, item)
            elif isinstance(item, Skipped):
                skipped[item.reason] += 1
            else:
                if isinstance(item, RawRecord):
                    records += 1
                    self._bytes.inc(len(item.payload) + 1)
                yield item
        self._records.inc(records)
        if records or skipped:
            yield beam.pvalue.TaggedOutput(COUNTS, ReadCount(source_file, records, tuple(sorted(skipped.items()))))


class _PlanFiles(_Count):
    """(path, size) → its ranges, or a reject."""

    def __init__(self, file_format: str) -> None:
        self._file_format = file_format

    def process(self, file: tuple[str, int]) -> Iterator[Any]:
        plan = plan_file(InputFile(*file), file_format=self._file_format)
        yield from self.route(file[0], [plan] if isinstance(plan, Reject) else plan)


class _DivideFiles(_Count):
    """Large files → ranges and blocks; other ranges pass."""

    def __init__(self, folder: str, file_format: str, max_record_size: int) -> None:
        self._folder, self._file_format, self._max_record_size = folder, file_format, max_record_size

    def process(self, part: FileRange) -> Iterator[Any]:
        found = divide(
            part,
            folder=self._folder,
            range_size=RANGE_SIZE,
            max_record_size=self._max_record_size,
            file_format=self._file_format,
        )
        yield from self.route(part.source_file, found)


class _ReadRanges(_Count):
    """Ranges → raw records."""

    def __init__(self, file_format: str, max_record_size: int) -> None:
        self._file_format, self._max_record_size = file_format, max_record_size

    def process(self, part: FileRange) -> Iterator[Any]:
        found = read_range(part, max_record_size=self._max_record_size, file_format=self._file_format)
        yield from self.route(part.source_file, found)


@dataclass
class ReadRecords(beam.PTransform):
    """Patterns → raw records (`kept`), rejects (`rejects`) and counts of both per file (`counts`).

    Args:
        folder: where blocks of records go while the run lasts.
        file_format: read every file as this, a member of `formats.FORMATS`; "" goes by content and name.
        max_record_size: bytes of one record.
    """

    folder: str
    file_format: str = ""
    max_record_size: int = 64 << 20

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, patterns: beam.PCollection[str]) -> dict[str, beam.PCollection[Any]]:
        """Match, plan, divide, spread, read."""
        planned = (
            patterns
            | "Match" >> beam.ParDo(_MatchPatterns()).with_output_types(tuple[str, int])
            | "EachOnce" >> beam.Distinct()
            | "Plan" >> beam.ParDo(_PlanFiles(self.file_format)).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        divide_files = _DivideFiles(self.folder, self.file_format, self.max_record_size)
        divided = planned.kept | "Divide" >> beam.ParDo(divide_files).with_outputs(REJECTS, COUNTS, main=KEPT)
        read_ranges = _ReadRanges(self.file_format, self.max_record_size)
        records = (
            divided.kept
            | "Spread" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(read_ranges).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        steps = (planned, divided, records)
        return {
            KEPT: records.kept,
            REJECTS: [step[REJECTS] for step in steps] | "AllRejects" >> beam.Flatten(),
            COUNTS: [step[COUNTS] for step in steps] | "AllCounts" >> beam.Flatten(),
        }
