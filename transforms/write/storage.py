"""Small things that all who write need of a file system, local or remote."""

from __future__ import annotations

import json

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.storage import StorageError, read_file


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
