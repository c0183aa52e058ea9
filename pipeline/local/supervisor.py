"""`newsbeam run` and `retry` from outside: the run is a process of its own, watched over by this one.

A worker that an article brings down takes Beam's whole job with it. This process then starts the run again, which goes
on from where it stopped and tries by itself what the dead worker had in hand. It also ends a worker that overstays its
time or its memory with an article; nothing inside that process could be sure to. It imports neither Beam nor spaCy.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psutil

from pipeline.cli import WORKER_DIED, guarded
from pipeline.usage import FAILED, INTERRUPTED
from transforms.runtime.hands import Held, held

POLL_SECONDS = 0.25
# So often a run is started again in all, and so often while nothing tells what brought it down.
MOST_AGAIN, MOST_BLIND = 50, 3
# glibc keeps much of what is freed, the more the more threads there are, and Beam has many. Nobody else minds these.
MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "1048576", "MALLOC_MMAP_THRESHOLD_": "262144"}


def run(argv: Sequence[str]) -> int:
    """Run the job that a command line describes, again where a worker died. Returns the exit status."""
    return supervise("pipeline.run:run", argv)


def retry(argv: Sequence[str]) -> int:
    """The same for the rejects of a finished run."""
    return supervise("pipeline.retry:retry", argv)


def supervise(function: str, argv: Sequence[str]) -> int:
    """Call a command's function (`module:name`) in a process of its own, again where a worker died."""
    if {"-h", "--help"} & set(argv):
        return guarded(function, argv)
    hands = tempfile.mkdtemp(prefix="newsbeam-")
    try:
        return _supervise(function, list(argv), hands)
    finally:
        shutil.rmtree(hands, ignore_errors=True)


def _supervise(function: str, argv: list[str], hands: str) -> int:
    again = blind = 0
    while True:
        known = _suspects(hands)
        status = _attempt(function, [*argv, *(["--again"] if again else [])], hands)
        if status != WORKER_DIED and status >= 0:
            return status
        again += 1
        blind = 0 if _suspects(hands) - known else blind + 1
        if again > MOST_AGAIN or blind > MOST_BLIND:
            _say("the run failed: worker processes die; if memory runs out, use fewer --workers; --resume goes on")
            return FAILED
        if "--quiet" not in argv:
            _say(f"a worker process died; going on from where the run stopped ({again})")


def _say(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr, flush=True)  # noqa: T201


def _suspects(hands: str) -> frozenset[tuple[str, bytes]]:
    """What dead workers had in hand, by stage."""
    return frozenset((item.stage, key) for item in held(hands) if item.is_dead() for key in item.keys)


def _attempt(function: str, argv: Sequence[str], hands: str) -> int:
    """One run, in a process of its own; its exit status, or −signal."""
    command = [sys.executable, "-m", "pipeline.local.attempt", function, *argv, "--hands", hands]
    # In a session of its own: an interrupt from the keyboard comes to this process, which passes it on once.
    child = subprocess.Popen(command, start_new_session=True, env={**MALLOC, **os.environ})  # noqa: S603, own flags
    watcher = Watcher(hands, *_limits(argv))
    with _passing_on(child) as told:
        while child.poll() is None:
            watcher.look()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(POLL_SECONDS)
    if told and child.returncode < 0:
        # It had not got so far as to end in its own way.
        _say("interrupted; --resume goes on")
        return INTERRUPTED
    return child.returncode


def _limits(argv: Sequence[str]) -> tuple[float, int]:
    """Seconds and bytes of `--article_timeout` and `--article_memory_mb`; the run itself checks them."""
    found = {"--article_timeout": 300.0, "--article_memory_mb": 4096.0}
    for flag, value in zip([*argv, ""], [*argv[1:], "", ""], strict=False):
        name, equals, joined = flag.partition("=")
        if name in found:
            with contextlib.suppress(ValueError):
                found[name] = float(joined if equals else value)
    return found["--article_timeout"], int(found["--article_memory_mb"]) << 20


@contextlib.contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Interrupts go to the child; it ends in its own way, and at once when it is told a second time. Yields them."""
    told: list[int] = []

    def pass_on(number: int, _: Any) -> None:
        told.append(number)
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL if told[1:] else signal.SIGTERM if number == signal.SIGHUP else number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Watcher:
    """Ends workers that overstay their time or their memory with what they have in hand, seen to do so twice.

    Args:
        hands: where workers note that.
        seconds, memory: the limits; memory beyond what the worker had when it took it in hand.
    """

    def __init__(self, hands: str, seconds: float, memory: int) -> None:
        self._hands, self._seconds, self._memory = hands, seconds, memory
        self._before: dict[tuple[int, str, float], tuple[int, bool]] = {}

    def look(self) -> None:
        """Look at all of them once."""
        now = time.monotonic()
        seen = {}
        for item in held(self._hands):
            with contextlib.suppress(psutil.Error):
                used = psutil.Process(item.pid).memory_info().rss
                key = (item.pid, item.stage, item.since)
                first, overstayed = self._before.get(key, (used, False))
                overstays = now - item.since > self._seconds or used - first > self._memory
                seen[key] = first, overstays
                if overstays and overstayed:
                    self._end(item)
        self._before = seen

    @staticmethod
    def _end(item: Held) -> None:
        if not item.is_dead():
            os.kill(item.pid, signal.SIGKILL)
