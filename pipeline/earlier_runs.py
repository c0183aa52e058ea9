"""What a run begins with: which earlier runs left something in its output directory, and what of it is reused.

- A run at work there stops this one: the lock is its own.
- A dead run that had begun to publish its tables is finished first: all it did was done. What the directory holds
  then is looked at anew: a run that neither replaces nor adds stops.
- Without `--resume`, what other dead runs left is removed once this run has begun.
- With `--resume`, it is reused. If they were adding to a finished run, so is this one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from pipeline.checks import check_finished, list_input
from pipeline.graph import Job
from pipeline.options import NewsbeamOptions, UsageError
from schemas.files import Part
from schemas.tables import COPY_TABLES
from transforms.dedupe import NEAR
from transforms.read.files import content_digest
from transforms.resume.lock import LockedError, acquire, release
from transforms.resume.reuse import Reuse, store_reuse
from transforms.resume.scan import plan_reuse
from transforms.resume.working_directory import WorkingDirectory, find_work, remove_work
from transforms.runtime.errors import StorageError
from transforms.runtime.run_files import published_parts, read_manifest
from transforms.runtime.storage import join
from transforms.write.commit import PlanError, resume_commit

# What decides which articles come of an input; other options may differ when it is resumed.
READING = (
    *("input_format", "fields", "dates", "outlet_from", "max_record_mb", "min_chars"),
    *("languages", "since", "until", "outlets", "limit", "sample"),
)


@dataclass(frozen=True)
class Previous:
    """What stands in the output directory: dead runs' working directories, and the finished run that is added to.

    `retry`: rejects of that one are tried again, and nothing of this run is of use to a later one.
    `done`: this run was killed when all was done but its end, and needn't be started again.
    """

    dead: Sequence[WorkingDirectory]
    manifest: Mapping[str, Any] | None
    retry: bool = False
    done: bool = False

    @property
    def adds(self) -> bool:
        """Whether a finished run is added to."""
        return self.manifest is not None


def find_previous(options: NewsbeamOptions, output: str, *, same_reading: bool = True) -> Previous:
    """What the run of these options finds in its output directory.

    Args:
        options: the command line.
        output: the directory.
        same_reading: whether a finished run that is added to must have been read in the same way.

    Raises:
        UsageError: a finished run is there and `options` say neither to add to it nor to replace it, or it was read in
            another way; or a working directory is no run's.
    """
    dead: list[WorkingDirectory] = []
    published = False
    for work in find_work(output):
        if _finish_publishing(output, work.path):
            # Whatever was left before it has gone into it.
            _remove_all([*dead, work])
            dead, published = [], True
            continue
        dead.append(work)
    finished = read_manifest(output)
    check_finished(options, output)
    if options.restarted and finished and (published or not (options.overwrite or options.resume)):
        return Previous((), finished, done=True)
    done = {finished["run_id"], *finished.get("resumed", ())} if finished else set()
    useless = [work for work in dead if work.run.get("retry") or work.run.get("run_id") in done]
    _remove_all(useless)
    dead = [work for work in dead if work not in useless]
    if not _resumes(options, dead):
        return Previous(dead, None)
    unfinished = [work for work in dead if work.run]
    if unfinished and not unfinished[-1].run.get("adds"):
        # It was replacing the finished run, or there was none.
        finished = None
    if finished and same_reading:
        _check_same_reading(options, finished)
    return Previous(dead, finished)


def _finish_publishing(output: str, work: str) -> bool:
    try:
        return resume_commit(output=output, folder=work)
    except PlanError as error:
        raise UsageError(f"{error}; if you don't know where it comes from, remove {work}") from error


@contextlib.contextmanager
def hold_output(options: NewsbeamOptions, output: str, run_id: str) -> Iterator[str]:
    """The lock on the output directory, for as long as the block lasts. Yields its path.

    Raises:
        UsageError: another run is at work there, or the directory can't be written.
    """
    lock = take_output(options, output, run_id)
    try:
        yield lock
    finally:
        release(lock)


def take_output(options: NewsbeamOptions, output: str, run_id: str, job: Mapping[str, Any] | None = None) -> str:
    """The same for a `job` that will be at work elsewhere, and gives the directory free itself."""
    try:
        return acquire(output, run_id, job=job, ask=ask_service(options), force=options.force)
    except LockedError as error:
        raise UsageError(
            f"another run is at work on --output: {error}; if you know that it isn't, --force takes its place"
        ) from error
    except (OSError, StorageError) as error:
        raise UsageError(f"--output can't be written: {output}: {' '.join(str(error).split())[:300]}") from error


def ask_service(options: NewsbeamOptions) -> Callable[[Mapping[str, Any]], bool]:
    """What tells whether a job is at work on Dataflow; where that can't be known, it is."""

    def ask(job: Mapping[str, Any]) -> bool:
        try:
            from pipeline.cloud.services import ServiceError, connect  # noqa: PLC0415, for jobs on Dataflow alone
        except ImportError:
            return True
        try:
            services = connect(options)
            return services is None or services.is_active(job["project"], job["region"], job["name"])
        except (ServiceError, KeyError):
            return True

    return ask


