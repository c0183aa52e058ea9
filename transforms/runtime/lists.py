"""Lists as data of a run and not of its graph: values in files of its working directory, which a step reads.

A runner takes a graph up to a size. Of what there may be a million the graph has the names of a few files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import apache_beam as beam
import msgspec

from schemas.files import StoredList, StoredValue
from transforms.runtime.storage import create_file, join, open_file, read_file

# Bytes of a file of a list, but for its last value: one worker reads it in no time.
FILE_BYTES = 4 << 20

T = TypeVar("T")


def _to_line(value: Any) -> bytes:
    # Not msgspec's own JSON: a path may hold bytes that are no UTF-8.
    return json.dumps(msgspec.to_builtins(value)).encode() + b"\n"


def _to_value(line: bytes, type_: Any) -> Any:
    return msgspec.convert(json.loads(line), type=type_)


def store_list(values: Iterable[Any], folder: str, name: str) -> StoredList:
    """Write values into files called `name` in a folder; none where there are no values."""
    paths: list[str] = []

    def write(lines: list[bytes]) -> None:
        paths.append(join(folder, f"{name}-{len(paths):05d}.jsonl"))
        with create_file(paths[-1]) as stream:
            stream.write(b"".join(lines))

    lines: list[bytes] = []
    size = 0
    for value in values:
        lines.append(_to_line(value))
        size += len(lines[-1])
        if size >= FILE_BYTES:
            write(lines)
            lines, size = [], 0
    if lines:
        write(lines)
    return StoredList(tuple(paths))


def read_list(path: str, type_: type[T]) -> Iterator[T]:
    """The values, all of one type, in a file of a list."""
    for line in read_file(path).splitlines():
        yield _to_value(line, type_)


def store_values(values: Iterable[Any], path: str) -> Iterator[StoredValue]:
    """Write values into one file, each to be read by itself."""
    start = 0
    with create_file(path) as stream:
        for value in values:
            line = _to_line(value)
            stream.write(line)
            yield StoredValue(path, start, len(line))
            start += len(line)


def read_value(stored: StoredValue, type_: type[T]) -> T:
    """A value by itself."""
    with open_file(stored.path) as stream:
        stream.seek(stored.start)
        value: T = _to_value(stream.read(stored.size), type_)
    return value


@dataclass
class ReadList(beam.PTransform):
    """The pipeline → the values of a list, spread over all workers.

    Args:
        stored: the list.
        type_: of its values.
    """

    stored: StoredList
    type_: Any

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[Any]:
        """Read the files, then spread what they hold."""
        return (
            pipeline
            | "Names" >> beam.Create(list(self.stored.paths))
            | "Load" >> beam.FlatMap(read_list, self.type_).with_output_types(self.type_)
            | "Spread" >> beam.Reshuffle()
        )
