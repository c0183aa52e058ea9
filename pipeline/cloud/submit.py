"""The command `newsbeam submit`: the job goes to Dataflow, and is followed to its end if so wished."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.runners.runner import PipelineState
from rich.console import Console

from pipeline import checks
from pipeline.cloud.flags import Submission, cloud_parser, parse_submission
from pipeline.cloud.preflight import look, show_findings
from pipeline.describe import describe_job
from pipeline.earlier_runs import find_previous, identity, reuse_previous, take_output
from pipeline.graph import build
from pipeline.local.progress import Speed, describe
from pipeline.options import UsageError
from pipeline.run import finished_manifest
from pipeline.summary import show_summary
from pipeline.usage import INTERRUPTED, print_json
from transforms.resume.lock import release
from transforms.resume.working_directory import end_work, remove_work
from transforms.write.clear import ClearFolder

# Seconds between questions to the service: at first, and when nothing happens for long.
FIRST_POLL, LAST_POLL = 1.0, 15.0
DESCRIPTION = (
    "Send the job to Dataflow. With --project, --region and --bucket alone it reads gs://BUCKET/dumps\n"
    "and writes gs://BUCKET/tables. What newsbeam preflight looks at is looked at first."
)
WHERE = "--project my-project --region europe-west4 --bucket my-news"
EXAMPLES = {
    f"newsbeam submit {WHERE}": "from gs://my-news/dumps to gs://my-news/tables",
    f"newsbeam submit {WHERE} --wait --max_num_workers 20": "followed to its end, with 20 machines at most",
}


def submit_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam submit --help`."""
    return cloud_parser("submit", DESCRIPTION, EXAMPLES)


def submit(argv: Sequence[str]) -> int:
    """Send the job that a command line describes. Returns the exit status.

    Raises:
        UsageError: before anything costs money, for what the user can mend.
        RuntimeError: the job, being followed, failed.
    """
    started = time.monotonic()
    parser = submit_parser()
    if {"-h", "--help"} & set(argv):
        parser.parse_args(["--help"])
    submission = parse_submission(argv, parser)
    options, console = submission.options, Console(stderr=True, quiet=False)
    template = submission.cloud.template_location
    if not template:
        _look_first(submission, console)
    job_id, runner, result, work = _send(submission)
    if template:
        console.print(f"Template: {template}", highlight=False, soft_wrap=True)
        return 0
    page = _job_page(submission, job_id)
    job = {"job_id": job_id, "page": page, "output": options.output}
    if not options.json:
        # The one thing that a script wants of this command.
        print(page)  # noqa: T201
    elif not submission.wait:
        print_json(job)
    if not submission.wait:
        console.print(f"Sent. The tables will be in {options.output}; its _run.json comes last.", soft_wrap=True)
        return 0
    try:
        follow(result, runner, job_id, console, work)
    except KeyboardInterrupt:
        where = f"--project {submission.cloud.project} --region {submission.cloud.region}"
        stop = f"gcloud dataflow jobs cancel {job_id} {where}"
        console.print(f"No longer watching; the job goes on. To stop it: {stop}", soft_wrap=True)
        return INTERRUPTED
    manifest = finished_manifest(options.output)
    if options.json:
        print_json({**job, **manifest})
    elif not options.quiet:
        show_summary(manifest, options.output, elapsed=time.monotonic() - started, console=Console())
    return 0


def _look_first(submission: Submission, console: Console) -> None:
    """Raise `UsageError` where preflight finds a problem, once all are listed."""
    findings = look(submission)
    show_findings(findings, console, problems_only=submission.options.quiet)
    problems = sum(finding.is_problem for finding in findings)
    if problems:
        raise UsageError(f"nothing was sent: {problems} problem{'s' if problems > 1 else ''} to mend first")


def _job_page(submission: Submission, job_id: str) -> str:
    """The address of the job's page in the console."""
    where = f"{submission.cloud.region}/{job_id}?project={submission.cloud.project}"
    return f"https://console.cloud.google.com/dataflow/jobs/{where}"


