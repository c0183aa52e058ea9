"""Bodies put down between the two halves of a run, so that no text goes through a shuffle.

In: cleaned articles, which go into files of a bounded number; for each a `StagedArticle` goes on. When their copies are
known, `(file, verdicts)` comes back and the articles go on from there. The reason for a reject:

- `repeated_record`: another record has the same identity and the same content.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import Article, StagedArticle, Verdict
from schemas.tables import STAGED
from transforms.identity import digest
from transforms.outcome import KEPT, REJECTS, CountRejects, reject_article
from transforms.storage import read_file

STAGE = "dedupe"
REPEATED, CANONICAL = "repeated", "canonical"
# A file of staged articles is one worker's portion of the second half: small enough to spread evenly.
MAX_ARTICLES = 256
MAX_CHARS = 1_000_000

COLUMNS = tuple(column.name for column in STAGED.columns)


Sketcher = Callable[[str], tuple[bytes, int] | None]


def write_staged(articles: Sequence[Article], folder: str, sketch: Sketcher | None = None) -> list[StagedArticle]:
    """Put articles down in a new file and return what is needed to find their copies."""
    path = FileSystems.join(folder, f"{uuid.uuid4().hex}.parquet")
    columns = {name: [getattr(article, name) for article in articles] for name in COLUMNS}
    with FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
        pq.write_table(pa.table(columns, schema=STAGED.schema), stream, compression="zstd")
    return [_staged(article, path, index, sketch) for index, article in enumerate(articles)]


def _staged(article: Article, path: str, index: int, sketch: Sketcher | None) -> StagedArticle:
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
        sketch=sketch(article.text) if sketch else None,
    )


def read_staged(path: str) -> list[Article]:
    """The articles of a file, in their order."""
    table = pq.read_table(io.BytesIO(read_file(path)))
    return [Article(**row) for row in table.to_pylist()]


def apply_verdict(article: Article, verdict: Verdict) -> Any:
    """The outcome for a staged article: it goes on as canonical or copy, or is rejected as repeated."""
    if verdict.role == REPEATED:
        message = f"the same identity and text as article {verdict.canonical_id}"
        return reject_article(article, STAGE, "repeated_record", message).rejected
    duplicate = None if verdict.role == CANONICAL else verdict.role
    return replace(article, canonical_id=verdict.canonical_id, duplicate=duplicate)


class _StageArticles(beam.DoFn):
    def __init__(self, folder: str, sketch: Sketcher | None) -> None:
        self._folder = folder
        self._sketch = sketch

    def setup(self) -> None:
        self._staged = Metrics.counter("newsbeam", "staged")

    def start_bundle(self) -> None:
        self._waiting: list[Article] = []
        self._chars = 0

    def process(self, article: Article) -> Iterator[StagedArticle]:
        self._waiting.append(article)
        self._chars += len(article.text)
        if len(self._waiting) >= MAX_ARTICLES or self._chars >= MAX_CHARS:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for staged in self._flush():
            yield WindowedValue(staged, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[StagedArticle]:
        staged = write_staged(self._waiting, self._folder, self._sketch) if self._waiting else []
        self._staged.inc(len(staged))
        self.start_bundle()
        return staged


class _TakeStaged(beam.DoFn):
    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, verdicts: tuple[str, Iterable[Verdict]]) -> Iterator[Any]:
        articles = read_staged(verdicts[0])
        for verdict in sorted(verdicts[1], key=_index):
            taken = apply_verdict(articles[verdict.index], verdict)
            if isinstance(taken, Article):
                yield taken
            else:
                self._rejects.add(taken)
                yield beam.pvalue.TaggedOutput(REJECTS, taken)


def _index(verdict: Verdict) -> int:
    return verdict.index


@dataclass
class StageArticles(beam.PTransform):
    """Cleaned articles → `StagedArticle`s.

    Args:
        folder: where the files go while the run lasts.
        sketch: makes what near copies are found by, from a text; without it there are no sketches.
    """

    folder: str
    sketch: Sketcher | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[StagedArticle]:
        """One in, one out, in files of neighbours."""
        return articles | "Stage" >> beam.ParDo(_StageArticles(self.folder, self.sketch)).with_output_types(
            StagedArticle
        )


@dataclass
class TakeStaged(beam.PTransform):
    """(File of staged articles, verdicts on its rows) → articles (`kept`) and rejects (`rejects`)."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, verdicts: beam.PCollection[tuple[str, Iterable[Verdict]]]) -> Any:
        """Read each file once and apply its verdicts."""
        return verdicts | "Take" >> beam.ParDo(_TakeStaged()).with_outputs(REJECTS, main=KEPT)
