"""Looking at an input: files in turn, each for its share of the time, so that a few large ones don't hide the others.

What is counted is what was seen.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.chains import LATEST, ReadingSettings
from pipeline.flags import MEGABYTE
from pipeline.step_task import PARSE, Steps
from pipeline.steps import StepByStep
from schemas.files import InputFile
from schemas.records import Article, RawRecord, Reject, Skipped
from transforms.parse import XML, fields_of
from transforms.parse.fields import FIELDS, chosen_names, unread_names
from transforms.read.plan import plan_file
from transforms.read.ranges import read_range

SECONDS = 5.0
SAMPLES = 3
# Characters of a sample's text.
TEXT_CHARS = 300


@dataclass
class _Seen:
    """What was seen of one format: files, records, articles parsed from them, and whether there is more."""

    files: set[str] = field(default_factory=set)
    records: int = 0
    articles: int = 0
    partly: bool = False


@dataclass
class Inspection:
    """All that was seen of an input. `unread` counts fields that hold something and that nothing is read from."""

    files: int = 0
    size: int = 0
    unseen: int = 0
    formats: dict[str, _Seen] = field(default_factory=dict)
    names: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    rejects: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], Reject] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    candidates: dict[str, list[Article]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    undated: Counter[str] = field(default_factory=Counter)
    articles: int = 0


@dataclass(frozen=True)
class Settings:
    """A run's flags: format ("": by content), mapping of fields, order of day and month, bytes of a record;
    and seconds to take.
    """

    file_format: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    date_order: str = ""
    max_record_size: int = 64 * MEGABYTE
    seconds: float = SECONDS


def inspect_files(files: Sequence[InputFile], settings: Settings) -> Inspection:
    """Look at files, each for its share of `settings.seconds`; what one leaves is the others'."""
    found = Inspection(files=len(files), size=sum(max(file.size, 0) for file in files))
    end = time.monotonic() + settings.seconds
    latest = datetime.now(tz=UTC) + LATEST
    reading = ReadingSettings(settings.seconds, latest, settings.mapping, min_chars=0, date_order=settings.date_order)
    with closing(StepByStep(reading, until=PARSE)) as steps:
        for index, file in enumerate(files):
            left = end - time.monotonic()
            if left <= 0:
                found.unseen = len(files) - index
                break
            deadline = time.monotonic() + left / min(len(files) - index, 20)
            _inspect_file(file, found, settings, steps, deadline=deadline)
    return found


def _inspect_file(
    file: InputFile, found: Inspection, settings: Settings, steps: StepByStep, *, deadline: float
) -> None:
    touched: set[str] = set()
    for item in _read(file, settings):
        if isinstance(item, Skipped):
            found.skipped[item.reason] += 1
        elif isinstance(item, Reject):
            _add_reject(found, item)
        else:
            touched.add(item.file_format)
            seen = found.formats.setdefault(item.file_format, _Seen())
            seen.files.add(file.path)
            seen.records += 1
            _add_record(found, seen, item, steps.run(item), settings)
        if time.monotonic() > deadline:
            for kind in touched:
                found.formats[kind].partly = True
            return


def _read(file: InputFile, settings: Settings) -> Iterator[RawRecord | Reject | Skipped]:
    plan = plan_file(file, file_format=settings.file_format)
    if isinstance(plan, Reject):
        yield plan
        return
    for part in plan:
        yield from read_range(part, max_record_size=settings.max_record_size, file_format=settings.file_format)


def _add_reject(found: Inspection, rejected: Reject | None) -> None:
    if rejected is None:
        return
    key = (rejected.stage, rejected.reason)
    found.rejects[key] += 1
    found.examples.setdefault(key, rejected)


def _add_record(found: Inspection, seen: _Seen, record: RawRecord, steps: Steps, settings: Settings) -> None:
    if steps.reject:
        _add_reject(found, steps.reject)
        return
    seen.articles += 1
    found.articles += 1
    if steps.parsed and steps.parsed.date_problem:
        found.undated[steps.parsed.date_problem] += 1
    content = fields_of(record)
    if content is not None:
        for ours, theirs in chosen_names(content, settings.mapping).items():
            found.names[ours][theirs] += 1
        if record.file_format != XML:
            found.unread.update(unread_names(content, settings.mapping))
    if steps.parsed and steps.parsed.text.strip():
        _add_candidate(found.candidates.setdefault(record.file_format, []), steps.parsed)


def _add_candidate(candidates: list[Article], article: Article) -> None:
    """Take an article for a sample of its format while there are too few; a long one also in place of a short one."""
    if len(candidates) < SAMPLES:
        candidates.append(article)
    elif len(article.text) >= TEXT_CHARS:
        short = next((index for index, other in enumerate(candidates) if len(other.text) < TEXT_CHARS), None)
        if short is not None:
            candidates[short] = article


def choose_samples(found: Inspection) -> list[Article]:
    """Up to `SAMPLES` articles, of as many formats as there are, long ones first."""
    ranked = [
        (place, len(article.text) < TEXT_CHARS, kind, article)
        for kind, candidates in sorted(found.candidates.items())
        for place, article in enumerate(sorted(candidates, key=_is_short))
    ]
    ranked.sort(key=_rank)
    return [article for *_, article in ranked[:SAMPLES]]


def _is_short(article: Article) -> bool:
    return len(article.text) < TEXT_CHARS


def _rank(ranked: tuple[int, bool, str, Article]) -> tuple[bool, int, str]:
    place, short, kind, _ = ranked
    return short, place, kind
