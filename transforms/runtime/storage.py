"""Reading what is stored: files in one piece or in parts, local ones and objects on Cloud Storage.

Of Beam and Google's client nothing is imported before a remote file is read: they take a second and a hundred
megabytes, which the children that work on local files are spared.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

SCHEME = "gs://"
# Bytes that are fetched at a time.
FETCH_BYTES = 2 << 20
# Beam's `CompressionTypes.UNCOMPRESSED`.
UNCOMPRESSED = "uncompressed"


def file_systems() -> Any:
    """Beam's file systems, all of them."""
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415, see above

    return FileSystems


def configure(options: Mapping[str, Any]) -> None:
    """Let Beam's file systems know the options of a job, in a process that Beam hasn't started."""
    from apache_beam.options.pipeline_options import PipelineOptions  # noqa: PLC0415, see above

    file_systems().set_options(PipelineOptions.from_dictionary(dict(options)))


def join(folder: str, name: str) -> str:
    """The path of a file in a folder, local or remote."""
    return f"{folder.rstrip('/')}/{name}"


def is_path(name: str) -> bool:
    """Whether something is named by where it lies, local or remote, and not by a package's name."""
    return "/" in name or "\\" in name or name.startswith(".")


def open_object(path: str, *, fetch_bytes: int = FETCH_BYTES) -> BinaryIO:
    """Open an object (`gs://…`) for reading.

    Raises:
        StorageError: it isn't there, may not be read, or the storage fails; also from the file's methods.
    """
    from transforms.runtime.remote import RemoteFile  # noqa: PLC0415, see above

    return RemoteFile(path, fetch_bytes)  # type: ignore[return-value]


def open_file(path: str) -> BinaryIO:
    """Open a file for reading its bytes as they are, whatever its name says of compression.

    Raises:
        StorageError: as `open_object`.
        OSError: a local file can't be opened.
    """
    if path.startswith(SCHEME):
        return open_object(path)
    if "://" in path:
        found: BinaryIO = file_systems().open(path, compression_type=UNCOMPRESSED)
        return found
    return Path(path).open("rb")


def create_file(path: str) -> Any:
    """A new file to write bytes into as they are, whatever its name says of compression; its folders are made."""
    if "://" in path:
        return file_systems().create(path, compression_type=UNCOMPRESSED)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path).open("wb")


def read_file(path: str) -> bytes:
    """All bytes of a file of the run's own, local or remote, as they are.

    Raises:
        StorageError: the storage fails.
        OSError: a local file can't be read.
    """
    with open_file(path) as stream:
        return stream.read()
