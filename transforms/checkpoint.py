"""Checkpoints between the two halves of a run, so that no text goes through a shuffle.

In: cleaned articles, which go into files of a bounded number; for each a `CheckpointedArticle` goes on. When their
copies are known, `(file, decision)` comes back and the articles go on from there: canonical ones to be analysed, and as
documents copies and what an earlier run has analysed. A file of the published table `articles` takes part like one of
these, and stays as it is where nothing in it changes. The reason for a reject:

- `repeated_record`: another record has the same identity and the same content.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics
from apache_beam.pvalue import AsSingleton
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import CANONICAL, EXACT, REPEATED, CheckpointedArticle, CopyDecision, Failure, Part, StoredList
from schemas.records import Article, Document, SketchedArticle
from schemas.tables import CHECKPOINT
from transforms.runtime.hosts import host_of
from transforms.runtime.identity import analysis_key, digest, digest_lines, outlet_digest
from transforms.runtime.layout import folder_of_path
from transforms.runtime.lists import ReadList
from transforms.runtime.metrics import NAMESPACE, CountRejects
from transforms.runtime.outcome import KEPT, WRITTEN, reject, reject_of_article
from transforms.runtime.parquet import open_columns, open_parquet
from transforms.runtime.storage import create_file, open_file

STAGE = "dedupe"
UNCHANGED = "unchanged"
# A file of checkpointed articles is one worker's portion of the second half: small enough to spread evenly.
MAX_ARTICLES = 256
MAX_CHARS = 1_000_000

SKETCH = ("sketch", "shingles")
COLUMNS = tuple(name for name in CHECKPOINT.schema.names if name not in SKETCH)
# What the published table has of a checkpointed article; the rest is only needed before.
KNOWN = (
    *("source_file", "source_offset", "url", "source", "title", "authors", "published_at"),
    *("content_hash", "article_id", "language"),
)
PUBLISHED = (*KNOWN, "modified_at", "text", "language_confidence", "canonical_id", "duplicate")

Sketcher = Callable[[str], tuple[bytes, int] | None]
# What may be furniture in a text, packed; and what of a text is furniture, given the digests of its lines.
Packer = Callable[[str], bytes]
Selector = Callable[[str, frozenset[int]], str | None]
# Source and host of an article → the one name of its outlet.
OutletOf = Callable[[tuple[str, str]], str | None]
# The same, with all that is known of outlets before it.
NameOutlet = Callable[[Any, tuple[str, str]], str | None]
# Why a canonical article was rejected, and where a copy of it is.
Orphan = tuple[Failure, str, CopyDecision]


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
        _checkpointed_article(article, path, index, found, packed)
        for index, (article, found, packed) in enumerate(zip(articles, sketches, lines, strict=True))
    ]


def _checkpointed_article(
    article: Article, path: str, index: int, sketch: tuple[bytes, int] | None, lines: bytes
) -> CheckpointedArticle:
    """What is needed of an article to find its copies; its body is in row `index` of `path`."""
    said = (article.title, article.authors, article.source, article.language)
    spelling = _spelling(article.source, article.url)
    return CheckpointedArticle(
        article_id=article.article_id,
        content_hash=article.content_hash,
        path=path,
        index=index,
        published_at=article.published_at,
        char_count=len(article.text),
        rank=digest(repr(said)),
        place=(article.source_file, article.source_offset),
        sketch=sketch and (bytes(sketch[0]), sketch[1]),
        key=analysis_key(article.article_id, article.title, article.language, article.published_at),
        lines=lines,
        spelling=spelling,
        outlet=outlet_digest(*spelling),
    )


def _spelling(source: str | None, url: str | None) -> tuple[str, str]:
    """How an article tells its outlet: source and host, "" without one."""
    return source or "", (host_of(url) if url else None) or ""


def _is_published(file: pq.ParquetFile) -> bool:
    """Whether a file is one of the published table, not of checkpointed articles."""
    return "char_count" in file.schema_arrow.names


def _articles_of(file: pq.ParquetFile) -> Iterator[tuple[Article, tuple[bytes, int] | None]]:
    """The articles of a file, in their order, with their sketches if it has any."""
    more: dict[str, Any] = {"payload_size": 0, "record_id": None} if _is_published(file) else {}
    columns = [*(PUBLISHED if more else COLUMNS), *(() if more else SKETCH)]
    for batch in file.iter_batches(batch_size=MAX_ARTICLES, columns=columns):
        for row in batch.to_pylist():
            minima, shingles = (row.pop(name, None) for name in SKETCH)
            yield Article(**row, **more), (minima, shingles) if minima else None


def _apply_decision(article: Article, decision: CopyDecision, select_furniture: Selector) -> Any:
    """What becomes of a checkpointed article: an article to be analysed, a document that needn't be, or a reject."""
    if decision.kind == REPEATED:
        return reject(
            STAGE,
            "repeated_record",
            f"the same identity and text as article {decision.canonical_id}",
            source_file=article.source_file,
            source_offset=article.source_offset,
            payload=article.text.encode(),
        )
    duplicate = None if decision.kind == CANONICAL else decision.kind
    furniture = select_furniture(article.text, decision.furniture)
    judged = replace(article, canonical_id=decision.canonical_id, duplicate=duplicate, furniture=furniture)
    return Document(judged, known=decision.known) if duplicate or decision.known else judged


