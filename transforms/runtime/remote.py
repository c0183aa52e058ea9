"""Objects on Cloud Storage: opened, listed, made, and removed in batches.

Beam's reader fetches 16 MiB at the first byte, of which a range of a file needs a part and a look at its head almost
nothing. And Beam makes a client for each thing that it does there, which has no connection yet and asks for the bucket
first: for small files more than what they take themselves.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import GoogleAPIError, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

from transforms.runtime.remote_file import RemoteFile

# What Beam's client raises; `NotImplementedError` is an object that is packed twice.
ERRORS = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, NotImplementedError, OSError)


# A request of Beam's for several objects takes this many at most.
BATCH = 100


class _Own(threading.local):
    """The client that a thread keeps, and what it was made for: nobody promises that threads may share one."""

    made_for: tuple[Any, ...] = ()
    client: Any = None


_OWN = _Own()


def client(path: str) -> Any:
    """Beam's own client of Cloud Storage, with the job's options; a thread has one for as long as these are the same.

    Neither has a public name; a test holds both.
    """
    wanted = (FileSystems._pipeline_options, os.environ.get("STORAGE_EMULATOR_HOST"))
    if _OWN.made_for != wanted:
        system: Any = FileSystems.get_filesystem(path)
        _OWN.client, _OWN.made_for = system._gcsIO(), wanted
    return _OWN.client


def open_object(path: str, fetch_bytes: int) -> RemoteFile:
    """An object as a file. Raises what `RemoteFile` does."""
    return RemoteFile(path, lambda: client(path).open(path, "rb", read_buffer_size=fetch_bytes), ERRORS)


def create_stream(path: str) -> Any:
    """A new object to write bytes into; it is there once this is closed."""
    return client(path).open(path, "wb")


def object_exists(path: str) -> bool:
    """Whether there is an object of exactly this path."""
    return bool(client(path).exists(path))


def object_checksum(path: str) -> str:
    """The storage's own checksum of an object's content.

    Raises:
        OSError: it can't be had.
    """
    try:
        return str(client(path).checksum(path))
    except ERRORS as error:
        raise OSError(f"{path} can't be looked at: {error}") from error


def move_objects(moves: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give objects their new paths, replacing what is there. Returns what wasn't carried out → the answer to it."""
    failed: dict[tuple[str, str], str] = {}
    for first in range(0, len(moves), BATCH):
        copied = client(moves[first][0]).copy_batch(list(moves[first : first + BATCH]))
        failed |= {(source, target): f"status {error}" for source, target, error in copied if error}
        targets = {source: target for source, target, error in copied if not error}
        removed = client(moves[first][0]).delete_batch(list(targets))
        failed |= {(source, targets[source]): f"status {error}" for source, error in removed if error}
    return failed


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
