"""Reading: patterns of input in, raw records out, each with the file and place that it came from.

In: patterns (see `files.expand_pattern`). Out: `RawRecord`s; `Reject`s of files and records that can't be read; and
rows of `_reads` for every file or part of one, which the ledger holds against what was written in the end. What an
archive of web pages holds beside pages is counted there too, but is no record.

Each reading of a part of a file is an attempt, with an id of its own that its records and rejects carry. A later run
that finds all records of an attempt written needn't read that part again.

What a file is, is known by its content, then by its name (`sniff`). Large files of lines and of row groups are split
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

A part of a file that a child fails on is rejected from its beginning; what was read of it before is kept.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.files import FileRange, InputFile, Scope
from schemas.records import RawRecord, Reject, Skipped
from schemas.rows import ReadRow, RowSet, TableRows
from schemas.tables import READS
from transforms.read.files import NOT_A_FILE, content_digest, expand_pattern
from transforms.read.plan import RANGE_SIZE, plan_file
from transforms.read.ranges import Found, divide
from transforms.read.source import STAGE
from transforms.read.task import FoundRecords, ReadRange
from transforms.runtime.guard import Caller, Guard
from transforms.runtime.metrics import NAMESPACE, CountRejects
from transforms.runtime.outcome import COUNTS, KEPT, REJECTS, reject_failed
from transforms.runtime.sandbox import SandboxError

EVERYTHING = Scope()
PLAN, DIVIDE = "plan", "divide"


def _label_of(part: FileRange) -> str:
    """Which part of its file it is: the same whenever the file is read."""
    return f"{part.file_format or 'any'}:{part.start}:{part.stop}"


class _MatchPatterns(beam.DoFn):
    """Pattern → (path, size) of every file that it names."""

    def process(self, pattern: str) -> Iterator[tuple[str, int]]:
        for file in expand_pattern(pattern):
            yield file.path, file.size


class _Count(beam.DoFn):
    """Shared by the steps that emit records: counts them for the ledger and for Beam's metrics.

    What lies outside of the scope is neither sent on nor counted. Of a file of which only some places are read, these
    have been counted before.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def setup(self) -> None:
        self._records = Metrics.counter(NAMESPACE, "records")
        self._bytes = Metrics.counter(NAMESPACE, "bytes")
        self._rejects = CountRejects()

    def route(self, part: FileRange, label: str, found: Iterable[Any]) -> Iterator[Any]:
        """Send on what was found, rejects to their side, and how many of both were records of the file."""
        attempt_id = uuid.uuid4().hex
        only = self._scope.only.get(part.source_file)
        records: Counter[str] = Counter()
        skipped: Counter[str] = Counter()
        for item in found:
            if (
                only
                and not isinstance(item, FileRange | Skipped)
                and not only.has(item.source_file, item.source_offset)
            ):
                continue
            if isinstance(item, Reject):
                records[item.source_file] += 1
                self._rejects.add(item)
                yield beam.pvalue.TaggedOutput(REJECTS, replace(item, attempt_id=attempt_id))
            elif isinstance(item, Skipped):
                skipped[item.reason] += 1
            elif isinstance(item, RawRecord):
                records[item.source_file] += 1
                self._bytes.inc(len(item.payload) + 1)
                yield replace(item, attempt_id=attempt_id)
            else:
                yield item
        self._records.inc(sum(records.values()))
        if (records or skipped) and (only is None or only.others):
            yield beam.pvalue.TaggedOutput(COUNTS, _reads(part, label, attempt_id, records, skipped))


def _reads(part: FileRange, label: str, attempt_id: str, records: Counter[str], skipped: Counter[str]) -> RowSet:
    """The rows of `_reads` of an attempt. What was skipped is said once."""
    found = records or Counter({part.source_file: 0})
    passed_over = json.dumps(dict(sorted(skipped.items())))
    rows = (
        ReadRow(
            part.source_file, part.digest, part.size, label, attempt_id, name, count, "{}" if index else passed_over
        )
        for index, (name, count) in enumerate(sorted(found.items()))
    )
    return RowSet((TableRows(READS.name, tuple(rows)),), attempt_id)


