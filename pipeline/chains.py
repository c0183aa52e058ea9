"""The two halves of the way of an article, each a chain of stages in one child process.

One makes an article of a record, the other finds what is in an article once its copies are known. Only the child loads
the stages, and with them spaCy and the models; `stages` has their order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from schemas.records import LeftOut, RawRecord, Reject, SketchedArticle
from schemas.rows import LEFT_OUT, ReadRow, RowSet, TableRows
from schemas.tables import READS
from transforms.assemble.rows import AnalysedRows, assemble_batch
from transforms.recurring import pack_lines
from transforms.runtime.outcome import KEPT, Outcome
from transforms.runtime.stage import Stage, StageChain
from transforms.selection import Asked

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
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True)
class PreparedArticles:
    """What becomes of a batch of records. `undated`: why articles have no date → how many."""

    articles: tuple[SketchedArticle, ...]
    rejects: tuple[Reject, ...]
    undated: Mapping[str, int]
    left_out: tuple[LeftOut, ...] = ()

    def outputs(self) -> Iterator[tuple[str, Any]]:
        """The articles (`kept`), and rows of `_reads` that count those left out (`left_out`)."""
        yield from ((KEPT, article) for article in self.articles)
        yield from ((LEFT_OUT, row) for row in _count_left_out(self.left_out))

    def counts(self) -> Mapping[str, int]:
        """The articles without a date, by why they have none, and those left out."""
        undated = {UNDATED + problem: count for problem, count in self.undated.items()}
        return {**undated, LEFT_OUT: len(self.left_out)} if self.left_out else undated


def _count_left_out(articles: Sequence[LeftOut]) -> Iterator[RowSet]:
    """One row for each file and attempt."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for article in articles:
        counted.setdefault((article.source_file, article.attempt_id), Counter())[article.reason] += 1
    for (source_file, attempt_id), reasons in counted.items():
        row = ReadRow("", "", -1, LEFT_OUT, attempt_id, source_file, reasons.total(), json.dumps(reasons))
        yield RowSet((TableRows(READS.name, (row,)),), attempt_id)


def _prepared_articles(outcomes: Sequence[Outcome[SketchedArticle]]) -> PreparedArticles:
    """The answer to a batch of records. Articles leave their records behind, and say which lines may be furniture."""
    return PreparedArticles(
        tuple(
            item._replace(article=replace(item.article, raw=b""), lines=pack_lines(item.article.text))
            for outcome in outcomes
            if (item := outcome.kept) is not None
        ),
        tuple(outcome.rejected for outcome in outcomes if outcome.rejected is not None),
        Counter(
            outcome.kept.article.date_problem
            for outcome in outcomes
            if outcome.kept is not None and outcome.kept.article.date_problem
        ),
        tuple(outcome.left_out for outcome in outcomes if outcome.left_out is not None),
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
