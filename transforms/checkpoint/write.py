"""Articles into checkpoints, and those of earlier runs again: for each what is needed to find its copies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import CheckpointedArticle, StoredList
from schemas.records import Article, SketchedArticle
from schemas.tables import CHECKPOINT
from transforms.checkpoint.files import (
    COLUMNS,
    KNOWN,
    MAX_ARTICLES,
    Packer,
    articles_of,
    checkpointed_article,
)
from transforms.runtime.lists import ReadList
from transforms.runtime.metrics import NAMESPACE
from transforms.runtime.parquet import open_columns, open_parquet
from transforms.runtime.storage import create_file

MAX_CHARS = 1_000_000
Sketcher = Callable[[str], tuple[bytes, int] | None]


def _write_checkpoint(items: Sequence[SketchedArticle], folder: str) -> list[CheckpointedArticle]:
    """Put articles down in a new file and return what is needed to find their copies."""
    articles, sketches, lines = zip(*items, strict=True)
    path = FileSystems.join(folder, f"{uuid.uuid4().hex}.parquet")
    columns: dict[str, list[Any]] = {name: [getattr(article, name) for article in articles] for name in COLUMNS}
    columns["sketch"] = [found and found[0] for found in sketches]
    columns["shingles"] = [found and found[1] for found in sketches]
    with create_file(path) as stream:
        pq.write_table(pa.table(columns, schema=CHECKPOINT.schema), stream, compression="zstd")
    return [
        checkpointed_article(article, path, index, found, packed)
        for index, (article, found, packed) in enumerate(zip(articles, sketches, lines, strict=True))
    ]


class _CheckpointArticles(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def setup(self) -> None:
        self._count = Metrics.counter(NAMESPACE, "checkpointed")

    def start_bundle(self) -> None:
        self._waiting: list[SketchedArticle] = []
        self._chars = 0

    def process(self, item: SketchedArticle) -> Iterator[CheckpointedArticle]:
        self._waiting.append(item)
        self._chars += len(item.article.text)
        if len(self._waiting) >= MAX_ARTICLES or self._chars >= MAX_CHARS:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for checkpointed in self._flush():
            yield WindowedValue(checkpointed, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _flush(self) -> list[CheckpointedArticle]:
        checkpointed = _write_checkpoint(self._waiting, self._folder) if self._waiting else []
        self._count.inc(len(checkpointed))
        self.start_bundle()
        return checkpointed


def _known_articles(path: str) -> Iterator[CheckpointedArticle]:
    """The articles of a published file, whose texts are not read."""
    with open_columns(path) as file:
        index = 0
        for batch in file.iter_batches(columns=[*KNOWN, "char_count"]):
            for row in batch.to_pylist():
                char_count = row.pop("char_count")
                article = Article(**row, payload_size=0, record_id=None, text="")
                yield replace(checkpointed_article(article, path, index, None, b""), char_count=char_count)
                index += 1


class _ReadCheckpoints(beam.DoFn):
    """(File, attempts whose articles count; None for all of a published one) → its `CheckpointedArticle`s."""

    def __init__(self, sketch: Sketcher | None, pack_lines: Packer, *, known: bool) -> None:
        self._sketch, self._pack_lines, self._known = sketch, pack_lines, known

    def process(self, file: tuple[str, frozenset[str] | None]) -> Iterator[CheckpointedArticle]:
        path, attempts = file
        if attempts is None and self._known:
            yield from _known_articles(path)
            return
        for index, (article, sketch) in enumerate(articles_of(open_parquet(path)[0])):
            if attempts is not None and article.attempt_id not in attempts:
                continue
            found = sketch or (self._sketch(article.text) if self._sketch else None)
            sketched = found if self._sketch else None
            yield checkpointed_article(article, path, index, sketched, self._pack_lines(article.text))


@dataclass
class CheckpointArticles(beam.PTransform):
    """Cleaned articles with their sketches → `CheckpointedArticle`s.

    Args:
        folder: where files go while the run lasts.
    """

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[SketchedArticle]) -> beam.PCollection[CheckpointedArticle]:
        """One in, one out, in files of neighbours."""
        return articles | "Write" >> beam.ParDo(_CheckpointArticles(self.folder)).with_output_types(CheckpointedArticle)


@dataclass
class LoadArticles(beam.PTransform):
    """The pipeline → the `CheckpointedArticle`s of earlier runs.

    Args:
        files: list of those of checkpointed or published articles, each with its attempts that count, or None for all.
        pack_lines: tells of a text which lines may be furniture.
        sketch: makes what near copies are found by, from a text; without it there are no sketches.
        known: sketches and lines of published articles are known elsewhere: their texts needn't be read.
    """

    files: StoredList
    pack_lines: Packer
    sketch: Sketcher | None = None
    known: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[CheckpointedArticle]:
        """Spread the files, read each again for the small part that finding copies needs."""
        read = beam.ParDo(_ReadCheckpoints(self.sketch, self.pack_lines, known=self.known))
        files = pipeline | "Files" >> ReadList(self.files, tuple[str, frozenset[str] | None])
        return files | "Read" >> read.with_output_types(CheckpointedArticle)
