"""The working directories of runs, under the output directory: what each holds, and how its run says that it lives.

Each holds `run.json`: what the run is. The run's main process writes heartbeats there while it works. What dead runs
leave is reused or removed by the next; nothing else in the output directory is touched.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from transforms.runtime.files import list_entries, list_files, read_json, remove_folder, write_json
from transforms.runtime.storage import join

PREFIX = ".newsbeam-"
OWNER, HEARTBEAT = "run.json", "heartbeat.json"
BEAT_SECONDS = 30.0


class WorkingDirectory(NamedTuple):
    """A working directory: its path, and what its `run.json` says; nothing where its run had not got so far."""

    path: str
    run: Mapping[str, Any]


def work_of(output: str, run_id: str) -> str:
    """The working directory of a run."""
    return join(output, PREFIX + run_id)


def begin_work(path: str, run: Mapping[str, Any]) -> None:
    """Make a working directory for a run."""
    write_json(join(path, OWNER), dict(run))
    _beat(path)


def end_work(path: str) -> None:
    """Say that a run is over; what it leaves may be reused."""
    with contextlib.suppress(OSError):
        write_json(join(path, HEARTBEAT), {"time": 0})


def has_left(path: str) -> bool:
    """Whether a run has done something that a later one can go on from."""
    return any(file.path.endswith((".parquet", ".note")) for file in list_files(path))


def find_work(output: str) -> list[WorkingDirectory]:
    """The working directories under an output directory, the oldest first. A link is none."""
    return [_look_at(entry.path) for entry in list_entries(output, PREFIX) if entry.is_folder]


def _look_at(path: str) -> WorkingDirectory:
    run = read_json(join(path, OWNER))
    return WorkingDirectory(path, run if isinstance(run, dict) else {})


def last_heartbeat(path: str) -> float | None:
    """When a run was last heard of, in seconds since 1970; 0 if it said that it is over, None if it never was."""
    beat = read_json(join(path, HEARTBEAT))
    said = beat.get("time") if isinstance(beat, dict) else None
    return float(said) if isinstance(said, int | float) else None


def _beat(path: str) -> None:
    write_json(join(path, HEARTBEAT), {"time": time.time()})


@contextlib.contextmanager
def send_heartbeats(path: str) -> Iterator[None]:
    """Renew the sign of life until the block ends."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT_SECONDS):
            with contextlib.suppress(OSError):
                _beat(path)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def remove_work(path: str) -> None:
    """Remove a working directory."""
    with contextlib.suppress(OSError):
        remove_folder(path)