def _unchanged(path: str, decisions: Sequence[CopyDecision], outlet_of: OutletOf) -> Part | None:
    """The file as a part of the table, if it is published and stays as it is. No text is read to tell."""
    with open_columns(path) as file:
        if not _is_published(file) or not _is_unchanged(file, decisions, outlet_of):
            return None
        rows = file.metadata.num_rows
    with open_file(path) as stream:
        return Part("articles", folder_of_path(path), path, rows, stream.seek(0, 2))


def _is_unchanged(file: pq.ParquetFile, decisions: Iterable[CopyDecision], outlet_of: OutletOf) -> bool:
    """Whether rows of the published table are what the decisions on them and the outlets' names say."""
    said = file.read(["source", "url", "outlet"]).to_pydict()
    for source, url, outlet in zip(*said.values(), strict=True):
        if outlet_of(_spelling(source, url)) != outlet:
            return False
    canonical_ids, duplicates, furniture = file.read(["canonical_id", "duplicate", "furniture"]).to_pydict().values()
    before = zip(canonical_ids, duplicates, map(digest_lines, furniture), strict=True)
    after = [
        (decision.canonical_id, None if decision.kind == CANONICAL else decision.kind, decision.furniture)
        for decision in decisions
        if decision.kind != REPEATED and (decision.kind != CANONICAL or decision.known)
    ]
    return list(before) == after


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


def _rows_of(file: pq.ParquetFile, decisions: Sequence[CopyDecision]) -> Iterator[tuple[Article, CopyDecision]]:
    """The articles of a file that there are decisions on, which are in the order of its rows."""
    waiting = iter(decisions)
    decision = next(waiting, None)
    for index, (article, _) in enumerate(_articles_of(file)):
        if decision is None:
            return
        if index == decision.index:
            yield article, decision
            decision = next(waiting, None)


class _RestoreArticles(beam.DoFn):
    def __init__(self, select_furniture: Selector, name_outlet: NameOutlet) -> None:
        self._select_furniture, self._name_outlet = select_furniture, name_outlet

    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, group: tuple[str, Iterable[CopyDecision]], outlets: Any) -> Iterator[Any]:
        path, decisions = group[0], sorted(group[1], key=_index)
        outlet_of = partial(self._name_outlet, outlets)
        if part := _unchanged(path, decisions, outlet_of):
            yield beam.pvalue.TaggedOutput(UNCHANGED, part)
            return
        for article, decision in _rows_of(open_parquet(path)[0], decisions):
            named = replace(article, outlet=outlet_of(_spelling(article.source, article.url)))
            restored = _apply_decision(named, decision, self._select_furniture)
            if isinstance(restored, Article):
                yield restored
            elif isinstance(restored, Document):
                yield beam.pvalue.TaggedOutput(WRITTEN, restored)
            else:
                self._rejects.add(restored)
                yield beam.pvalue.TaggedOutput(WRITTEN, restored)