def _send(submission: Submission) -> tuple[str, Any, Any, str]:
    """Build the job's graph and hand it to the service: its id, the runner, Beam's result and the working directory."""
    from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner  # noqa: PLC0415, for submit alone

    options = submission.options
    patterns, size = checks.check_input(options)
    output, sentiment = checks.check_output(options), checks.check_sentiment(options)
    job = describe_job(options, patterns, output, checks.check_models(options), sentiment)
    lock = take_output(options, output, job.run["run_id"], _there(submission))
    try:
        before = find_previous(options, output)
        run = {**job.run, "job": _there(submission)}
        job = replace(job, run=run, lock=lock, input_bytes=size, unread_bytes=size)
        checks.make_work(job.work, identity(job, before))
        job = reuse_previous(job, before, options)
        runner = DataflowRunner()
        pipeline = beam.Pipeline(runner=runner, options=options)
        # Nobody waits here to do it.
        finished = build(pipeline, job)
        for number, work in enumerate((*(dead.path for dead in before.dead if options.resume), job.work)):
            _ = finished | f"Clear{number}" >> ClearFolder(work)
        _ = finished | "Release" >> beam.Map(_release, lock)
        result: Any = pipeline.run()
    except BaseException:
        remove_work(job.work)
        release(lock)
        raise
    return (result.job_id() if result.has_job else ""), runner, result, job.work


def _there(submission: Submission) -> dict[str, str]:
    """By what the service knows the job, for a later run to ask whether it is still at work."""
    cloud = submission.cloud
    return {"name": str(cloud.job_name), "project": str(cloud.project), "region": str(cloud.region)}


def _release(_: Any, lock: str) -> None:
    release(lock)


def follow(result: Any, runner: Any, job_id: str, console: Console, work: str) -> None:
    """Show what a job does until it ends. `work`: its working directory.

    Raises:
        RuntimeError: it ended otherwise than done; with the service's own last error.
    """
    client = runner.dataflow_client
    shown: set[str] = set()
    last_state, last_error, pause = "", "", FIRST_POLL
    start, speed = time.monotonic(), Speed()
    with console.status("waiting") if console.is_terminal else contextlib.nullcontext() as status:
        while True:
            state = str(result.state)
            for text in _new_messages(client, job_id, shown):
                console.print(f"  {text}", style="yellow", markup=False, soft_wrap=True)
                last_error = text
            if state != last_state:
                console.print(f"{state.lower()}", highlight=False)
                last_state, pause = state, FIRST_POLL
            if PipelineState.is_terminal(state):
                break
            if status is not None and state == PipelineState.RUNNING:
                counts, elapsed = read_counters(client, job_id), time.monotonic() - start
                documents = speed.update(elapsed, counts["articles"])
                status.update(describe(counts, elapsed=elapsed, speed=documents, input_bytes=None))
            time.sleep(pause)
            pause = min(LAST_POLL, pause * 1.5)
    if last_state != PipelineState.DONE:
        # --resume can reuse what it has done.
        end_work(work)
        raise RuntimeError(f"the job ended as {last_state.lower()}{': ' + last_error if last_error else ''}")


def _new_messages(client: Any, job_id: str, shown: set[str]) -> Iterator[str]:
    """What the service says of a job's troubles, each once. A question that fails is asked again at the next turn."""
    with contextlib.suppress(Exception):
        messages, _ = client.list_messages(job_id, minimum_importance="JOB_MESSAGE_ERROR")
        for message in messages:
            if message.id not in shown:
                shown.add(message.id)
                lines = [line.strip() for line in message.message_text.splitlines() if line.strip()]
                yield lines[-1][:500] if lines else ""


def read_counters(client: Any, job_id: str) -> Counter[str]:
    """The job's own counters as the service has them: committed values, summed over steps."""
    found: Counter[str] = Counter()
    with contextlib.suppress(Exception):
        for metric in client.get_job_metrics(job_id).metrics:
            context = dict(metric.name.context)
            if context.get("namespace") == "newsbeam" and "tentative" not in context:
                found[metric.name.name] += int(metric.scalar)
    return found
