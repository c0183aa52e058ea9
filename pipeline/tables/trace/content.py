"""What is known of one article: its rows, its record, and what cleaning changed."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.options import UsageError
from pipeline.tables.results import plain
from pipeline.tables.runs import Run
from pipeline.tables.source import RecordSource, read_source
from transforms.clean.furniture import remove_furniture
from transforms.clean.text import repair_text

# As many characters of an id as make a slip unlikely.
SHORTEST = 6
MENTION_RE = re.compile(r"(.{6,}):(\d+)", re.DOTALL)
WORD_RE = re.compile(r"\w+|\s+|[^\w\s]")
KEPT, REMOVED, ADDED = " ", "-", "+"


@dataclass(frozen=True)
class Change:
    """A line of the diff between the text as read and as cleaned: how it fared, itself, and the rule that took it.

    `parts` are its pieces, each with whether it is what sets the line apart from the one that took its place.
    """

    kind: str
    line: str
    rule: str = ""
    parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Trace:
    """One article with all that became of it. `mention` is the one that was asked for, by its index."""

    run: Run
    article: dict[str, Any]
    sentences: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    source: RecordSource
    changes: list[Change]
    mention: int | None = None

    @property
    def same(self) -> bool:
        """Whether the record, read now, still gives the text that the run has."""
        return self.source.cleaned is not None and self.source.cleaned.content_hash == self.article["content_hash"]

    def shown_sentences(self) -> list[dict[str, Any]]:
        """The sentences to show: all, or that of the mention with its neighbours."""
        if self.mention is None:
            return self.sentences
        place = self.mentions[self.mention]["sentence_index"]
        return [row for row in self.sentences if abs(row["sentence_index"] - place) <= 1]


def collect(connection: duckdb.DuckDBPyConnection, run: Run, wanted: str, dump: str | None) -> Trace:
    """Everything about an article of an opened run.

    Raises:
        UsageError: there is no such article or mention, or more than one.
    """
    article, mention = _find_article(connection, wanted)
    key = article["article_id"]
    sentences = _rows(connection, "FROM sentences WHERE article_id = ? ORDER BY sentence_index", key)
    mentions = _rows(connection, "FROM mentions WHERE article_id = ? ORDER BY mention_index", key)
    entities = _rows(connection, "FROM entities WHERE article_id = ? ORDER BY mention_count DESC, first_char", key)
    if mention is not None and mention >= len(mentions):
        raise UsageError(f"article {key} has {len(mentions)} mentions, numbered from 0; there is no {mention}")
    source = read_source(run.manifest, article["source_file"], article["source_offset"], dump)
    changes = compare(source.parsed.text) if source.parsed else []
    return Trace(run, article, sentences, mentions, entities, source, changes, mention)


def _find_article(connection: duckdb.DuckDBPyConnection, wanted: str) -> tuple[dict[str, Any], int | None]:
    """The row of an article by id, beginning of an id or url, and the index of the mention that is asked for.

    Raises:
        UsageError: none, or more than one.
    """
    found = _rows(connection, "FROM articles WHERE article_id = ? OR url = ? LIMIT 2", wanted, wanted)
    mention = None
    if not found:
        if parts := MENTION_RE.fullmatch(wanted):
            wanted, mention = parts[1], int(parts[2])
        if len(wanted) < SHORTEST:
            raise UsageError(f"`{wanted}` is too short for an article_id: give {SHORTEST} characters or more")
        found = _rows(
            connection,
            "FROM articles WHERE starts_with(article_id, ?) OR url = ? ORDER BY article_id LIMIT 2",
            wanted,
            wanted,
        )
    if not found:
        raise UsageError(f"no article `{wanted}` in this run: neither an article_id nor a url")
    if len(found) > 1:
        raise UsageError(f"`{wanted}` is more than one article: {', '.join(row['article_id'] for row in found)}, …")
    return found[0], mention


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *values: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]


def compare(raw: str) -> list[Change]:
    """What cleaning does to a text, line by line."""
    cleaned, removed = remove_furniture(repair_text(raw))
    rules = {line.line: line.rule for line in removed}
    before, after = raw.splitlines(), cleaned.split("\n")
    changes = []
    for code, low, high, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if code == "equal":
            changes += [Change(KEPT, line) for line in before[low:high]]
            continue
        old, new = before[low:high], after[first:last]
        pairs = [_words(one, other) for one, other in zip(old, new, strict=True)] if len(old) == len(new) else []
        for index, line in enumerate(old):
            rule = rules.get(repair_text(line), "")
            changes.append(Change(REMOVED, line, rule, pairs[index][0] if pairs else ((line, True),)))
            if pairs:
                changes.append(Change(ADDED, new[index], parts=pairs[index][1]))
        changes += [Change(ADDED, line, parts=((line, True),)) for line in new[len(pairs) :]]
    return changes


def _words(old: str, new: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Two versions of a line, each in pieces with whether they differ from the other's."""
    before, after = WORD_RE.findall(old), WORD_RE.findall(new)
    removed, added = [], []
    for code, low, high, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed.append(("".join(before[low:high]), code != "equal"))
        added.append(("".join(after[first:last]), code != "equal"))
    return tuple(part for part in removed if part[0]), tuple(part for part in added if part[0])


def to_json(trace: Trace) -> dict[str, Any]:
    """A trace for machines."""
    record = trace.source.record
    return {
        "run_id": trace.run.run_id,
        "article": trace.article,
        "source": {
            "file": trace.article["source_file"],
            "offset": trace.article["source_offset"],
            "format": record.file_format if record else None,
            "bytes": len(record.payload) if record else None,
            "same_text": trace.same,
            "problem": trace.source.problem or None,
        },
        "raw": plain(record.payload) if record else None,
        "text_as_read": trace.source.parsed.text if trace.source.parsed else None,
        "changes": [
            {"kind": change.kind, "line": change.line, "rule": change.rule or None}
            for change in trace.changes
            if change.kind != KEPT
        ],
        "sentences": trace.sentences,
        "mentions": trace.mentions if trace.mention is None else [trace.mentions[trace.mention]],
        "entities": trace.entities,
    }
