"""What follows what for one article: the only place where the order of the stages is written.

The graph, `trace` and `inspect` take it from here. A run does it in two halves, each a chain in one child process:
what makes an article of a record, and what is found in an article once its copies are known. Nothing here imports Beam,
which the children never load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas.records import RawRecord, Reject, SketchedArticle
from transforms.assemble.rows import AnalysedRows, assemble_batch
from transforms.clean import CleanArticles
from transforms.dedupe.sketch import SketchTexts
from transforms.entities import FindEntities
from transforms.extract import ExtractPages
from transforms.language import DetectLanguages
from transforms.names import ResolveNames
from transforms.parse import ParseRecords
from transforms.runtime.outcome import KEPT, Outcome
from transforms.runtime.stage import Stage, StageChain
from transforms.sentences import SplitSentences
from transforms.sentiment import ScoreSentiment

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


def preparation(reading: ReadingSettings) -> tuple[Stage, ...]:
    """From a raw record to a cleaned article with its sketch."""
    return (
        ExtractPages(reading.extract_timeout),
        ParseRecords(reading.latest, reading.mapping, reading.date_order, by_folder=reading.by_folder),
        CleanArticles(reading.min_chars),
        DetectLanguages(),
        SketchTexts(near=reading.near),
    )


def analysis(models: Mapping[str, str], engine: str, engine_path: str | None) -> tuple[Stage, ...]:
    """From an article to a document with all that is found in it."""
    return (SplitSentences(models), FindEntities(models), ResolveNames(), ScoreSentiment(engine, engine_path))


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


def prepare_chain(reading: ReadingSettings) -> StageChain[PreparedArticles]:
    """The first half, as a task."""
    return StageChain(preparation(reading), _prepared_articles)


def analyse_chain(models: Mapping[str, str], engine: str, engine_path: str | None) -> StageChain[AnalysedRows]:
    """The second half, as a task; its answers are the rows of the tables."""
    return StageChain(analysis(models, engine, engine_path), assemble_batch)


def record_size(record: RawRecord) -> int:
    """What a record takes of `PREPARATION_BATCH`."""
    return max(len(record.payload), RECORD_BYTES)
