"""Which files an input names: files, directories, globs and comma lists, on any of Beam's file systems.

A path that isn't valid UTF-8 goes as a percent-encoded `file://` URL, so that it can be written into a table and still
leads back to the file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote_from_bytes, unquote_to_bytes

import xxhash

from schemas.files import InputFile
from transforms.runtime import storage

FILE_URL = "file://"
GLOB_CHARACTERS = frozenset("*?[")
# A file that is there but isn't a regular one: a pipe would block its reader for ever.
NOT_A_FILE = -1
# Bytes read at a time.
CHUNK = 1 << 20


def is_remote(path: str) -> bool:
    """Whether `path` lies on a remote file system (`gs://…`)."""
    return "://" in path and not path.startswith(FILE_URL)


def _public_path(path: str) -> str:
    """The name of a local file as it goes into records: `path` itself, or a `file://` URL if it isn't valid UTF-8."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return FILE_URL + quote_from_bytes(os.fsencode(Path(path).absolute()))
    return path


def native_path(path: str) -> str:
    """The reverse of `_public_path`: what the file system opens."""
    if path.startswith(FILE_URL):
        return os.fsdecode(unquote_to_bytes(path[len(FILE_URL) :]))
    return path


def open_file(path: str) -> BinaryIO:
    """Open a file for reading its bytes as they are, whatever its name says of compression."""
    return storage.open_file(native_path(path))


def content_digest(path: str) -> str:
    """A digest of a file's content: the storage's own checksum where the file is remote, else its 128-bit XXH3.

    Raises:
        OSError: it can't be read.
    """
    if is_remote(path):
        return f"{path.partition('://')[0]}:{storage.checksum(path)}"
    state = xxhash.xxh3_128()
    with open_file(path) as stream:
        while chunk := stream.read(CHUNK):
            state.update(chunk)
    return state.hexdigest()


def split_input(value: str) -> list[str]:
    """The patterns of a comma list. A comma inside a name that exists is no separator."""
    if not value.strip():
        return []
    if "," not in value or (not is_remote(value) and Path(native_path(value)).exists()):
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()]


def expand_pattern(pattern: str) -> Iterator[InputFile]:
    """The files that one pattern names, each once, in order of their paths.

    Args:
        pattern: a file, a directory (all below it, but for names that begin with `.` or `_`, as Spark and Hive read
            directories), or a glob (`*` within a folder's name, `**` across folders).

    Returns:
        Files with their size in bytes; `NOT_A_FILE` as size for pipes, sockets, devices and dangling links.

    Raises:
        OSError: nothing is there, or it can't be listed.
    """
    if is_remote(pattern):
        return _expand_remote(pattern)
    local = Path(native_path(pattern))
    if local.is_dir():
        return _walk(local)
    if os.path.lexists(local):
        return iter([_local_file(local)])
    return _expand_glob(pattern)


def _expand_remote(pattern: str) -> Iterator[InputFile]:
    exact = not GLOB_CHARACTERS.intersection(pattern) and not pattern.endswith("/")
    globs = (
        [pattern, pattern + "/**"] if exact else [pattern.removesuffix("/") + "/**" if pattern[-1] == "/" else pattern]
    )
    found: dict[str, int] = {}
    for glob in globs:
        root = glob.removesuffix("**")
        for match in storage.match_files(glob):
            if glob.endswith("**") and _is_hidden(match.path[len(root) :].split("/")):
                continue
            if not match.path.endswith("/"):
                found[match.path] = match.size_in_bytes
    if not found:
        raise FileNotFoundError(pattern)
    return (InputFile(path, size) for path, size in sorted(found.items()))


def _expand_glob(pattern: str) -> Iterator[InputFile]:
    from apache_beam.io.filesystem import BeamIOError  # noqa: PLC0415, as in `storage`

    try:
        matches = storage.match_files(pattern)
    except BeamIOError as error:
        raise OSError(f"{pattern}: {error}") from error
    if not matches:
        raise FileNotFoundError(pattern)
    return (_local_file(Path(path)) for path in sorted({match.path for match in matches}))


def _walk(root: Path) -> Iterator[InputFile]:
    def fail(error: OSError) -> None:
        raise error

    for folder, folders, names in os.walk(root, onerror=fail):
        folders[:] = sorted(name for name in folders if not _is_hidden([name]))
        for name in sorted(names):
            if not _is_hidden([name]):
                yield _local_file(Path(folder) / name)


def _is_hidden(parts: list[str]) -> bool:
    return any(part.startswith((".", "_")) for part in parts)


def _local_file(path: Path) -> InputFile:
    try:
        status = path.stat()
    except OSError:
        return InputFile(_public_path(str(path)), NOT_A_FILE)
    return InputFile(_public_path(str(path)), status.st_size if stat.S_ISREG(status.st_mode) else NOT_A_FILE)
