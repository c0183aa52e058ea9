"""Publishing: a run's files become the tables, all of them or none.

No storage moves many files at once, so a plan of all moves is written first. Then `_run.json` of an earlier run goes,
by which readers know that the directory holds no finished run; files move in, what is not of this run is removed, and
the new `_run.json` comes last. A step that runs twice, or a later run that finds the plan, goes on where it stopped:
what is already moved stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apache_beam.io.filesystems import FileSystems

from schemas.tables import MANIFEST, WRITTEN
from transforms.runtime.files import list_files, move, read_json, write_json

PLAN = "commit.json"
FILE_PREFIX = "part-"


class Commit(NamedTuple):
    """Where each file goes, and the content of `_run.json`."""

    moves: Mapping[str, str]
    manifest: Mapping[str, Any]


def commit(plan: Commit, *, output: str, folder: str) -> None:
    """Put the plan down in the run's working directory `folder` and carry it out."""
    write_json(FileSystems.join(folder, PLAN), plan._asdict())
    carry_out(plan, output=output, folder=folder)


def resume_commit(*, output: str, folder: str) -> bool:
    """Carry out the plan that a dead run left in its working directory; False where it left none."""
    content = read_json(FileSystems.join(folder, PLAN))
    if not isinstance(content, dict):
        return False
    carry_out(Commit(**content), output=output, folder=folder)
    return True


def carry_out(plan: Commit, *, output: str, folder: str) -> None:
    """Do what the plan says, or what is left to do of it."""
    target = FileSystems.join(output, MANIFEST)
    written = read_json(target)
    if isinstance(written, dict) and written.get("run_id") == plan.manifest["run_id"]:
        return
    if FileSystems.exists(target):
        FileSystems.delete([target])
    for source, place in plan.moves.items():
        if source != place:
            move(source, place)
    _remove_others(output, keep=set(plan.moves.values()))
    ready = FileSystems.join(folder, MANIFEST)
    write_json(ready, plan.manifest)
    move(ready, target)


def _remove_others(output: str, *, keep: set[str]) -> None:
    """Remove the files of earlier runs, and the folders that are empty then."""
    found = [file.path for table in WRITTEN for file in list_files(FileSystems.join(output, table))]
    stale = [path for path in found if path not in keep and FileSystems.split(path)[1].startswith(FILE_PREFIX)]
    if stale:
        FileSystems.delete(stale)
    for folder in {FileSystems.split(path)[0] for path in stale}:
        _remove_empty(folder, output)


def _remove_empty(folder: str, output: str) -> None:
    """Remove a local folder, and those above it up to the output directory, while they are empty."""
    with contextlib.suppress(OSError):
        while "://" not in folder and folder != output:
            Path(folder).rmdir()
            folder = str(Path(folder).parent)
