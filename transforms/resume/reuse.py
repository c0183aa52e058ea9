"""What earlier runs have done, taken up: articles that they read, analyses that they made, rejects that they wrote.

In: `Earlier`, as `takeover` found it, and the verdicts on all articles, old and new. Out: verdicts that know their
analysis where one has been made of the same article under the same title; and the parts that hold the rows of these
analyses and nothing else. An analysis of what is no longer canonical is left out, and so is a second one of the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.io.filesystems import FileSystems

from schemas.files import Part, Scope, StagedArticle, Verdict
from schemas.records import Analysis
from schemas.tables import WRITTEN
from transforms.checkpoint import ReadStaged, Sketcher
from transforms.resume.orphans import Failure
from transforms.runtime.identity import analysis_key
from transforms.runtime.outcome import KEPT, REJECTS
from transforms.runtime.parquet import open_parquet, write_file

WANTED = "wanted"
Units = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Source:
    """Analyses of one run: the files that say which there are, and the parts that hold their rows."""

    name: str
    analyses: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Earlier:
    """What is taken up.

    Args:
        scope: what is left to read.
        staged: files of staged articles, each with the units of it that count, or None for all: a published file.
        parts: parts that count as they are.
        mixed: parts of which only rows of some units count: the units of all rows, and those that count.
        sources: analyses.
        failures: contents on which a model has failed.
    """

    scope: Scope = field(default_factory=Scope)
    staged: tuple[tuple[str, frozenset[str] | None], ...] = ()
    parts: tuple[Part, ...] = ()
    mixed: tuple[tuple[Part, Units, frozenset[str]], ...] = ()
    sources: tuple[Source, ...] = ()
    failures: Mapping[str, Failure] = field(default_factory=dict)


def known_analyses(path: str) -> Iterator[tuple[str, str, Analysis]]:
    """(Article's id, key, analysis) of a file of `_analyses`, or of the published `articles` without copies."""
    file, _ = open_parquet(path)
    published = "key" not in file.schema_arrow.names
    columns = ["article_id", *(("title", "language", "duplicate") if published else ("key",)), *Analysis._fields]
    for batch in file.iter_batches(columns=columns):
        for row in batch.to_pylist():
            if row.get("duplicate") is None:
                key = analysis_key(row["article_id"], row["title"], row["language"]) if published else row["key"]
                yield row["article_id"], key, Analysis(*(row[name] for name in Analysis._fields))


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


def select_units(item: tuple[Part, Units, frozenset[str]], folder: str) -> Iterator[Part]:
    """The rows of the units that count."""
    part, units, chosen = item
    if found := select_rows(part, (unit in chosen for unit, rows in units for _ in range(rows)), folder):
        yield found


class _ReadKnown(beam.DoFn):
    """(Source, file) → (key, (source, article's id, analysis))."""

    def process(self, file: tuple[str, str]) -> Iterator[tuple[str, tuple[str, str, Analysis]]]:
        for article_id, key, analysis in known_analyses(file[1]):
            yield key, (file[0], article_id, analysis)


def _has_key(item: tuple[str, Verdict]) -> bool:
    return bool(item[1].key)


def _has_none(item: tuple[str, Verdict]) -> bool:
    return not item[1].key


def _by_key(item: tuple[str, Verdict]) -> tuple[str, tuple[str, Verdict]]:
    return item[1].key, item


class _Settle(beam.DoFn):
    """(Key, verdicts and analyses) → verdicts that know their analysis; `wanted`: (article's id, source of it)."""

    def process(self, joined: tuple[str, dict[str, Any]]) -> Iterator[Any]:
        known = min(joined[1]["known"], default=None, key=_source)
        for path, verdict in joined[1]["verdicts"]:
            if known:
                source, article_id, analysis = known
                yield beam.pvalue.TaggedOutput(WANTED, (article_id, source))
                yield path, replace(verdict, known=analysis)
            else:
                yield path, verdict


def _source(known: tuple[str, str, Analysis]) -> str:
    return known[0]


def _ids(item: tuple[str, Part]) -> Iterator[tuple[str, tuple[str, str]]]:
    """(Source, part) → (article's id, (source, path)) for every article that it has rows of."""
    source, part = item
    ids = pc.unique(open_parquet(part.path)[0].read(["article_id"])["article_id"])
    yield from ((article_id, (source, part.path)) for article_id in ids.to_pylist())


def _wanted_of_path(joined: tuple[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    article_id, found = joined
    sources = set(found["wanted"])
    yield from ((path, article_id) for source, path in found["files"] if source in sources)


def _path(part: Part) -> tuple[str, Part]:
    return part.path, part


def _revise(joined: tuple[str, dict[str, Any]], folder: str) -> Iterator[Part]:
    wanted = pa.array(sorted(joined[1]["wanted"]), pa.string())
    for part in joined[1]["part"]:
        ids = open_parquet(part.path)[0].read(["article_id"])["article_id"]
        if found := select_rows(part, pc.is_in(ids, wanted).to_pylist(), folder):
            yield found


@dataclass
class TakeUpArticles(beam.PTransform):
    """The pipeline → the `StagedArticle`s of earlier runs (`kept`) and rejects (`rejects`)."""

    earlier: Earlier
    sketch: Sketcher | None

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, pipeline: beam.Pipeline) -> dict[str, beam.PCollection[Any]]:
        """Read the files again, for the small part that finding copies needs."""
        files = pipeline | "Staged" >> beam.Create(self.earlier.staged)
        read = files | "Read" >> ReadStaged(self.sketch, self.earlier.failures)
        articles = read[KEPT] | "Typed" >> beam.Map(_same).with_output_types(StagedArticle)
        return {KEPT: articles, REJECTS: read[REJECTS]}


@dataclass
class TakeUpParts(beam.PTransform):
    """The pipeline → parts of rejects and of `_reads` that earlier runs wrote."""

    earlier: Earlier
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[Part]:
        """Some as they are, some without the rows that don't count."""
        whole = pipeline | "Whole" >> beam.Create(self.earlier.parts).with_output_types(Part)
        mixed = (
            pipeline
            | "Mixed" >> beam.Create(self.earlier.mixed)
            | "Spread" >> beam.Reshuffle()
            | "Select" >> beam.FlatMap(select_units, self.folder).with_output_types(Part)
        )
        return (whole, mixed) | "Both" >> beam.Flatten()


@dataclass
class SettleEarlier(beam.PTransform):
    """Verdicts → verdicts that know their analyses (`verdicts`), and the parts that hold their rows (`parts`)."""

    earlier: Earlier
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, verdicts: beam.PCollection[tuple[str, Verdict]]) -> dict[str, beam.PCollection[Any]]:
        """Join verdicts and analyses, then the wanted ones and the parts that hold them."""
        sources = self.earlier.sources
        files = [(source.name, path) for source in sources for path in source.analyses]
        known = (
            verdicts.pipeline
            | "Analyses" >> beam.Create(files)
            | "SpreadAnalyses" >> beam.Reshuffle()
            | "ReadKnown" >> beam.ParDo(_ReadKnown()).with_output_types(tuple[str, tuple[str, str, Analysis]])
        )
        canonical = (
            verdicts
            | "Canonical" >> beam.Filter(_has_key)
            | "ByKey" >> beam.Map(_by_key).with_output_types(tuple[str, tuple[str, Verdict]])
        )
        settled = (
            {"known": known, "verdicts": canonical}
            | "JoinKnown" >> beam.CoGroupByKey()
            | "Settle" >> beam.ParDo(_Settle()).with_outputs(WANTED, main="verdicts")
        )
        others = verdicts | "Others" >> beam.Filter(_has_none)
        both = (settled["verdicts"], others) | "AllVerdicts" >> beam.Flatten()
        return {
            "verdicts": both | "Typed" >> beam.Map(_same).with_output_types(tuple[str, Verdict]),
            "parts": self._parts(verdicts.pipeline, settled[WANTED]),
        }

    def _parts(self, pipeline: beam.Pipeline, wanted: beam.PCollection[tuple[str, str]]) -> beam.PCollection[Part]:
        found = [(source.name, part) for source in self.earlier.sources for part in source.parts]
        ids = (
            pipeline
            | "SourceParts" >> beam.Create(found)
            | "SpreadSources" >> beam.Reshuffle()
            | "Ids" >> beam.FlatMap(_ids).with_output_types(tuple[str, tuple[str, str]])
        )
        by_path = (
            {"files": ids, "wanted": wanted | "TypeWanted" >> beam.Map(_same).with_output_types(tuple[str, str])}
            | "JoinIds" >> beam.CoGroupByKey()
            | "WantedOfPath" >> beam.FlatMap(_wanted_of_path).with_output_types(tuple[str, str])
        )
        parts = pipeline | "Parts" >> beam.Create([_path(part) for _, part in found])
        return (
            {"part": parts, "wanted": by_path}
            | "JoinPath" >> beam.CoGroupByKey()
            | "Revise" >> beam.FlatMap(_revise, self.folder).with_output_types(Part)
        )


def _same(item: Any) -> Any:
    return item
