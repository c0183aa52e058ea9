"""A trace as one HTML file without a script. Everything out of articles is escaped; the page can load nothing."""

from __future__ import annotations

import html
from importlib import resources
from typing import Any

from pipeline.tables.trace.content import ADDED, KEPT, REMOVED, Change, Trace
from pipeline.usage import printable

RAW_CHARS = 4000
STYLE = """
main { max-width: 860px; } .diff { white-space: pre-wrap; font: .85rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.diff span { display: block; padding: 0 .5rem; unicode-bidi: isolate; min-height: 1.5em; }
.diff .removed { background: color-mix(in srgb, var(--n2) 22%, transparent); }
.diff .added { background: color-mix(in srgb, var(--p2) 22%, transparent); }
.diff small { text-decoration: none; color: var(--muted); float: right; }
.sentence { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr); gap: .4rem; margin: .35rem 0; }
.sentence p { margin: 0; font: 1.05rem/1.55 var(--serif); unicode-bidi: isolate; }
.wanted { outline: 2px solid var(--accent); } mark small { font: 600 .62rem var(--sans); color: var(--muted); }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: 1rem 0; }
dl.facts dd { margin: 0; unicode-bidi: isolate; } dl.facts dt { color: var(--muted); }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def text(value: object) -> str:
    """A value out of an article as HTML."""
    return html.escape(printable(str(value)))


def render(trace: Trace) -> str:
    """The page of a trace."""
    css = resources.files("pipeline.tables.report").joinpath("page.css").read_text(encoding="utf-8")
    title = text(trace.article["title"] or "Untitled")
    parts = [_facts(trace), _raw(trace), _changes(trace), _sentences(trace), _entities(trace)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<meta name="referrer" content="no-referrer"><title>{title} · newsbeam</title>'
        f"<style>{css}{STYLE}</style></head>"
        f'<body><main id="main"><header><p class="brand">newsbeam</p><h1><bdi>{title}</bdi></h1></header>'
        f"{''.join(parts)}</main></body></html>\n"
    )


def _facts(trace: Trace) -> str:
    article = trace.article
    copy = f"{article['duplicate']} copy of {article['canonical_id']}" if article["duplicate"] else None
    facts = {
        "Article": article["article_id"],
        "Address": article["url"],
        "Outlet": article["source"],
        "Authors": article["authors"],
        "Published": article["published_at"],
        "Language": article["language"],
        "Tone": None if article["sentiment"] is None else f"{article['sentiment']:+.3f}, {article['sentiment_label']}",
        "Copy": copy,
        "Run": trace.run.run_id,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in facts.items() if value)
    return f'<dl class="facts">{rows}</dl>'


def _raw(trace: Trace) -> str:
    article, record = trace.article, trace.source.record
    size = f", {len(record.payload):,} bytes of {text(record.file_format)}" if record else ""
    parts = [f"<p>{text(article['source_file'])} at {article['source_offset']:,}{size}.</p>"]
    if trace.source.problem:
        parts.append(f'<p class="negative">{text(trace.source.problem)}</p>')
    elif not trace.same:
        parts.append('<p class="negative">The dump’s record gives another text now than the run has.</p>')
    if record:
        shown = record.payload[: 4 * RAW_CHARS].decode("utf-8", "backslashreplace")[:RAW_CHARS]
        parts.append(f'<pre tabindex="0">{text(shown)}</pre>')
    return f"<section><h2>Raw bytes</h2>{''.join(parts)}</section>"


def _changes(trace: Trace) -> str:
    if trace.source.parsed is None:
        return ""
    if all(change.kind == KEPT for change in trace.changes):
        body = "<p>Nothing: the text stands as it was read.</p>"
    else:
        names = {REMOVED: ("removed", "del"), ADDED: ("added", "ins"), KEPT: ("kept", "span")}
        lines = []
        for change in trace.changes:
            style, _ = names[change.kind]
            rule = f"<small>{text(change.rule)}</small>" if change.rule else ""
            sign = (
                f"<span hidden>{'removed' if change.kind == REMOVED else 'added'}</span>" if change.kind != KEPT else ""
            )
            lines.append(f'<span class="{style}">{rule}{sign}{_parts(change)}</span>')
        body = f'<div class="diff">{"".join(lines)}</div>'
    return f"<section><h2>What cleaning changed</h2>{body}</section>"


def _parts(change: Change) -> str:
    if len(change.parts) < 2:
        return text(change.line)
    return "".join(f"<b>{text(part)}</b>" if changed else text(part) for part, changed in change.parts)


def _sentences(trace: Trace) -> str:
    if not trace.sentences:
        note = '<p class="note">No model of its language ran, or it is a copy; the text as cleaned:</p>'
        body = f'{note}<div class="diff">{text(trace.article["text"])}</div>'
        return f"<section><h2>Sentences and names</h2>{body}</section>"
    rows = "".join(
        f'<div class="sentence"><span class="pill {row["sentiment_label"] or "neutral"}">'
        f"{_score(row['sentiment'])}</span><p>{_marked(trace, row)}</p></div>"
        for row in trace.shown_sentences()
    )
    return f"<section><h2>Sentences and names</h2>{rows}</section>"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f}"


def _marked(trace: Trace, row: dict[str, Any]) -> str:
    content, position, end = trace.article["text"], row["start_char"], row["end_char"]
    parts = []
    for mention in trace.mentions:
        start, stop = mention["start_char"], min(mention["end_char"], end)
        if position <= start < end:
            wanted = ' class="wanted"' if mention["mention_index"] == trace.mention else ""
            label = f"<small> {text(mention['label'])}</small>"
            parts += [text(content[position:start]), f"<mark{wanted}>{text(content[start:stop])}{label}</mark>"]
            position = stop
    return "".join([*parts, text(content[position:end])])


def _entities(trace: Trace) -> str:
    if not trace.entities:
        return ""
    rows = "".join(
        f"<tr><td>{text(row['name'])}</td><td>{text(row['label'])}</td><td class=n>{row['mention_count']}</td>"
        f"<td class=n>{row['prominence']:.2f}</td>"
        f"<td class=n>{_score(row['sentiment'])}</td></tr>"
        for row in trace.entities
    )
    head = (
        "<tr><th>Name</th><th>Kind</th><th class=n>Mentions</th><th class=n>Prominence</th><th class=n>Tone</th></tr>"
    )
    return f"<section><h2>Entities</h2><table><thead>{head}</thead><tbody>{rows}</tbody></table></section>"
