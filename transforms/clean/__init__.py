"""Cleaning: an article's text repaired, freed of page furniture and given its identity.

In: articles as parsed. Out: articles whose `text` is final (all offsets count its code points), with `content_hash` and
`article_id`. Reasons for a reject:

- `empty`: nothing but white space and page furniture.
- `too_short`: fewer characters than the limit once cleaned.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from schemas.records import Article
from transforms.clean.credits import cut_credits
from transforms.clean.furniture import remove_furniture
from transforms.clean.glue import remove_glue
from transforms.clean.text import repair_line, repair_text
from transforms.clean.wraps import unwrap_lines
from transforms.runtime.identity import digest
from transforms.runtime.outcome import Outcome, keep, reject_article

STAGE = "clean"
# Shorter than the shortest news in brief, longer than a caption or an error message of a page.
MIN_CHARS = 40


def clean_article(article: Article, *, min_chars: int = MIN_CHARS) -> Outcome[Article]:
    """Clean all texts of an article and identify it.

    `content_hash` is a digest of the cleaned text alone; `article_id` of the record's identity (its url, else its own
    id, else its outlet, else nothing) and `content_hash`, so neither depends on where the record lay.
    """
    repaired = remove_glue(repair_text(unwrap_lines(article.text)))
    text = remove_furniture(repaired)[0]
    # Without its credit a line may be another's double.
    while (cut := cut_credits(text)) != text:
        text = remove_furniture(cut)[0]
    if not text:
        what = "nothing but page furniture" if repaired else "no text"
        return reject_article(article, STAGE, "empty", what)
    if len(text) < min_chars:
        return reject_article(article, STAGE, "too_short", f"{len(text)} characters, fewer than {min_chars}")
    url, record_id, source = _line(article.url), _line(article.record_id), _line(article.source)
    content_hash = digest(text)
    return keep(
        replace(
            article,
            text=text,
            url=url,
            record_id=record_id,
            title=_line(article.title),
            authors=_line(article.authors),
            source=source,
            content_hash=content_hash,
            article_id=digest(json.dumps(_identity(url, record_id, source)), content_hash),
        )
    )


def _identity(url: str | None, record_id: str | None, source: str | None) -> list[str | None]:
    """What tells a record from others of the same text: its url, else its own id, else its outlet, else nothing."""
    if url:
        return ["url", url]
    return ["outlet", source] if source and not record_id else ["id", record_id]


def _line(text: str | None) -> str | None:
    return (repair_line(text) or None) if text else None


class CleanArticles:
    """The stage; arguments as those of `clean_article`."""

    name = STAGE
    seconds: float | None = None

    def __init__(self, min_chars: int = MIN_CHARS) -> None:
        self._min_chars = min_chars

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[Article]) -> list[Outcome[Article]]:
        """One outcome an article."""
        return [clean_article(article, min_chars=self._min_chars) for article in batch]
