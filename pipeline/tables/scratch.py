"""Temporary folders that a killed process leaves, and the next one removes."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX, LOCK = "newsbeam-tables-", "lock"


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for as long as the block lasts. Those of processes that are gone are removed first."""
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, (Path(folder) / LOCK).open("wb") as lock:
        # The system lets it go with the process, however that ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(folder)


def remove_abandoned() -> None:
    """Remove the temporary folders of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # One without a lock is being made; one that is somebody else's can't be opened.
        with contextlib.suppress(OSError), (folder / LOCK).open("rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
