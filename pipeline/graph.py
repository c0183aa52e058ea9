"""The graph of a run: how records, articles, copies and rows go from step to step. `stages` has the order for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from pipeline.stages import (
    ANALYSIS_BATCH,
    PREPARATION_BATCH,
    PreparedArticles,
    Reading,
    analyse_chain,
    prepare_chain,
    record_size,
)
from schemas.records import Article
from transforms.assemble.collections import AssembleArticles, AssembleRejects
from transforms.assemble.rows import ARTICLES, AnalysedRows
from transforms.checkpoint import DONE, UNCHANGED, StageArticles, TakeStaged
from transforms.dedupe.copies import NEAR, JudgeCopies
from transforms.dedupe.sketch import sketch_text
from transforms.read.records import ReadRecords
from transforms.resume.orphans import FindOrphans
from transforms.resume.reuse import Earlier, SettleEarlier, TakeUpArticles, TakeUpParts
from transforms.runtime.guard import RUNS, Guard, Sandboxed
from transforms.runtime.outcome import COUNTS, KEPT, REJECTS
from transforms.write import FinishRun, WriteRows


@dataclass(frozen=True)
class Job:
    """All that the graph needs to know, as plain values.

    `work` is the directory for what lives only while the run does; `run` the part of `_run.json` known at the start;
    `earlier` what earlier runs have done of it; `guard` how what articles may do to the stages is kept from the run.
    """

    patterns: Sequence[str]
    output: str
    work: str
    file_format: str
    max_record_size: int
    extract_timeout: float
    latest: datetime
    mapping: Mapping[str, str]
    min_chars: int
    dedupe: str
    models: Mapping[str, str]
    sentiment: str
    sentiment_model: str | None
    run: Mapping[str, Any]
    earlier: Earlier = field(default_factory=Earlier)
    guard: Guard = field(default_factory=Guard)


def build(pipeline: beam.Pipeline, job: Job) -> beam.PCollection[dict[str, Any]]:
    """Dumps in, tables out. Returns the manifest, the last thing that the run writes, as one element."""
    guard = job.guard
    reading = Reading(job.extract_timeout, job.latest, job.mapping, job.min_chars, near=job.dedupe == NEAR)
    sketch = sketch_text if reading.near else None
    read = (
        pipeline
        | "Input" >> beam.Create(list(job.patterns))
        | "Read" >> ReadRecords(_folder(job, "blocks"), job.file_format, job.max_record_size, job.earlier.scope, guard)
    )
    prepare = Sandboxed(prepare_chain(reading), PreparedArticles, guard, record_size, PREPARATION_BATCH)
    prepared = read[KEPT] | "Prepare" >> prepare
    staged = prepared[KEPT] | "Stage" >> StageArticles(_folder(job, "staged"))
    earlier = pipeline | "EarlierArticles" >> TakeUpArticles(job.earlier, sketch)
    settled = (
        (staged, earlier[KEPT])
        | "AllArticles" >> beam.Flatten()
        | "Dedupe" >> JudgeCopies(job.dedupe)
        | "Settle" >> SettleEarlier(job.earlier, _folder(job, "parts"))
    )
    taken = settled["verdicts"] | "Take" >> TakeStaged()
    chain = analyse_chain(job.models, job.sentiment, job.sentiment_model)
    analyse = Sandboxed(chain, AnalysedRows, guard, _chars, ANALYSIS_BATCH, (RUNS, ARTICLES))
    analysed = taken[KEPT] | "Analyse" >> analyse
    late = analysed[REJECTS]
    orphaned = (settled["verdicts"], late) | "Orphans" >> FindOrphans()
    done = taken[DONE] | "AssembleDone" >> AssembleArticles()
    write, keep = WriteRows(_folder(job, "parts")), WriteRows(_folder(job, "parts"), keep=True)
    return (
        (
            read[COUNTS] | "WriteReads" >> keep,
            (*read[REJECTS], prepared[REJECTS]) | "EarlyRejects" >> AssembleRejects() | "WriteEarlyRejects" >> keep,
            (earlier[REJECTS], taken[REJECTS], late) | "LateRejects" >> AssembleRejects() | "WriteLateRejects" >> write,
            (analysed[KEPT],) | "WriteFound" >> keep,
            (analysed[ARTICLES], done) | "WriteArticles" >> write,
            pipeline | "EarlierParts" >> TakeUpParts(job.earlier, _folder(job, "parts")),
            settled["parts"],
            taken[UNCHANGED],
        )
        | "AllParts" >> beam.Flatten()
        | "Finish" >> FinishRun(analysed[RUNS], orphaned, late, job.run, job.output, job.work)
    )


def _chars(article: Article) -> int:
    return len(article.text)


def _folder(job: Job, name: str) -> str:
    return FileSystems.join(job.work, name)