class _PlanFiles(_Count):
    """(path, size) → its ranges, or a reject."""

    def __init__(self, file_format: str, scope: Scope) -> None:
        super().__init__(scope)
        self._file_format = file_format

    def process(self, file: tuple[str, int]) -> Iterator[Any]:
        path, size = file
        known = self._scope.known.get(path, frozenset())
        if known is None:
            return
        digest = _digest(path) if size != NOT_A_FILE else ""
        plan = plan_file(InputFile(path, size), file_format=self._file_format)
        whole = FileRange(path, "", 0, -1, path, size, digest=digest)
        if not isinstance(plan, Reject):
            parts = (replace(part, digest=digest) for part in plan)
            yield from self.route(whole, PLAN, (part for part in parts if _label_of(part) not in known))
        elif PLAN not in known:
            yield from self.route(whole, PLAN, [plan])


def _digest(path: str) -> str:
    try:
        return content_digest(path)
    except OSError:
        # Reading it will tell.
        return ""


class _DivideFiles(_Count):
    """Large files → ranges and blocks; other ranges pass."""

    def __init__(self, folder: str, file_format: str, max_record_size: int, scope: Scope) -> None:
        super().__init__(scope)
        self._folder, self._file_format, self._max_record_size = folder, file_format, max_record_size

    def process(self, part: FileRange) -> Iterator[Any]:
        known = self._scope.known.get(part.source_file) or frozenset()
        found = divide(
            part,
            folder=self._folder,
            range_size=RANGE_SIZE,
            max_record_size=self._max_record_size,
            file_format=self._file_format,
        )
        missing = (
            item
            for item in found
            if (_label_of(item) not in known if isinstance(item, FileRange) else DIVIDE not in known)
        )
        yield from self.route(part, DIVIDE, missing)


class _ReadRanges(_Count):
    """Ranges → raw records."""

    def __init__(self, file_format: str, max_record_size: int, scope: Scope, guard: Guard) -> None:
        super().__init__(scope)
        self._caller = Caller(ReadRange(max_record_size, file_format), guard, STAGE, FoundRecords)

    def setup(self) -> None:
        super().setup()
        self._caller.setup()

    def process(self, part: FileRange) -> Iterator[Any]:
        yield from self.route(part, _label_of(part), self._read(part))

    def _read(self, part: FileRange) -> Iterator[Found]:
        # All answers are there before the first record goes on, to stages that need the same child.
        rejects: list[Reject] = []
        try:
            answers = self._caller.call(part, alone=True)
        except SandboxError as error:
            answers = self._caller.decode(error.answers)
            rejects = [reject_failed(part, error.stage, error.failed)]
        for answer in answers:
            yield from answer
        yield from rejects


@dataclass
class ReadRecords(beam.PTransform):
    """Patterns → raw records (`kept`), rejects (`rejects`) and rows of `_reads` that count both (`counts`).

    Args:
        folder: where blocks of records go while the run lasts.
        file_format: read every file as this, a member of `formats.FORMATS`; "" goes by content and name.
        max_record_size: bytes of one record.
        scope: what of the input is read.
        guard: how what a file may do to its reader is kept from the worker.
    """

    folder: str
    file_format: str = ""
    max_record_size: int = 64 << 20
    scope: Scope = EVERYTHING
    guard: Guard = field(default_factory=Guard)

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, patterns: beam.PCollection[str]) -> dict[str, Any]:
        """Match, plan, divide, spread, read. Rejects and counts are tuples of collections, one of each step.

        They aren't flattened, so that what writes them can work along with the step and not after it.
        """
        planned = (
            patterns
            | "Match" >> beam.ParDo(_MatchPatterns()).with_output_types(tuple[str, int])
            | "EachOnce" >> beam.Distinct()
            | "Plan" >> beam.ParDo(_PlanFiles(self.file_format, self.scope)).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        divide_files = _DivideFiles(self.folder, self.file_format, self.max_record_size, self.scope)
        divided = planned.kept | "Divide" >> beam.ParDo(divide_files).with_outputs(REJECTS, COUNTS, main=KEPT)
        read_ranges = _ReadRanges(self.file_format, self.max_record_size, self.scope, self.guard)
        records = (
            divided.kept
            | "Spread" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(read_ranges).with_outputs(REJECTS, COUNTS, main=KEPT)
        )
        steps = (planned, divided, records)
        kept = records.kept
        if self.scope.records:
            kept = (kept, patterns.pipeline | "Known" >> beam.Create(self.scope.records)) | "AllKept" >> beam.Flatten()
        return {
            KEPT: kept,
            REJECTS: tuple(step[REJECTS] for step in steps),
            COUNTS: tuple(step[COUNTS] for step in steps),
        }
