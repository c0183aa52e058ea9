"""The end of a run, for a person: what came in, what became of it, who was in the news, and where to look."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.warnings import UNDATED, count_shares, is_much, undated_line, warnings_of
from transforms.entities.engine import FAST
from transforms.runtime.parquet import open_columns
from transforms.runtime.run_files import published_parts, read_manifest
from transforms.sentiment.aggregate import ENOUGH, mean_error

KINDS = {"PERSON": "People", "ORG": "Organisations", "GPE": "Places"}
MOST = 5
# Files of the ledger that are shown, and characters of their names.
MOST_FILES = 8
LONGEST_NAME = 36
# Below the names.
TONE = "Tone: the mean over articles ± two standard errors. Most lie below 0: news blames more than it praises."


@dataclass(frozen=True)
class _Named:
    """An identity over all articles: in how many it is named, how often, and the mean of its sentiment there.

    `scored` mentions have a sentiment; `error` is the mean's standard error, None without any.
    """

    name: str
    articles: int
    mentions: int
    sentiment: float | None
    scored: int
    error: float | None


class Row(NamedTuple):
    """What the summary reads of a row of `entities`."""

    article_id: str
    mention_count: int
    sentiment: float | None
    sentiment_count: int
    sentiment_error: float | None


def most_named(output: str, *, most: int = MOST) -> dict[str, list[_Named]]:
    """Who and what most articles name, by kind, under all their names.

    The counts of `identities` tell who comes into question; of `entities` only their rows are looked at.
    """
    named, entities = _candidates(output, 4 * most)
    found: dict[str, list[Row]] = defaultdict(list)
    for path in _table_files(output, "entities") if named else ():
        with open_columns(path) as file:
            table = file.read(["entity_id", *Row._fields])
        table = table.filter(pc.is_in(table["entity_id"], pa.array(list(entities), pa.string())))
        for key, *row in zip(*(table[name].to_pylist() for name in ("entity_id", *Row._fields)), strict=True):
            found[entities[key]].append(Row(*row))
    return {
        kind: sorted(
            (_named(name, found[key]) for key, (name, label) in named.items() if label == kind), key=_importance
        )[:most]
        for kind in KINDS
    }


def _candidates(output: str, most: int) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Identities that may be most named → name and kind, and their entities → identity."""
    articles: dict[str, Counter[tuple[str, str]]] = {kind: Counter() for kind in KINDS}
    entities: dict[str, str] = {}
    columns = ["entity_id", "identity_id", "identity_name", "identity_label", "article_count"]
    for path in _table_files(output, "identities"):
        with open_columns(path) as file:
            table = file.read(columns)
        values = (table[column].to_pylist() for column in columns)
        for entity_id, identity_id, name, label, count in zip(*values, strict=True):
            if label in articles:
                articles[label][identity_id, name] += count
                entities[entity_id] = identity_id
    named = {
        key: (name, label)
        for label, counts in articles.items()
        for (key, name), _ in sorted(counts.items(), key=_by_articles)[:most]
    }
    return named, {entity_id: key for entity_id, key in entities.items() if key in named}


def _by_articles(item: tuple[tuple[str, str], int]) -> tuple[int, str]:
    return -item[1], item[0][1]


def _named(name: str, rows: list[Row]) -> _Named:
    """One identity over all articles; an article that has it as two entities counts once."""
    scores = [row.sentiment for row in rows if row.sentiment is not None]
    errors = [row.sentiment_error for row in rows if row.sentiment_error is not None]
    mean = sum(scores) / len(scores) if scores else None
    error = mean_error(scores, errors) if scores else None
    articles, mentions = len({row.article_id for row in rows}), sum(row.mention_count for row in rows)
    return _Named(name, articles, mentions, mean, sum(row.sentiment_count for row in rows), error)


def _importance(named: _Named) -> tuple[int, int, str]:
    return -named.articles, -named.mentions, named.name


def _table_files(output: str, table: str) -> list[str]:
    """The Parquet files of a table."""
    return [part.path for part in published_parts(output, read_manifest(output) or {}) if part.table == table]


