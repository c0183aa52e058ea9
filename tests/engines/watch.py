"""Which files a run writes, also those that it clears away."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds between two looks.
PAUSE = 0.1


@contextmanager
def watch_files(folder: Path) -> Iterator[set[str]]:
    """All files that are below a folder at any time until the block ends, but for shorter than a moment."""
    files: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.wait(PAUSE):
            # What is there while the list is made may be gone before its turn comes.
            with contextlib.suppress(OSError):
                files.update(str(path) for path in folder.rglob("*") if path.is_file())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield files
    finally:
        done.set()
        thread.join()
