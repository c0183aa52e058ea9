"""A trial: one call in a process of its own, with limits of time and memory, that may come to any end.

    python -m transforms.trial SECONDS BYTES

is that process: it reads a pickled call from its standard input and writes what came of it to its standard output.
Only what this program itself has pickled is read. Models are loaded anew for each trial, which takes seconds; trials
are rare.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import psutil
from apache_beam.internal import pickler

TIMEOUT, OUT_OF_MEMORY, CRASHED, FAILED = "timeout", "out_of_memory", "crashed", "failed"
# Seconds that the process may take to load libraries and models on a busy machine, beside the time of the article.
START_SECONDS = 120.0


@dataclass(frozen=True)
class Limits:
    """Of one article: seconds of wall-clock time, and bytes beyond what the process has without it."""

    seconds: float = 300.0
    memory: int = 4 << 30


class Ended(NamedTuple):
    """Why nothing came of it: a reason and what happened."""

    reason: str
    message: str


def try_alone(
    call: Callable[..., Iterable[Any] | None], *args: Any, limits: Limits, setup: Callable[[], Any] | None = None
) -> list[Any] | Ended:
    """All that `call(*args)` gives, or why it doesn't. The limits hold for that alone, not for `setup()` before it.

    Raises:
        RuntimeError: the process can't be started, which no article is to blame for.
    """
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(  # noqa: S603, no part of it comes from an article
        [sys.executable, "-m", "transforms.trial", str(limits.seconds), str(limits.memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        answer, _ = process.communicate(pickler.dumps((setup, call, args)), timeout=limits.seconds + START_SECONDS)
    except subprocess.TimeoutExpired:
        return Ended(TIMEOUT, f"no result after {limits.seconds:g} seconds, alone in a process")
    finally:
        process.kill()
        process.wait()
    if process.returncode == 0 and answer:
        found: list[Any] | Ended = pickler.loads(answer)
        return found
    return _end_of(process.returncode, limits)


def _end_of(status: int, limits: Limits) -> Ended:
    if status == -signal.SIGALRM:
        return Ended(TIMEOUT, f"no result after {limits.seconds:g} seconds, alone in a process")
    if status == -signal.SIGKILL:
        return Ended(OUT_OF_MEMORY, "its process was ended by SIGKILL, as the system does when memory runs out")
    how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
    return Ended(CRASHED, f"its process ended {how}")


def main() -> None:
    """Answer one request."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up in the answer.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    setup, call, args = pickler.loads(sys.stdin.buffer.read())
    if setup is not None:
        setup()
    answers.write(pickler.dumps(_answer(call, args, seconds, memory)))
    answers.flush()
    os._exit(0)


def _answer(
    call: Callable[..., Iterable[Any] | None], args: tuple[Any, ...], seconds: float, memory: int
) -> list[Any] | Ended:
    _limit_memory(memory)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return list(call(*args) or ())
    except MemoryError:
        return Ended(OUT_OF_MEMORY, f"more than {memory >> 20} MiB, alone in a process")
    except Exception as error:
        return Ended(FAILED, f"{type(error).__name__}: {error}"[:500])


def _limit_memory(allowed: int) -> None:
    # Not every system enforces this limit or lets it be set; the one of time holds on all.
    with contextlib.suppress(OSError, ValueError):
        size = psutil.Process().memory_info().vms + allowed
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent(parent: int) -> None:
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(1.0)
    os._exit(1)


if __name__ == "__main__":
    # By its own name, under which the parent knows the classes of its answer.
    from transforms import trial  # noqa: PLW0406

    trial.main()
