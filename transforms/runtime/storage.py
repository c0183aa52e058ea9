"""Reading what is stored: files in one piece or in parts, local ones and objects of Cloud Storage, S3 and Azure.

Of Beam and Google's client nothing is imported before a remote file is read: they take a second and a hundred
megabytes, which the children that work on local files are spared.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

SCHEME = "gs://"
# Bytes that are fetched at a time.
FETCH_BYTES = 2 << 20
# Beam's `CompressionTypes.UNCOMPRESSED`.
UNCOMPRESSED = "uncompressed"
# Systems that need more than this package requires: the library, and the extra that brings it.
EXTRAS = {"s3": ("boto3", "aws"), "azfs": ("azure.storage.blob", "azure")}


def file_systems(path: str) -> Any:
    """Beam's file systems, one of which has this path.

    Raises:
        ImportError: what it takes to reach that one isn't installed; says which extra brings it.
        ValueError: its name is written in another way here.
    """
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415, see above

    scheme, separator, _ = path.partition("://")
    if scheme in EXTRAS and separator:
        library, extra = EXTRAS[scheme]
        if not is_installed(library):
            raise ImportError(f"{scheme}:// needs the extra `{extra}`: pip install 'newsbeam[{extra}]'")
        _set_default_options(FileSystems)
    elif scheme == "az" and separator:
        raise ValueError("on Azure a path is azfs://ACCOUNT/CONTAINER/NAME")
    return FileSystems


def match_files(pattern: str) -> Any:
    """What Beam's file systems know of each file that a pattern names.

    Raises:
        OSError: nobody may look there, or the storage fails.
    """
    systems = file_systems(pattern)
    if pattern.startswith("azfs://") and not any(sign in pattern for sign in "*?["):
        # Of a single name that isn't there Beam 2.77 says that the storage fails, not that it isn't there.
        return [found for found in systems.match([pattern + "*"])[0].metadata_list if found.path == pattern]
    return systems.match([pattern])[0].metadata_list


def is_installed(library: str) -> bool:
    """Whether a library can be imported, `a.b` being a part of `a`."""
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False


def _set_default_options(systems: Any) -> None:
    """S3 and Azure can't be reached without any options, which workers of a pool don't get from Beam."""
    from apache_beam.options.pipeline_options import PipelineOptions  # noqa: PLC0415, see above
    from apache_beam.options.value_provider import RuntimeValueProvider  # noqa: PLC0415, see above

    # No public name; a test holds it.
    if systems._pipeline_options is None:
        systems.set_options(PipelineOptions.from_dictionary(RuntimeValueProvider.runtime_options or {}))


def configure(options: Mapping[str, Any]) -> None:
    """Let Beam's file systems know the options of a job, in a process that Beam hasn't started."""
    from apache_beam.io.filesystems import FileSystems  # noqa: PLC0415, see above
    from apache_beam.options.pipeline_options import PipelineOptions  # noqa: PLC0415, see above

    FileSystems.set_options(PipelineOptions.from_dictionary(dict(options)))


def join(folder: str, name: str) -> str:
    """The path of a file in a folder, local or remote."""
    return f"{folder.rstrip('/')}/{name}"


def is_path(name: str) -> bool:
    """Whether something is named by where it lies, local or remote, and not by a package's name."""
    return "/" in name or "\\" in name or name.startswith(".")


def open_object(path: str, *, fetch_bytes: int = FETCH_BYTES) -> BinaryIO:
    """Open an object (`gs://…`, `s3://…`, `azfs://…`) for reading. `fetch_bytes` holds for the first alone.

    Raises:
        StorageError: it isn't there, may not be read, or the storage fails; also from the file's methods.
    """
    if path.startswith(SCHEME):
        from transforms.runtime import remote  # noqa: PLC0415, see above

        return remote.open_object(path, fetch_bytes)  # type: ignore[return-value]
    from transforms.runtime.remote_file import RemoteFile  # noqa: PLC0415, see above

    systems = file_systems(path)
    errors = errors_of(path)
    return RemoteFile(path, lambda: systems.open(path, compression_type=UNCOMPRESSED), errors)  # type: ignore[return-value]


def errors_of(path: str) -> tuple[type[Exception], ...]:
    """What reading an object raises that its storage fails to give, by Beam and by the library below it."""
    if path.startswith("s3://"):
        from apache_beam.io.aws.clients.s3.messages import S3ClientError  # noqa: PLC0415, see above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415, of an extra

        return (S3ClientError, BotoCoreError, OSError)
    if path.startswith("azfs://"):
        from azure.core.exceptions import AzureError  # noqa: PLC0415, of an extra

        return (AzureError, OSError)
    return (OSError,)


def open_file(path: str) -> BinaryIO:
    """Open a file for reading its bytes as they are, whatever its name says of compression.

    Raises:
        StorageError: as `open_object`.
        OSError: a local file can't be opened.
    """
    if "://" in path:
        return open_object(path)
    return Path(path).open("rb")


def create_file(path: str) -> Any:
    """A new file to write bytes into as they are, whatever its name says of compression; its folders are made."""
    if path.startswith(SCHEME):
        from transforms.runtime import remote  # noqa: PLC0415, see above

        return remote.create_stream(path)
    if "://" in path:
        return file_systems(path).create(path, compression_type=UNCOMPRESSED)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path).open("wb")


def exists(path: str) -> bool:
    """Whether there is an object of exactly this path (`gs://…`, `s3://…`, `azfs://…`)."""
    if path.startswith(SCHEME):
        from transforms.runtime import remote  # noqa: PLC0415, see above

        return remote.object_exists(path)
    if path.startswith("azfs://"):
        return bool(match_files(path))
    return bool(file_systems(path).get_filesystem(path).exists(path))


def checksum(path: str) -> str:
    """The storage's own checksum of an object's content.

    Raises:
        OSError: it can't be had.
    """
    if path.startswith(SCHEME):
        from transforms.runtime import remote  # noqa: PLC0415, see above

        return remote.object_checksum(path)
    return str(file_systems(path).checksum(path))


def read_file(path: str) -> bytes:
    """All bytes of a file of the run's own, local or remote, as they are.

    Raises:
        StorageError: the storage fails.
        OSError: a local file can't be read.
    """
    with open_file(path) as stream:
        return stream.read()
