"""Part manifests: which parts of tables belong together, each manifest written after its parts.

A run that is killed leaves parts that nobody announced, some of them cut off. Those that a manifest names are whole,
and hold all rows of each set of rows that they have any of.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple

from apache_beam.io.filesystems import FileSystems

from schemas.files import Part
from transforms.runtime.files import read_json, write_json

SUFFIX = ".note"


class PartManifest(NamedTuple):
    """Parts, and for each of them the attempts of its rows: (attempt_id, number of rows) in the order of the rows."""

    parts: tuple[Part, ...]
    attempts: tuple[tuple[tuple[str, int], ...], ...]


def write_part_manifest(folder: str, manifest: PartManifest) -> str:
    """Write a manifest into a new file; returns its path."""
    path = FileSystems.join(folder, f"{uuid.uuid4().hex}{SUFFIX}")
    content = {"parts": [list(vars(part).values()) for part in manifest.parts], "attempts": manifest.attempts}
    write_json(path, content)
    return path


def read_part_manifest(path: str) -> PartManifest | None:
    """A manifest; None if it was cut off."""
    content = read_json(path)
    if not isinstance(content, dict):
        return None
    parts = tuple(Part(*fields) for fields in content["parts"])
    return PartManifest(
        parts, tuple(tuple((attempt_id, rows) for attempt_id, rows in attempts) for attempts in content["attempts"])
    )
