"""Sandboxes: children of a worker that articles may hang, crash or fill, without harm to it or to each other.

No library that reads what the web holds is safe from all of it: some pages take minutes, some gigabytes, some end the
process. So what is done to an article is done in a child process (`child`) over a pipe, with limits of time and memory.
One that overstays them is killed, and the next request gets a new child; the worker never notices. A child is started
afresh (no fork: the worker has threads) and serves request after request. All threads of a worker share a few of them.
"""

from __future__ import annotations

import contextlib
import math
import pickle
import queue
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.files import ModelRun
from transforms.runtime import frames
from transforms.runtime.outcome import CRASHED, FAILED, OUT_OF_MEMORY, TIMEOUT, Failed
from transforms.runtime.process import ChildProcess, EndedError, TimeIsUpError

# Seconds for a child to load libraries and models on a busy machine.
START_SECONDS = 180.0
# How often what a SIGKILL ended is tried: it may have come from outside, for want of memory that others took.
KILLED_TRIES = 3


@dataclass(frozen=True)
class Limits:
    """Of one element: seconds of processor time at one stage, and bytes beyond what the child has without it.

    Time is the processor's, so that a busy machine rejects nothing; what waits for ever ends by `frames.longest`.
    """

    seconds: float = 300.0
    memory: int = 4 << 30


class SandboxError(Exception):
    """A request came to nothing: the stage that was at work, why, and the answers before it did."""

    def __init__(self, stage: str, failed: Failed, answers: Sequence[bytes] = ()) -> None:
        super().__init__(failed.message)
        self.stage, self.failed, self.answers = stage, failed, answers


