"""Orphans: copies of an article that was rejected after they had been found to be its copies.

A model can fail on the article that stands for others. They must not point at what isn't there, nor be lost with it:
the most senior of them that differs is analysed in its place, and stands for those that it is near to; if it fails,
too, the next one is tried. In: decisions that hang on an analysis, and rejects of analysed articles. Out: decisions
that hold, and orphans; then what comes of these.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.files import CANONICAL, EXACT, NEAR, CopyDecision, Failure
from schemas.records import Analysis, Article, Document, Reject
from transforms.dedupe.exact import pack_seniority
from transforms.dedupe.sketch import near, sketch_text
from transforms.runtime.guard import RUNS, Caller, CallStages
from transforms.runtime.outcome import KEPT, WRITTEN, reject_of_article

ORPHANED = "orphaned"
FRESH, COPIES, SETTLED = "fresh", "copies", "settled"
# The copies of one article are asked after in shares.
SHARES = 16
# So many articles of a story are analysed in place of the first. What is left of its copies is kept without analysis.
MOST_TRIES = 20
NOTHING = Analysis(None, None, None, None)

Place = tuple[str, CopyDecision]
Orphan = tuple[Failure, str, CopyDecision]


def _route(item: Place) -> Iterator[Any]:
    if item[1].kind == CANONICAL and item[1].known is None:
        yield item
    else:
        yield TaggedOutput(COPIES if item[1].kind in (EXACT, NEAR) else SETTLED, item)


@dataclass
class RouteDecisions(beam.PTransform):
    """Decisions → those on articles that are still to be analysed (`fresh`), and others.

    Those that hold only if another article is kept (`copies`), and those that hang on no analysis (`settled`).
    """

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, decisions: beam.PCollection[Place]) -> Any:
        """One step, three outputs."""
        route = beam.FlatMap(_route).with_output_types(Place, copies=Place, settled=Place)
        return decisions | "Route" >> route.with_outputs(COPIES, SETTLED, main=FRESH)


def _copy(item: Place) -> tuple[tuple[str, int], Place | Failure]:
    path, decision = item
    return (decision.canonical_id, zlib.crc32(f"{path} {decision.index}".encode()) % SHARES), item


def _failed(rejected: Reject) -> Iterator[tuple[tuple[str, int], Place | Failure]]:
    failure = Failure(rejected.stage, rejected.reason, rejected.message)
    yield from (((rejected.article_id, share), failure) for share in range(SHARES))


class _Settle(beam.DoFn):
    """((Article, share), its copies, and why it was rejected) → decisions that hold; `orphaned`: (article, orphan)."""

    def process(self, group: tuple[tuple[str, int], Iterable[Place | Failure]]) -> Iterator[Any]:
        (article_id, _), items = group
        failure = next((item for item in items if isinstance(item, Failure)), None)
        for item in items:
            if isinstance(item, Failure):
                continue
            path, decision = item
            yield TaggedOutput(ORPHANED, (article_id, (failure, path, decision))) if failure else item


@dataclass
class SettleCopies(beam.PTransform):
    """(Decisions on copies, rejects of analysed articles) → decisions that hold (`kept`), and `orphaned` ones."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: tuple[Any, beam.PCollection[Reject]]) -> Any:
        """Join by the canonical article's id."""
        decisions, rejects = collections
        item = tuple[tuple[str, int], Any]
        settle = beam.ParDo(_Settle()).with_output_types(Place, orphaned=tuple[str, Orphan])
        return (
            (
                decisions | "Copies" >> beam.Map(_copy).with_output_types(item),
                rejects | "Failed" >> beam.FlatMap(_failed).with_output_types(item),
            )
            | "Both" >> beam.Flatten()
            | "GroupCanonical" >> beam.GroupByKey()
            | "Settle" >> settle.with_outputs(ORPHANED, main=KEPT)
        )


def _age(article: Article) -> bytes:
    return pack_seniority(article.published_at, len(article.text), article.article_id)


def take_copies(first: Article, others: Iterable[Article]) -> tuple[list[Article], list[Article]]:
    """Those of `others` that are copies of `first`, as such; and those that aren't."""
    sketch = sketch_text(first.text)
    copies, rest = [], []
    for article in others:
        exact = article.content_hash == first.content_hash
        own = None if exact else sketch_text(article.text)
        if exact or (sketch and own and near(sketch, own)):
            copies.append(replace(article, canonical_id=first.article_id, duplicate=EXACT if exact else NEAR))
        else:
            rest.append(article)
    return copies, rest


class _HandOver(CallStages):
    """Orphans of one article → what the analysis of some gives, rejects, and the others as documents."""

    def process(self, orphans: Iterable[Article]) -> Iterator[Any]:
        waiting = sorted(orphans, key=_age)
        for _ in range(MOST_TRIES):
            if not waiting:
                break
            first, others = replace(waiting[0], canonical_id=waiting[0].article_id, duplicate=None), waiting[1:]
            # Nobody asks which output they are for: all of it is written.
            found = [out.value if isinstance(out, TaggedOutput) else out for out in self.process_alone(first)]
            yield from found
            rejected = [output for output in found if isinstance(output, Reject)]
            if rejected:
                waiting = [article for article in others if article.content_hash != first.content_hash]
                why = rejected[0].stage, rejected[0].reason, rejected[0].message
                for article in others:
                    if article.content_hash == first.content_hash:
                        yield self.reject(reject_of_article(article, *why, retryable=rejected[0].retryable)).value
            else:
                copies, waiting = take_copies(first, others)
                yield from map(Document, copies)
        yield from self.send_runs()
        for article in waiting:
            alone = replace(article, canonical_id=article.article_id, duplicate=None)
            yield Document(alone, known=NOTHING)


@dataclass
class HandOver(beam.PTransform):
    """Orphans of one article, together → all that is written of them (`written`), and what ran the models (`runs`).

    Args:
        chain: the stages of the analysis.
        answer: as in `Sandboxed`.
        guard: the run's.
    """

    chain: Any
    answer: Any
    guard: Any

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, orphans: beam.PCollection[tuple[Article, ...]]) -> Any:
        """One after another."""
        call = _HandOver(Caller(self.chain, self.guard, self.chain.first, self.answer))
        return orphans | "Analyse" >> beam.ParDo(call).with_outputs(RUNS, main=WRITTEN)
