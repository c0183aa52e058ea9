"""What follows what: the only place where the order of the stages is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from schemas.records import Reject, TableRows
from transforms.assemble import AssembleRows, reject_rows
from transforms.clean import CleanArticles
from transforms.dedupe import NEAR, JudgeCopies
from transforms.dedupe.sketch import sketch_text
from transforms.entities import RUNS, FindEntities
from transforms.extract.stage import ExtractPages
from transforms.language import DetectLanguages
from transforms.names import ResolveNames
from transforms.outcome import COUNTS, KEPT, REJECTS
from transforms.parse import ParseRecords
from transforms.read import ReadRecords
from transforms.sentences import SplitSentences
from transforms.sentiment import ScoreSentiment
from transforms.write import FinishRun, WriteTables
from transforms.write.staging import StageArticles, TakeStaged


@dataclass(frozen=True)
class Job:
    """All that the graph needs to know, as plain values.

    `work` is the directory for what lives only while the run does; `run` the part of `_run.json` known at the start.
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


def build(pipeline: beam.Pipeline, job: Job) -> beam.PCollection[dict[str, Any]]:
    """Dumps in, tables out. Returns the manifest, the last thing that the run writes, as one element."""
    read = (
        pipeline
        | "Input" >> beam.Create(list(job.patterns))
        | "Read" >> ReadRecords(_folder(job, "blocks"), job.file_format, job.max_record_size)
    )
    extracted = read[KEPT] | "Extract" >> ExtractPages(job.extract_timeout)
    parsed = extracted[KEPT] | "Parse" >> ParseRecords(job.latest, dict(job.mapping))
    cleaned = parsed[KEPT] | "Clean" >> CleanArticles(job.min_chars)
    taken = (
        cleaned[KEPT]
        | "Language" >> DetectLanguages()
        | "Stage" >> StageArticles(_folder(job, "staged"), sketch_text if job.dedupe == NEAR else None)
        | "Dedupe" >> JudgeCopies(job.dedupe)
        | "Take" >> TakeStaged()
    )
    found = (
        taken[KEPT] | "Sentences" >> SplitSentences(tuple(job.models)) | "Entities" >> FindEntities(dict(job.models))
    )
    named = found[KEPT] | "Names" >> ResolveNames()
    scored = named[KEPT] | "Sentiment" >> ScoreSentiment(job.sentiment, job.sentiment_model)
    rows = scored[KEPT] | "Assemble" >> AssembleRows()
    rejects = (
        [stage[REJECTS] for stage in (read, extracted, parsed, cleaned, taken, found, named, scored)]
        | "Rejects" >> beam.Flatten()
        | "RejectRows" >> beam.Map(reject_rows).with_input_types(Reject).with_output_types(TableRows)
    )
    return (
        [rows, rejects]
        | "AllRows" >> beam.Flatten()
        | "Write" >> WriteTables(_folder(job, "parts"))
        | "Finish" >> FinishRun(read[COUNTS], found[RUNS], job.run, job.output, job.work)
    )


def _folder(job: Job, name: str) -> str:
    return FileSystems.join(job.work, name)
