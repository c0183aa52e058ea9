"""Verdicts: what trials have found, kept beside the hands, so that the next worker needn't try the guilty again."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from transforms.runtime.trial import Ended

SUFFIX = ".verdict"


class Verdicts:
    """Those of one stage; without a folder none is kept.

    Args:
        folder: a directory of this machine.
        stage: the stage's name, a word.
    """

    def __init__(self, folder: str, stage: str) -> None:
        self._folder, self._stage = folder, stage

    def _path(self, key: bytes) -> Path:
        return Path(self._folder) / f"{self._stage}-{key.hex()}{SUFFIX}"

    def find(self, key: bytes) -> Ended | None:
        """The verdict on a key; None where there is none. One that was cut off is none."""
        if self._folder:
            with contextlib.suppress(OSError, ValueError, TypeError):
                return Ended(*json.loads(self._path(key).read_text(encoding="utf-8")))
        return None

    def note(self, key: bytes, ended: Ended) -> None:
        """Keep a verdict; where that can't be, the next worker finds it again."""
        if self._folder:
            with contextlib.suppress(OSError):
                self._path(key).write_text(json.dumps(ended), encoding="utf-8")
