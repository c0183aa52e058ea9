"""Bodies put down between the two halves of a run, so that no text goes through a shuffle.

In: cleaned articles, which go into files of a bounded number; for each a `StagedArticle` goes on. When their copies are
known, `(file, verdict)` comes back and the articles go on from there: canonical ones to be analysed, and as documents
copies and what an earlier run has analysed. A file of the published table `articles` takes part like one of these, and
stays as it is where nothing in it changes. The reason for a reject:

- `repeated_record`: another record has the same identity and the same content.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import Part, StagedArticle, Verdict
from schemas.records import Article, Document, SketchedArticle
from schemas.tables import STAGED
from transforms.resume.orphans import Failure, reject_content
from transforms.runtime.arrow import partition_of_path
from transforms.runtime.identity import analysis_key, digest
from transforms.runtime.metrics import NAMESPACE, CountRejects
from transforms.runtime.outcome import KEPT, REJECTS, reject
from transforms.runtime.parquet import open_parquet
from transforms.runtime.storage import create_file

STAGE = "dedupe"
DONE, UNCHANGED = "done", "unchanged"
REPEATED, CANONICAL = "repeated", "canonical"
# A file of staged articles is one worker's portion of the second half: small enough to spread evenly.
MAX_ARTICLES = 256
MAX_CHARS = 1_000_000

SKETCH = ("sketch", "shingles")
COLUMNS = tuple(name for name in STAGED.schema.names if name not in SKETCH)
# What the published table has of a staged article; the rest is only needed before.
PUBLISHED = (
    *("source_file", "source_offset", "url", "source", "title", "authors", "published_at", "text"),
    *("content_hash", "article_id", "language", "language_confidence", "canonical_id", "duplicate"),
)

Sketcher = Callable[[str], tuple[bytes, int] | None]


def write_staged(items: Sequence[SketchedArticle], folder: str) -> list[StagedArticle]:
    """Put articles down in a new file and return what is needed to find their copies."""
    articles, sketches = zip(*items, strict=True)
    path = FileSystems.join(folder, f"{uuid.uuid4().hex}.parquet")
    columns: dict[str, list[Any]] = {name: [getattr(article, name) for article in articles] for name in COLUMNS}
    columns["sketch"] = [found and found[0] for found in sketches]
    columns["shingles"] = [found and found[1] for found in sketches]
    with create_file(path) as stream:
        pq.write_table(pa.table(columns, schema=STAGED.schema), stream, compression="zstd")
    return [
        stage_article(article, path, index, found)
        for index, (article, found) in enumerate(zip(articles, sketches, strict=True))
    ]


def stage_article(article: Article, path: str, index: int, sketch: tuple[bytes, int] | None) -> StagedArticle:
    """What is needed of an article to find its copies; its body is in row `index` of `path`."""
    said = (article.title, article.authors, article.source, article.language)
    return StagedArticle(
        article_id=article.article_id,
        content_hash=article.content_hash,
        path=path,
        index=index,
        published_at=article.published_at,
        char_count=len(article.text),
        rank=digest(repr(said)),
        place=(article.source_file, article.source_offset),
        sketch=sketch and (bytes(sketch[0]), sketch[1]),
        key=analysis_key(article.article_id, article.title, article.language),
    )


def is_published(file: pq.ParquetFile) -> bool:
    """Whether a file is one of the published table, not of staged articles."""
    return "char_count" in file.schema_arrow.names


def articles_of(file: pq.ParquetFile) -> Iterator[tuple[Article, tuple[bytes, int] | None]]:
    """The articles of a file, in their order, with their sketches if it has any."""
    more: dict[str, Any] = {"payload_size": 0, "record_id": None} if is_published(file) else {}
    columns = [*(PUBLISHED if more else COLUMNS), *(() if more else SKETCH)]
    for batch in file.iter_batches(batch_size=MAX_ARTICLES, columns=columns):
        for row in batch.to_pylist():
            minima, shingles = (row.pop(name, None) for name in SKETCH)
            yield Article(**row, **more), (minima, shingles) if minima else None


def apply_verdict(article: Article, verdict: Verdict) -> Any:
    """What becomes of a staged article: an article to be analysed, a document that needn't be, or a reject."""
    if verdict.role == REPEATED:
        return reject(
            STAGE,
            "repeated_record",
            f"the same identity and text as article {verdict.canonical_id}",
            source_file=article.source_file,
            source_offset=article.source_offset,
            payload=article.text.encode(),
        )
    duplicate = None if verdict.role == CANONICAL else verdict.role
    judged = replace(article, canonical_id=verdict.canonical_id, duplicate=duplicate)
    return Document(judged, known=verdict.known) if duplicate or verdict.known else judged


