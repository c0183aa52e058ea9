"""A command's wall time and the peak memory of it and all processes that it starts."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import time
from collections.abc import Sequence
from typing import NamedTuple

import psutil

POLL_SECONDS = 0.2


class Measured(NamedTuple):
    """Wall seconds, processor seconds of all processes, and peak memory in bytes (PSS summed over the processes)."""

    wall: float
    cpu: float
    memory: int


def measure(command: Sequence[str], *, log: str = os.devnull) -> Measured:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed.
    """
    start = time.monotonic()
    peak = 0
    # What a process has used when it was last seen: of those that nobody waits for the system counts nothing.
    used: dict[int, float] = {}
    with open(log, "a", encoding="utf-8") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink)
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            used |= tree_seconds(process.pid)
            time.sleep(POLL_SECONDS)
    wall = time.monotonic() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}; see {log}")
    return Measured(wall, sum(used.values()), peak)


def tree_seconds(pid: int) -> dict[int, float]:
    """Process → processor seconds so far, of a process and its descendants."""
    found = {}
    for process in _tree(pid):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


def tree_memory(pid: int) -> int:
    """Memory of a process and its descendants in bytes: each shared page counted once (PSS), or RSS without that."""
    total = 0
    for process in _tree(pid):
        with contextlib.suppress(psutil.Error):
            info = process.memory_full_info()
            total += getattr(info, "pss", info.rss)
    return total


def _tree(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []


def machine() -> str:
    """One line on the machine that a table was measured on."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration), open("/proc/cpuinfo", encoding="utf-8") as lines:
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    memory = psutil.virtual_memory().total / 2**30
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
