"""`newsbeam run` and `retry` from outside: the run is a process of its own, started again by this one if it is killed.

What an article does to the stages stays in the run's children. But the system may end the run's own process, for want
of memory above all; another then goes on from where it stopped. This process imports next to nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.usage import FAILED, INTERRUPTED

# How often a run is started again.
MOST_RESTARTS = 3
# glibc keeps much of what is freed, the more the more threads there are, and Beam has many. Nobody else minds these.
MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "1048576", "MALLOC_MMAP_THRESHOLD_": "262144"}


def run(argv: Sequence[str]) -> int:
    """Run the job that a command line describes. Returns the exit status."""
    return _supervise("pipeline.run:run", argv)


def retry(argv: Sequence[str]) -> int:
    """The same for the rejects of a finished run."""
    return _supervise("pipeline.retry:retry", argv)


def _supervise(function: str, argv: Sequence[str]) -> int:
    """Call a command's function (`module:name`) in a process of its own, again where that is killed."""
    if {"-h", "--help"} & set(argv):
        _show_help(function)
    if sys.stderr.isatty() and not {"--quiet", "--json"} & set(argv):
        # The first line of the run itself is written over it, some seconds later.
        print("  starting", end="\r", file=sys.stderr, flush=True)  # noqa: T201
    for restarts in range(MOST_RESTARTS + 1):
        status = _attempt(function, [*argv, *(["--restarted"] if restarts else [])])
        if status >= 0:
            return status
        how = f"the run's process was ended by {signal.Signals(-status).name}"
        if restarts < MOST_RESTARTS and "--quiet" not in argv:
            _say(f"{how}; going on from where it stopped ({restarts + 1})")
    _say(f"the run failed: {how}, again and again; if memory runs out, use fewer --workers")
    return FAILED


def _show_help(function: str) -> None:
    from pipeline.flags import retry_parser, run_parser  # noqa: PLC0415, the flags' choices load half of the stages

    (run_parser if function.startswith("pipeline.run:") else retry_parser)().parse_args(["--help"])


def _say(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr, flush=True)  # noqa: T201


def _attempt(function: str, argv: Sequence[str]) -> int:
    """One run, in a process of its own; its exit status, or −signal."""
    # Nothing in the folder that it is started in, which may hold a `pipeline.py` of its own, is taken for ours.
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-P", "-m", "pipeline.local.attempt", function, *argv]
    # In a session of its own: an interrupt from the keyboard comes to this process, which passes it on once.
    child = subprocess.Popen(  # noqa: S603, own flags
        command, start_new_session=True, env={**MALLOC, **os.environ, "PYTHONPATH": paths}
    )
    with _passing_on(child) as sent:
        child.wait()
    if sent and child.returncode < 0:
        # It had not got so far as to end in its own way.
        _say("interrupted")
        return INTERRUPTED
    return child.returncode


@contextlib.contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Interrupts go to the child; it ends in its own way, and at once when another comes. Yields them."""
    sent: list[int] = []

    def pass_on(number: int, _: Any) -> None:
        sent.append(number)
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL if sent[1:] else signal.SIGTERM if number == signal.SIGHUP else number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield sent
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
