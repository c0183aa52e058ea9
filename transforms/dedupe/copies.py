"""Copies: which articles say the same, which of them stands for all, and which records came twice.

In: `CheckpointedArticle`s, the small part of an article that this needs; no text goes through the shuffle. Out: (file
of checkpointed articles, `CopyDecision` on a row of it) for every article. A copy of a near copy's text is an `exact`
one; both point at the cluster's first. Articles go through the shuffle once, as packed bytes, and once more if they
have near copies.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import apache_beam as beam

from schemas.files import CheckpointedArticle, CopyDecision
from transforms.dedupe import EXACT, NEAR, NONE
from transforms.dedupe.exact import judge_copies, seniority
from transforms.dedupe.near import FindNearCopies, Original
from transforms.dedupe.sketch import Sketch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CLUSTERED = "clustered"

Place = tuple[str, CopyDecision]


def _pack_article(article: CheckpointedArticle) -> bytes:
    """A checkpointed articles but for its content and sketch, in a quarter of the memory of the object."""
    published = None if article.published_at is None else (article.published_at - EPOCH) // MICROSECOND
    known = (article.article_id, article.path, article.index, published, article.char_count, article.rank)
    return marshal.dumps((*known, article.place, article.key, article.lines))


def _unpack_article(packed: bytes) -> CheckpointedArticle:
    """The reverse, without content and sketch."""
    article_id, path, index, published, char_count, rank, place, key, lines = marshal.loads(packed)  # noqa: S302
    published_at = None if published is None else EPOCH + published * MICROSECOND
    return CheckpointedArticle(
        article_id, "", path, index, published_at, char_count, rank, tuple(place), key=key, lines=lines
    )


def _content(article: CheckpointedArticle) -> tuple[bytes, bytes]:
    return bytes.fromhex(article.content_hash), _pack_article(article)


def _original(article: CheckpointedArticle) -> Iterator[Original]:
    if article.sketch:
        yield Original(bytes.fromhex(article.content_hash), Sketch(*article.sketch))


class _Judge(beam.DoFn):
    """(Content, its articles) → decisions."""

    def __init__(self, *, alone: bool) -> None:
        self._alone = alone

    def process(self, group: tuple[bytes, Iterable[bytes]]) -> Iterator[Place]:
        yield from judge_copies(map(_unpack_article, group[1]), alone=self._alone)


class _JudgeLoose(beam.DoFn):
    """(Content, its articles and cluster, if it has one) → decisions; `clustered`: (cluster, articles)."""

    def process(self, joined: tuple[bytes, dict[str, Any]]) -> Iterator[Any]:
        found = joined[1]
        articles = list(found["articles"])
        for cluster in found["cluster"]:
            yield beam.pvalue.TaggedOutput(CLUSTERED, (cluster, articles))
            return
        yield from judge_copies(map(_unpack_article, articles))


def _senior(content: tuple[bytes, list[bytes]]) -> tuple[bytes, bytes]:
    """(Cluster, the most senior article of one of its contents)."""
    return content[0], min(content[1], key=_packed_seniority)


def _packed_seniority(packed: bytes) -> Any:
    return seniority(_unpack_article(packed))


def _most_senior(articles: Iterable[bytes]) -> bytes:
    return min(articles, key=_packed_seniority, default=b"")


class _JudgeNear(beam.DoFn):
    """(Cluster, its first article, and the articles of each of its contents) → decisions."""

    def process(self, joined: tuple[bytes, dict[str, Any]]) -> Iterator[Place]:
        found = joined[1]
        (packed,) = found["first"]
        first = _unpack_article(packed).article_id
        for articles in found["contents"]:
            yield from judge_copies(map(_unpack_article, articles), first=first)


@dataclass
class JudgeCopies(beam.PTransform):
    """checkpointed articles → (file of checkpointed articles, decision on one of its rows).

    Args:
        mode: `near` finds near and exact copies, `exact` exact ones, `none` lets every article stand for itself.
    """

    mode: str = EXACT

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, staged: beam.PCollection[CheckpointedArticle]) -> beam.PCollection[Place]:
        """Group by content, find near copies among contents, judge."""
        articles = staged | "ByContent" >> beam.Map(_content).with_output_types(tuple[bytes, bytes])
        if self.mode != NEAR:
            judge = beam.ParDo(_Judge(alone=self.mode == NONE)).with_output_types(Place)
            return articles | "GroupContent" >> beam.GroupByKey() | "Judge" >> judge
        clusters = (
            staged
            | "Originals" >> beam.FlatMap(_original).with_output_types(Original)
            | "NearCopies" >> FindNearCopies()
        )
        judged = (
            {"articles": articles, "cluster": clusters}
            | "JoinClusters" >> beam.CoGroupByKey()
            | "JudgeLoose" >> beam.ParDo(_JudgeLoose()).with_outputs(CLUSTERED, main="loose")
        )
        loose = judged["loose"] | "TypeLoose" >> beam.Map(_same).with_output_types(Place)
        return (loose, self._judge_clusters(judged[CLUSTERED])) | "AllVerdicts" >> beam.Flatten()

    def _judge_clusters(self, clustered: beam.PCollection[Any]) -> beam.PCollection[Place]:
        contents = clustered | "TypeContents" >> beam.Map(_same).with_output_types(tuple[bytes, list[bytes]])
        firsts = (
            contents
            | "Senior" >> beam.Map(_senior).with_output_types(tuple[bytes, bytes])
            | "MostSenior" >> beam.CombinePerKey(_most_senior)
        )
        return (
            {"first": firsts, "contents": contents}
            | "JoinFirsts" >> beam.CoGroupByKey()
            | "JudgeNear" >> beam.ParDo(_JudgeNear()).with_output_types(Place)
        )


def _same(item: Any) -> Any:
    return item
