"""Sandboxes: children of a worker that articles may hang, crash or fill, without harm to it or to each other.

No library that reads what the web holds is safe from all of it: some pages take minutes, some gigabytes, some end the
process. So what is done to an article is done in a child process (`child`) over a pipe, with limits of time and memory.
One that overstays them is killed, and the next request gets a new child; the worker never notices. A child is started
afresh (no fork: the worker has threads) and serves request after request. All threads of a worker share a few of them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.files import ModelRun
from transforms.runtime import frames
from transforms.runtime.outcome import CRASHED, FAILED, OUT_OF_MEMORY, TIMEOUT, Failed

# Seconds for a child to load libraries and models on a busy machine.
START_SECONDS = 180.0
# How often what a SIGKILL ended is tried: it may have come from outside, for want of memory that others took.
KILLED_TRIES = 3


@dataclass(frozen=True)
class Limits:
    """Of one element: seconds of wall-clock time at one stage, and bytes beyond what the child has without it."""

    seconds: float = 300.0
    memory: int = 4 << 30


class SandboxError(Exception):
    """A request came to nothing: the stage that was at work, why, and the answers before it did."""

    def __init__(self, stage: str, failed: Failed, answers: Sequence[bytes] = ()) -> None:
        super().__init__(failed.message)
        self.stage, self.failed, self.answers = stage, failed, answers


class _TimeoutError(Exception):
    """The time is up."""


class _EndedError(Exception):
    """The child closed its end of the pipe."""


class Sandbox:
    """One child, started when it is needed. For one thread at a time.

    Args:
        limits: of an element.
        storage: Beam's options, where the child may have to do with remote storage.
    """

    def __init__(self, limits: Limits, storage: Mapping[str, Any] | None = None) -> None:
        self._limits, self._storage = limits, dict(storage or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._finalizer: Any = None
        self._buffer = bytearray()
        self._tasks: dict[bytes, tuple[int, list[ModelRun]]] = {}
        self._requests = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid if self._process else None

    def run(self, task: bytes, request: bytes, first_stage: str) -> tuple[list[bytes], list[ModelRun]]:
        """The child's answers to a request, and what runs the task's models.

        Args:
            task: its pickle.
            request: a pickle.
            first_stage: what is at work until the child says otherwise.

        Raises:
            SandboxError: nothing, or not all, came of it.
            RuntimeError: the child can't be started, which no element is to blame for.
        """
        if task not in self._tasks or not self._is_running():
            self._load(task)
        self._requests += 1
        number, runs = self._tasks[task]
        return self._request(number, request, first_stage), runs

    def run_alone(self, task: bytes, request: bytes, first_stage: str) -> tuple[list[bytes], list[ModelRun]]:
        """The same for a single element, which is blamed only for what it does to a fresh child.

        One that came to its end may have left damage or a full memory behind; and a SIGKILL may be somebody else's.
        """
        tries = 0
        while True:
            fresh = not self._is_running() or not self._requests
            try:
                return self.run(task, request, first_stage)
            except SandboxError as error:
                tries += fresh
                killed = error.failed.reason == OUT_OF_MEMORY and "SIGKILL" in error.failed.message
                if error.failed.reason == FAILED or (fresh and (not killed or tries >= KILLED_TRIES)):
                    raise
                self.close()

    def close(self) -> None:
        """End the child, if there is one. The next request starts another."""
        if self._process is not None:
            self._finalizer()
            self._process = None
            self._buffer.clear()
            self._tasks.clear()
            self._requests = 0

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        self.close()
        # The child finds what the parent does but nothing in the folder that it is started in, which may hold a
        # `transforms` of its own; and it brings no threads.
        paths = os.pathsep.join(path for path in sys.path if path)
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
        limits = [str(self._limits.seconds), str(self._limits.memory)]
        self._process = subprocess.Popen(  # noqa: S603, no part of it comes from an article
            [sys.executable, "-P", "-m", "transforms.runtime.child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What libraries print as they go down is for who wants to see logs.
            stderr=None if logging.getLogger().isEnabledFor(logging.CRITICAL) else subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, **one, "PYTHONPATH": paths},
        )
        self._finalizer = weakref.finalize(self, _end, self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]
        self._expect(frames.READY)
        if self._storage:
            self._send(frames.CONFIGURE, 0, pickle.dumps(self._storage), time.monotonic() + START_SECONDS)
            self._expect(frames.DONE)

    def _load(self, task: bytes) -> None:
        """Start the child if there is none, and let it load a task; again where it is killed meanwhile.

        Raises:
            RuntimeError: it doesn't start.
        """
        for _ in range(KILLED_TRIES):
            try:
                self._try_to_load(task)
            except _EndedError:
                failed = self._reap()
                if failed.reason != OUT_OF_MEMORY:
                    break
            else:
                return
        raise RuntimeError(f"a process for articles did not start: {failed.message}")

    def _try_to_load(self, task: bytes) -> None:
        if not self._is_running():
            self._start()
        number = len(self._tasks)
        self._send(frames.LOAD, number, task, time.monotonic() + START_SECONDS)
        runs = msgspec.msgpack.decode(self._expect(frames.ANSWER), type=list[ModelRun])
        self._expect(frames.DONE)
        self._tasks[task] = number, runs

    def _expect(self, wanted: int) -> bytes:
        """The content of the next frame while the child starts, which must be of one kind.

        Raises:
            RuntimeError: it isn't.
            _EndedError: the child has ended.
        """
        try:
            kind, content = self._receive(time.monotonic() + START_SECONDS)
        except _TimeoutError:
            self.close()
            raise RuntimeError(f"a process for articles did not start within {START_SECONDS:g} seconds") from None
        if kind != wanted:
            self.close()
            raise RuntimeError(f"a process for articles did not start: {content[:500].decode('utf-8', 'replace')}")
        return content

    def _request(self, number: int, request: bytes, stage: str) -> list[bytes]:
        answers: list[bytes] = []
        limit = self._limits.seconds
        deadline = time.monotonic() + limit
        try:
            self._send(frames.RUN, number, request, deadline)
            while True:
                kind, content = self._receive(deadline)
                if kind == frames.BEGIN:
                    stage, limit = msgspec.msgpack.decode(content, type=tuple[str, float])
                    deadline = time.monotonic() + limit
                elif kind == frames.ANSWER:
                    answers.append(content)
                elif kind == frames.DONE:
                    if content == frames.LAST:
                        self.close()
                    return answers
                else:
                    failed = self._describe(kind, content)
                    break
        except _TimeoutError:
            self.close()
            failed = Failed(TIMEOUT, f"no result after {limit:g} seconds")
        except _EndedError:
            failed = self._reap()
        except msgspec.MsgspecError as error:
            self.close()
            failed = Failed(CRASHED, f"its process gave no sense: {error}")
        raise SandboxError(stage, failed, answers)

    def _describe(self, kind: int, content: bytes) -> Failed:
        """What a frame that is no answer means."""
        if kind == frames.ERROR:
            self._receive(time.monotonic() + START_SECONDS)
            return Failed(FAILED, content.decode("utf-8", "replace"))
        self.close()
        if kind == frames.NO_MEMORY:
            return Failed(OUT_OF_MEMORY, f"more than {self._limits.memory >> 20} MiB")
        return Failed(CRASHED, "its process gave no sense")

    def _send(self, kind: int, number: int, body: bytes, deadline: float) -> None:
        descriptor = self._process.stdin.fileno()  # type: ignore[union-attr]
        for part in (frames.FRAME.pack(kind, frames.TASK.size + len(body)) + frames.TASK.pack(number), body):
            rest = memoryview(part)
            while rest:
                _wait(descriptor, select.POLLOUT, deadline)
                with contextlib.suppress(BlockingIOError):
                    rest = rest[_write(descriptor, rest) :]

    def _receive(self, deadline: float) -> tuple[int, bytes]:
        kind, size = frames.FRAME.unpack(self._read(frames.FRAME.size, deadline))
        if size > frames.MAX_ANSWER:
            return -1, b""
        return kind, self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        descriptor = self._process.stdout.fileno()  # type: ignore[union-attr]
        while len(self._buffer) < size:
            _wait(descriptor, select.POLLIN, deadline)
            got = os.read(descriptor, 1 << 20)
            if not got:
                raise _EndedError
            self._buffer += got
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _reap(self) -> Failed:
        """End the child and tell how it ended."""
        process = self._process
        self.close()
        status = process.returncode if process is not None else None
        if status == -signal.SIGALRM:
            return Failed(TIMEOUT, "its process ended itself past the limit of time")
        if status == -signal.SIGKILL:
            return Failed(OUT_OF_MEMORY, "its process was ended by SIGKILL, as the system does when memory runs out")
        if status is not None and status < 0:
            return Failed(CRASHED, f"its process was ended by {signal.Signals(-status).name}")
        return Failed(CRASHED, f"its process ended with status {status}")


class Sandboxes:
    """The children of one worker process, shared by its threads. A thread waits while all are at work.

    Args:
        count: of children, at most; each is started when it is first needed.
        limits, storage: as of `Sandbox`.
    """

    def __init__(self, count: int, limits: Limits, storage: Mapping[str, Any] | None = None) -> None:
        self._free: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(Sandbox(limits, storage))

    def close(self) -> None:
        """End those that aren't at work. They start again when they are needed."""
        with contextlib.suppress(queue.Empty):
            idle = []
            while True:
                idle.append(self._free.get_nowait())
                idle[-1].close()
        for sandbox in idle:
            self._free.put(sandbox)

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Sandbox]:
        """A sandbox for this thread alone, until the block ends. A thread must not ask for two."""
        sandbox = self._free.get()
        try:
            yield sandbox
        finally:
            self._free.put(sandbox)


def _write(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data)
    except BrokenPipeError:
        raise _EndedError from None


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise _TimeoutError


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
