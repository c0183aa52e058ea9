"""The files of a run's tables: how they are called, and which of them `_run.json` lists.

A run never gives a file a name that another run's has, and `_run.json` lists the files of its own run. So who reads
what is listed sees one run, whatever is being published beside it. A glob over a table's folder sees a moment of both.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from schemas.files import Part
from schemas.tables import MANIFEST, WRITTEN
from transforms.runtime.files import list_files, parquet_files, read_json
from transforms.runtime.layout import folder_of_path
from transforms.runtime.parquet import open_columns
from transforms.runtime.storage import join

FILE_PREFIX = "part-"
FILES = "files"
# No name of a table's file means anything to a shell, a glob or a query.
_PATH = re.compile(rf"({'|'.join(WRITTEN)})/(?:[a-z]+=[\w-]+/)?{FILE_PREFIX}[\w-]+\.parquet")


class RunFilesError(ValueError):
    """A list of files names what can be no file of a table."""


def file_path(table: str, folder: str, number: int, run_id: str) -> str:
    """The path of a table's file under the output directory; `folder` is that of its partition, "" without one."""
    return "/".join(filter(None, (table, folder, f"{FILE_PREFIX}{number:05d}-{run_id}.parquet")))


def check_path(path: object, table: str = "") -> str:
    """A path that was read somewhere, if it can be that of a table's file under the output directory.

    Raises:
        RunFilesError: it can't.
    """
    found = _PATH.fullmatch(path) if isinstance(path, str) else None
    if found is None or (table and found[1] != table):
        raise RunFilesError(f"no file of a table: {path!r}")
    return found[0]


def relative(path: str, output: str) -> str:
    """The path under the output directory of a file in it."""
    return path[len(output.rstrip("/")) + 1 :]


def list_parts(parts: Iterable[Part], output: str) -> dict[str, list[tuple[str, int, int]]]:
    """Published files as `_run.json` has them: table → (path under the output directory, rows, bytes)."""
    found: dict[str, list[tuple[str, int, int]]] = {name: [] for name in WRITTEN}
    for part in parts:
        found[part.table].append((relative(part.path, output), part.rows, part.size))
    return {table: sorted(files) for table, files in found.items() if files}


def published_parts(output: str, manifest: Mapping[str, Any]) -> list[Part]:
    """The files of the finished run in a directory that `_run.json` (`manifest`) lists; it isn't asked of the files.

    Raises:
        RunFilesError: `_run.json` lists what can be no file of a table.
    """
    if FILES not in manifest:
        return _found_parts(output)
    parts = []
    for table, files in dict(manifest[FILES]).items():
        for path, rows, size in files:
            place = join(output, check_path(path, table))
            parts.append(Part(table, folder_of_path(place), place, int(rows), int(size)))
    return parts


def _found_parts(output: str) -> list[Part]:
    """The same for runs of versions that listed no files: all that are there, −1 rows in what can't be read."""
    parts = []
    for table in WRITTEN:
        for path, size in parquet_files(join(output, table)):
            rows = -1
            with contextlib.suppress(OSError, pa.ArrowException), open_columns(path) as file:
                rows = file.metadata.num_rows
            parts.append(Part(table, folder_of_path(path), path, rows, size))
    return parts


def superseded(output: str, manifest: Mapping[str, Any]) -> list[str]:
    """The files in the tables' folders that are named as a run's are and that `_run.json` doesn't list."""
    listed = {part.path for part in published_parts(output, manifest)}
    found = (file.path for table in WRITTEN for file in list_files(join(output, table)))
    return [path for path in found if path not in listed and path.rpartition("/")[2].startswith(FILE_PREFIX)]


def read_manifest(output: str) -> dict[str, Any] | None:
    """The content of a finished run's `_run.json`; None where there is none."""
    found = read_json(join(output, MANIFEST))
    return found if isinstance(found, dict) and isinstance(found.get("run_id"), str) else None
