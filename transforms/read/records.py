"""Reading: patterns of input in, raw records out, each with the file and place that it came from.

In: patterns (see `files.expand_pattern`). Out: `RawRecord`s; `Reject`s of files and records that can't be read; and
rows of `_reads` for every file or part of one, which the ledger holds against what was written in the end. What an
archive of web pages holds beside pages is counted there too, but is no record.

Each reading of a part of a file is an attempt, with an id of its own that its records and rejects carry. A later run
that finds all records of an attempt written needn't read that part again.

What a file is, is known by its content, then by its name (`sniff`). Large files of lines and of row groups are split
over all workers at once; large CSV and WARC files by a worker that looks where their records begin. What is packed, an
archive or one document is read by one worker; if it is a large part of the input, that worker writes its records into
blocks that all can read. A member of an archive goes by the name `archive.zip/folder/member`. Reasons for a reject:

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

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSingleton

from schemas.files import CUT, EVERYTHING, FileRange, FileScope, InputFile, StoredScope
from schemas.records import RawRecord, Reject
from transforms.read.attempt import Attempt, CountedStep, label_of
from transforms.read.blocks import BLOCK
from transforms.read.files import NOT_A_FILE, content_digest, expand_pattern
from transforms.read.plan import RANGE_SIZE, plan_file
from transforms.read.ranges import Found, block_size, divide, is_cut, is_small
from transforms.read.sample import DrawPlaces, Place, keep_drawn
from transforms.read.source import STAGE
from transforms.read.stream import StreamReader
from transforms.read.task import FoundRecords, ReadRange
from transforms.runtime.guard import Caller, Guard
from transforms.runtime.lists import ReadList
from transforms.runtime.outcome import KEPT, WRITTEN, reject_failed
from transforms.runtime.sandbox import SandboxError

PLAN, DIVIDE = "plan", "divide"


class _MatchPatterns(beam.DoFn):
    """Pattern → (path, size) of every file that it names."""

    def process(self, pattern: str) -> Iterator[tuple[str, int]]:
        for file in expand_pattern(pattern):
            yield file.path, file.size


def _unscoped(file: tuple[str, Iterable[int]]) -> tuple[InputFile, FileScope]:
    path, sizes = file
    return InputFile(path, max(sizes)), FileScope(path)


def _by_path(scope: FileScope) -> tuple[str, FileScope]:
    return scope.path, scope


def _scoped(joined: tuple[str, Mapping[str, Any]]) -> Iterator[tuple[InputFile, FileScope]]:
    path, found = joined
    sizes = list(found["sizes"])
    if sizes:
        # Once, however many patterns name it.
        yield from ((InputFile(path, max(sizes)), scope) for scope in found["scopes"] or (FileScope(path),))


class _PlanFiles(CountedStep):
    """File and what of it is read → its ranges, or a reject."""

    def __init__(self, file_format: str) -> None:
        self._file_format = file_format

    def process(self, item: tuple[InputFile, FileScope]) -> Iterator[Any]:
        file, scope = item
        if scope.known is None:
            return
        digest = _digest(file.path) if file.size != NOT_A_FILE else ""
        plan = plan_file(file, file_format=self._file_format)
        whole = FileRange(file.path, "", 0, -1, file.path, file.size, digest=digest, selection=scope.selection)
        if not isinstance(plan, Reject):
            missing = (part for part in plan if label_of(part) not in scope.known)
            yield from self.route(whole, PLAN, (_part_of(whole, part, scope.known) for part in missing))
        elif PLAN not in scope.known:
            yield from self.route(whole, PLAN, [plan])


def _part_of(whole: FileRange, part: FileRange, known: frozenset[str]) -> FileRange:
    """A part with what is known of its file. Only what is divided later has parts of its own."""
    known = known if part.stop < 0 else frozenset()
    return replace(part, digest=whole.digest, selection=whole.selection, known=known)


def _digest(path: str) -> str:
    try:
        return content_digest(path)
    except OSError:
        # Reading it will tell.
        return ""


class _DivideFiles(CountedStep):
    """Large files → ranges and blocks; other ranges pass."""

    def __init__(self, folder: str, largest: int, max_record_size: int, reader: StreamReader) -> None:
        self._folder, self._largest, self._max_record_size = folder, largest, max_record_size
        self._reader = reader

    def process(self, part: FileRange) -> Iterator[Any]:
        found = divide(
            part,
            folder=self._folder,
            range_size=RANGE_SIZE,
            max_record_size=self._max_record_size,
            largest=self._largest,
            read=self._reader.read,
        )
        missing = (
            item
            for item in found
            if (label_of(item) not in part.known if isinstance(item, FileRange) else DIVIDE not in part.known)
        )
        yield from self.route(part, DIVIDE, missing)

    def finish_bundle(self) -> None:
        self._reader.close()


class _ReadRanges(CountedStep):
    """Ranges → raw records; `drawn`: only those at these places."""

    def __init__(self, task: ReadRange, guard: Guard) -> None:
        self._caller = Caller(task, guard, STAGE, FoundRecords)
        self._reader = StreamReader(task, guard)

    def setup(self) -> None:
        super().setup()
        self._caller.setup()

    def process(self, part: FileRange, drawn: Collection[Place] | None = None) -> Iterator[Any]:
        if part.file_format or is_small(part):
            yield from self.route(part, label_of(part), keep_drawn(self._read(part), drawn))
        else:
            yield from self._read_on(part, keep_drawn(self._reader.read(part), drawn))

    def finish_bundle(self) -> None:
        self._reader.close()

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

    def _read_on(self, part: FileRange, found: Iterator[Found]) -> Iterator[Any]:
        """What is found in a large file, in the attempts that it would have had in blocks: a crash costs the last.

        So it is all the same to a later run how an earlier one read it.
        """
        limit = block_size(part.size, RANGE_SIZE)
        others = Attempt(self, part, DIVIDE)
        block: Attempt | None = None
        place = replace(part, file_format=BLOCK, start=-1)
        size = limit
        for item in found:
            if not isinstance(item, RawRecord):
                place = replace(place, stop=CUT if is_cut(item) else -1)
                yield from others.send(item) if DIVIDE not in part.known else ()
                continue
            if size >= limit:
                yield from block.end() if block else ()
                place, size = replace(place, start=place.start + 1), 0
                block = Attempt(self, part, label_of(place)) if label_of(place) not in part.known else None
            yield from block.send(item) if block else ()
            size += len(item.payload)
        yield from block.end(label_of(place)) if block else ()
        yield from others.end()


@dataclass
class ReadRecords(beam.PTransform):
    """Patterns → raw records (`kept`); rejects, and rows of `_reads` that count both (`written`).

    Args:
        folder: where blocks of records go while the run lasts.
        file_format: read every file as this, a member of `formats.FORMATS`; "" goes by content and name.
        max_record_size: bytes of one record.
        largest: bytes of a packed file or archive that one worker reads; those of larger ones are written into blocks.
        scope: what of the input is read.
        guard: how what a file may do to its reader is kept from the worker.
        sample: how many records are taken, drawn by chance but always the same; 0 for all. What is no record but a
            file that can't be read is a reject all the same.
    """

    folder: str
    file_format: str = ""
    max_record_size: int = 64 << 20
    largest: int = 0
    scope: StoredScope = EVERYTHING
    guard: Guard = field(default_factory=Guard)
    sample: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, patterns: beam.PCollection[str]) -> dict[str, Any]:
        """Match, plan, divide, spread, read. `written` is a tuple of collections, one of each step.

        They aren't flattened, so that what writes them can work along with the step and not after it.
        """
        task = ReadRange(self.max_record_size, self.file_format)
        matched = patterns | "Match" >> beam.ParDo(_MatchPatterns()).with_output_types(tuple[str, int])
        plan = beam.ParDo(_PlanFiles(self.file_format)).with_outputs(WRITTEN, main=KEPT)
        divide_files = _DivideFiles(self.folder, self.largest, self.max_record_size, StreamReader(task, self.guard))
        planned = self._join_scope(matched) | "Plan" >> plan
        divided = planned.kept | "Divide" >> beam.ParDo(divide_files).with_outputs(WRITTEN, main=KEPT)
        ranges = divided.kept | "Spread" >> beam.Reshuffle()
        drawn = (AsSingleton(ranges | "Draw" >> DrawPlaces(self.sample, task, self.guard)),) if self.sample else ()
        read = beam.ParDo(_ReadRanges(task, self.guard), *drawn)
        records = ranges | "Read" >> read.with_outputs(WRITTEN, main=KEPT)
        steps = (planned, divided, records)
        kept = records.kept
        if self.scope.records.paths:
            kept = (
                kept,
                patterns.pipeline | "Known" >> ReadList(self.scope.records, RawRecord),
            ) | "AllKept" >> beam.Flatten()
        return {
            KEPT: kept,
            WRITTEN: tuple(step[WRITTEN] for step in steps),
        }

    def _join_scope(self, files: beam.PCollection[tuple[str, int]]) -> beam.PCollection[tuple[InputFile, FileScope]]:
        """Each file with what of it is read."""
        if not self.scope.files.paths:
            return files | "EachOnce" >> beam.GroupByKey() | "AllOfEach" >> beam.Map(_unscoped)
        scopes = (
            files.pipeline
            | "Scopes" >> ReadList(self.scope.files, FileScope)
            | "ByPath" >> beam.Map(_by_path).with_output_types(tuple[str, FileScope])
        )
        joined = {"sizes": files, "scopes": scopes} | "JoinScope" >> beam.CoGroupByKey()
        return joined | "ScopeOf" >> beam.FlatMap(_scoped)