class Sandbox:
    """One child, started when it is needed. For one thread at a time.

    Args:
        limits: of an element.
        storage: Beam's options, where the child may have to do with remote storage.
    """

    def __init__(self, limits: Limits, storage: Mapping[str, Any] | None = None) -> None:
        self._limits, self._storage = limits, dict(storage or {})
        self._child: ChildProcess | None = None
        self._tasks: dict[bytes, tuple[int, list[ModelRun]]] = {}
        self._requests = 0
        self._at_work = False

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._child.pid if self._child else None

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
        child, (number, runs) = self._prepare(task)
        return list(self._ask(child, number, 0, request, first_stage)), runs

    def run_alone(self, task: bytes, request: bytes, first_stage: str) -> tuple[list[bytes], list[ModelRun]]:
        """The same for a single element, which is blamed only for what it does to a fresh child."""
        answers: list[bytes] = []
        _, (_, runs) = self._prepare(task)
        try:
            answers.extend(self.stream_alone(task, request, first_stage))
        except SandboxError as error:
            error.answers = answers
            raise
        return answers, runs

    def stream_alone(self, task: bytes, request: bytes, first_stage: str) -> Iterator[bytes]:
        """The answers to a single element's request one by one, as they come; the child waits for who takes them.

        A child that came to its end may have been damaged or full before, and a SIGKILL may be somebody else's. Then
        another goes on behind the last answer: a task answers the same request alike each time.
        """
        tries = given = 0
        while True:
            child, (number, _) = self._prepare(task)
            fresh = not self._requests
            try:
                for answer in self._ask(child, number, given, request, first_stage):
                    given += 1
                    yield answer
            except SandboxError as error:
                tries += fresh
                killed = error.failed.reason == OUT_OF_MEMORY and "SIGKILL" in error.failed.message
                if error.failed.reason == FAILED or (fresh and (not killed or tries >= KILLED_TRIES)):
                    raise
                self.close()
            else:
                return

    def close(self) -> None:
        """End the child, if there is one. The next request starts another."""
        if self._child is not None:
            self._end()

    def _end(self) -> int | None:
        """End the child. Returns its status."""
        child, self._child = self._child, None
        self._tasks.clear()
        self._requests, self._at_work = 0, False
        return child.close() if child else None

    def _prepare(self, task: bytes) -> tuple[ChildProcess, tuple[int, list[ModelRun]]]:
        """A child that knows a task, the task's number there, and what runs its models.

        Raises:
            RuntimeError: it doesn't start.
        """
        if self._at_work:
            # Who asked before has stopped listening.
            self.close()
        for _ in range(KILLED_TRIES):
            try:
                return self._load(task)
            except EndedError:
                failed = self._reap()
                if failed.reason != OUT_OF_MEMORY:
                    break
        raise RuntimeError(f"a process for articles did not start: {failed.message}")

    def _load(self, task: bytes) -> tuple[ChildProcess, tuple[int, list[ModelRun]]]:
        child = self._child if self._child and self._child.is_running() else self._start()
        if task not in self._tasks:
            number = len(self._tasks)
            child.send(frames.LOAD, task, _soon(), number=number)
            runs = msgspec.msgpack.decode(self._expect(child, frames.ANSWER), type=list[ModelRun])
            self._expect(child, frames.DONE)
            self._tasks[task] = number, runs
        return child, self._tasks[task]

    def _start(self) -> ChildProcess:
        self.close()
        self._child = child = ChildProcess(self._limits.seconds, self._limits.memory)
        self._expect(child, frames.READY)
        if self._storage:
            child.send(frames.CONFIGURE, pickle.dumps(self._storage), _soon())
            self._expect(child, frames.DONE)
        return child

    def _expect(self, child: ChildProcess, wanted: int) -> bytes:
        """The content of the next frame while the child starts, which must be of one kind.

        Raises:
            RuntimeError: it isn't.
            EndedError: the child has ended.
        """
        try:
            kind, content = child.receive(_soon())
        except TimeIsUpError:
            self.close()
            raise RuntimeError(f"a process for articles did not start within {START_SECONDS:g} seconds") from None
        if kind != wanted:
            self.close()
            raise RuntimeError(f"a process for articles did not start: {content[:500].decode('utf-8', 'replace')}")
        return content

    def _ask(self, child: ChildProcess, number: int, given: int, request: bytes, stage: str) -> Iterator[bytes]:
        """The answers to a request but for the first that were `given` before."""
        self._requests += 1
        self._at_work = True
        limit = self._limits.seconds
        try:
            child.send(frames.RUN, request, _by(limit), number=number, given=given)
            while True:
                kind, content = child.receive(_by(limit))
                if kind == frames.BEGIN:
                    stage, limit = msgspec.msgpack.decode(content, type=tuple[str, float])
                elif kind == frames.ANSWER:
                    yield content
                elif kind == frames.DONE:
                    self._at_work = False
                    if content == frames.LAST:
                        self.close()
                    return
                else:
                    failed = self._describe(child, kind, content)
                    break
        except TimeIsUpError:
            self.close()
            failed = Failed(TIMEOUT, f"no result after {frames.longest(limit):g} seconds")
        except EndedError:
            failed = self._reap(limit)
        except msgspec.MsgspecError as error:
            self.close()
            failed = Failed(CRASHED, f"its process gave no sense: {error}")
        raise SandboxError(stage, failed)

    def _describe(self, child: ChildProcess, kind: int, content: bytes) -> Failed:
        """What a frame that is no answer means."""
        if kind == frames.ERROR:
            child.receive(_soon())
            self._at_work = False
            return Failed(FAILED, content.decode("utf-8", "replace"))
        self.close()
        if kind == frames.NO_MEMORY:
            return Failed(OUT_OF_MEMORY, f"more than {self._limits.memory >> 20} MiB")
        return Failed(CRASHED, "its process gave no sense")

    def _reap(self, limit: float = 0.0) -> Failed:
        """End the child and tell how it ended. `limit`: the seconds that its stage had."""
        status = self._end()
        if status in (-signal.SIGPROF, -signal.SIGALRM):
            return Failed(TIMEOUT, f"no result after {limit:g} seconds of processor time")
        if status == -signal.SIGKILL:
            return Failed(OUT_OF_MEMORY, "its process was ended by SIGKILL, as the system does when memory runs out")
        if status is not None and status < 0:
            return Failed(CRASHED, f"its process was ended by {signal.Signals(-status).name}")
        return Failed(CRASHED, f"its process ended with status {status}")


def _soon() -> float:
    """By when a child that starts must have answered."""
    return time.monotonic() + START_SECONDS


def _by(limit: float) -> float:
    """By when a stage must have answered that may take so many seconds of processor time."""
    return time.monotonic() + frames.longest(limit)


class Sandboxes:
    """The children of one worker process, shared by its threads. A thread waits while all are at work.

    Args:
        count: of children, at most; each is started when it is first needed.
        limits, storage: as of `Sandbox`.
        idle_seconds: how long after the last bundle that may need them they end, to start again with the next.
    """

    def __init__(
        self, count: int, limits: Limits, storage: Mapping[str, Any] | None = None, idle_seconds: float = math.inf
    ) -> None:
        self._free: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(Sandbox(limits, storage))
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._bundles = self._begun = 0

    def begin_bundle(self) -> None:
        """A bundle begins that may need them."""
        with self._lock:
            self._bundles += 1
            self._begun += 1

    def end_bundle(self) -> None:
        """It has ended."""
        with self._lock:
            self._bundles -= 1
            if self._bundles == 0 and self._idle_seconds < math.inf:
                timer = threading.Timer(self._idle_seconds, self._end_idle, (self._begun,))
                timer.daemon = True
                timer.start()

    def _end_idle(self, begun: int) -> None:
        """End all, unless another bundle has begun since."""
        if self._begun == begun:
            self.close()

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
