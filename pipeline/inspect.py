"""The command `newsbeam inspect`: what would be read of an input, in seconds and without a pipeline.

Files are looked at in turn, each for its share of the time, so that a few large ones don't hide the others. What is
counted is what was seen; a `+` says that there is more.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.options import MEGABYTE, UsageError
from pipeline.run import LATEST
from pipeline.usage import DONE, command_parser, print_json
from schemas.records import Article, InputFile, RawRecord, Reject, Skipped
from transforms.extract.process import Extractor
from transforms.extract.stage import extract_record
from transforms.outcome import Outcome
from transforms.parse import fields_of, parse_record
from transforms.parse.fields import FIELDS, chosen_names, parse_mapping
from transforms.read.files import expand_pattern, split_input
from transforms.read.formats import FORMATS
from transforms.read.plan import plan_file
from transforms.read.ranges import read_range

SECONDS = 5.0
SAMPLES = 3
# Characters of a sample's text, and of a message.
TEXT_CHARS = 300
MESSAGE_CHARS = 100
PROBLEMS = 12


@dataclass
class Seen:
    """What was seen of one format: files, records, articles parsed from them, and whether there is more."""

    files: set[str] = field(default_factory=set)
    records: int = 0
    articles: int = 0
    partly: bool = False


@dataclass
class Inspection:
    """All that was seen of an input."""

    files: int = 0
    size: int = 0
    unseen: int = 0
    formats: dict[str, Seen] = field(default_factory=dict)
    names: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    rejects: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], Reject] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    candidates: dict[str, list[Article]] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """What a run would be told: format ("": by content), mapping of fields, bytes of a record; and seconds to take."""

    file_format: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    max_record_size: int = 64 * MEGABYTE
    seconds: float = SECONDS


def inspect_files(files: Sequence[InputFile], settings: Settings) -> Inspection:
    """Look at files, each for its share of `settings.seconds`; what one leaves is the others'."""
    found = Inspection(files=len(files), size=sum(max(file.size, 0) for file in files))
    end = time.monotonic() + settings.seconds
    with closing(Extractor(timeout=settings.seconds)) as extractor:
        for index, file in enumerate(files):
            left = end - time.monotonic()
            if left <= 0:
                found.unseen = len(files) - index
                break
            deadline = time.monotonic() + left / min(len(files) - index, 20)
            _inspect_file(file, found, settings, extractor, deadline=deadline)
    return found


def _inspect_file(
    file: InputFile, found: Inspection, settings: Settings, extractor: Extractor, *, deadline: float
) -> None:
    touched: set[str] = set()
    for item in _read(file, settings):
        if isinstance(item, Skipped):
            found.skipped[item.reason] += 1
        elif isinstance(item, Reject):
            _add_reject(found, item)
        else:
            touched.add(item.file_format)
            seen = found.formats.setdefault(item.file_format, Seen())
            seen.files.add(file.path)
            seen.records += 1
            _add_record(found, seen, extract_record(item, extractor), settings)
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


def _add_record(found: Inspection, seen: Seen, extracted: Outcome[RawRecord], settings: Settings) -> None:
    record = extracted.kept
    if record is None:
        _add_reject(found, extracted.rejected)
        return
    outcome = parse_record(record, latest=datetime.now(tz=timezone.utc) + LATEST, mapping=settings.mapping)
    if outcome.rejected:
        _add_reject(found, outcome.rejected)
        return
    seen.articles += 1
    content = fields_of(record)
    if content is not None:
        for ours, theirs in chosen_names(content, settings.mapping).items():
            found.names[ours][theirs] += 1
    if outcome.kept and outcome.kept.text.strip():
        _add_candidate(found.candidates.setdefault(record.file_format, []), outcome.kept)


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


def show_inspection(found: Inspection, console: Console) -> None:
    """Print it. All that comes out of files is printed as text, never as markup."""
    console.print(f"{found.files:,} files, {found.size / MEGABYTE:,.1f} MiB", highlight=False)
    if found.unseen:
        console.print(f"{found.unseen:,} of them were not looked at: out of time", highlight=False)
    for table in (_formats(found), _mapping(found)):
        if table.row_count:
            console.print()
            console.print(table)
    for sample in choose_samples(found):
        console.print()
        _show_sample(sample, console)
    if found.skipped:
        most = ", ".join(f"{reason} {count:,}" for reason, count in found.skipped.most_common(8))
        console.print()
        console.print(f"No articles, passed over: {most}", highlight=False, soft_wrap=True)
    if found.rejects:
        console.print()
        console.print(_problems(found))


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in ("files", "records", "articles", "times") else "left")
    return table


