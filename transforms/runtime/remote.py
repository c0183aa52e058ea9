"""Objects on Cloud Storage as files, and their removal in batches.

Beam's reader fetches 16 MiB at the first byte, of which a range of a file needs a part and a look at its head almost
nothing; and it fails with errors of many libraries, so that one object that nobody may read would end the run.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import GoogleAPIError, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

from transforms.runtime.errors import StorageError

# What Beam's client raises; `NotImplementedError` is an object that is packed twice.
ERRORS = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, NotImplementedError, OSError)

T = TypeVar("T")


def client(path: str) -> Any:
    """Beam's own client of Cloud Storage, with the job's options. It has no public name; a test holds it."""
    system: Any = FileSystems.get_filesystem(path)
    return system._gcsIO()


def list_objects(prefix: str) -> Iterator[tuple[str, int]]:
    """The paths that begin with exactly this, and their sizes in bytes."""
    for path, size in client(prefix).list_files(prefix):
        # An object that stands for a folder is none of anybody's files.
        if not path.endswith("/"):
            yield path, size


def create_object(path: str, content: bytes) -> bool:
    """Make an object that isn't there yet; False where there is one.

    A request that is repeated since its answer was lost finds the object that it made itself.
    """
    bucket, _, name = path.removeprefix("gs://").partition("/")
    blob = client(path).client.bucket(bucket).blob(name)
    try:
        blob.upload_from_string(content, content_type="application/json", if_generation_match=0)
    except PreconditionFailed:
        return bool(blob.download_as_bytes() == content)
    return True


def remove_objects(paths: Sequence[str]) -> None:
    """Remove objects in batches: Beam's public way lists each before it removes it, one request after another.

    Raises:
        OSError: one of them can't be removed.
    """
    try:
        failed = [path for path, error in client(paths[0]).delete_batch(list(paths)) if error]
    except ERRORS as error:
        raise OSError(f"{paths[0]} and others can't be removed: {error}") from error
    if failed:
        raise OSError(f"{len(failed)} files can't be removed, {failed[0]} among them")


class RemoteFile(io.BufferedIOBase):
    """An object as a file that can be read and moved about in."""

    def __init__(self, path: str, fetch_bytes: int) -> None:
        super().__init__()
        self._path = path
        self._file: Any = self._try(client(path).open, path, "rb", read_buffer_size=fetch_bytes)
        self._size = self.seek(0, os.SEEK_END)
        self.seek(0)

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
