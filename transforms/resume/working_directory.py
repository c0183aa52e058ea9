"""The working directories of runs, under the output directory: whose they are, and whether their run lives.

Each holds `run.json`: what the run is, and where its main process is. That process writes heartbeats while it works. A
run is dead if its process is gone (on this machine that can be seen), or if its last heartbeat is older than the lease.
A job that was sent to a service lives until somebody says that it ended. What dead runs leave is reused or removed by
the next; nothing else in the output directory is touched.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from transforms.runtime.files import list_files, read_json, remove_files, write_json

PREFIX = ".newsbeam-"
OWNER, HEARTBEAT = "run.json", "heartbeat.json"
# What a heartbeat was called before version 0.2.
FORMER_HEARTBEAT = "alive.json"
# A run elsewhere whose last heartbeat is older than this, in seconds, is dead.
BEAT_SECONDS = 30.0
LEASE_SECONDS = 600.0


class WorkingDirectory(NamedTuple):
    """A working directory: its path, what its `run.json` says, and whether its run is at work."""

    path: str
    run: Mapping[str, Any]
    alive: bool


def begin_work(path: str, run: Mapping[str, Any], *, elsewhere: str = "") -> None:
    """Make a working directory for this process's run, or for one `elsewhere` (what it is called there)."""
    owner = {"elsewhere": elsewhere} if elsewhere else _this_process()
    write_json(FileSystems.join(path, OWNER), {**run, **owner})
    _beat(path)


def end_work(path: str) -> None:
    """Say that this process's run is over; what it leaves may be reused."""
    with contextlib.suppress(OSError):
        write_json(FileSystems.join(path, HEARTBEAT), {"time": 0})


def find_work(output: str) -> list[WorkingDirectory]:
    """The working directories under an output directory, the oldest first."""
    found = set()
    if "://" in output:
        for match in FileSystems.match([FileSystems.join(output, f"{PREFIX}**")])[0].metadata_list:
            name = match.path[len(output) :].strip("/").split("/")[0]
            found.add(FileSystems.join(output, name))
    elif Path(output).is_dir():
        found = {str(path) for path in Path(output).glob(f"{PREFIX}*") if path.is_dir()}
    return [_look_at(path) for path in sorted(found)]


def _look_at(path: str) -> WorkingDirectory:
    run = read_json(FileSystems.join(path, OWNER))
    if not isinstance(run, dict):
        # It was killed while it made the directory, or is making it now.
        return WorkingDirectory(path, {}, alive=_age(path) < BEAT_SECONDS)
    return WorkingDirectory(path, run, alive=_lives(path, run))


def _lives(path: str, run: Mapping[str, Any]) -> bool:
    beat = _last_heartbeat(path)
    if beat is None:
        # It may be writing it.
        time.sleep(1)
        beat = _last_heartbeat(path)
    if isinstance(beat, dict) and beat.get("time") == 0:
        return False
    if run.get("elsewhere"):
        # Nobody here can see it, nor hear from it.
        return True
    if run.get("host") == _this_process()["host"]:
        try:
            process = psutil.Process(run["pid"])
            alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            return alive and abs(process.create_time() - run["born"]) < 1
        except psutil.Error:
            return False
    return isinstance(beat, dict) and time.time() - beat["time"] < LEASE_SECONDS


def _last_heartbeat(path: str) -> object:
    return read_json(FileSystems.join(path, HEARTBEAT)) or read_json(FileSystems.join(path, FORMER_HEARTBEAT))


def _this_process() -> dict[str, Any]:
    # The boot tells containers of the same name apart.
    boot = int(psutil.boot_time())
    return {"host": f"{socket.gethostname()}-{boot}", "pid": os.getpid(), "born": psutil.Process().create_time()}


def _age(path: str) -> float:
    with contextlib.suppress(OSError):
        if "://" not in path:
            return time.time() - Path(path).stat().st_mtime
    return LEASE_SECONDS


def _beat(path: str) -> None:
    write_json(FileSystems.join(path, HEARTBEAT), {"time": time.time()})


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
    """Remove a working directory, and a local output directory that is empty then."""
    with contextlib.suppress(OSError, BeamIOError):
        if "://" in path:
            remove_files([found.path for found in list_files(path)])
        else:
            FileSystems.delete([path])
    if "://" not in path:
        with contextlib.suppress(OSError):
            Path(path).parent.rmdir()
