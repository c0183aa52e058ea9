"""What was seen of an input, for people and for machines. A `+` says that there is more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.flags import MEGABYTE
from pipeline.inspection.look import TEXT_CHARS, Inspection, choose_samples
from pipeline.warnings import undated_line
from schemas.records import Article
from transforms.parse.fields import FIELDS

MESSAGE_CHARS = 100
PROBLEMS = 12
UNREAD = 20


def show_inspection(found: Inspection, console: Console) -> None:
    """Print it. All that comes out of files is printed as text, never as markup."""
    console.print(f"{found.files:,} files, {found.size / MEGABYTE:,.1f} MiB", highlight=False)
    if found.unseen:
        console.print(f"{found.unseen:,} of them were not looked at: out of time", highlight=False)
    for table in (_formats(found), _mapping(found)):
        if table.row_count:
            console.print()
            console.print(table)
    for line in _left_out(found):
        console.print()
        console.print(line, highlight=False, markup=False, soft_wrap=True)
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


def _left_out(found: Inspection) -> Iterator[str]:
    """Fields that nothing is read from, and articles without a date."""
    if found.unread:
        names = ", ".join(f"{_printable(name)} ({count:,})" for name, count in found.unread.most_common(UNREAD))
        more = len(found.unread) - UNREAD
        yield f"Fields that nothing is read from: {names}{f' and {more:,} more' if more > 0 else ''}"
    if line := undated_line(found.undated, found.articles):
        yield line


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
        "unread": dict(found.unread.most_common()),
        "undated": dict(found.undated.most_common()),
        "skipped": dict(found.skipped),
        "problems": problems,
        "samples": samples,
    }
