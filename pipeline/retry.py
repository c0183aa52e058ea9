"""The command `newsbeam retry`: rejects that are worth another try go through the current version again.

What now works moves into the tables, at once with all that hangs on it; the rest is rejected anew. The finished run's
own options hold, but for those that are given.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console

from pipeline import checks
from pipeline.describe import describe_job, new_run_id
from pipeline.earlier_runs import Previous, find_previous, hold_output, plan_finished, with_reuse
from pipeline.errors import UsageError
from pipeline.flags import retry_parser
from pipeline.graph import Job
from pipeline.local.runner import default_workers
from pipeline.options import NewsbeamOptions, parse_flags
from pipeline.run import carry_out, show_end
from schemas.files import Part, Scope
from transforms.read.files import content_digest
from transforms.read.sniff import sniff_format
from transforms.resume.retry import RetryPlan, corrections, plan_retry, records_of, retryable_rejects, without_rejects
from transforms.runtime.run_files import published_parts, read_manifest
from transforms.runtime.storage import configure, join

# Of the finished run's options, those that make no sense here.
DROPPED = ("input", "output", "overwrite", "resume", "force", "quiet", "verbose", "workers", "json")


def retry(argv: Sequence[str]) -> int:
    """Try again what a finished run rejected and might do better. Returns the exit status.

    Raises:
        UsageError: before any work, for what the user can mend.
    """
    if not argv or (argv[0].startswith("-") and not {"-h", "--help"} & set(argv)):
        raise UsageError("name the directory of a finished run first: newsbeam retry OUTPUT")
    found, more = retry_parser().parse_known_args(list(argv))
    started = time.monotonic()
    options = _options(found, more)
    configure(options.get_all_options(drop_default=True))
    output = checks.check_output(options)
    with hold_output(options, output, run_id := new_run_id()) as lock:
        left = find_previous(options, output, same_reading=False)
        if left.done:
            return show_end(options, output, started)
        manifest = _manifest_of(found.output)
        # What an interrupted run has left is none of this one's.
        before = Previous((), manifest, retry=True)
        published = published_parts(output, manifest)
        again = plan_retry(retryable_rejects(published), published, content_digest)
        console = Console(stderr=True, quiet=options.quiet)
        if not again.places:
            console.print(f"Nothing to try again{_left(again)}.", highlight=False)
            return 0
        console.print(f"Trying {len(again.places):,} rejects again{_left(again)}.", highlight=False)
        models, sentiment = checks.check_models(options), checks.check_sentiment(options)
        workers = options.workers or default_workers(None)
        job = describe_job(options, list(again.files), output, models, sentiment, workers=workers, run_id=run_id)
        run = {**job.run, "reading": manifest.get("reading"), "options": manifest["options"]}

        def take(job: Job) -> Job:
            return _take(job, before, again, published)

        return carry_out(options, replace(job, run=run, lock=lock), before, take, started=started, input_bytes=None)


def _options(found: argparse.Namespace, more: Sequence[str]) -> NewsbeamOptions:
    """The options of a retry: those of the finished run, and those that are given."""
    manifest = _manifest_of(found.output)
    shown = [flag for flag, given in (("--json", found.json), ("--verbose", found.verbose)) if given]
    where = ["--input", found.output, "--output", found.output]
    return parse_flags([*where, *_flags_of(manifest["options"]), *more, *shown, "--resume"])


def _manifest_of(directory: str) -> dict[str, Any]:
    manifest = read_manifest(directory)
    if manifest is None:
        raise UsageError(f"{directory} holds no finished run")
    for name in ("limit", "sample"):
        if manifest["options"].get(name):
            raise UsageError(f"{directory} is a run of a part of its input (--{name}); run that anew, with --overwrite")
    return manifest


def _left(again: RetryPlan) -> str:
    return f"; {again.left:,} are left, their files gone or changed" if again.left else ""


def _flags_of(options: Mapping[str, Any]) -> list[str]:
    """A finished run's options as flags."""
    flags = []
    for name, value in options.items():
        if name not in DROPPED:
            flags += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return flags


def _take(job: Job, before: Previous, again: RetryPlan, published: Sequence[Part]) -> Job:
    """The job with all that the finished run has done, but for what is tried again."""
    folder = join(job.work, "parts")
    unread = sum(max(file.size, 0) for file in checks.list_input(job.patterns))
    job, reuse = plan_finished(job, before)
    parts = [part for part in reuse.parts if part.table != "rejects"]
    parts += without_rejects(published, again.places, folder)
    parts += corrections(again, published, folder)
    scope = Scope(only=again.files, records=records_of(again.payloads, _format_of))
    reuse = replace(reuse, scope=scope, parts=tuple(parts))
    return with_reuse(replace(job, unread_bytes=unread), reuse, patterns=job.patterns)


def _format_of(payload: bytes) -> str:
    return sniff_format(payload, "")
