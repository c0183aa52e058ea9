"""The way back from a row to the record that it came from: the dump's file read again, as the run read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.chains import LATEST, ReadingSettings
from pipeline.flags import MEGABYTE, unless_auto
from pipeline.steps import StepByStep
from schemas.files import FileRange, InputFile
from schemas.records import Article, RawRecord, Reject
from transforms.clean import MIN_CHARS
from transforms.extract import DEFAULT_TIMEOUT
from transforms.parse.fields import parse_mapping
from transforms.read.files import is_remote, native_path
from transforms.read.formats import JSONL
from transforms.read.plan import plan_file
from transforms.read.ranges import read_range
from transforms.runtime.storage import match_files


@dataclass(frozen=True)
class RecordSource:
    """What is there of an article's record now.

    Attributes:
        record: the record as it lies in the dump; None where `problem` says why.
        parsed: the article as parsed from it, its text not yet cleaned.
        cleaned: the article as cleaned.
        problem: why one of these is missing, for a person; empty where none is.
    """

    record: RawRecord | None = None
    parsed: Article | None = None
    cleaned: Article | None = None
    problem: str = ""


def read_source(
    manifest: dict[str, Any], source_file: str, source_offset: int, dump: str | None = None
) -> RecordSource:
    """Read an article's record again, with the options of its run.

    Args:
        manifest: the run's `_run.json`.
        source_file: the record's file as the row tells it.
        source_offset: its place there.
        dump: the directory under which the dump's files lie now, where they were moved.
    """
    options = manifest.get("options", {})
    path = locate(source_file, dump)
    if path is None:
        return RecordSource(problem=f"the dump's file is not there: {source_file}; --dump says where the dump is now")
    record = _find_record(path, source_file, source_offset, options)
    if record is None:
        return RecordSource(
            problem=f"{path.path} has no record at {source_offset} any more; the file has changed since the run"
        )
    reading = ReadingSettings(
        extract_timeout=options.get("extract_timeout", DEFAULT_TIMEOUT),
        latest=datetime.fromisoformat(manifest["started_at"]) + LATEST,
        mapping=parse_mapping(options["fields"]) if options.get("fields") else {},
        min_chars=options.get("min_chars", MIN_CHARS),
        near=False,
        by_folder=options.get("outlet_from") == "folder",
        date_order=unless_auto(options.get("dates")),
    )
    with closing(StepByStep(reading)) as steps:
        seen = steps.run(record)
    problem = f"{seen.reject.stage} rejects it now: {seen.reject.reason}, {seen.reject.message}" if seen.reject else ""
    return RecordSource(record, seen.parsed, seen.cleaned, problem)


def locate(source_file: str, dump: str | None) -> InputFile | None:
    """The file that holds a `source_file`: itself, the archive that it is a member of, or its like under `dump`.

    Of a path that begins elsewhere its end counts: `a/b/c.jsonl` is `DUMP/b/c.jsonl` or `DUMP/c.jsonl`, too.
    """
    native = native_path(source_file)
    if is_remote(native):
        return next((found for path in _prefixes(native) if (found := _remote(path))), None)
    parts = Path(native).parts
    places = [Path(native)] if dump is None else [Path(dump, *parts[index:]) for index in range(1, len(parts) + 1)]
    for place in places:
        for path in (place, *place.parents):
            if path.is_file():
                return InputFile(str(path), path.stat().st_size)
    return None


def _prefixes(path: str) -> Iterator[str]:
    while path.count("/") > 2:
        yield path
        path = path.rpartition("/")[0]


def _remote(path: str) -> InputFile | None:
    found = match_files(path)
    return InputFile(path, found[0].size_in_bytes) if found else None


def _find_record(file: InputFile, source_file: str, source_offset: int, options: dict[str, Any]) -> RawRecord | None:
    """The record at a place of a file; of lines only the part of the file that holds it is read."""
    file_format = unless_auto(options.get("input_format"))
    plan = plan_file(file, file_format=file_format)
    if isinstance(plan, Reject):
        return None
    # A member's name begins with its archive's, which may lie elsewhere now.
    name = source_file if source_file.startswith(file.path) else None
    limit = int(options.get("max_record_mb", 64)) * MEGABYTE
    for part in plan:
        if not _may_hold(part, source_offset):
            continue
        for item in read_range(part, max_record_size=limit, file_format=file_format):
            if (
                isinstance(item, RawRecord)
                and item.source_offset == source_offset
                and (item.source_file == name or (name is None and _same_end(item.source_file, source_file, file.path)))
            ):
                return item
    return None


def _may_hold(part: FileRange, offset: int) -> bool:
    return part.file_format != JSONL or part.stop < 0 or part.start <= offset < part.stop


def _same_end(found: str, wanted: str, archive: str) -> bool:
    """Whether two names are of one file or member, from the archive's own name on."""
    tail = Path(archive).name + found[len(archive) :]
    return wanted == tail or wanted.endswith("/" + tail)
