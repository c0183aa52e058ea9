"""The command `newsbeam run`: check, build, run, report."""

from __future__ import annotations

import contextlib
import gc
import os
import platform
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PortableOptions, StandardOptions, WorkerOptions
from apache_beam.runners.runner import PipelineState
from rich.console import Console

from pipeline import checks
from pipeline.asked import asked_articles
from pipeline.chains import LATEST
from pipeline.cloud.machines import MACHINE_TYPE, processors
from pipeline.config import read_config
from pipeline.earlier_runs import Previous, find_previous, hold_output, identity, reading_of, reuse_previous
from pipeline.flags import FOLDER, MEGABYTE, run_parser
from pipeline.graph import Job, build
from pipeline.local import performance, runner
from pipeline.local.progress import show_progress
from pipeline.options import (
    NewsbeamOptions,
    UsageError,
    date_order,
    field_mapping,
    input_format,
    language_models,
    most_rejects,
    parse_flags,
)
from pipeline.summary import show_summary
from pipeline.usage import DONE, RESUMABLE, SHORT, print_json
from transforms.read.files import is_remote
from transforms.resume.working_directory import end_work, has_left, remove_work, send_heartbeats, work_of
from transforms.runtime.guard import Guard
from transforms.runtime.run_files import read_manifest
from transforms.runtime.sandbox import Limits
from transforms.write.parts import BUFFER_SECONDS

FASTTEXT = "fasttext-predict" if sys.version_info < (3, 14) else "fasttext-predict-v2"
LIBRARIES = ("apache-beam", "spacy", "pyarrow", "numpy", "ftfy", FASTTEXT, "py3langid")
DRY_RUN = frozenset(("--dry_run", "--dry-run"))
LOCAL_RUNNERS = (None, "DirectRunner", "direct", "directrunner")
# Processors of a cluster that says nothing of itself.
MANY = 64
# Seconds that a job on a portable runner may take.
LONGEST_JOB = 30 * 86400


def run(argv: Sequence[str]) -> int:
    """Run the job that a command line describes. Returns the exit status.

    Raises:
        UsageError: before any work, for what the user can mend.
    """
    started = time.monotonic()
    # Beam has a flag of this name, with another meaning.
    dry_run = not DRY_RUN.isdisjoint(argv)
    options = parse_flags(*read_config([flag for flag in argv if flag not in DRY_RUN]))
    patterns, input_bytes = checks.check_input(options)
    output = checks.check_output(options)
    models, sentiment = checks.check_models(options), checks.check_sentiment(options)
    if dry_run:
        return _show_input(options, patterns)
    workers = options.workers or runner.default_workers(input_bytes)
    runner_name = options.view_as(StandardOptions).runner
    if runner_name == "DataflowRunner" and not is_remote(output):
        raise UsageError(f"--output must be a gs:// directory for {runner_name}, not {output}")
    job = describe_job(options, patterns, output, models, sentiment, workers=workers)
    with hold_output(options, output, job.run["run_id"]) as lock:
        before = find_previous(options, output)
        if before.done:
            return show_end(options, output, started)

        def take(job: Job) -> Job:
            return reuse_previous(job, before, options)

        job = replace(job, lock=lock, input_bytes=input_bytes, unread_bytes=input_bytes)
        return carry_out(options, job, before, take, started=started, input_bytes=input_bytes)


def _show_input(options: NewsbeamOptions, patterns: Sequence[str]) -> int:
    """Show what a run would read, and write nothing. Returns the exit status."""
    from pipeline.inspection.command import show_files  # noqa: PLC0415, a run needs neither, nor the stages for it
    from pipeline.inspection.look import Settings  # noqa: PLC0415

    settings = Settings(
        file_format=input_format(options),
        mapping=field_mapping(options),
        date_order=date_order(options),
        max_record_size=options.max_record_mb * MEGABYTE,
    )
    files = list(dict.fromkeys(checks.list_input(patterns)))
    show_files(files, settings, Console(quiet=options.quiet), as_json=options.json)
    return DONE