def _remove_all(dead: Iterable[WorkingDirectory]) -> None:
    """Remove working directories."""
    for work in dead:
        remove_work(work.path)


def _resumes(options: NewsbeamOptions, dead: Sequence[WorkingDirectory]) -> bool:
    """Whether the user wants to, or a worker of this run's died and there is something to go on from."""
    part = options.limit or options.sample
    return bool(options.resume or (options.restarted and dead and not part))


def reading_of(options: Mapping[str, Any], version: str) -> dict[str, Any]:
    """What decides which articles come of an input: options, and the version that reads and cleans."""
    return {**{name: options.get(name) for name in READING}, "newsbeam": version}


def _check_same_reading(options: NewsbeamOptions, manifest: Mapping[str, Any]) -> None:
    mine = reading_of(options.get_all_options(), metadata.version("newsbeam"))
    theirs = manifest.get("reading", {})
    different = [
        f"{name} was {theirs.get(name)}, is {value}" for name, value in mine.items() if theirs.get(name) != value
    ]
    if different:
        raise UsageError(
            f"--resume: the finished run was read in another way ({'; '.join(different)}); "
            "use what it used, or --overwrite to read everything anew"
        )


def _digest_of(value: Any) -> str:
    """A digest of a plain value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]


def analysis_of(run: Mapping[str, Any]) -> str:
    """A digest of what decides what the models find: they themselves, and what runs them."""
    models = {
        language: {key: value for key, value in model.items() if key != "engine"}
        for language, model in run["models"].items()
    }
    libraries = {"spacy": run["libraries"].get("spacy")}
    sentiment = {key: value for key, value in run.get("sentiment", {}).items() if key != "path"}
    return _digest_of({"models": models, "sentiment": sentiment, "newsbeam": run["newsbeam"], "libraries": libraries})


def identity(job: Job, before: Previous) -> dict[str, Any]:
    """What `run.json` in the working directory says, by which a later run knows what it can reuse."""
    return {
        "run_id": job.run["run_id"],
        "started_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "reading": _digest_of(job.run["reading"]),
        "analysis": analysis_of(job.run),
        "adds": before.adds,
        "retry": before.retry,
    }


def reuse_previous(job: Job, before: Previous, options: NewsbeamOptions) -> Job:
    """The job with what earlier runs have done of it, if it resumes; else what dead runs left is removed."""
    if not _resumes(options, before.dead):
        _remove_all(before.dead)
        return job
    if not before.dead and not before.manifest:
        return job
    job, reuse = plan_finished(job, before)
    return with_reuse(job, reuse)


def with_reuse(job: Job, reuse: Reuse, *, patterns: Sequence[str] = ()) -> Job:
    """The job with what is reused, as files in its working directory; `patterns` is its input, if there is much."""
    return replace(job, reuse=store_reuse(reuse, join(job.work, "reuse"), patterns))


def plan_finished(job: Job, before: Previous) -> tuple[Job, Reuse]:
    """The job after what dead runs and the finished one have done of it, and all of that."""
    published = _published_parts(job, before.manifest) if before.manifest else []
    config = {
        "reading": _digest_of(job.run["reading"]),
        "analysis": analysis_of(job.run),
        "published": analysis_of(before.manifest) if before.manifest else "",
    }
    files = list(list_input(job.patterns))
    reuse = plan_reuse(
        files, dead=before.dead, published=published, work=job.work, config=config, digest=content_digest
    )
    run = {**job.run, "resumed": _lineage(before)}
    if before.manifest and config["published"] == config["analysis"]:
        run["models"] = before.manifest["models"]
    laid_out = before.manifest.get("partition_by", "") if before.manifest else ""
    unread = sum(max(file.size, 0) for file in files if reuse.scope.known.get(file.path, frozenset()) is not None)
    return replace(job, unread_bytes=unread, run=run, partition_by=job.partition_by or laid_out), reuse


def _published_parts(job: Job, manifest: Mapping[str, Any]) -> list[Part]:
    """The finished run's files. What it knows of copies is not among them where this run looks for them otherwise.

    What is there is whole, then: of all texts, each compared with those that this run compares it with.
    """
    parts = published_parts(job.output, manifest)
    same = job.dedupe == NEAR and job.dedupe_days == manifest.get("options", {}).get("dedupe_days", 0)
    return parts if same else [part for part in parts if part.table not in COPY_TABLES]


def _lineage(before: Previous) -> list[str]:
    """The ids of the runs that were reused, the first of all first."""
    finished = [*before.manifest.get("resumed", ()), before.manifest["run_id"]] if before.manifest else []
    return [*finished, *(work.run["run_id"] for work in before.dead if work.run)]
