"""Reading what is stored: the run's own files in one piece, and objects on Cloud Storage as files.

Beam's reader fetches 16 MiB at the first byte, of which a range of a file needs a part and a look at its head almost
nothing; and it fails with errors of many libraries, so that one object that nobody may read would end the run.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, NamedTuple, NoReturn, TypeVar

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

SCHEME = "gs://"
# Bytes that are fetched at a time.
FETCH_BYTES = 2 << 20

# What Beam's client raises; `NotImplementedError` is an object that is packed twice.
ERRORS = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, NotImplementedError, OSError)

T = TypeVar("T")


class StorageError(Exception):
    """The storage fails while a file is read, or keeps it back, which is none of the file's fault.

    No `OSError`, which readers of archives and tables take for damage.
    """


class StoredFile(NamedTuple):
    """A file and its size in bytes."""

    path: str
    size: int


def open_object(path: str, *, fetch_bytes: int = FETCH_BYTES) -> BinaryIO:
    """Open an object (`gs://…`) for reading.

    Raises:
        StorageError: it isn't there, may not be read, or the storage fails; also from the file's methods.
    """
    return RemoteFile(path, fetch_bytes)  # type: ignore[return-value]


def read_file(path: str) -> bytes:
    """All bytes of a file of the run's own, local or remote, as they are.

    Raises:
        StorageError: the storage fails.
        OSError: a local file can't be read.
    """
    if path.startswith(SCHEME):
        with open_object(path) as stream:
            return stream.read()
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
        return bytes(stream.read())


class RemoteFile(io.BufferedIOBase):
    """An object as a file that can be read and moved about in."""

    def __init__(self, path: str, fetch_bytes: int) -> None:
        super().__init__()
        self._path = path
        system: Any = FileSystems.get_filesystem(path)
        self._file: Any = self._try(system._gcsIO().open, path, "rb", read_buffer_size=fetch_bytes)
        self._size = int(self._file._blob.size or 0)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` further bytes; all without it.

        An answer that is shorter than the object says is asked for again from where it ended.
        """
        wanted = self._size - self.tell()
        if size is not None and size >= 0:
            wanted = min(wanted, size)
        found: bytes = self._try(self._file.read, wanted) if wanted > 0 else b""
        while len(found) < wanted:
            more: bytes = self._try(self._file.read, wanted - len(found))
            if not more:
                message = f"{self._path} ends {wanted - len(found)} bytes before its size of {self._size}"
                raise StorageError(message)
            found += more
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, at most to the end."""
        return int(self._try(self._file.seek, offset, whence))

    def tell(self) -> int:
        """The place of the next byte."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of what was fetched."""
        if not self.closed:
            file = getattr(self, "_file", None)
            if file is not None:
                file.close()
        super().close()

    def _try(self, call: Callable[..., T], *args: Any, **named: Any) -> T:
        try:
            return call(*args, **named)
        except ERRORS as error:
            _fail(self._path, error)


def _fail(path: str, error: BaseException) -> NoReturn:
    # The client's message repeats the address with its whole query; the first line says what happened.
    said = " ".join(str(error).split())[:300]
    raise StorageError(f"{path}: {type(error).__name__}: {said}") from error


def list_files(folder: str) -> list[StoredFile]:
    """All files in a folder and those below it, by path; none where there is no such folder."""
    if "://" in folder:
        matches = FileSystems.match([folder.rstrip("/") + "/**"])[0].metadata_list
        return sorted(StoredFile(match.path, match.size_in_bytes) for match in matches)
    found = []
    # Not by a glob: the folder's own name may hold what reads as one.
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118, a path may not be valid UTF-8
            found.append(StoredFile(path, os.lstat(path).st_size))
    return sorted(found)


def parquet_files(folder: str) -> list[StoredFile]:
    """Those that are Parquet, by path: a table's, where the folder is one."""
    return [file for file in list_files(folder) if file.path.endswith(".parquet")]


def remove_files(paths: Sequence[str]) -> None:
    """Remove files, all of one file system; what isn't there is fine.

    Raises:
        OSError: one of them can't be removed.
    """
    if paths and paths[0].startswith(SCHEME):
        # Beam's own way lists each before it removes it, one request after another.
        system: Any = FileSystems.get_filesystem(paths[0])
        try:
            failed = [path for path, error in system._gcsIO().delete_batch(list(paths)) if error]
        except ERRORS as error:
            raise OSError(f"{paths[0]} and others can't be removed: {error}") from error
        if failed:
            raise OSError(f"{len(failed)} files can't be removed, {failed[0]} among them")
    elif present := [path for path in paths if FileSystems.exists(path)]:
        FileSystems.delete(present)


def write_json(path: str, content: object) -> None:
    """Write a value into a file. One that is cut off can't be read; see `read_json`."""
    with FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
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
