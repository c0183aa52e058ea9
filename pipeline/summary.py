"""The end of a run, for a person: what came in, what became of it, who was in the news, and where to look."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems
from rich.console import Console
from rich.table import Table
from rich.text import Text

from transforms.assemble.rows import sentiment_label
from transforms.entities.engine import FAST
from transforms.runtime.files import parquet_files
from transforms.runtime.storage import read_file

KINDS = {"PERSON": "People", "ORG": "Organisations", "GPE": "Places"}
MOST = 5
# Files of the ledger that are shown, and characters of their names.
MOST_FILES = 8
LONGEST_NAME = 36
STYLES = {"positive": "green", "negative": "red"}


@dataclass(frozen=True)
class Named:
    """An entity over all articles: in how many it is named, how often, and the mean of its sentiment there."""

    name: str
    articles: int
    mentions: int
    sentiment: float | None


def most_named(output: str, *, most: int = MOST) -> dict[str, list[Named]]:
    """The entities that most articles name, by kind. Reads four columns of `entities`."""
    found: dict[str, dict[str, list[tuple[str, int, float | None]]]] = {kind: defaultdict(list) for kind in KINDS}
    for path in table_files(output, "entities"):
        columns = ["entity_id", "name", "label", "mention_count", "sentiment"]
        table = pq.read_table(io.BytesIO(read_file(path)), columns=columns)
        for key, name, label, count, sentiment in zip(*(table[column].to_pylist() for column in columns), strict=True):
            if label in found:
                found[label][key].append((name, count, sentiment))
    return {
        kind: sorted((_named(rows) for rows in entities.values()), key=_importance)[:most]
        for kind, entities in found.items()
    }


def _named(rows: list[tuple[str, int, float | None]]) -> Named:
    names: Counter[str] = Counter()
    for name, count, _ in rows:
        names[name] += count
    scores = [score for _, _, score in rows if score is not None]
    # Between spellings used equally often, one that isn't all capitals reads better.
    name = min(names, key=lambda spelling: (-names[spelling], spelling.isupper(), spelling))
    return Named(name, len(rows), sum(names.values()), sum(scores) / len(scores) if scores else None)


def _importance(named: Named) -> tuple[int, int, str]:
    return -named.articles, -named.mentions, named.name


def table_files(output: str, table: str) -> list[str]:
    """The Parquet files of a table; none where it has no rows."""
    return [file.path for file in parquet_files(FileSystems.join(output, table))]


def show_summary(manifest: Mapping[str, Any], output: str, *, elapsed: float, console: Console) -> None:
    """Print the summary of a finished run. `elapsed`: seconds since it started."""
    ledger = manifest["ledger"]
    speed = ledger["records"] / max(elapsed, 0.001)
    console.print()
    console.print(
        f"[bold]{ledger['records']:,}[/] records = [bold]{ledger['articles']:,}[/] articles "
        f"+ [bold]{ledger['rejects']:,}[/] rejects, in {elapsed:.1f} s ({speed:,.0f} documents/s)",
        highlight=False,
    )
    if skipped := manifest.get("skipped"):
        most = ", ".join(f"{reason} {count:,}" for reason, count in list(skipped.items())[:MOST])
        total = sum(skipped.values())
        console.print(f"{total:,} parts of archives that are no articles were passed over: {most}.", highlight=False)
    if copies := ledger["copies"]:
        console.print(f"{copies:,} of the articles are copies of another.", highlight=False)
    if ledger["file_count"] > 1:
        console.print(_files(ledger))
    for model in manifest["models"].values():
        for engine in model["engine"]:
            if engine != FAST:
                # Text, not markup: the reason may quote an error.
                console.print(Text(f"{model['name']} ran slowly, through {engine}"), highlight=False)
    if manifest["rejects"]:
        console.print(_reasons(manifest["rejects"]))
    named = most_named(output)
    if any(named.values()):
        console.print(_names(named, manifest["sentiment"]["neutral"]))
    for line in _where(output, ledger["articles"]):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _files(ledger: Mapping[str, Any]) -> Table:
    """The ledger by file: those with most rejects, then those with most records."""
    columns = ("records", "articles", "copies", "rejects")
    more = ledger["file_count"] - MOST_FILES
    caption = f"and {more:,} more files: `_run.json` has the first {len(ledger['files']):,}" if more > 0 else None
    table = Table(box=None, padding=(0, 2, 0, 0), title="Files", title_justify="left", title_style="bold")
    table.caption, table.caption_justify = caption, "left"
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for line in sorted(ledger["files"], key=_by_rejects)[:MOST_FILES]:
        # Text, not markup: names come from outside. The end of a long one tells more.
        name = line["file"] if len(line["file"]) <= LONGEST_NAME else "…" + line["file"][1 - LONGEST_NAME :]
        table.add_row(Text(printable(name)), *(f"{line[column]:,}" for column in columns))
    return table


def printable(name: str) -> str:
    """A name without what a terminal would take for a command."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _by_rejects(line: Mapping[str, Any]) -> tuple[int, int, str]:
    return -line["rejects"], -line["records"], line["file"]


def _reasons(rejects: Mapping[str, int]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title="Rejects", title_justify="left", title_style="bold")
    table.add_column("reason")
    table.add_column("stage")
    table.add_column("records", justify="right")
    for key, count in rejects.items():
        stage, _, reason = key.partition(".")
        table.add_row(reason, stage, f"{count:,}")
    return table


def _names(named: Mapping[str, list[Named]], neutral: float) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title="Most named", title_justify="left", title_style="bold")
    for header in ("", "articles", "mentions", "sentiment"):
        table.add_column(header, justify="left" if not header else "right")
    for kind, entities in named.items():
        for index, entity in enumerate(entities):
            if index == 0:
                table.add_row(Text(KINDS[kind], style="bold"))
            label = sentiment_label(entity.sentiment, neutral)
            mood = Text(f"{entity.sentiment:+.2f} {label}" if label else "not known", style=STYLES.get(label or "", ""))
            # Text, not markup: names come out of articles.
            table.add_row(Text(f"  {entity.name}"), f"{entity.articles:,}", f"{entity.mentions:,}", mood)
    return table


def _where(output: str, articles: int) -> Iterator[str]:
    yield ""
    yield f"Tables: {output}"
    if articles:
        yield "Try, in DuckDB:"
        files = FileSystems.join(output, "entities", "*.parquet").replace("'", "''")
        what = "SELECT name, count(*) AS articles, round(avg(sentiment), 2) AS sentiment"
        yield f"  {what} FROM '{files}' WHERE label = 'PERSON' GROUP BY ALL ORDER BY articles DESC LIMIT 10;"