def show_summary(manifest: Mapping[str, Any], output: str, *, elapsed: float, console: Console) -> None:
    """Print the summary of a finished run. `elapsed`: seconds since it started."""
    ledger = manifest["ledger"]
    speed = ledger["records"] / max(elapsed, 0.001)
    left_out = f" + [bold]{ledger['left_out']:,}[/] left out" if ledger.get("left_out") else ""
    console.print()
    console.print(
        f"[bold]{ledger['records']:,}[/] records = [bold]{ledger['articles']:,}[/] articles "
        f"+ [bold]{ledger['rejects']:,}[/] rejects{left_out}, in {elapsed:.1f} s ({speed:,.0f} documents/s)",
        highlight=False,
        soft_wrap=True,
    )
    for line in _remarks(manifest):
        console.print(line, highlight=False, soft_wrap=True)
    for warning in warnings_of(manifest, count_shares(output, manifest)):
        console.print(Text("Warning: ", style="bold yellow") + Text(warning), soft_wrap=True)
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
        console.print(_names(named))
        console.print(TONE, style="dim", highlight=False, soft_wrap=True)
    for line in _where(output, ledger["articles"]):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _remarks(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What was passed over, what is a copy, and what has no date."""
    ledger = manifest["ledger"]
    if left_out := manifest.get("left_out"):
        why = ", ".join(f"{count:,} {WHY_LEFT_OUT.get(reason, reason)}" for reason, count in left_out.items())
        yield f"Left out, as asked: {why}."
    skipped = dict(manifest.get("skipped", {}))
    if not_drawn := skipped.pop("not_drawn", 0):
        yield f"A sample: {not_drawn:,} more records were not drawn."
    if skipped:
        most = ", ".join(f"{reason} {count:,}" for reason, count in list(skipped.items())[:MOST])
        yield f"{sum(skipped.values()):,} parts of archives that are no articles were passed over: {most}."
    if copies := ledger["copies"]:
        yield f"{copies:,} of the articles {'is a copy' if copies == 1 else 'are copies'} of another."
    if not is_much(undated := sum(manifest.get("undated", {}).values()), ledger["articles"], UNDATED) and undated:
        yield str(undated_line(manifest["undated"], ledger["articles"]))


WHY_LEFT_OUT = {
    "language": "of another language",
    "date": "of another time",
    "no_date": "without a date",
    "outlet": "of another outlet",
}


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


def _names(named: Mapping[str, list[_Named]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title="Most named", title_justify="left", title_style="bold")
    for header in ("", "articles", "mentions", "tone, −1 to +1"):
        table.add_column(header, justify="left" if not header else "right")
    for kind, entities in named.items():
        for index, entity in enumerate(entities):
            if index == 0:
                table.add_row(Text(KINDS[kind], style="bold"))
            # Text, not markup: names come out of articles.
            table.add_row(Text(f"  {entity.name}"), f"{entity.articles:,}", f"{entity.mentions:,}", _tone(entity))
    return table


def _tone(entity: _Named) -> Text:
    """The mean with two standard errors, coloured where it differs from 0; none that rests on too few mentions."""
    if entity.sentiment is None or entity.error is None:
        return Text("not known", style="dim")
    few = f" of {entity.scored:,}" if entity.scored < entity.mentions else ""
    if entity.scored < ENOUGH:
        return Text(f"too few mentions{few}", style="dim")
    style = "" if abs(entity.sentiment) <= 2 * entity.error else "red" if entity.sentiment < 0 else "green"
    return Text(f"{entity.sentiment:+.2f} ± {2 * entity.error:.2f}{few}".replace("-", "−"), style=style)


def _where(output: str, articles: int) -> Iterator[str]:
    """Where the tables are, and what to type next."""
    yield ""
    yield f"Tables: {output}"
    if articles:
        place = shlex.quote(output)
        yield f"Look:   newsbeam report {place}    one page with all of this and more"
        query = "SELECT name, articles FROM names ORDER BY articles DESC LIMIT 20"
        yield f"Ask:    newsbeam sql {place} -c '{query}'"
