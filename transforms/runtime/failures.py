"""Contents on which the stages failed although other articles are copies of them: noted for a run without them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from schemas.files import Failure
from transforms.runtime.files import list_files, read_json, write_json
from transforms.runtime.storage import join

FOLDER = "failed"


class OrphansError(Exception):
    """A rejected article has copies: the run isn't finished and must go on without it."""


def write_failures(failures: Mapping[str, Failure], folder: str) -> None:
    """Write down, in a run's working directory, which contents failed and why."""
    write_json(join(folder, f"{FOLDER}/{uuid.uuid4().hex}.json"), failures)


def read_failures(folder: str) -> Mapping[str, Failure]:
    """The contents that failed in a run, by its working directory; empty where it noted none."""
    found: dict[str, Failure] = {}
    for file in list_files(join(folder, FOLDER)):
        content = read_json(file.path)
        if isinstance(content, dict):
            found.update({key: Failure(*value) for key, value in content.items()})
    return found
