"""Copies: which articles say the same, which of them stands for all, and which records came twice.

In: `StagedArticle`s, the small part of an article that this needs; no text goes through the shuffle. Out: for every
file of staged articles, the `Verdict` on each row of it. A record of the same identity and content as another is
`repeated`, and its stage of origin rejects it; the same text under another identity is an `exact` copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.records import StagedArticle, Verdict

EXACT, NONE = "exact", "none"
MODES = (EXACT, NONE)
CANONICAL, REPEATED = "canonical", "repeated"


def seniority(article: StagedArticle) -> tuple[bool, str, int, str, str, tuple[str, int]]:
    """The order in which articles of the same content come: earliest published, longest, then by what they say."""
    published = article.published_at
    return (
        published is None,
        published.isoformat() if published else "",
        -article.char_count,
        article.article_id,
        article.rank,
        article.place,
    )


def judge_copies(articles: Iterable[StagedArticle], *, mode: str = EXACT) -> Iterator[tuple[str, Verdict]]:
    """The verdict on each of a group of articles of equal content, with the file that holds its body.

    Args:
        articles: all articles of one `content_hash`.
        mode: `exact` marks copies, `none` lets every article stand for itself; a repeated record is one in both.
    """
    canonical_id = ""
    seen: set[str] = set()
    for article in sorted(articles, key=seniority):
        canonical_id = canonical_id or article.article_id
        if article.article_id in seen:
            yield article.path, Verdict(article.index, REPEATED, article.article_id)
        elif mode == NONE or article.article_id == canonical_id:
            yield article.path, Verdict(article.index, CANONICAL, article.article_id)
        else:
            yield article.path, Verdict(article.index, EXACT, canonical_id)
        seen.add(article.article_id)


def _content(article: StagedArticle) -> tuple[str, StagedArticle]:
    return article.content_hash, article


class _JudgeCopies(beam.DoFn):
    def __init__(self, mode: str) -> None:
        self._mode = mode

    def process(self, group: tuple[str, Iterable[StagedArticle]]) -> Iterator[tuple[str, Verdict]]:
        yield from judge_copies(group[1], mode=self._mode)


@dataclass
class JudgeCopies(beam.PTransform):
    """Staged articles → (file of staged articles, verdicts on its rows), one element a file."""

    mode: str = EXACT

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, staged: beam.PCollection[StagedArticle]) -> beam.PCollection[tuple[str, Iterable[Verdict]]]:
        """Group by content, judge, group by file."""
        return (
            staged
            | "ByContent" >> beam.Map(_content).with_output_types(tuple[str, StagedArticle])
            | "GroupContent" >> beam.GroupByKey()
            | "Judge" >> beam.ParDo(_JudgeCopies(self.mode)).with_output_types(tuple[str, Verdict])
            | "GroupFile" >> beam.GroupByKey()
        )
