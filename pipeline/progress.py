"""Progress while a local run lasts: one live line on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping

from rich.console import Console

from pipeline.local import Counters

TERMINAL_SECONDS = 0.5
LOG_SECONDS = 30.0
# With less than this done, an estimate of the rest would be noise.
MIN_DONE = 0.03


def clock(seconds: float) -> str:
    """Seconds as `m:ss` or `h:mm:ss`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def describe(counts: Mapping[str, int], *, elapsed: float, analysing: float, input_bytes: int | None) -> str:
    """One line: what has been read, kept and rejected, how fast, for how long, and how long still.

    Args:
        counts: the job's counters (`records`, `staged`, `articles`, `rejects`, `bytes`).
        elapsed: seconds since the start.
        analysing: seconds since the first article was analysed, 0 before.
        input_bytes: size of the input files, if known.
    """
    records, staged, articles = counts.get("records", 0), counts.get("staged", 0), counts.get("articles", 0)
    line = f"{records:,} records · {articles:,} articles · {counts.get('rejects', 0):,} rejects"
    if not articles:
        read = counts.get("bytes", 0)
        share = f" {min(read / input_bytes, 1):.0%}" if input_bytes and read <= input_bytes else ""
        return f"reading{share} · {line} · {clock(elapsed)}"
    speed = articles / max(analysing, 0.1)
    line = f"analysing · {line} · {speed:,.0f} documents/s · {clock(elapsed)}"
    if staged and articles >= MIN_DONE * staged and articles < staged:
        line += f" · about {clock((staged - articles) / speed)} left"
    return line


@contextlib.contextmanager
def show_progress(counters: Counters, *, input_bytes: int | None, console: Console) -> Iterator[None]:
    """Show what `counters` say until the block ends."""
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(counters, input_bytes, console, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=2)


def _show(counters: Counters, input_bytes: int | None, console: Console, done: threading.Event) -> None:
    start = time.monotonic()
    first = 0.0
    with console.status("starting") if console.is_terminal else contextlib.nullcontext() as status:
        while not done.wait(TERMINAL_SECONDS if console.is_terminal else LOG_SECONDS):
            now = time.monotonic()
            counts = counters.totals()
            first = first or (now if counts["articles"] else 0.0)
            line = describe(
                counts, elapsed=now - start, analysing=now - first if first else 0.0, input_bytes=input_bytes
            )
            if status is not None:
                status.update(line)
            else:
                console.print(line, highlight=False, soft_wrap=True)
