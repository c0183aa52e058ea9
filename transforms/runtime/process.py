"""A child process and the pipe to it: started, written to and read from by a deadline, ended.

It is started afresh (no fork: the worker has threads), and ended when its owner is dropped.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import subprocess
import sys
import time
import weakref

from transforms.runtime import frames


class TimeIsUpError(Exception):
    """The deadline has passed."""


class EndedError(Exception):
    """The child closed its end of the pipe."""


class ChildProcess:
    """A process that runs `child`.

    Args:
        seconds: of processor time that it gives a stage, where the stage has no limit of its own.
        memory: bytes beyond what it has when idle.
    """

    def __init__(self, seconds: float, memory: int) -> None:
        # The child finds what the parent does but nothing in the folder that it is started in, which may hold a
        # `transforms` of its own; and it brings no threads.
        paths = os.pathsep.join(path for path in sys.path if path)
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
        self._process = subprocess.Popen(  # noqa: S603, no part of it comes from an article
            [sys.executable, "-P", "-m", "transforms.runtime.child", str(seconds), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What libraries print as they go down is for who wants to see logs.
            stderr=None if logging.getLogger().isEnabledFor(logging.CRITICAL) else subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, **one, "PYTHONPATH": paths},
        )
        self._finalizer = weakref.finalize(self, _end, self._process)
        self._requests, self._answers = (
            pipe.fileno()  # type: ignore[union-attr]
            for pipe in (self._process.stdin, self._process.stdout)
        )
        for descriptor in (self._requests, self._answers):
            os.set_blocking(descriptor, False)
        self._buffer = bytearray()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it hasn't ended."""
        return self._process.poll() is None

    def close(self) -> int | None:
        """End it. Returns the status that it ended with."""
        self._finalizer()
        return self._process.returncode

    def send(self, kind: int, body: bytes, deadline: float, *, number: int = 0, given: int = 0) -> None:
        """Write a frame by `deadline`, in monotonic seconds; `number` and `given` as in `frames.TASK`.

        Raises:
            TimeIsUpError: it isn't taken by then.
            EndedError: nobody is there to take it.
        """
        head = frames.FRAME.pack(kind, frames.TASK.size + len(body)) + frames.TASK.pack(number, given)
        for part in (head, body):
            rest = memoryview(part)
            while rest:
                _wait(self._requests, select.POLLOUT, deadline)
                with contextlib.suppress(BlockingIOError):
                    rest = rest[_write(self._requests, rest) :]

    def receive(self, deadline: float) -> tuple[int, bytes]:
        """The next frame: its kind, −1 for one that is none, and its content. Raises as `send`."""
        kind, size = frames.FRAME.unpack(self._read(frames.FRAME.size, deadline))
        if size > frames.MAX_ANSWER:
            return -1, b""
        return kind, self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._buffer) < size:
            _wait(self._answers, select.POLLIN, deadline)
            got = os.read(self._answers, 1 << 20)
            if not got:
                raise EndedError
            self._buffer += got
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _write(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data)
    except BrokenPipeError:
        raise EndedError from None


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeIsUpError


def _end(process: subprocess.Popen[bytes]) -> None:
    # One that is ending by itself shall say how.
    with contextlib.suppress(subprocess.TimeoutExpired):
        if process.stdout is not None and _is_closed(process.stdout.fileno()):
            process.wait(1)
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _is_closed(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))
