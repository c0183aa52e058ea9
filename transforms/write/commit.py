"""Publishing: a run's files become the tables, all of them at once for who reads `_run.json`.

The files of a run have names of its own, and `_run.json` lists those that are its tables. So they move in beside those
of an earlier run, `_run.json` is replaced in one step, and what it doesn't list is removed. A plan of all moves is
written before the first: a step that runs twice, or a later run that finds the plan, goes on where it stopped.

A plan that is found may come from anyone: it moves files from its own working directory into the tables' folders, over
no file that a finished run lists, and nothing else.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from schemas.tables import MANIFEST
from transforms.runtime.errors import StorageError
from transforms.runtime.files import exists, move_files, read_json, remove_files, replace_json
from transforms.runtime.run_files import FILES, check_path, published_parts, read_manifest, superseded
from transforms.runtime.storage import join

PLAN = "commit.json"
# Files that Cloud Storage renames or removes in one request, and requests at a time.
BATCH = 100
THREADS = 16

T = TypeVar("T")


class PlanError(Exception):
    """A plan asks for what no run does."""


class LostError(Exception):
    """Another run has taken the output directory over."""


class Commit(NamedTuple):
    """Where files go, from the working directory to the output's, both relative; and the content of `_run.json`."""

    moves: Sequence[tuple[str, str]]
    manifest: Mapping[str, Any]


def commit(plan: Commit, *, output: str, folder: str, lock: str = "") -> None:
    """Write the plan into the run's working directory `folder` and carry it out.

    Raises:
        LostError: the file `lock`, which the run made, is gone, or another run's.
    """
    replace_json(join(folder, PLAN), plan._asdict(), folder=folder)
    _carry_out(plan, output=output, folder=folder, lock=lock)


def resume_commit(*, output: str, folder: str) -> bool:
    """Carry out the plan that a dead run left in its working directory; False where it left none.

    Raises:
        PlanError: it isn't one that a run makes. Nothing has been done.
    """
    content = read_json(join(folder, PLAN))
    if not isinstance(content, dict):
        return False
    try:
        plan = Commit([(str(source), str(target)) for source, target in content["moves"]], dict(content["manifest"]))
        _check(plan, output, folder)
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"{join(folder, PLAN)} is no plan of a run's: {error}") from error
    _carry_out(plan, output=output, folder=folder)
    return True


def _check(plan: Commit, output: str, folder: str) -> None:
    """Raise `ValueError` where a plan reaches beyond what is the run's own."""
    published_parts(output, {FILES: {}, **plan.manifest})
    finished = read_manifest(output)
    listed = set()
    if finished and finished["run_id"] != plan.manifest["run_id"]:
        listed = {part.path for part in published_parts(output, finished)}
    for source, target in plan.moves:
        if not source or source.startswith("/") or {"", ".", ".."} & set(source.split("/")):
            raise ValueError(f"a source outside of the working directory: {source!r}")
        if join(output, check_path(target)) in listed:
            raise ValueError(f"a file of the finished run would be replaced: {target!r}")
    if "://" not in folder:
        _check_links(plan, output, folder)


def _check_links(plan: Commit, output: str, folder: str) -> None:
    """The same where links lead elsewhere."""
    for root, paths in ((folder, [move[0] for move in plan.moves]), (output, [move[1] for move in plan.moves])):
        inside = os.path.realpath(root)
        for place in {str(Path(path).parent) for path in paths}:
            if not Path(os.path.realpath(join(root, place))).is_relative_to(inside):
                raise ValueError(f"a link out of {root}: {place!r}")
    for source, _ in plan.moves:
        if Path(join(folder, source)).is_symlink():
            raise ValueError(f"a link: {source!r}")


def _carry_out(plan: Commit, *, output: str, folder: str, lock: str = "") -> None:
    """Do what the plan says, or what is left to do of it."""
    written = read_manifest(output)
    if not written or written["run_id"] != plan.manifest["run_id"]:
        _hold(lock, plan.manifest["run_id"])
        moves = [(join(folder, source), join(output, target)) for source, target in plan.moves]
        _in_batches(move_files, moves)
        _hold(lock, plan.manifest["run_id"])
        replace_json(join(output, MANIFEST), plan.manifest, folder=folder)
    stale = superseded(output, plan.manifest)
    _in_batches(remove_files, stale)
    for place in {path.rpartition("/")[0] for path in stale}:
        _remove_empty(place, output)


def _hold(lock: str, run_id: str) -> None:
    """Raise unless the lock is this run's: one of another run may have the same name."""
    if not lock:
        return
    owner = read_json(lock)
    if owner is None and exists(lock):
        raise StorageError(f"{lock} can't be read")
    if not isinstance(owner, dict) or owner.get("run_id") != run_id:
        raise LostError("another run has taken --output over; this one's tables are not published")


def _in_batches(do: Callable[[Sequence[T]], None], items: Sequence[T]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(do, [items[first : first + BATCH] for first in range(0, len(items), BATCH)]):
            pass


def _remove_empty(folder: str, output: str) -> None:
    """Remove a local folder, and those above it up to the output directory, while they are empty."""
    with contextlib.suppress(OSError):
        while "://" not in folder and folder != output.rstrip("/"):
            Path(folder).rmdir()
            folder = str(Path(folder).parent)
