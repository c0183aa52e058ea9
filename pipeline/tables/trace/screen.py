"""A trace in a terminal, with colour. Everything out of articles is text, never markup or an order to the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline.tables.trace.content import ADDED, KEPT, REMOVED, Change, Trace
from pipeline.usage import printable

RAW_CHARS = 600
# Lines of the diff around a change, and of a diff in all.
AROUND = 1
# Characters of what didn't change that are shown beside what did.
BESIDE = 28
MOST_LINES = 200
MOODS = {"positive": "green", "negative": "red", "neutral": "dim"}
KIND_STYLES = {"PERSON": "bold cyan", "ORG": "bold magenta", "GPE": "bold yellow"}


def show(trace: Trace, console: Console) -> None:
    """Print a trace."""
    _header(trace, console)
    if trace.mention is None:
        _source(trace, console)
        _changes(trace, console)
    _sentences(trace, console)
    _entities(trace, console)


def _header(trace: Trace, console: Console) -> None:
    article = trace.article
    console.print(Text(printable(article["title"] or "Untitled"), style="bold"))
    language = article["language"] or "not known"
    lines = {
        "article": article["article_id"],
        "url": article["url"],
        "source": article["source"],
        "authors": article["authors"],
        "published": article["published_at"],
        "language": f"{language} ({article['language_confidence'] or 0:.2f})",
        "tone": _score(article["sentiment"], article["sentiment_label"]),
        "copy": f"{article['duplicate']} copy of {article['canonical_id']}, under which its names are stored"
        if article["duplicate"]
        else None,
    }
    for name, value in lines.items():
        if value:
            console.print(Text.assemble((f"{name:10}", "dim"), printable(str(value))), soft_wrap=True)


def _score(value: float | None, label: str | None) -> str | None:
    return None if value is None else f"{value:+.3f} {label}"


def _source(trace: Trace, console: Console) -> None:
    article, record = trace.article, trace.source.record
    console.print(Rule("Raw bytes", align="left", style="dim"))
    kind = f", {len(record.payload):,} bytes of {record.file_format}" if record else ""
    place = f"{article['source_file']} at {article['source_offset']:,}{kind}"
    console.print(Text(printable(place)), soft_wrap=True)
    if trace.source.problem:
        console.print(Text(printable(trace.source.problem), style="yellow"), soft_wrap=True)
    elif not trace.same:
        warning = "The dump's record gives another text now than the run has; what follows here is today's."
        console.print(Text(warning, style="yellow"))
    if record:
        shown = record.payload[: 4 * RAW_CHARS].decode("utf-8", "backslashreplace")[:RAW_CHARS]
        more = " …" if len(record.payload) > len(shown.encode()) else ""
        console.print(Text(printable(shown.replace("\r", "")) + more, style="dim"))


def _changes(trace: Trace, console: Console) -> None:
    if trace.source.parsed is None:
        return
    console.print(Rule("What cleaning changed", align="left", style="dim"))
    if all(change.kind == KEPT for change in trace.changes):
        console.print("Nothing: the text stands as it was read.", style="dim")
        return
    for line in _diff(trace.changes):
        console.print(line, soft_wrap=True)


def _diff(changes: list[Change]) -> Iterator[Text]:
    near = [
        any(other.kind != KEPT for other in changes[max(0, index - AROUND) : index + AROUND + 1])
        for index in range(len(changes))
    ]
    shown = 0
    for index, change in enumerate(changes):
        if not near[index]:
            if index and near[index - 1]:
                yield Text("  …", style="dim")
            continue
        shown += 1
        if shown > MOST_LINES:
            yield Text("… and more; --json has all", style="dim")
            return
        yield _line(change)


def _line(change: Change) -> Text:
    """A line of the diff; of one that changed in places, the places and what is next to them."""
    if change.kind == KEPT:
        return Text(f"  {_short(printable(change.line))}", style="dim")
    style = {REMOVED: "red", ADDED: "green"}[change.kind]
    line = Text.assemble((f"{change.kind} ", style))
    for index, (part, changed) in enumerate(change.parts):
        shown = printable(part)
        if changed:
            line.append(shown, style=style if len(change.parts) == 1 else f"{style} bold")
        else:
            line.append(_short(shown, start=index == 0, end=index == len(change.parts) - 1), style="dim")
    if change.rule:
        line.append(f"  ← {change.rule}", style="yellow")
    return line


def _short(text: str, *, start: bool = False, end: bool = True) -> str:
    """A piece of a line that didn't change, without its middle, or without its far end at the line's start or end."""
    if len(text) <= 2 * BESIDE + 3:
        return text
    if start:
        return "… " + text[-BESIDE:].lstrip()
    return text[:BESIDE].rstrip() + " … " + ("" if end else text[-BESIDE:].lstrip())


def _sentences(trace: Trace, console: Console) -> None:
    console.print(Rule("Sentences and names", align="left", style="dim"))
    if not trace.sentences:
        console.print("No model of its language ran, or it is a copy; the text as cleaned:", style="dim")
        console.print(Text(printable(trace.article["text"])))
        return
    for row in trace.shown_sentences():
        console.print(_sentence(trace, row))


def _sentence(trace: Trace, row: dict[str, Any]) -> Text:
    start, end = row["start_char"], row["end_char"]
    score = "      " if row["sentiment"] is None else f"{row['sentiment']:+.2f} "
    # Replacing characters one by one keeps the offsets.
    body = Text(printable(trace.article["text"][start:end]).replace("\n", " "))
    for mention in trace.mentions:
        if start <= mention["start_char"] < end:
            style = KIND_STYLES.get(mention["label"], "underline")
            if mention["mention_index"] == trace.mention:
                style += " reverse"
            body.stylize(style, mention["start_char"] - start, min(mention["end_char"], end) - start)
    return Text.assemble((score, MOODS.get(row["sentiment_label"] or "", "dim")), body)


def _entities(trace: Trace, console: Console) -> None:
    rows = trace.entities
    if trace.mention is not None:
        mention = trace.mentions[trace.mention]
        score = _score(mention["sentiment"], mention["sentiment_label"]) or "not known"
        place = f"characters {mention['start_char']:,} to {mention['end_char']:,}"
        console.print(Rule(f"Mention {trace.mention}", align="left", style="dim"))
        console.print(Text(printable(f"{mention['text']} ({mention['label']}), {place}, tone {score}")))
        rows = [row for row in rows if row["entity_id"] == mention["entity_id"]]
    if not rows:
        return
    console.print(Rule("Entities", align="left", style="dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("name", "kind", "mentions", "prominence", "tone", "where"):
        table.add_column(name, justify="right" if name in ("mentions", "prominence", "tone") else "left")
    for row in rows:
        table.add_row(
            Text(printable(row["name"]), style=KIND_STYLES.get(row["label"], "")),
            row["label"],
            str(row["mention_count"]),
            f"{row['prominence']:.2f}",
            Text(
                "–" if row["sentiment"] is None else f"{row['sentiment']:+.2f}",
                MOODS.get(row["sentiment_label"] or "", ""),
            ),
            row["country_code"] or "",
        )
    console.print(table)
