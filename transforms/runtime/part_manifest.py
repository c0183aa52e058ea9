"""Part manifests: which parts of tables belong together, each manifest written after its parts.

A run that is killed leaves parts that nobody announced, some of them cut off. Those that a manifest names are whole,
and hold all rows of each set of rows that they have any of. A manifest tells parts by name: they lie beside it,
wherever that is now.
"""

from __future__ import annotations

import uuid
from dataclasses import astuple, replace
from typing import NamedTuple

from schemas.files import Part
from transforms.runtime.files import read_json, write_json
from transforms.runtime.storage import join

SUFFIX = ".note"


class PartManifest(NamedTuple):
    """Parts, and for each of them the attempts of its rows: (attempt_id, number of rows) in the order of the rows."""

    parts: tuple[Part, ...]
    attempts: tuple[tuple[tuple[str, int], ...], ...]


def write_part_manifest(folder: str, manifest: PartManifest) -> str:
    """Write a manifest of parts in `folder` beside them, into a new file; returns its path."""
    path = join(folder, f"{uuid.uuid4().hex}{SUFFIX}")
    parts = [astuple(replace(part, path=part.path.rpartition("/")[2])) for part in manifest.parts]
    write_json(path, {"parts": parts, "attempts": manifest.attempts})
    return path


def read_part_manifest(path: str) -> PartManifest | None:
    """A manifest; None if it was cut off, or isn't one."""
    content = read_json(path)
    try:
        parts = tuple(_beside(path, Part(*fields)) for fields in content["parts"])  # type: ignore[index]
        attempts = content["attempts"]  # type: ignore[index]
        return PartManifest(parts, tuple(tuple((str(key), int(rows)) for key, rows in some) for some in attempts))
    except (TypeError, KeyError, ValueError):
        return None


def _beside(manifest: str, part: Part) -> Part:
    """A part under its path as it is now. Its name alone is believed."""
    if "/" in part.path or not part.path.endswith(".parquet"):
        raise ValueError(part.path)
    return replace(part, path=join(manifest.rpartition("/")[0], part.path))
