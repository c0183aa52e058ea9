"""The graph of a run: how records, articles, copies and rows go from step to step. `stages` has the order for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.pvalue import AsSingleton

from pipeline.chains import (
    ANALYSIS_BATCH,
    PREPARATION_BATCH,
    PreparedArticles,
    ReadingSettings,
    analyse_chain,
    prepare_chain,
    record_size,
)
from schemas.files import CopyDecision, Part
from schemas.records import Article
from schemas.rows import LEFT_OUT
from transforms.assemble.collections import row_set
from transforms.assemble.rows import FOUND, AnalysedRows
from transforms.checkpoint.restore import UNCHANGED, RestoreArticles, RestoreOrphans
from transforms.checkpoint.write import CheckpointArticles, LoadArticles
from transforms.dedupe import NEAR
from transforms.dedupe.copies import JudgeCopies
from transforms.dedupe.orphans import COPIES, FRESH, ORPHANED, SETTLED, HandOver, RouteDecisions, SettleCopies
from transforms.dedupe.sketch import sketch_text
from transforms.identities import CountNames, DecideIdentities, count_shards
from transforms.outlets import Outlets, name_outlet
from transforms.outlets.steps import LearnOutlets
from transforms.read.first import ReadFirst
from transforms.read.records import ReadRecords
from transforms.recurring import pack_lines, select_furniture
from transforms.recurring.steps import FindFurniture
from transforms.resume.reuse import LoadParts, ReuseAnalyses, StoredReuse
from transforms.runtime.guard import RUNS, Guard, Sandboxed
from transforms.runtime.layout import choose_layout
from transforms.runtime.lists import ReadList
from transforms.runtime.outcome import KEPT, REJECTS, WRITTEN
from transforms.selection import Asked
from transforms.write import FinishRun, WriteRows
from transforms.write.layout import ChooseLayout
from transforms.write.parts import BUFFER_SECONDS

# What one worker does at a time shall be at most this part of its share of the input, so that all end together.
SHARES = 4


@dataclass(frozen=True)
class Job:
    """All that the graph needs to know, as plain values.

    `work` is the directory for what lives only while the run does; `run` the part of `_run.json` known at the start;
    `lock` the file by which it has the output directory; `input_bytes` the size of the input, where it is known;
    `unread_bytes` that of what is left of it to read; `readers` how many processors are likely to share that;
    `partition_by` how its tables are laid out, "" where that is still to be chosen; `buffer_seconds` after how long
    what was done is written for a later run; `reuse` what earlier runs have done of it; `guard` how what articles may
    do to the stages is kept from the run; `asked` which articles are kept; `limit` and `sample` how many records are
    taken, the first ones or some drawn by chance, 0 for all.
    """

    patterns: Sequence[str]
    output: str
    work: str
    file_format: str
    max_record_size: int
    extract_timeout: float
    latest: datetime
    mapping: Mapping[str, str]
    date_order: str
    by_folder: bool
    min_chars: int
    dedupe: str
    dedupe_days: int
    models: Mapping[str, str]
    sentiment: str
    sentiment_model: str | None
    run: Mapping[str, Any]
    lock: str = ""
    input_bytes: int | None = None
    unread_bytes: int | None = None
    readers: int = 1
    partition_by: str = ""
    buffer_seconds: float = BUFFER_SECONDS
    reuse: StoredReuse = field(default_factory=StoredReuse)
    guard: Guard = field(default_factory=Guard)
    asked: Asked = field(default_factory=Asked)
    limit: int = 0
    sample: int = 0


def build(pipeline: beam.Pipeline, job: Job) -> beam.PCollection[dict[str, Any]]:
    """Dumps in, tables out. Returns the manifest, the last thing that the run writes, as one element."""
    reading = _reading(job)
    read = _read(pipeline, job)
    tags = () if job.asked == Asked() else (LEFT_OUT,)
    prepare = Sandboxed(prepare_chain(reading), PreparedArticles, job.guard, record_size, PREPARATION_BATCH, tags)
    prepared = read[KEPT] | "Prepare" >> prepare
    checkpointed = prepared[KEPT] | "Checkpoint" >> CheckpointArticles(_folder(job, "checkpoints"))
    loaded = _load_articles(pipeline, reading, job)
    # A flattening of one would be stored for nothing.
    articles = (checkpointed, *loaded) | "AllArticles" >> beam.Flatten() if loaded else checkpointed
    none = choose_layout({}, job.partition_by)
    layout = AsSingleton(articles | "Layout" >> ChooseLayout(job.partition_by), none)
    outlets = AsSingleton(articles | "Outlets" >> LearnOutlets(), Outlets())
    copies = articles | "Dedupe" >> JudgeCopies(job.dedupe, job.input_bytes, job.reuse.copies, job.dedupe_days)
    decided = _reuse_analyses(copies.decisions | "Furniture" >> FindFurniture(), job)
    found = _analyse(decided["decisions"], outlets, layout, job)
    parts = (
        _write_early(read, prepared, job),
        _write_late((*found[WRITTEN], *copies.rows), job),
        *_load_parts(pipeline, job),
        *decided["parts"],
        *found[UNCHANGED],
    ) | "FoundParts" >> beam.Flatten()
    runs = found[RUNS] | "AllRuns" >> beam.Flatten()
    return (
        (parts, *_identify(parts, job))
        | "AllParts" >> beam.Flatten()
        | "Finish" >> FinishRun(layout, runs, job.run, job.output, job.work, job.lock)
    )


def _read(pipeline: beam.Pipeline, job: Job) -> dict[str, Any]:
    """The records of the input: all, the first ones, or some."""
    read = (_folder(job, "blocks"), job.file_format, job.max_record_size, _largest(job), job.reuse.scope, job.guard)
    records = ReadRecords(*read, job.sample)
    if job.limit:
        first: dict[str, Any] = (
            pipeline | "Input" >> beam.Create([tuple(job.patterns)]) | "Read" >> ReadFirst(records, job.limit)
        )
        return first
    found: dict[str, Any] = _patterns(pipeline, job) | "Read" >> records
    return found


def _patterns(pipeline: beam.Pipeline, job: Job) -> beam.PCollection[str]:
    if job.reuse.patterns.paths:
        return pipeline | "Input" >> ReadList(job.reuse.patterns, str)
    return pipeline | "Input" >> beam.Create(list(job.patterns))


def _largest(job: Job) -> int:
    """Bytes of a packed file that one worker reads while the others have no less to do; 0 where nobody knows."""
    return (job.unread_bytes or 0) // (SHARES * job.readers)


def _analyse(
    decisions: beam.PCollection[tuple[str, CopyDecision]], outlets: AsSingleton, layout: AsSingleton, job: Job
) -> dict[str, tuple[beam.PCollection[Any], ...]]:
    """Decisions → what is found in articles, and what needs no analysis, each as collections by tag.

    Copies wait for the analysis of the article that stands for them; if that is rejected, another takes its place.
    """
    restore = (select_furniture, outlets, name_outlet, layout)
    chain = analyse_chain(job.models, job.sentiment, job.sentiment_model)
    routed = decisions | "Decided" >> RouteDecisions()
    restored = routed[FRESH] | "Restore" >> RestoreArticles(*restore)
    analyse = Sandboxed(chain, AnalysedRows, job.guard, _chars, ANALYSIS_BATCH, (RUNS,))
    analysed = restored[KEPT] | "Analyse" >> analyse
    copies = (routed[COPIES], analysed[REJECTS]) | "SettleCopies" >> SettleCopies()
    settled = (copies[KEPT], routed[SETTLED]) | "Settled" >> beam.Flatten()
    kept = settled | "RestoreSettled" >> RestoreArticles(*restore)
    orphans = copies[ORPHANED] | "RestoreOrphans" >> RestoreOrphans(*restore)
    handed = orphans[KEPT] | "HandOver" >> HandOver(chain, AnalysedRows, job.guard)
    steps = (restored, kept, orphans, handed)
    return {
        WRITTEN: (analysed[KEPT], analysed[REJECTS], *(step[WRITTEN] for step in steps)),
        RUNS: (analysed[RUNS], handed[RUNS]),
        UNCHANGED: (restored[UNCHANGED], kept[UNCHANGED]),
    }


def _load_articles(pipeline: beam.Pipeline, reading: ReadingSettings, job: Job) -> tuple[beam.PCollection[Any], ...]:
    """Articles that earlier runs have read; no step where there are none."""
    if not job.reuse.checkpoints.paths:
        return ()
    sketch = sketch_text if reading.near else None
    load = LoadArticles(job.reuse.checkpoints, pack_lines, sketch, known=bool(job.reuse.copies.contents.paths))
    return (pipeline | "LoadArticles" >> load,)


def _load_parts(pipeline: beam.Pipeline, job: Job) -> tuple[beam.PCollection[Part], ...]:
    """Parts that earlier runs have written; no step where there are none."""
    if not job.reuse.parts.paths and not job.reuse.mixed.paths:
        return ()
    return (pipeline | "LoadParts" >> LoadParts(job.reuse, _folder(job, "parts")),)


def _reuse_analyses(decisions: beam.PCollection[Any], job: Job) -> dict[str, Any]:
    """Decisions that know their analyses, and the parts of these; no step where there are none."""
    if not job.reuse.analyses.paths:
        return {"decisions": decisions, "parts": ()}
    found = decisions | "ReuseAnalyses" >> ReuseAnalyses(job.reuse, _folder(job, "parts"))
    return {"decisions": found["decisions"], "parts": (found["parts"],)}


def _reading(job: Job) -> ReadingSettings:
    near = job.dedupe == NEAR
    return ReadingSettings(
        job.extract_timeout, job.latest, job.mapping, job.min_chars, near, job.date_order, job.by_folder, job.asked
    )


def _write_early(read: Any, prepared: Any, job: Job) -> beam.PCollection[Part]:
    """What is written before copies are looked for, for a later run to use."""
    keep = ("_reads", "rejects")
    write = WriteRows(_folder(job, "parts"), keep=keep, seconds=job.buffer_seconds, to_rows=row_set)
    left_out = () if job.asked == Asked() else (prepared[LEFT_OUT],)
    return (*read[WRITTEN], prepared[REJECTS], *left_out) | "WriteEarly" >> write


def _write_late(found: Sequence[beam.PCollection[Any]], job: Job) -> beam.PCollection[Part]:
    """What is written afterwards; a later run can use what was found in articles."""
    write = WriteRows(_folder(job, "parts"), FOUND, job.buffer_seconds, row_set)
    return found | "WriteLate" >> write


def _identify(parts: beam.PCollection[Part], job: Job) -> tuple[beam.PCollection[Part], ...]:
    """What is decided over all articles: which entities are the same, and the counts that this hangs on."""
    write = WriteRows(_folder(job, "parts"))
    counted = parts | "CountNames" >> CountNames(job.output, job.reuse.counts, job.reuse.counted)
    identities = (counted["rows"], *counted["parts"]) | "Identities" >> DecideIdentities(count_shards(job.input_bytes))
    return ((counted["rows"], identities) | "WriteIdentities" >> write, *counted["parts"])


def _chars(article: Article) -> int:
    return len(article.text)


def _folder(job: Job, name: str) -> str:
    return FileSystems.join(job.work, name)