def is_unchanged(file: pq.ParquetFile, verdicts: Iterable[Verdict]) -> bool:
    """Whether rows of the published table are what the verdicts on them say."""
    table = file.read(["canonical_id", "duplicate"])
    before = zip(*(column.to_pylist() for column in table.columns), strict=True)
    after = [
        (verdict.canonical_id, None if verdict.role == CANONICAL else verdict.role)
        for verdict in verdicts
        if verdict.role != REPEATED and (verdict.role != CANONICAL or verdict.known)
    ]
    return list(before) == after


class _StageArticles(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def setup(self) -> None:
        self._staged = Metrics.counter(NAMESPACE, "staged")

    def start_bundle(self) -> None:
        self._waiting: list[SketchedArticle] = []
        self._chars = 0

    def process(self, item: SketchedArticle) -> Iterator[StagedArticle]:
        self._waiting.append(item)
        article, _ = item
        self._chars += len(article.text)
        if len(self._waiting) >= MAX_ARTICLES or self._chars >= MAX_CHARS:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for staged in self._flush():
            yield WindowedValue(staged, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[StagedArticle]:
        staged = write_staged(self._waiting, self._folder) if self._waiting else []
        self._staged.inc(len(staged))
        self.start_bundle()
        return staged


class _TakeStaged(beam.DoFn):
    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, group: tuple[str, Iterable[Verdict]]) -> Iterator[Any]:
        path, verdicts = group[0], sorted(group[1], key=_index)
        file, size = open_parquet(path)
        if is_published(file) and is_unchanged(file, verdicts):
            part = Part("articles", partition_of_path(path), path, file.metadata.num_rows, size)
            yield beam.pvalue.TaggedOutput(UNCHANGED, part)
            return
        waiting = iter(verdicts)
        verdict = next(waiting)
        for index, (article, _) in enumerate(articles_of(file)):
            if index != verdict.index:
                continue
            taken = apply_verdict(article, verdict)
            if isinstance(taken, Article):
                yield taken
            elif isinstance(taken, Document):
                yield beam.pvalue.TaggedOutput(DONE, taken)
            else:
                self._rejects.add(taken)
                yield beam.pvalue.TaggedOutput(REJECTS, taken)
            following = next(waiting, None)
            if following is None:
                return
            verdict = following


class _ReadStaged(beam.DoFn):
    """(File, units whose articles count; None for all) → its `StagedArticle`s."""

    def __init__(self, sketch: Sketcher | None, failures: Mapping[str, Failure]) -> None:
        self._sketch, self._failures = sketch, failures

    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, file: tuple[str, frozenset[str] | None]) -> Iterator[Any]:
        path, units = file
        for index, (article, sketch) in enumerate(articles_of(open_parquet(path)[0])):
            if units is not None and article.unit not in units:
                continue
            if failure := self._failures.get(article.content_hash):
                rejected = reject_content(article, failure)
                self._rejects.add(rejected)
                yield beam.pvalue.TaggedOutput(REJECTS, rejected)
            else:
                found = sketch or (self._sketch(article.text) if self._sketch else None)
                yield stage_article(article, path, index, found if self._sketch else None)


def _index(verdict: Verdict) -> int:
    return verdict.index


@dataclass
class StageArticles(beam.PTransform):
    """Cleaned articles with their sketches → `StagedArticle`s. `folder`: where the files go while the run lasts."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[SketchedArticle]) -> beam.PCollection[StagedArticle]:
        """One in, one out, in files of neighbours."""
        return articles | "Stage" >> beam.ParDo(_StageArticles(self.folder)).with_output_types(StagedArticle)


@dataclass
class ReadStaged(beam.PTransform):
    """(File of staged articles or of the published ones, units of it or None for all) → `StagedArticle`s (`kept`).

    Articles whose content has failed before are rejected (`rejects`).
    """

    sketch: Sketcher | None = None
    failures: Mapping[str, Failure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, files: beam.PCollection[tuple[str, Any]]) -> Any:
        """Spread the files, read each."""
        read = beam.ParDo(_ReadStaged(self.sketch, self.failures)).with_outputs(REJECTS, main=KEPT)
        return files | "SpreadFiles" >> beam.Reshuffle() | "ReadStaged" >> read


@dataclass
class TakeStaged(beam.PTransform):
    """(File of staged articles, verdict on a row of it) → what goes on from there.

    Articles to analyse (`kept`), documents that need no analysis (`done`), rejects (`rejects`), and files of the
    published table that stay as they are (`unchanged`).
    """

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, verdicts: beam.PCollection[tuple[str, Verdict]]) -> Any:
        """Read each file once and apply its verdicts."""
        take = beam.ParDo(_TakeStaged()).with_outputs(REJECTS, DONE, UNCHANGED, main=KEPT)
        return verdicts | "GroupFile" >> beam.GroupByKey() | "Take" >> take
