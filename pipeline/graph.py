"""What follows what: the only place where the order of the stages is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from transforms.assemble import ARTICLES, FOUND, AssembleRejects, AssembleRows
from transforms.checkpoint import DONE, UNCHANGED, StageArticles, TakeStaged
from transforms.clean import CleanArticles
from transforms.dedupe import NEAR, JudgeCopies
from transforms.dedupe.sketch import sketch_text
from transforms.entities import RUNS, FindEntities
from transforms.extract.stage import ExtractPages
from transforms.language import DetectLanguages
from transforms.names import ResolveNames
from transforms.parse import ParseRecords
from transforms.read import ReadRecords
from transforms.resume.orphans import FindOrphans
from transforms.resume.reuse import Earlier, SettleEarlier, TakeUpArticles, TakeUpParts
from transforms.runtime.guard import UNGUARDED, Guard
from transforms.runtime.outcome import COUNTS, KEPT, REJECTS
from transforms.sentences import SplitSentences
from transforms.sentiment import ScoreSentiment
from transforms.write import FinishRun, WriteRows


@dataclass(frozen=True)
class Job:
    """All that the graph needs to know, as plain values.

    `work` is the directory for what lives only while the run does; `run` the part of `_run.json` known at the start;
    `earlier` what earlier runs have done of it; `guard` how poison is found.
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
    guard: Guard = UNGUARDED


def build(pipeline: beam.Pipeline, job: Job) -> beam.PCollection[dict[str, Any]]:
    """Dumps in, tables out. Returns the manifest, the last thing that the run writes, as one element."""
    guard = job.guard
    sketch = sketch_text if job.dedupe == NEAR else None
    read = (
        pipeline
        | "Input" >> beam.Create(list(job.patterns))
        | "Read" >> ReadRecords(_folder(job, "blocks"), job.file_format, job.max_record_size, job.earlier.scope, guard)
    )
    extracted = read[KEPT] | "Extract" >> ExtractPages(job.extract_timeout)
    parsed = extracted[KEPT] | "Parse" >> ParseRecords(job.latest, dict(job.mapping), guard)
    cleaned = parsed[KEPT] | "Clean" >> CleanArticles(job.min_chars, guard)
    told = cleaned[KEPT] | "Language" >> DetectLanguages(guard)
    staged = told[KEPT] | "Stage" >> StageArticles(_folder(job, "staged"), sketch, guard)
    earlier = pipeline | "EarlierArticles" >> TakeUpArticles(job.earlier, sketch)
    settled = (
        (staged[KEPT], earlier[KEPT])
        | "AllArticles" >> beam.Flatten()
        | "Dedupe" >> JudgeCopies(job.dedupe)
        | "Settle" >> SettleEarlier(job.earlier, _folder(job, "parts"))
    )
    taken = settled["verdicts"] | "Take" >> TakeStaged()
    split = taken[KEPT] | "Sentences" >> SplitSentences(tuple(job.models), guard)
    found = split[KEPT] | "Entities" >> FindEntities(dict(job.models), guard)
    named = found[KEPT] | "Names" >> ResolveNames(guard)
    scored = named[KEPT] | "Sentiment" >> ScoreSentiment(job.sentiment, job.sentiment_model, guard)
    analysed = scored[KEPT] | "Assemble" >> AssembleRows()
    failed = tuple(stage[REJECTS] for stage in (split, found, named, scored))
    late = failed | "Failed" >> beam.Flatten()
    orphaned = (settled["verdicts"], late) | "Orphans" >> FindOrphans()
    done = taken[DONE] | "AssembleDone" >> AssembleRows()
    write, keep = WriteRows(_folder(job, "parts")), WriteRows(_folder(job, "parts"), keep=True)
    return (
        (
            read[COUNTS] | "WriteReads" >> keep,
            (*read[REJECTS], *(stage[REJECTS] for stage in (extracted, parsed, cleaned, told, staged)))
            | "EarlyRejects" >> AssembleRejects()
            | "WriteEarlyRejects" >> keep,
            (earlier[REJECTS], taken[REJECTS], *failed)
            | "LateRejects" >> AssembleRejects()
            | "WriteLateRejects" >> write,
            (analysed[FOUND],) | "WriteFound" >> keep,
            (analysed[ARTICLES], done[ARTICLES]) | "WriteArticles" >> write,
            pipeline | "EarlierParts" >> TakeUpParts(job.earlier, _folder(job, "parts")),
            settled["parts"],
            taken[UNCHANGED],
        )
        | "AllParts" >> beam.Flatten()
        | "Finish" >> FinishRun(found[RUNS], orphaned, late, job.run, job.output, job.work)
    )


def _folder(job: Job, name: str) -> str:
    return FileSystems.join(job.work, name)
