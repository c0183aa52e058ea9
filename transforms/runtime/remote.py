"""Objects on Cloud Storage: opened, listed, made, and removed in batches.

Beam's reader fetches 16 MiB at the first byte, of which a range of a file needs a part and a look at its head almost
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import GoogleAPIError, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

from transforms.runtime.remote_file import RemoteFile

# What Beam's client raises; `NotImplementedError` is an object that is packed twice.
ERRORS = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, NotImplementedError, OSError)


def client(path: str) -> Any:
    """Beam's own client of Cloud Storage, with the job's options. It has no public name; a test holds it."""
    system: Any = FileSystems.get_filesystem(path)
    return system._gcsIO()


def open_object(path: str, fetch_bytes: int) -> RemoteFile:
    """An object as a file. Raises what `RemoteFile` does."""
    return RemoteFile(path, lambda: client(path).open(path, "rb", read_buffer_size=fetch_bytes), ERRORS)


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
