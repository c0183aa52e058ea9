"""A trial: calls in a process of its own, each with limits of time and memory, that may come to any end.

    python -m transforms.runtime.trial SECONDS BYTES

is that process: it reads pickled calls from its standard input and writes what came of each to its standard output,
a length and a pickle. Only what this program itself has pickled is read. Models are loaded anew for each process, which
takes seconds: calls share one until one of them brings it down.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast

import psutil
from apache_beam.internal import pickler

from transforms.runtime.parent import end_with_parent

TIMEOUT, OUT_OF_MEMORY, CRASHED, FAILED = "timeout", "out_of_memory", "crashed", "failed"
# Seconds that the process may take to load libraries and models on a busy machine, beside the time of the article.
START_SECONDS = 120.0
FRAME = struct.Struct("<Q")  # how long an answer is, in bytes
Call = Callable[..., Iterable[Any] | None]


@dataclass(frozen=True)
class Limits:
    """Of one article: seconds of wall-clock time, and bytes beyond what the process has without it."""

    seconds: float = 300.0
    memory: int = 4 << 30


class Ended(NamedTuple):
    """Why nothing came of it: a reason and what happened."""

    reason: str
    message: str


def try_alone(call: Call, *args: Any, limits: Limits, setup: Callable[[], Any] | None = None) -> list[Any] | Ended:
    """All that `call(*args)` gives, or why it doesn't. See `try_each`."""
    return next(try_each(call, [args], limits=limits, setup=setup))


def try_each(
    call: Call, several: Sequence[tuple[Any, ...]], *, limits: Limits, setup: Callable[[], Any] | None = None
) -> Iterator[list[Any] | Ended]:
    """For each `args` of several, in order, all that `call(*args)` gives, or why it doesn't.

    The limits hold for each call alone, not for `setup()` before the first of them.

    Raises:
        RuntimeError: the process ended before the first call, which no article is to blame for.
    """
    left = list(several)
    while left:
        with _Process(limits) as process:
            answers = 0
            for answer in process.answers((setup, call, left)):
                yield answer
                answers += 1
            # One that memory failed has answered and ended; otherwise it has died of the call in hand.
            if answers < len(left) and not (answers and isinstance(answer, Ended) and answer.reason == OUT_OF_MEMORY):
                yield process.end()
                answers += 1
        left = left[answers:]


class _Process:
    """The process of a trial, as its parent sees it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._expired = threading.Event()

    def __enter__(self) -> _Process:
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # noqa: S603, no part of it comes from an article
            [sys.executable, "-m", "transforms.runtime.trial", str(self._limits.seconds), str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def answers(self, request: tuple[Any, ...]) -> Iterator[list[Any] | Ended]:
        """What it answers, as long as it does."""
        with contextlib.suppress(BrokenPipeError), self._stdin:
            self._stdin.write(pickler.dumps(request))
        if self._read() is None:
            raise RuntimeError(f"a process to try articles in: {self.end().message} before the first of them")
        while (answer := self._read()) is not None:
            yield pickler.loads(answer)

    def _read(self) -> bytes | None:
        # It ends itself in time; this is for when it can't.
        timer = threading.Timer(self._limits.seconds + START_SECONDS, self._expire)
        timer.start()
        try:
            head = self._stdout.read(FRAME.size)
            if len(head) < FRAME.size:
                return None
            (size,) = FRAME.unpack(head)
            content = self._stdout.read(size)
            return content if len(content) == size else None
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._expired.set()
        self._process.kill()

    def end(self) -> Ended:
        """How it ended, once it has."""
        status = self._process.wait()
        return _end_of(-signal.SIGALRM if self._expired.is_set() else status, self._limits)


def _end_of(status: int, limits: Limits) -> Ended:
    if status == -signal.SIGALRM:
        return Ended(TIMEOUT, f"no result after {limits.seconds:g} seconds, alone in a process")
    if status == -signal.SIGKILL:
        return Ended(OUT_OF_MEMORY, "its process was ended by SIGKILL, as the system does when memory runs out")
    how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
    return Ended(CRASHED, f"its process ended {how}")


def main() -> None:
    """Answer one request, call by call, after an empty answer once the process is ready."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up in the answer.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    end_with_parent()
    setup, call, several = pickler.loads(sys.stdin.buffer.read())
    if setup is not None:
        setup()
    _send(answers, b"")
    for args in several:
        _limit_memory(memory)
        answer = _answer(call, args, seconds, memory)
        _send(answers, pickler.dumps(answer))
        if isinstance(answer, Ended) and answer.reason == OUT_OF_MEMORY:
            break
    os._exit(0)


def _send(answers: IO[bytes], content: bytes) -> None:
    answers.write(FRAME.pack(len(content)) + content)
    answers.flush()


def _answer(call: Call, args: tuple[Any, ...], seconds: float, memory: int) -> list[Any] | Ended:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return list(call(*args) or ())
    except MemoryError:
        return Ended(OUT_OF_MEMORY, f"more than {memory >> 20} MiB, alone in a process")
    except Exception as error:
        return Ended(FAILED, f"{type(error).__name__}: {error}"[:500])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(allowed: int) -> None:
    # Not every system enforces this limit or lets it be set; the one of time holds on all.
    with contextlib.suppress(OSError, ValueError):
        size = psutil.Process().memory_info().vms + allowed
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    # By its own name, under which the parent knows the classes of its answer.
    from transforms.runtime import trial  # noqa: PLW0406

    trial.main()
