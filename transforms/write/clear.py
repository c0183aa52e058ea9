"""Clearing up: what a run wrote for itself is removed by all workers, once the run is finished.

In: the manifest, the last thing that a run writes. Out: nothing of use. Where files can't be removed they stay, which
harms nobody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from transforms.runtime.files import list_files, remove_files

# Removals that Cloud Storage takes in one request.
BATCH = 100


def batches(folder: str) -> Iterator[tuple[str, ...]]:
    """The files below a folder, a batch at a time."""
    with contextlib.suppress(OSError):
        paths = [file.path for file in list_files(folder)]
        for first in range(0, len(paths), BATCH):
            yield tuple(paths[first : first + BATCH])


def _batches(_: Any, folder: str) -> Iterator[tuple[str, ...]]:
    yield from batches(folder)


def _remove(paths: tuple[str, ...]) -> int:
    with contextlib.suppress(OSError):
        remove_files(paths)
    return len(paths)


@dataclass
class ClearFolder(beam.PTransform):
    """Manifest → the number of files removed, batch by batch.

    Args:
        folder: the run's working directory.
    """

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, manifest: beam.PCollection[dict[str, Any]]) -> beam.PCollection[int]:
        """List, spread, remove."""
        return (
            manifest
            | "List" >> beam.FlatMap(_batches, self.folder).with_output_types(tuple[str, ...])
            | "Spread" >> beam.Reshuffle()
            | "Remove" >> beam.Map(_remove).with_output_types(int)
        )
