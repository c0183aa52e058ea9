"""The process in which articles are worked on: reads requests from its standard input, answers on its standard output.

    python -P -m transforms.runtime.child SECONDS BYTES

It ends itself when its input ends, when a stage takes more processor time than its limit (or much more by the clock, if
no parent has ended it), and after a request that left it with too much memory. What it is asked to do is in `frames`.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import pickle
import resource
import signal
import sys
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import msgspec
import psutil

from transforms.runtime import frames
from transforms.runtime.stage import Task
from transforms.runtime.storage import configure

# Past the parent's limit the kernel ends a child that no parent is left to end.
GRACE_SECONDS = 5.0
# New objects after which garbage is looked for: some batches' worth.
GARBAGE = 20_000
# Frames of Python: what is nested deeper than this is no text anyone reads.
MAX_FRAMES = 2000


@dataclass
class _Child:
    """The child's end of the pipe, and its limits; `limit` is that of time for the stage at work."""

    requests: BinaryIO
    answers: BinaryIO
    seconds: float
    memory: int
    limit: float = 0.0

    def send(self, kind: int, content: bytes = b"") -> None:
        """One frame to the parent."""
        rest = memoryview(frames.FRAME.pack(kind, len(content)) + content)
        while rest:
            rest = rest[self.answers.write(rest) :]

    def begin(self, stage: str, seconds: float | None) -> None:
        """Another stage takes over: its time runs from now."""
        self.limit = self.seconds if seconds is None else seconds
        self.send(frames.BEGIN, msgspec.msgpack.encode((stage, self.limit)))
        _limit_time(self.limit)

    def answer(self, answer: object) -> None:
        """An answer to the parent, which may take its time; that of what makes the next one runs from then."""
        _limit_time(0)
        self.send(frames.ANSWER, msgspec.msgpack.encode(answer))
        _limit_time(self.limit)

    def read(self) -> tuple[int, bytes] | None:
        """The next frame; None at the end."""
        head = _read(self.requests, frames.FRAME.size)
        if len(head) < frames.FRAME.size:
            return None
        kind, size = frames.FRAME.unpack(head)
        return kind, _read(self.requests, size)


def _read(stream: BinaryIO, size: int) -> bytes:
    parts, left = [], size
    while left and (part := stream.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def serve(child: _Child) -> None:
    """Answer until the input ends."""
    tasks: dict[int, Task] = {}
    this = psutil.Process()
    idle = 0
    child.send(frames.READY)
    while (frame := child.read()) is not None:
        kind, content = frame
        number, given = frames.TASK.unpack_from(content)
        if kind == frames.LOAD:
            gc.disable()
        body = pickle.loads(content[frames.TASK.size :])  # noqa: S301, the parent's own
        last = b""
        try:
            if kind == frames.CONFIGURE:
                configure(body)
            elif kind == frames.LOAD:
                tasks[number] = body
                idle = _load(child, body, this)
            else:
                for answer in islice(tasks[number].run(body, child.begin), given, None):
                    child.answer(answer)
                last = frames.LAST if this.memory_info().rss > idle + child.memory // 2 else b""
        except MemoryError:
            # What else could not be had is unknown.
            return child.send(frames.NO_MEMORY)
        except Exception as error:  # the parent knows what it asked for
            child.send(frames.ERROR, f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace"))
        finally:
            _limit_time(0)
        child.send(frames.DONE, last)
        if last:
            return None
    return None


def _load(child: _Child, task: Task, this: psutil.Process) -> int:
    """Set a task up. Returns the bytes of memory that the process has when it is idle."""
    _limit_memory(None)
    child.send(frames.ANSWER, msgspec.msgpack.encode(list(task.setup())))
    # What was loaded stays, and is nothing to look for garbage in: while it is loaded, and ever after. What a batch
    # makes lives to its end: looked through at every 700 objects it cost a thirtieth of all time.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    gc.enable()
    found = this.memory_info()
    _limit_memory(found.vms + child.memory)
    return int(found.rss)


def _limit_time(seconds: float) -> None:
    """Let the kernel end the process after this much processor time, 0: never; and by the clock, if no parent does."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, frames.longest(seconds) + GRACE_SECONDS if seconds else 0)


def _limit_memory(size: int | None) -> None:
    """Let the process have this many bytes of address space; None for all that the system lets it have."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    # Not every system enforces this limit or lets it be set; the one of time holds on all.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most if size is None else size, most))


def main() -> None:
    """Serve the parent at the other end of standard input and output."""
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints must not end up among the answers.
    os.dup2(2, 1)
    # An interrupt from the keyboard reaches all processes; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for timer in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(timer, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(MAX_FRAMES)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(BrokenPipeError):
        serve(_Child(requests, answers, float(sys.argv[1]), int(sys.argv[2])))
    # Nothing is left to do, and libraries' threads may abort a process that ends while they run.
    os._exit(0)


if __name__ == "__main__":
    main()