def carry_out(
    options: NewsbeamOptions,
    job: Job,
    before: Previous,
    take: Callable[[Job], Job],
    *,
    started: float,
    input_bytes: int | None,
) -> int:
    """Run a job from beginning to end, and show what came of it. Returns the exit status.

    Args:
        options: the command line.
        job: what is to be done, its working directory not made yet.
        before: what stood in the output directory.
        take: gives the job what earlier runs have done of it.
        started: when the command was, in monotonic seconds.
        input_bytes: size of the input, where it is known.
    """
    checks.make_work(job.work, identity(job, before))
    # Not `stderr=True`, which would follow what `_silenced` does.
    console = Console(file=sys.stderr, quiet=options.quiet)
    try:
        with _interruptible(), send_heartbeats(job.work), performance.watch_memory() as figures:
            job = take(job)
            if options.view_as(StandardOptions).runner in LOCAL_RUNNERS:
                result = _run_local(options, job, input_bytes, console)
            else:
                result = _run_remote(options, job)
    except BaseException as error:
        runner.kill_children()
        end_work(job.work)
        if not before.retry and has_left(job.work):
            error.add_note(RESUMABLE)
        raise
    performance.record_figures(job.output, job.work, job.run["run_id"], figures, performance.undated(result))
    for work in (*(dead.path for dead in before.dead), job.work):
        remove_work(work)
    return show_end(options, job.output, started)


def show_end(options: NewsbeamOptions, output: str, started: float) -> int:
    """Show what came of a run that is finished. Returns the exit status. `started` as for `carry_out`."""
    manifest = finished_manifest(output)
    if options.json:
        print_json({"output": output, **manifest})
    elif not options.quiet:
        show_summary(manifest, output, elapsed=time.monotonic() - started, console=Console())
    return status_of(manifest["ledger"], options)


def status_of(ledger: Mapping[str, Any], options: NewsbeamOptions) -> int:
    """The exit status of a finished run: not `DONE` where it has fewer articles or more rejects than it may have."""
    articles, rejects, records = ledger["articles"], ledger["rejects"], ledger["records"]
    most = most_rejects(options, records)
    problems = []
    if articles < options.min_articles:
        problems.append(f"{articles:,} articles, fewer than --min_articles {options.min_articles}")
    if most is not None and rejects > most:
        problems.append(f"{rejects:,} of {records:,} records rejected, more than --max_rejects {options.max_rejects}")
    if problems:
        # Errors are shown in --quiet, too.
        Console(stderr=True).print(f"newsbeam: {'; '.join(problems)}", highlight=False, markup=False, soft_wrap=True)
    return SHORT if problems else DONE


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
        models=language_models(options),
        sentiment=options.sentiment,
        sentiment_model=sentiment.get("path"),
        guard=Guard(
            limits=Limits(options.article_timeout, options.article_memory_mb * MEGABYTE),
            # Elsewhere a worker process has one core.
            children=workers if on_this_machine else 1,
            storage=options.get_all_options(drop_default=True) if any(map(is_remote, touched)) else {},
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


def _run_local(options: NewsbeamOptions, job: Job, input_bytes: int | None, console: Console) -> Any:
    workers = job.guard.children
    runner.set_workers(options, workers)
    counters = runner.Counters()
    pipeline = beam.Pipeline(runner=runner.local_runner(workers), options=options)
    build(pipeline, job)
    # All that was loaded and built stays until the end.
    gc.freeze()
    gc.enable()
    showing = show_progress(counters, input_bytes=input_bytes, console=console)
    with runner.watch(counters), showing, _silenced(options.verbose):
        result = pipeline.run()
        result.wait_until_finish()
    return result


@contextlib.contextmanager
def _silenced(verbose: bool) -> Iterator[None]:
    """Beam's workers print what they raise, log or no log; the run's last line says it once."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123, not a path of ours
        stream = sys.stderr if verbose else nowhere
        with contextlib.redirect_stderr(stream):
            yield


def _run_remote(options: NewsbeamOptions, job: Job) -> Any:
    # Beam ends the streams of a portable job's state and messages, and with them the wait for it, after this time.
    portable = options.view_as(PortableOptions)
    portable.job_server_timeout = max(portable.job_server_timeout, LONGEST_JOB)
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
    return result


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


def finished_manifest(output: str) -> dict[str, Any]:
    """The content of the `_run.json` that a run has just written."""
    manifest = read_manifest(output)
    if manifest is None:
        raise RuntimeError(f"{output} holds no finished run, though the job is done")
    return manifest
