"""The lock on an output directory: one run works there at a time.

A lock is a file that one process alone can make: `.newsbeam.lock-1`, or, after that of a dead run, which stays until
then, the one with the next number. Who makes it has the directory; whose own is gone has lost it and must not publish.
It says whose it is. A run is dead if its process is gone, where that can be seen; if nothing was heard of it for the
length of a lease; or if the service that it was sent to says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from transforms.resume.working_directory import last_heartbeat, work_of
from transforms.runtime.files import create_json, list_entries, read_json, remove_files
from transforms.runtime.storage import join

NAME = ".newsbeam.lock-"
# A run elsewhere of which nothing was heard for so long, in seconds, is dead.
LEASE_SECONDS = 600.0
# A lock that says nothing may be written just now.
WRITING_SECONDS = 30.0
ATTEMPTS = 10

Job = Mapping[str, Any]


class LockedError(Exception):
    """Another run has the directory; the message says which."""


def acquire(
    output: str, run_id: str, *, job: Job | None = None, ask: Callable[[Job], bool] | None = None, force: bool = False
) -> str:
    """Take the output directory for this process's run. Returns the lock's path.

    Args:
        output: the directory; it is made where there is none.
        run_id: the run.
        job: where the run is sent to a service: its `name` there, and what else `ask` needs to know.
        ask: tells whether such a job is at work.
        force: take it from whomever has it.

    Raises:
        LockedError: a run is at work there.
    """
    owner = {"run_id": run_id, "time": time.time(), **this_process(), **({"job": dict(job)} if job else {})}
    for _ in range(ATTEMPTS):
        locks = _locks(output)
        last = locks[-1] if locks else ""
        if last and not force and (who := _living(output, last, ask)):
            raise LockedError(who)
        mine = join(output, f"{NAME}{_number(last) + 1}")
        if not create_json(mine, owner):
            continue
        if set(_locks(output)) <= {mine, *locks}:
            remove_files(locks)
            return mine
        # While the list was read, it changed.
        release(mine)
    raise LockedError("others are quicker, again and again")


def release(lock: str) -> None:
    """Give the directory free; a local one that is empty then is removed."""
    with contextlib.suppress(OSError):
        remove_files([lock])
    if "://" not in lock:
        with contextlib.suppress(OSError):
            Path(lock).parent.rmdir()


def _locks(output: str) -> list[str]:
    """The locks in a directory, the last one last."""
    found = (entry.path for entry in list_entries(output, NAME) if not entry.is_folder)
    return sorted((path for path in found if re.search(rf"/{re.escape(NAME)}\d+$", path)), key=_number)


def _number(lock: str) -> int:
    return int(lock.rpartition("-")[2]) if lock else 0


def _living(output: str, lock: str, ask: Callable[[Job], bool] | None) -> str:
    """Who has a lock, for a person; "" for a dead run."""
    owner = read_json(lock)
    if not isinstance(owner, dict) or not isinstance(owner.get("run_id"), str):
        return "one that begins just now" if _age(lock) < WRITING_SECONDS else ""
    job = owner.get("job")
    who = f"job {job.get('name')} on Dataflow" if job else f"process {owner.get('pid')} on {owner.get('host')}"
    beat = last_heartbeat(work_of(output, owner["run_id"]))
    if beat == 0:
        return ""
    if owner.get("host") == this_process()["host"]:
        # While it is here, it is sending the job, or following it.
        if _runs_here(owner):
            return who
        if not job:
            return ""
    elif time.time() - max(owner.get("time", 0), beat or 0) < LEASE_SECONDS:
        return who
    return who if job and (ask is None or ask(job)) else ""


def _runs_here(owner: Mapping[str, Any]) -> bool:
    try:
        process = psutil.Process(owner["pid"])
        alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        return bool(alive and abs(process.create_time() - owner["born"]) < 1)
    except (psutil.Error, KeyError, TypeError):
        return False


def this_process() -> dict[str, Any]:
    """What tells this process from all others."""
    # The boot tells containers of the same name apart.
    boot = int(psutil.boot_time())
    return {"host": f"{socket.gethostname()}-{boot}", "pid": os.getpid(), "born": psutil.Process().create_time()}


def _age(path: str) -> float:
    with contextlib.suppress(OSError):
        if "://" not in path:
            return time.time() - Path(path).stat().st_mtime
    return LEASE_SECONDS
