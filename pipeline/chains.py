"""The two halves of the way of an article, each a chain of stages in one child process.

One makes an article of a record, the other finds what is in an article once its copies are known. Only the child loads
the stages, and with them spaCy and the models; `stages` has their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from schemas.records import RawRecord, Reject, SketchedArticle
from transforms.assemble.rows import AnalysedRows, assemble_batch
from transforms.runtime.outcome import KEPT, Outcome
from transforms.runtime.stage import Stage, StageChain

# Counters of articles without a date, by why they have none.
UNDATED = "undated_"
# A record counts as this many bytes at least, so that a batch isn't more than a hundred.
RECORD_BYTES = 8 << 10
# What goes through the stages at once: bytes of records, characters of text. More gain no speed and cost memory.
PREPARATION_BATCH, ANALYSIS_BATCH = 768 << 10, 60_000

# Clocks differ and zones are mistaken; an article from later than this has a wrong date.
LATEST = timedelta(days=2)


@dataclass(frozen=True)
class ReadingSettings:
    """What decides how records become articles: arguments of the stages of these names."""

    extract_timeout: float
    latest: datetime
    mapping: Mapping[str, str]
    min_chars: int
    near: bool = True
    date_order: str = ""
    by_folder: bool = False


@dataclass(frozen=True)
class PreparedArticles:
    """What becomes of a batch of records. `undated`: why articles have no date → how many."""

    articles: tuple[SketchedArticle, ...]
    rejects: tuple[Reject, ...]
    undated: Mapping[str, int]

    def outputs(self) -> Iterator[tuple[str, SketchedArticle]]:
        """The articles (`kept`)."""
        yield from ((KEPT, article) for article in self.articles)

    def counts(self) -> Mapping[str, int]:
        """The articles without a date, by why they have none."""
        return {UNDATED + problem: count for problem, count in self.undated.items()}


def _prepared_articles(outcomes: Sequence[Outcome[SketchedArticle]]) -> PreparedArticles:
    """The answer to a batch of records. Articles leave their records behind."""
    return PreparedArticles(
        tuple(
            item._replace(article=replace(item.article, raw=b""))
            for outcome in outcomes
            if (item := outcome.kept) is not None
        ),
        tuple(outcome.rejected for outcome in outcomes if outcome.rejected is not None),
        Counter(
            outcome.kept.article.date_problem
            for outcome in outcomes
            if outcome.kept is not None and outcome.kept.article.date_problem
        ),
    )


def _preparation(reading: ReadingSettings) -> tuple[Stage, ...]:
    from pipeline.stages import preparation  # noqa: PLC0415, only the child needs them

    return preparation(reading)


def _analysis(models: Mapping[str, str], engine: str, engine_path: str | None) -> tuple[Stage, ...]:
    from pipeline.stages import analysis  # noqa: PLC0415, only the child needs them

    return analysis(models, engine, engine_path)


def prepare_chain(reading: ReadingSettings) -> StageChain[PreparedArticles]:
    """The first half, as a task."""
    return StageChain(partial(_preparation, reading), _prepared_articles, first="extract")


def analyse_chain(models: Mapping[str, str], engine: str, engine_path: str | None) -> StageChain[AnalysedRows]:
    """The second half, as a task; its answers are the rows of the tables."""
    return StageChain(partial(_analysis, models, engine, engine_path), assemble_batch, first="sentences")


def record_size(record: RawRecord) -> int:
    """What a record takes of `PREPARATION_BATCH`."""
    return max(len(record.payload), RECORD_BYTES)
