"""Files of a run, on any of Beam's file systems: listed, written, moved, removed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import NamedTuple

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from transforms.runtime.errors import StorageError
from transforms.runtime.storage import SCHEME, create_file, read_file


class _StoredFile(NamedTuple):
    """A file and its size in bytes."""

    path: str
    size: int


def list_files(folder: str) -> list[_StoredFile]:
    """All files in a folder and those below it, by path; none where there is no such folder."""
    if "://" in folder:
        matches = FileSystems.match([folder.rstrip("/") + "/**"])[0].metadata_list
        return sorted(_StoredFile(match.path, match.size_in_bytes) for match in matches)
    found = []
    # Not by a glob: the folder's own name may hold what reads as one.
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118, a path may not be valid UTF-8
            found.append(_StoredFile(path, os.lstat(path).st_size))
    return sorted(found)


def parquet_files(folder: str) -> list[_StoredFile]:
    """Those that are Parquet, by path: a table's, where the folder is one."""
    return [file for file in list_files(folder) if file.path.endswith(".parquet")]


def remove_files(paths: Sequence[str]) -> None:
    """Remove files, all of one file system; what isn't there is fine.

    Raises:
        OSError: one of them can't be removed.
    """
    if paths and paths[0].startswith(SCHEME):
        from transforms.runtime.remote import remove_objects  # noqa: PLC0415, Google's client takes its time

        remove_objects(paths)
    elif present := [path for path in paths if FileSystems.exists(path)]:
        FileSystems.delete(present)


def write_json(path: str, content: object) -> None:
    """Write a value into a file. One that is cut off can't be read; see `read_json`."""
    with create_file(path) as stream:
        stream.write(json.dumps(content, indent=1).encode())


def read_json(path: str) -> object:
    """The value in a file, an object or a list; None where there is none, or not all of it."""
    try:
        return json.loads(read_file(path))
    except (StorageError, OSError, ValueError):
        return None


def move(source: str, target: str) -> None:
    """Rename a file, making the folders above it; nothing where that has been done already."""
    if "://" not in target:
        parent = FileSystems.split(target)[0]
        if not FileSystems.exists(parent):
            FileSystems.mkdirs(parent)
    try:
        FileSystems.rename([source], [target])
    except BeamIOError:
        if FileSystems.exists(source) or not FileSystems.exists(target):
            raise
