"""Ending with the parent: a process whose parent is gone, however it went, does work that nobody would take."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

POLL_SECONDS = 1.0


def end_with_parent(before: Callable[[], object] = lambda: None) -> None:
    """From now on, end this process within seconds once its parent is gone; `before()` is called first."""
    threading.Thread(target=_watch, args=(os.getppid(), before), daemon=True).start()


def _watch(parent: int, before: Callable[[], object]) -> None:
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(POLL_SECONDS)
    before()
    os._exit(1)
