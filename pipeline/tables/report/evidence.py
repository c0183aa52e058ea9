"""The entities that a page can be searched for, each with sentences behind its score."""

from __future__ import annotations

from typing import Any

from pipeline.tables.report.cells import name_cells
from pipeline.tables.report.figures import Figures

# Sentences of each entity.
SENTENCES = 8
# A longer sentence is cut around its mention.
SENTENCE_CHARS = 420
TITLE_CHARS = 160

# The strongest words first, as long as they differ: one sentence of an article, the best of each tone in turn.
EVIDENCE = f"""
WITH one_of_each AS (
  SELECT m.entity_id, m.article_id, arg_max(m.sentence_index, abs(m.sentiment)) AS sentence_index,
    arg_max(m.sentiment, abs(m.sentiment)) AS sentiment, arg_max(m.sentiment_label, abs(m.sentiment)) AS label
  FROM identity_mentions m SEMI JOIN chosen USING (entity_id) WHERE m.sentiment IS NOT NULL GROUP BY ALL
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY entity_id, sign(sentiment) ORDER BY abs(sentiment) DESC, article_id
  ) AS place FROM one_of_each
),
best AS (
  SELECT * FROM ranked QUALIFY row_number() OVER (
    PARTITION BY entity_id ORDER BY place, sign(sentiment), article_id
  ) <= {SENTENCES}
),
marks AS (
  SELECT b.entity_id, b.article_id, b.sentence_index, list(m.start_char ORDER BY m.start_char) AS starts,
    list(m.end_char ORDER BY m.start_char) AS ends
  FROM best b JOIN identity_mentions m USING (entity_id, article_id, sentence_index) GROUP BY ALL
)
SELECT b.entity_id, b.article_id, b.sentiment, b.label, s.quoted, s.speaker, s.start_char, s.end_char, k.starts, k.ends,
  a.title, coalesce(a.outlet, a.source) AS source, a.url, strftime(a.published_at, '%Y-%m-%d') AS day,
  substring(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence
FROM best b
JOIN marks k USING (entity_id, article_id, sentence_index)
JOIN sentences s USING (article_id, sentence_index)
JOIN articles a USING (article_id)
ORDER BY b.sentiment DESC, b.article_id
"""
TONES = """
SELECT entity_id, count(*) FILTER (sentiment_label = 'negative') AS negative,
  count(*) FILTER (sentiment_label = 'neutral') AS neutral, count(*) FILTER (sentiment_label = 'positive') AS positive
FROM identity_mentions SEMI JOIN chosen USING (entity_id) GROUP BY ALL
"""


def entities(figures: Figures) -> list[dict[str, Any]]:
    """The names that the page holds, from the table `chosen`: figures, mentions by tone, and sentences with marks."""
    cells = name_cells(figures)
    found = {
        row["id"]: {**row, "cells": cells[row["id"]], "tones": [0, 0, 0], "evidence": []}
        for row in figures.rows(
            "SELECT entity_id AS id, name, label, articles, mentions, sentiment, n, error, outlets FROM chosen "
            "ORDER BY articles DESC, mentions DESC, name"
        )
    }
    for row in figures.rows(TONES):
        found[row["entity_id"]]["tones"] = [row["negative"], row["neutral"], row["positive"]]
    for row in figures.rows(EVIDENCE):
        found[row["entity_id"]]["evidence"].append(_sentence(row))
    return list(found.values())


def _sentence(row: dict[str, Any]) -> dict[str, Any]:
    """A sentence as the page shows it: pieces of text in turn outside and inside of a mark."""
    marks = [
        (start - row["start_char"], end - row["start_char"])
        for start, end in zip(row["starts"], row["ends"], strict=True)
    ]
    title = row["title"] or ""
    return {
        "pieces": mark(row["sentence"], marks),
        "sentiment": round(row["sentiment"], 3),
        "label": row["label"],
        "title": title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1] + "…",
        "source": row["source"],
        "url": row["url"],
        "day": row["day"],
        "article": row["article_id"],
        "quoted": row["quoted"],
        "speaker": row["speaker"],
    }


def mark(text: str, marks: list[tuple[int, int]]) -> list[str]:
    """Cut a text at marks: pieces outside and inside in turn, the first outside; white space made one space.

    A text of more than `SENTENCE_CHARS` is cut to as many around the first mark, with an ellipsis for what went.
    """
    marks = [(max(start, 0), min(end, len(text))) for start, end in marks]
    low, high = 0, len(text)
    if high > SENTENCE_CHARS:
        low = max(0, min(marks[0][0] - SENTENCE_CHARS // 2, len(text) - SENTENCE_CHARS)) if marks else 0
        high = low + SENTENCE_CHARS
    pieces, position = [], low
    for start, end in marks:
        if position <= start and end <= high:
            pieces += [text[position:start], text[start:end]]
            position = end
    pieces.append(text[position:high])
    pieces = [" ".join(f"|{piece}|".split())[1:-1] for piece in pieces]
    if low:
        pieces[0] = "…" + pieces[0]
    if high < len(text):
        pieces[-1] += "…"
    return pieces
