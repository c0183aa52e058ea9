"""Texts and the offsets into them, read article by article: what SQL would have to count code points for, each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from pipeline.tables.contract.finding import Finding, judge
from transforms.runtime.identity import digest

BATCH = 256
QUERY = """
SELECT a.article_id, a.text, a.char_count, a.content_hash, m.starts, m.ends, m.texts, s.starts, s.ends
FROM articles a
LEFT JOIN (
  SELECT article_id, list(start_char) AS starts, list(end_char) AS ends, list(text) AS texts
  FROM mentions GROUP BY article_id
) m USING (article_id)
LEFT JOIN (
  SELECT article_id, list(start_char) AS starts, list(end_char) AS ends FROM sentences GROUP BY article_id
) s USING (article_id)
"""


class _Tally:
    def __init__(self, check: str) -> None:
        self.check, self.checked, self.wrong = check, 0, 0
        self.example: str | None = None

    def add(self, good: bool, key: str) -> None:
        self.checked += 1
        if not good:
            self.wrong += 1
            self.example = self.example or key

    def finding(self) -> Finding:
        return judge("text", self.check, self.checked, self.wrong, self.example)


def check_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Hold texts to their counts and digests, and offsets to the texts."""
    articles = _Tally("articles: char_count and content_hash are those of text")
    mentions = _Tally("mentions: text[start_char:end_char] is the mention, in code points")
    sentences = _Tally("sentences: [start_char, end_char) lies in the text and begins and ends at no space")
    cursor = connection.execute(QUERY)
    while batch := cursor.fetchmany(BATCH):
        for row in batch:
            _check(row, articles, mentions, sentences)
    for tally in (articles, mentions, sentences):
        yield tally.finding()


def _check(row: tuple[Any, ...], articles: _Tally, mentions: _Tally, sentences: _Tally) -> None:
    key, text, count, content_hash, starts, ends, texts, begins, stops = row
    articles.add(len(text) == count and digest(text) == content_hash, key)
    for start, end, mention in zip(starts or (), ends or (), texts or (), strict=True):
        mentions.add(0 <= start < end <= len(text) and text[start:end] == mention, f"{key} at {start}")
    for start, end in zip(begins or (), stops or (), strict=True):
        whole = 0 <= start < end <= len(text) and not (text[start].isspace() or text[end - 1].isspace())
        sentences.add(whole, f"{key} at {start}")
