"""A job as the options describe it, and the part of `_run.json` that is known at the start."""

from __future__ import annotations

import math
import platform
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from apache_beam.options.pipeline_options import StandardOptions, WorkerOptions

from pipeline.asked import asked_articles
from pipeline.chains import LATEST
from pipeline.cloud.machines import MACHINE_TYPE, processors
from pipeline.earlier_runs import reading_of
from pipeline.flags import FOLDER, MEGABYTE, run_parser
from pipeline.graph import Job
from pipeline.options import (
    NewsbeamOptions,
    date_order,
    field_mapping,
    input_format,
    language_models,
)
from transforms.read.files import is_remote
from transforms.resume.working_directory import work_of
from transforms.runtime.guard import Guard
from transforms.runtime.sandbox import Limits
from transforms.write.parts import BUFFER_SECONDS

FASTTEXT = "fasttext-predict" if sys.version_info < (3, 14) else "fasttext-predict-v2"
LIBRARIES = ("apache-beam", "spacy", "pyarrow", "numpy", "ftfy", FASTTEXT, "py3langid")
LOCAL_RUNNERS = (None, "DirectRunner", "direct", "directrunner")
# Processors of a cluster that says nothing of itself.
MANY = 64
# On this machine a step is over for all once its bundles are; what follows at once needs its processes again.
IDLE_SECONDS = 1.0


def describe_job(  # noqa: PLR0913, two of them by name
    options: NewsbeamOptions,
    patterns: Sequence[str],
    output: str,
    models: dict[str, dict[str, Any]],
    sentiment: dict[str, Any],
    *,
    workers: int = 1,
    run_id: str = "",
) -> Job:
    """The job that the options ask for, with its own working directory under the output's.

    `workers`: how many children work at a time, where it runs on this machine. `run_id`: "" for a new one.
    """
    now = datetime.now(tz=UTC)
    run_id = run_id or new_run_id()
    touched = [*patterns, output, sentiment.get("path") or "", *language_models(options).values()]
    on_this_machine = options.view_as(StandardOptions).runner in LOCAL_RUNNERS
    return Job(
        patterns=patterns,
        output=output,
        work=work_of(output, run_id),
        file_format=input_format(options),
        max_record_size=options.max_record_mb * MEGABYTE,
        extract_timeout=options.extract_timeout,
        latest=now + LATEST,
        mapping=field_mapping(options),
        date_order=date_order(options),
        by_folder=options.outlet_from == FOLDER,
        min_chars=options.min_chars,
        dedupe=options.dedupe,
        dedupe_days=options.dedupe_days,
        models=language_models(options),
        sentiment=options.sentiment,
        sentiment_model=sentiment.get("path"),
        guard=Guard(
            limits=Limits(options.article_timeout, options.article_memory_mb * MEGABYTE),
            # Elsewhere a worker process has one core.
            children=workers if on_this_machine else 1,
            storage=options.get_all_options(drop_default=True) if any(map(is_remote, touched)) else {},
            idle_seconds=IDLE_SECONDS if on_this_machine else math.inf,
        ),
        partition_by=options.partition_by or "",
        readers=workers if on_this_machine else _processors(options),
        buffer_seconds=BUFFER_SECONDS if on_this_machine else float("inf"),
        asked=asked_articles(options),
        limit=options.limit or 0,
        sample=options.sample or 0,
        run=_describe_run(options, run_id, now, models, sentiment),
    )


def _processors(options: NewsbeamOptions) -> int:
    """How many processors a job elsewhere may have, as far as its flags say."""
    worker = options.view_as(WorkerOptions)
    machines = worker.max_num_workers or worker.num_workers
    return machines * (processors(worker.machine_type or MACHINE_TYPE) or 1) if machines else MANY


def _describe_run(
    options: NewsbeamOptions, run_id: str, now: datetime, models: dict[str, dict[str, Any]], sentiment: dict[str, Any]
) -> dict[str, Any]:
    """The part of `_run.json` that is known at the start."""
    shown = _own_options() - {"restarted", "config", "dry_run", "force"}
    version = metadata.version("newsbeam")
    return {
        "run_id": run_id,
        "newsbeam": version,
        "started_at": now.isoformat(timespec="seconds"),
        "options": {key: value for key, value in options.get_all_options(drop_default=True).items() if key in shown},
        "reading": reading_of(options.get_all_options(), version),
        "models": models,
        "sentiment": sentiment,
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def new_run_id() -> str:
    """A name for a run that no other has; by name they are in the order in which they began."""
    return f"{datetime.now(tz=UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"


def _own_options() -> set[str]:
    """The names of the job's own options."""
    return set(vars(run_parser().parse_args([])))
