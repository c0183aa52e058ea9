"""Progress while a local run lasts: one live line on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping

from rich.console import Console

from pipeline.local.runner import Counters

POLL_SECONDS = 0.5
# A line in a log comes this often.
LOG_SECONDS = 30.0
# With less than this done, an estimate of the rest would be noise.
MIN_DONE = 0.03
MIN_SECONDS = 2.0


def clock(seconds: float) -> str:
    """Seconds as `m:ss` or `h:mm:ss`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def describe(counts: Mapping[str, int], *, elapsed: float, speed: float, input_bytes: int | None) -> str:
    """One line: what has been read, kept and rejected, how fast, for how long, and how long still.

    Args:
        counts: the job's counters (`records`, `checkpointed`, `articles`, `rejects`, `bytes`).
        elapsed: seconds since the start.
        speed: articles analysed a second; 0 while that isn't known.
        input_bytes: size of the input files, if known.
    """
    records, checkpointed, articles = counts.get("records", 0), counts.get("checkpointed", 0), counts.get("articles", 0)
    line = f"{records:,} records · {articles:,} articles · {counts.get('rejects', 0):,} rejects"
    if left_out := counts.get("left_out"):
        line += f" · {left_out:,} left out"
    if not articles:
        read = counts.get("bytes", 0)
        share = f" {min(read / input_bytes, 1):.0%}" if input_bytes and read <= input_bytes else ""
        return f"reading{share} · {line} · {clock(elapsed)}"
    line = f"analysing · {line} · {clock(elapsed)}"
    if speed:
        line += f" · {speed:,.0f} documents/s"
        if MIN_DONE * checkpointed <= articles < checkpointed:
            line += f" · about {clock((checkpointed - articles) / speed)} left"
    return line


class Speed:
    """Articles a second since the first that was seen."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def update(self, now: float, articles: int) -> float:
        """The speed at `now` (in seconds) with this number of articles done; 0 while it isn't known."""
        if articles and self._first is None:
            self._first = (now, articles)
        if self._first is None or now - self._first[0] < MIN_SECONDS:
            return 0.0
        return (articles - self._first[1]) / (now - self._first[0])


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
    speed = Speed()
    printed = start
    with console.status("starting") if console.is_terminal else contextlib.nullcontext() as status:
        while not done.wait(POLL_SECONDS):
            now = time.monotonic()
            counts = counters.totals()
            line = describe(
                counts, elapsed=now - start, speed=speed.update(now, counts["articles"]), input_bytes=input_bytes
            )
            if status is not None:
                status.update(line)
            elif now - printed >= LOG_SECONDS:
                printed = now
                console.print(line, highlight=False, soft_wrap=True)
