"""The command `newsbeam run`: check, build, run, report."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import GoogleCloudOptions, PortableOptions, StandardOptions
from apache_beam.runners.runner import PipelineState
from rich.console import Console

from pipeline import checks
from pipeline.config import read_config
from pipeline.describe import LOCAL_RUNNERS, describe_job
from pipeline.earlier_runs import Previous, find_previous, hold_output, identity, reuse_previous
from pipeline.flags import MEGABYTE
from pipeline.graph import Job, build
from pipeline.local import performance, runner
from pipeline.local.progress import show_progress
from pipeline.options import (
    CLUSTERS,
    NewsbeamOptions,
    UsageError,
    date_order,
    field_mapping,
    input_format,
    most_rejects,
    parse_flags,
)
from pipeline.summary import show_summary
from pipeline.usage import DONE, ON_CLUSTER, RESUMABLE, SHORT, print_json
from pipeline.warnings import count_shares, warnings_of
from transforms.read.files import is_remote
from transforms.resume.working_directory import end_work, has_left, remove_work, send_heartbeats
from transforms.runtime.run_files import read_manifest
from transforms.runtime.storage import configure

DRY_RUN = frozenset(("--dry_run", "--dry-run"))
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
    configure(options.get_all_options(drop_default=True))
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
    elapsed = time.monotonic() - started
    if options.json:
        warnings = list(warnings_of(manifest, count_shares(output, manifest)))
        print_json({"output": output, "warnings": warnings, **manifest})
    elif not options.quiet:
        show_summary(manifest, output, elapsed=elapsed, console=Console())
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


def _run_local(options: NewsbeamOptions, job: Job, input_bytes: int | None, console: Console) -> Any:
    workers = job.guard.children
    runner.set_workers(options, workers)
    counters = runner.Counters()
    pipeline = beam.Pipeline(runner=runner.local_runner(workers), options=options)
    build(pipeline, job)
    # All that was loaded and built stays until the end.
    gc.freeze()
    gc.enable()
    # Of a part of the input nobody knows the size.
    size = None if job.limit or job.sample else input_bytes
    showing = show_progress(counters, input_bytes=size, console=console)
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
    cloud = options.view_as(GoogleCloudOptions)
    cloud.job_name = cloud.job_name or f"newsbeam-{job.run['run_id'].lower()}"
    pipeline = beam.Pipeline(options=options)
    build(pipeline, job)
    result = send_job(pipeline.run)
    try:
        state = result.wait_until_finish()
    except BaseException as error:
        # Elsewhere the job would go on, and find its files cleared away.
        with contextlib.suppress(Exception):
            result.cancel()
        if options.view_as(StandardOptions).runner in CLUSTERS:
            # Beam's job server for Flink ends its own share of the job, and not Flink's.
            error.add_note(ON_CLUSTER + cloud.job_name)
        raise
    if state != PipelineState.DONE:
        raise RuntimeError(f"the job ended as {state}")
    return result


def send_job(send: Callable[[], Any]) -> Any:
    """What Beam makes of sending a job.

    Raises:
        UsageError: a flag that the job server alone knows has a wrong value. Beam's parser would print pages and end
            the process.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return send()
    except SystemExit as error:
        last = said.getvalue().strip().rpartition("\n")[2]
        raise UsageError(f"the job server refuses: {last.partition('error: ')[2] or last}") from error


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