class _RestoreOrphans(beam.DoFn):
    """(Rejected article's id, why, and where its copies are) → the copies of other content, all together."""

    def __init__(self, select_furniture: Selector, name_outlet: NameOutlet) -> None:
        self._select_furniture, self._name_outlet = select_furniture, name_outlet

    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, group: tuple[str, Iterable[Orphan]], outlets: Any) -> Iterator[Any]:
        by_path: dict[str, list[CopyDecision]] = {}
        for reason, path, decision in group[1]:
            failure = reason
            by_path.setdefault(path, []).append(decision)
        orphans = []
        for path, decisions in sorted(by_path.items()):
            for article, decision in _rows_of(open_parquet(path)[0], sorted(decisions, key=_index)):
                if decision.kind == EXACT:
                    rejected = reject_of_article(article, *failure, retryable=True)
                    self._rejects.add(rejected)
                    yield beam.pvalue.TaggedOutput(WRITTEN, rejected)
                    continue
                outlet = self._name_outlet(outlets, _spelling(article.source, article.url))
                furniture = self._select_furniture(article.text, decision.furniture)
                orphans.append(replace(article, outlet=outlet, furniture=furniture))
        if orphans:
            yield tuple(orphans)


def _known_articles(path: str) -> Iterator[CheckpointedArticle]:
    """The articles of a published file, whose texts are not read."""
    with open_columns(path) as file:
        index = 0
        for batch in file.iter_batches(columns=[*KNOWN, "char_count"]):
            for row in batch.to_pylist():
                char_count = row.pop("char_count")
                article = Article(**row, payload_size=0, record_id=None, text="")
                yield replace(_checkpointed_article(article, path, index, None, b""), char_count=char_count)
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
        for index, (article, sketch) in enumerate(_articles_of(open_parquet(path)[0])):
            if attempts is not None and article.attempt_id not in attempts:
                continue
            found = sketch or (self._sketch(article.text) if self._sketch else None)
            sketched = found if self._sketch else None
            yield _checkpointed_article(article, path, index, sketched, self._pack_lines(article.text))


def _index(decision: CopyDecision) -> int:
    return decision.index


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


@dataclass
class RestoreArticles(beam.PTransform):
    """(File of checkpointed articles, decision on a row of it) → what goes on from there.

    Articles to analyse (`kept`), documents that need no analysis and rejects (`written`), and files of the published
    table that stay as they are (`unchanged`).

    Args:
        select_furniture: tells the lines of a text that are furniture, given their digests.
        outlets: all that is known of outlets.
        name_outlet: names the outlet of an article by it.
    """

    select_furniture: Selector
    outlets: AsSingleton
    name_outlet: NameOutlet

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, decisions: beam.PCollection[tuple[str, CopyDecision]]) -> Any:
        """Read each file once and apply its decisions."""
        restore = beam.ParDo(_RestoreArticles(self.select_furniture, self.name_outlet), self.outlets)
        take = restore.with_outputs(WRITTEN, UNCHANGED, main=KEPT)
        return decisions | "GroupFile" >> beam.GroupByKey() | "Restore" >> take


@dataclass
class RestoreOrphans(beam.PTransform):
    """(Rejected article's id, (why, file of a copy, decision on it)) → its copies of other content, all together.

    Those of its own content are rejected as it was (`written`). Arguments as those of `RestoreArticles`.
    """

    select_furniture: Selector
    outlets: AsSingleton
    name_outlet: NameOutlet

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, orphans: beam.PCollection[tuple[str, Orphan]]) -> Any:
        """Read the file of each."""
        restore = beam.ParDo(_RestoreOrphans(self.select_furniture, self.name_outlet), self.outlets)
        return orphans | "GroupRejected" >> beam.GroupByKey() | "Restore" >> restore.with_outputs(WRITTEN, main=KEPT)