def _formats(found: Inspection) -> Table:
    table = _table("Formats", "format", "files", "records", "articles")
    for kind, seen in sorted(found.formats.items()):
        more = "+" if seen.partly or found.unseen else ""
        table.add_row(kind, f"{len(seen.files):,}", f"{seen.records:,}{more}", f"{seen.articles:,}{more}")
    return table


def _mapping(found: Inspection) -> Table:
    table = _table("Fields, as they are read", "field", "from")
    for name in FIELDS:
        most = found.names[name].most_common(4)
        if most:
            table.add_row(name, Text(", ".join(f"{theirs} ({count:,})" for theirs, count in most)))
    return table


def _show_sample(article: Article, console: Console) -> None:
    lines = (
        ("Sample", f"{article.source_file} at {article.source_offset}"),
        ("title", article.title),
        ("url", article.url),
        ("source", article.source),
        ("authors", article.authors),
        ("published", article.published_at and f"{article.published_at:%Y-%m-%d %H:%M} UTC"),
        (
            "text",
            f"{' '.join(article.text[: 2 * TEXT_CHARS].split())[:TEXT_CHARS]} … ({len(article.text):,} characters)",
        ),
    )
    for name, value in lines:
        if value:
            console.print(Text(f"{name:10} {_printable(str(value))}"), soft_wrap=True)


def _problems(found: Inspection) -> Table:
    table = _table("Problems", "reason", "stage", "times", "the first")
    for key, count in found.rejects.most_common(PROBLEMS):
        first = found.examples[key]
        where = f"{first.source_file} at {first.source_offset}: {first.message}"
        table.add_row(key[1], key[0], f"{count:,}", Text(_printable(where)[-2 * MESSAGE_CHARS :]))
    return table


def _printable(text: str) -> str:
    """Without characters that a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def inspect_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam inspect --help`."""
    parser = command_parser(
        "inspect",
        "Show what a run would read of an input, in seconds: formats, fields, samples, problems.",
        {"newsbeam inspect dumps": "a folder", "newsbeam inspect 'dumps/*.warc.gz' --seconds 30": "a longer look"},
    )
    parser.add_argument("input", nargs="+", metavar="INPUT", help="Files, directories, globs, local or gs://.")
    parser.add_argument("--input_format", choices=("auto", *FORMATS), default="auto", help="As for run.")
    parser.add_argument("--fields", metavar="FIELD=NAME,…", help="As for run.")
    parser.add_argument("--max_record_mb", type=int, default=64, metavar="N", help="As for run.")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S", help="Take about so long. Default: %(default)s."
    )
    return parser


def inspect(argv: Sequence[str], console: Console | None = None) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: for what the user can mend.
    """
    options = inspect_parser().parse_args(list(argv))
    try:
        mapping = parse_mapping(options.fields) if options.fields else {}
    except ValueError as error:
        raise UsageError(f"--fields: {error}") from error
    try:
        patterns = itertools.chain.from_iterable(split_input(value) for value in options.input)
        files = list(dict.fromkeys(itertools.chain.from_iterable(map(expand_pattern, patterns))))
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"the input matches nothing or can't be read: {error}") from error
    settings = Settings(
        file_format="" if options.input_format == "auto" else options.input_format,
        mapping=mapping,
        max_record_size=max(options.max_record_mb, 1) * MEGABYTE,
        seconds=max(options.seconds, 0.1),
    )
    found = inspect_files(files, settings)
    if options.json:
        print_json(inspection_json(found))
    else:
        show_inspection(found, console or Console())
    return DONE


def inspection_json(found: Inspection) -> dict[str, Any]:
    """An inspection for machines. Counts are of what was seen; `partly` says that there is more."""
    formats = {
        kind: {"files": len(seen.files), "records": seen.records, "articles": seen.articles, "partly": seen.partly}
        for kind, seen in sorted(found.formats.items())
    }
    samples = [
        {
            "source_file": article.source_file,
            "source_offset": article.source_offset,
            **{name: getattr(article, name) for name in ("title", "url", "source", "authors")},
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "text": article.text[: 2 * TEXT_CHARS],
        }
        for article in choose_samples(found)
    ]
    problems = [
        {
            "stage": stage,
            "reason": reason,
            "times": count,
            "first_file": found.examples[stage, reason].source_file,
            "first_offset": found.examples[stage, reason].source_offset,
            "message": found.examples[stage, reason].message,
        }
        for (stage, reason), count in found.rejects.most_common()
    ]
    return {
        "files": found.files,
        "bytes": found.size,
        "unseen": found.unseen,
        "formats": formats,
        "fields": {name: dict(names) for name, names in found.names.items() if names},
        "skipped": dict(found.skipped),
        "problems": problems,
        "samples": samples,
    }
