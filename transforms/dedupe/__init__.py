"""Copies: which articles say the same, which of them stands for all, and which records came twice.

In: `StagedArticle`s, the small part of an article that this needs; no text goes through the shuffle. Out: for every
file of staged articles, the `Verdict` on each row of it. A copy of a near copy's text is an `exact` one; both point at
the cluster's first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import StagedArticle, Verdict
from transforms.dedupe.exact import judge_copies, seniority
from transforms.dedupe.near import FindNearCopies, Original
from transforms.dedupe.sketch import Sketch

NEAR, EXACT, NONE = "near", "exact", "none"
MODES = (NEAR, EXACT, NONE)


def node(articles: Iterable[StagedArticle]) -> str:
    """A content's place among contents: the seniority of its first article, as a string of the same order.

    It ends with that article's id.
    """
    first = min(articles, key=seniority)
    published = first.published_at.isoformat() if first.published_at else "~"
    return f"{published} {10**12 - first.char_count:013} {first.article_id}"


def _content(article: StagedArticle) -> tuple[str, StagedArticle]:
    return article.content_hash, article


def _original(group: tuple[str, Iterable[StagedArticle]]) -> Iterator[Original]:
    articles = list(group[1])
    sketch = articles[0].sketch
    if sketch:
        yield Original(node(articles), Sketch(*sketch))


def _by_node(group: tuple[str, Iterable[StagedArticle]]) -> tuple[str, list[StagedArticle]]:
    articles = list(group[1])
    return node(articles), articles


class _Judge(beam.DoFn):
    def __init__(self, *, alone: bool) -> None:
        self._alone = alone

    def process(self, group: tuple[str, Iterable[StagedArticle]]) -> Iterator[tuple[str, Verdict]]:
        yield from judge_copies(group[1], alone=self._alone)


class _JudgeNear(beam.DoFn):
    """(Node, its articles and the first of its cluster) → verdicts."""

    def process(self, joined: tuple[str, dict[str, Any]]) -> Iterator[tuple[str, Verdict]]:
        found = joined[1]
        first = min(found["first"], default="").rpartition(" ")[2]
        for articles in found["articles"]:
            yield from judge_copies(articles, first=first)


@dataclass
class JudgeCopies(beam.PTransform):
    """Staged articles → (file of staged articles, verdicts on its rows), one element a file.

    Args:
        mode: `near` finds near and exact copies, `exact` exact ones, `none` lets every article stand for itself.
    """

    mode: str = EXACT

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, staged: beam.PCollection[StagedArticle]) -> beam.PCollection[tuple[str, Iterable[Verdict]]]:
        """Group by content, find near copies among contents, judge, group by file."""
        contents = (
            staged
            | "ByContent" >> beam.Map(_content).with_output_types(tuple[str, StagedArticle])
            | "GroupContent" >> beam.GroupByKey()
        )
        verdicts = self._judge_near(contents) if self.mode == NEAR else self._judge(contents)
        return verdicts | "GroupFile" >> beam.GroupByKey()

    def _judge(self, contents: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Verdict]]:
        judge = beam.ParDo(_Judge(alone=self.mode == NONE)).with_output_types(tuple[str, Verdict])
        return contents | "Judge" >> judge

    def _judge_near(self, contents: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Verdict]]:
        firsts = (
            contents
            | "Originals" >> beam.FlatMap(_original).with_output_types(Original)
            | "NearCopies" >> FindNearCopies()
        )
        articles = contents | "ByNode" >> beam.Map(_by_node).with_output_types(tuple[str, list[StagedArticle]])
        return (
            {"articles": articles, "first": firsts}
            | "JoinFirsts" >> beam.CoGroupByKey()
            | "JudgeNear" >> beam.ParDo(_JudgeNear()).with_output_types(tuple[str, Verdict])
        )
