"""Articles out of their checkpoints, once there are decisions on their copies. Reasons are those of the room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
from apache_beam.pvalue import AsSingleton

from schemas.files import CANONICAL, EXACT, REPEATED, CopyDecision, Failure, Part
from schemas.records import Article, Document
from transforms.checkpoint.files import (
    articles_of,
    is_published,
    spelling_of,
)
from transforms.runtime.identity import digest_lines
from transforms.runtime.layout import Layout, folder_of_path
from transforms.runtime.metrics import CountRejects
from transforms.runtime.outcome import KEPT, WRITTEN, reject, reject_of_article
from transforms.runtime.parquet import open_columns, open_parquet
from transforms.runtime.storage import open_file

STAGE = "dedupe"
UNCHANGED = "unchanged"
# What of a text is furniture, given the digests of its lines.
Selector = Callable[[str, frozenset[int]], str | None]
# Source and host of an article → the one name of its outlet.
OutletOf = Callable[[tuple[str, str]], str | None]
# The same, with all that is known of outlets before it.
NameOutlet = Callable[[Any, tuple[str, str]], str | None]
# Why a canonical article was rejected, and where a copy of it is.
Orphan = tuple[Failure, str, CopyDecision]


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
        if not is_published(file) or not _is_unchanged(file, decisions, outlet_of):
            return None
        rows = file.metadata.num_rows
    with open_file(path) as stream:
        return Part("articles", folder_of_path(path), path, rows, stream.seek(0, 2))


def _is_unchanged(file: pq.ParquetFile, decisions: Iterable[CopyDecision], outlet_of: OutletOf) -> bool:
    """Whether rows of the published table are what the decisions on them and the outlets' names say."""
    said = file.read(["source", "url", "outlet"]).to_pydict()
    for source, url, outlet in zip(*said.values(), strict=True):
        if outlet_of(spelling_of(source, url)) != outlet:
            return False
    canonical_ids, duplicates, furniture = file.read(["canonical_id", "duplicate", "furniture"]).to_pydict().values()
    before = zip(canonical_ids, duplicates, map(digest_lines, furniture), strict=True)
    after = [
        (decision.canonical_id, None if decision.kind == CANONICAL else decision.kind, decision.furniture)
        for decision in decisions
        if decision.kind != REPEATED and (decision.kind != CANONICAL or decision.known)
    ]
    return list(before) == after


def _rows_of(file: pq.ParquetFile, decisions: Sequence[CopyDecision]) -> Iterator[tuple[Article, CopyDecision]]:
    """The articles of a file that there are decisions on, which are in the order of its rows."""
    waiting = iter(decisions)
    decision = next(waiting, None)
    for index, (article, _) in enumerate(articles_of(file)):
        if decision is None:
            return
        if index == decision.index:
            yield article, decision
            decision = next(waiting, None)


class _Restore(beam.DoFn):
    """What both ways out of checkpoints need."""

    def __init__(self, select_furniture: Selector, name_outlet: NameOutlet) -> None:
        self._select_furniture, self._name_outlet = select_furniture, name_outlet

    def setup(self) -> None:
        self._rejects = CountRejects()


class _RestoreArticles(_Restore):
    def process(self, group: tuple[str, Iterable[CopyDecision]], outlets: Any, layout: Layout) -> Iterator[Any]:
        path, decisions = group[0], sorted(group[1], key=_index)
        outlet_of = partial(self._name_outlet, outlets)
        if part := _unchanged(path, decisions, outlet_of):
            yield beam.pvalue.TaggedOutput(UNCHANGED, part)
            return
        for article, decision in _rows_of(open_parquet(path)[0], decisions):
            outlet = outlet_of(spelling_of(article.source, article.url))
            named = replace(article, outlet=outlet, partition_by=layout.partition_by)
            restored = _apply_decision(named, decision, self._select_furniture)
            if isinstance(restored, Article):
                yield restored
            elif isinstance(restored, Document):
                yield beam.pvalue.TaggedOutput(WRITTEN, restored)
            else:
                self._rejects.add(restored)
                yield beam.pvalue.TaggedOutput(WRITTEN, restored)


class _RestoreOrphans(_Restore):
    """(Rejected article's id, why, and where its copies are) → the copies of other content, all together."""

    def process(self, group: tuple[str, Iterable[Orphan]], outlets: Any, layout: Layout) -> Iterator[Any]:
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
                outlet = self._name_outlet(outlets, spelling_of(article.source, article.url))
                furniture = self._select_furniture(article.text, decision.furniture)
                by = layout.partition_by
                orphans.append(replace(article, outlet=outlet, furniture=furniture, partition_by=by))
        if orphans:
            yield tuple(orphans)


def _index(decision: CopyDecision) -> int:
    return decision.index


@dataclass
class _Restoring(beam.PTransform):
    """What is read out of checkpoints goes through it.

    Args:
        select_furniture: tells the lines of a text that are furniture, given their digests.
        outlets: all that is known of outlets.
        name_outlet: names the outlet of an article by it.
        layout: that of the run's tables, which articles carry from here on.
    """

    select_furniture: Selector
    outlets: AsSingleton
    name_outlet: NameOutlet
    layout: AsSingleton

    def __post_init__(self) -> None:
        super().__init__()


class RestoreArticles(_Restoring):
    """(File of checkpointed articles, decision on a row of it) → what goes on from there.

    Articles to analyse (`kept`), documents that need no analysis and rejects (`written`), and files of the published
    table that stay as they are (`unchanged`).
    """

    def expand(self, decisions: beam.PCollection[tuple[str, CopyDecision]]) -> Any:
        """Read each file once and apply its decisions."""
        restore = beam.ParDo(_RestoreArticles(self.select_furniture, self.name_outlet), self.outlets, self.layout)
        take = restore.with_outputs(WRITTEN, UNCHANGED, main=KEPT)
        return decisions | "GroupFile" >> beam.GroupByKey() | "Restore" >> take


class RestoreOrphans(_Restoring):
    """(Rejected article's id, (why, file of a copy, decision on it)) → its copies of other content, all together.

    Those of its own content are rejected as it was (`written`).
    """

    def expand(self, orphans: beam.PCollection[tuple[str, Orphan]]) -> Any:
        """Read the file of each."""
        restore = beam.ParDo(_RestoreOrphans(self.select_furniture, self.name_outlet), self.outlets, self.layout)
        return orphans | "GroupRejected" >> beam.GroupByKey() | "Restore" >> restore.with_outputs(WRITTEN, main=KEPT)
