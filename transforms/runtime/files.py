"""Files of a run, local or remote: listed, written, moved, removed.

A path is taken as it is: what reads as a pattern in it (`[ * ?`) is a name. On this machine's disks what is published
is synced, files before the folders that name them, so that a power cut leaves nothing that is told of but not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from transforms.runtime import storage
from transforms.runtime.errors import StorageError
from transforms.runtime.storage import SCHEME, create_file, file_systems, join, match_files, read_file


class _StoredFile(NamedTuple):
    """A file and its size in bytes."""

    path: str
    size: int


class _Entry(NamedTuple):
    """Something that lies in a folder itself. A link is no folder."""

    path: str
    is_folder: bool


def list_entries(folder: str, prefix: str) -> list[_Entry]:
    """What in a folder has a name that begins with `prefix`, by path; nothing where there is no such folder."""
    if "://" not in folder:
        entries = os.scandir(folder) if os.path.isdir(folder) else ()  # noqa: PTH112, a path may not be valid UTF-8
        found = (
            _Entry(entry.path, entry.is_dir(follow_symlinks=False))
            for entry in entries
            if entry.name.startswith(prefix)
        )
        return sorted(found)
    if folder.startswith(SCHEME):
        from transforms.runtime.remote import list_objects  # noqa: PLC0415, Google's client takes its time

        paths = [path for path, _ in list_objects(join(folder, prefix))]
    else:
        paths = [file.path for file in list_files(folder) if file.path.startswith(join(folder, prefix))]
    names = (path[len(join(folder, "")) :].partition("/") for path in paths)
    return sorted({_Entry(join(folder, name), bool(below)) for name, _, below in names})


def list_files(folder: str) -> list[_StoredFile]:
    """All files in a folder and those below it, by path; none where there is no such folder."""
    if folder.startswith(SCHEME):
        from transforms.runtime.remote import list_objects  # noqa: PLC0415, Google's client takes its time

        return sorted(_StoredFile(*found) for found in list_objects(folder.rstrip("/") + "/"))
    if "://" in folder:
        matches = match_files(folder.rstrip("/") + "/**")
        return sorted(_StoredFile(match.path, match.size_in_bytes) for match in matches)
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118, a path may not be valid UTF-8
            with contextlib.suppress(FileNotFoundError):
                found.append(_StoredFile(path, os.lstat(path).st_size))
    return sorted(found)


def parquet_files(folder: str) -> list[_StoredFile]:
    """Those that are Parquet, by path: a table's, where the folder is one."""
    return [file for file in list_files(folder) if file.path.endswith(".parquet")]


def exists(path: str) -> bool:
    """Whether there is a file of exactly this path."""
    return storage.exists(path) if "://" in path else os.path.lexists(path)


def remove_files(paths: Sequence[str]) -> None:
    """Remove files, all of one file system; what isn't there is fine.

    Raises:
        OSError: one of them can't be removed.
    """
    if not paths:
        return
    if paths[0].startswith(SCHEME):
        from transforms.runtime.remote import remove_objects  # noqa: PLC0415, as above

        remove_objects(paths)
    elif "://" in paths[0]:
        # Of other storage only paths without patterns are taken; see `pipeline.checks`.
        file_systems(paths[0]).delete([path for path in paths if exists(path)])
    else:
        for path in paths:
            Path(path).unlink(missing_ok=True)


def remove_folder(folder: str) -> None:
    """Remove a folder with all that is in it; of a local one that is a link, the link.

    Raises:
        OSError: something in it can't be removed.
    """
    if "://" in folder:
        remove_files([file.path for file in list_files(folder)])
    elif Path(folder).is_symlink():
        Path(folder).unlink()
    else:
        shutil.rmtree(folder)


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


def create_json(path: str, content: object) -> bool:
    """Write a value into a file that isn't there yet, for one process alone; False where there is one."""
    if path.startswith(SCHEME):
        from transforms.runtime.remote import create_object  # noqa: PLC0415, as above

        return create_object(path, json.dumps(content).encode())
    if "://" in path:
        if found := not exists(path):
            write_json(path, content)
        return found
    _make_folder(os.path.dirname(path))  # noqa: PTH120, as above
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(json.dumps(content).encode())
    return True


def replace_json(path: str, content: object, *, folder: str) -> None:
    """Write a value into a file in one step: a reader sees the old one or the new one, whole; so does a power cut.

    `folder`: where a local file is written before it takes its place; on the same disk.
    """
    if "://" in path:
        write_json(path, content)
        return
    written = os.path.join(folder, f"{Path(path).name}.new")  # noqa: PTH118, as above
    write_json(written, content)
    move_files([(written, path)])


def move_files(moves: Sequence[tuple[str, str]]) -> None:
    """Give files their new paths, all of one file system, replacing what is there; done already is fine.

    Raises:
        OSError: one of them can't be moved.
    """
    if moves and "://" in moves[0][0]:
        _move_remote(moves)
        return
    for source, target in moves:
        _make_folder(os.path.dirname(target))  # noqa: PTH120, as above
        if os.path.lexists(source):
            sync(source)
            os.replace(source, target)  # noqa: PTH105, as above
        elif not os.path.lexists(target):
            raise FileNotFoundError(f"{source} is gone, and {target} isn't there")
    sync_folders(target for _, target in moves)


def _move_remote(moves: Sequence[tuple[str, str]]) -> None:
    if moves[0][0].startswith(SCHEME):
        from transforms.runtime.remote import move_objects  # noqa: PLC0415, as above

        _hold_moved(move_objects(moves))
        return
    from apache_beam.io.filesystem import BeamIOError  # noqa: PLC0415, as in `storage`

    sources, targets = ([pair[side] for pair in moves] for side in (0, 1))
    try:
        file_systems(sources[0]).rename(sources, targets)
    except BeamIOError as error:
        _hold_moved(dict.fromkeys(moves, str(error)))


def _hold_moved(failed: Mapping[tuple[str, str], str]) -> None:
    """Raise `OSError` unless moves that failed, each with why, had been carried out before."""
    for (source, target), why in failed.items():
        if exists(source) or not exists(target):
            raise OSError(f"{source} can't be moved to {target}: {why}")


def _make_folder(folder: str) -> None:
    """Make a local folder and those above it, each synced into the one that it lies in."""
    missing = []
    while not os.path.isdir(folder):  # noqa: PTH112, as above
        missing.append(folder)
        folder = os.path.dirname(folder)  # noqa: PTH120, as above
    for path in reversed(missing):
        with contextlib.suppress(FileExistsError):
            os.mkdir(path)  # noqa: PTH102, as above
        sync(os.path.dirname(path))  # noqa: PTH120, as above


def sync_folders(paths: Iterable[str]) -> None:
    """Have the disk keep the names of local files, each folder once."""
    for folder in sorted({os.path.dirname(path) for path in paths}):  # noqa: PTH120, as above
        sync(folder)


def sync(path: str) -> None:
    """Have the disk keep what is in a local file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
