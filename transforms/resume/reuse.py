"""What earlier runs have done, reused: articles that they read, analyses that they made, rejects that they wrote.

In: `Reuse`, as `scan` found it, and the decisions on all articles, old and new. Out: decisions that know their
analysis where one has been made of the same article under the same title; and the parts that hold the rows of these
analyses and nothing else. An analysis of what is no longer canonical is left out, and so is a second one of the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from schemas.files import (
    EMPTY,
    EVERYTHING,
    NOTHING_STORED,
    CopyDecision,
    FileScope,
    Part,
    Scope,
    StoredCopies,
    StoredList,
    StoredScope,
)
from schemas.records import Analysis
from schemas.tables import COPY_TABLES, WRITTEN
from transforms.runtime.identity import analysis_key, digest_lines, furnished_key
from transforms.runtime.lists import ReadList, store_list, store_values
from transforms.runtime.parquet import open_columns, open_parquet, write_file
from transforms.runtime.storage import join

WANTED = "wanted"
Attempts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AnalysisSource:
    """Analyses of one run: the files that say which there are, and the parts that hold their rows."""

    name: str
    analyses: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Reuse:
    """What is reused.

    Args:
        scope: what is left to read.
        checkpoints: files of checkpointed articles, each with its attempts that count; None for a published one.
        parts: parts that count as they are.
        mixed: parts of which only rows of some attempts count: the attempts of all rows, and those that count.
        sources: analyses.
        counts: parts that hold how often a finished run names each entity.
        counted: how many rows of `entities` they count; −1 without any.
        copies: parts that hold what a finished run knows of the texts of all its articles; they count as they are.
    """

    scope: Scope = field(default_factory=Scope)
    checkpoints: tuple[tuple[str, frozenset[str] | None], ...] = ()
    parts: tuple[Part, ...] = ()
    mixed: tuple[tuple[Part, Attempts, frozenset[str]], ...] = ()
    sources: tuple[AnalysisSource, ...] = ()
    counts: tuple[Part, ...] = ()
    counted: int = -1
    copies: tuple[Part, ...] = ()


class StoredReuse(NamedTuple):
    """A `Reuse` whose lists lie in files; `analyses` and `found` are (source, file) and (source, part) of its sources.

    `patterns`: of the input, where they aren't those of the job.
    """

    scope: StoredScope = EVERYTHING
    patterns: StoredList = EMPTY
    checkpoints: StoredList = EMPTY
    parts: StoredList = EMPTY
    mixed: StoredList = EMPTY
    analyses: StoredList = EMPTY
    found: StoredList = EMPTY
    counts: StoredList = EMPTY
    counted: int = -1
    copies: StoredCopies = NOTHING_STORED


def store_reuse(reuse: Reuse, folder: str, patterns: Sequence[str] = ()) -> StoredReuse:
    """Write the lists of a `Reuse` into files in a folder."""
    only = reuse.scope.only
    places = store_values(only.values(), join(folder, "selections.jsonl")) if only else ()
    selections = dict(zip(only, places, strict=True))
    known = {**dict.fromkeys(only, frozenset()), **reuse.scope.known}
    files = (FileScope(path, labels, selections.get(path)) for path, labels in known.items())
    return StoredReuse(
        scope=StoredScope(store_list(files, folder, "scopes"), store_list(reuse.scope.records, folder, "records")),
        patterns=store_list(patterns, folder, "patterns"),
        checkpoints=store_list(reuse.checkpoints, folder, "checkpoints"),
        parts=store_list(reuse.parts, folder, "parts"),
        mixed=store_list(reuse.mixed, folder, "mixed"),
        analyses=store_list(((one.name, path) for one in reuse.sources for path in one.analyses), folder, "analyses"),
        found=store_list(((one.name, part) for one in reuse.sources for part in one.parts), folder, "found"),
        counts=store_list(reuse.counts, folder, "counts"),
        counted=reuse.counted,
        copies=StoredCopies(
            *(
                store_list((part.path for part in reuse.copies if part.table == name), folder, name)
                for name in COPY_TABLES
            )
        ),
    )


def _known_analyses(path: str) -> Iterator[tuple[str, str, Analysis]]:
    """(Article's id, key, analysis) of a file of `_analyses`, or of the published `articles` without copies."""
    with open_columns(path) as file:
        yield from _analyses_of(file)


def _analyses_of(file: pq.ParquetFile) -> Iterator[tuple[str, str, Analysis]]:
    published = "key" not in file.schema_arrow.names
    columns = [
        "article_id",
        *(("title", "language", "published_at", "duplicate", "furniture") if published else ("key",)),
        *Analysis._fields,
    ]
    for batch in file.iter_batches(columns=columns):
        for row in batch.to_pylist():
            if row.get("duplicate") is None:
                yield (
                    row["article_id"],
                    _published_key(row) if published else row["key"],
                    Analysis(*(row[name] for name in Analysis._fields)),
                )


def _published_key(row: Mapping[str, Any]) -> str:
    key = analysis_key(row["article_id"], row["title"], row["language"], row["published_at"])
    return furnished_key(key, digest_lines(row["furniture"]))


def select_rows(part: Part, mask: Iterable[bool], folder: str) -> Part | None:
    """A part of the rows that `mask` tells, None if it tells none; the part itself if it tells all."""
    chosen = list(mask)
    if all(chosen):
        return part
    if not any(chosen):
        return None
    schema = WRITTEN[part.table].schema
    table = open_parquet(part.path)[0].read().filter(pa.array(chosen)).cast(schema)
    path = FileSystems.join(folder, f"{part.table}-{uuid.uuid4().hex}.parquet")
    size = write_file(path, schema, table.to_batches())
    return replace(part, path=path, rows=table.num_rows, size=size)


def _select_attempts(item: tuple[Part, Attempts, frozenset[str]], folder: str) -> Iterator[Part]:
    """The rows of the attempts that count."""
    part, attempts, chosen = item
    if found := select_rows(part, (attempt_id in chosen for attempt_id, rows in attempts for _ in range(rows)), folder):
        yield found


class _ReadKnown(beam.DoFn):
    """(AnalysisSource, file) → (key, (source, article's id, analysis))."""

    def process(self, file: tuple[str, str]) -> Iterator[tuple[str, tuple[str, str, Analysis]]]:
        for article_id, key, analysis in _known_analyses(file[1]):
            yield key, (file[0], article_id, analysis)


def _has_key(item: tuple[str, CopyDecision]) -> bool:
    return bool(item[1].key)


def _has_none(item: tuple[str, CopyDecision]) -> bool:
    return not item[1].key


def _by_key(item: tuple[str, CopyDecision]) -> tuple[str, tuple[str, CopyDecision]]:
    return item[1].key, item


class _Settle(beam.DoFn):
    """(Key, decisions and analyses) → decisions that know their analysis; `wanted`: (article's id, source of it)."""

    def process(self, joined: tuple[str, dict[str, Any]]) -> Iterator[Any]:
        known = min(joined[1]["known"], default=None, key=_source)
        for path, decision in joined[1]["decisions"]:
            if known:
                source, article_id, analysis = known
                yield beam.pvalue.TaggedOutput(WANTED, (article_id, source))
                yield path, replace(decision, known=analysis)
            else:
                yield path, decision


def _source(known: tuple[str, str, Analysis]) -> str:
    return known[0]


def _ids(item: tuple[str, Part]) -> Iterator[tuple[str, tuple[str, str]]]:
    """(AnalysisSource, part) → (article's id, (source, path)) for every article that it has rows of."""
    source, part = item
    with open_columns(part.path) as file:
        ids = pc.unique(file.read(["article_id"])["article_id"])
    yield from ((article_id, (source, part.path)) for article_id in ids.to_pylist())


def _wanted_of_path(joined: tuple[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    article_id, found = joined
    sources = set(found["wanted"])
    yield from ((path, article_id) for source, path in found["files"] if source in sources)


def _path(item: tuple[str, Part]) -> tuple[str, Part]:
    return item[1].path, item[1]


def _revise(joined: tuple[str, dict[str, Any]], folder: str) -> Iterator[Part]:
    wanted = pa.array(sorted(joined[1]["wanted"]), pa.string())
    for part in joined[1]["part"]:
        with open_columns(part.path) as file:
            ids = file.read(["article_id"])["article_id"]
        if found := select_rows(part, pc.is_in(ids, wanted).to_pylist(), folder):
            yield found


@dataclass
class LoadParts(beam.PTransform):
    """The pipeline → parts of rejects and of `_reads` that earlier runs wrote."""

    reuse: StoredReuse
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[Part]:
        """Some as they are, some without the rows that don't count."""
        whole = pipeline | "Whole" >> ReadList(self.reuse.parts, Part)
        if not self.reuse.mixed.paths:
            return whole
        mixed = pipeline | "Mixed" >> ReadList(self.reuse.mixed, tuple[Part, Attempts, frozenset[str]])
        selected = mixed | "Select" >> beam.FlatMap(_select_attempts, self.folder).with_output_types(Part)
        return (whole, selected) | "Both" >> beam.Flatten()


@dataclass
class ReuseAnalyses(beam.PTransform):
    """Decisions → decisions that know their analyses (`decisions`), and the parts that hold their rows (`parts`)."""

    reuse: StoredReuse
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, decisions: beam.PCollection[tuple[str, CopyDecision]]) -> dict[str, beam.PCollection[Any]]:
        """Join decisions and analyses, then the wanted ones and the parts that hold them."""
        known = (
            decisions.pipeline
            | "Analyses" >> ReadList(self.reuse.analyses, tuple[str, str])
            | "ReadKnown" >> beam.ParDo(_ReadKnown()).with_output_types(tuple[str, tuple[str, str, Analysis]])
        )
        canonical = (
            decisions
            | "Canonical" >> beam.Filter(_has_key)
            | "ByKey" >> beam.Map(_by_key).with_output_types(tuple[str, tuple[str, CopyDecision]])
        )
        place = tuple[str, CopyDecision]
        settle = beam.ParDo(_Settle()).with_output_types(place, wanted=tuple[str, str])
        settled = (
            {"known": known, "decisions": canonical}
            | "JoinKnown" >> beam.CoGroupByKey()
            | "Settle" >> settle.with_outputs(WANTED, main="decisions")
        )
        others = decisions | "Others" >> beam.Filter(_has_none)
        return {
            "decisions": (settled["decisions"], others) | "AllDecisions" >> beam.Flatten(),
            "parts": self._parts(decisions.pipeline, settled[WANTED]),
        }

    def _parts(self, pipeline: beam.Pipeline, wanted: beam.PCollection[tuple[str, str]]) -> beam.PCollection[Part]:
        found = pipeline | "SourceParts" >> ReadList(self.reuse.found, tuple[str, Part])
        ids = found | "Ids" >> beam.FlatMap(_ids).with_output_types(tuple[str, tuple[str, str]])
        by_path = (
            {"files": ids, "wanted": wanted}
            | "JoinIds" >> beam.CoGroupByKey()
            | "WantedOfPath" >> beam.FlatMap(_wanted_of_path).with_output_types(tuple[str, str])
        )
        parts = found | "Parts" >> beam.Map(_path).with_output_types(tuple[str, Part])
        return (
            {"part": parts, "wanted": by_path}
            | "JoinPath" >> beam.CoGroupByKey()
            | "Revise" >> beam.FlatMap(_revise, self.folder).with_output_types(Part)
        )
