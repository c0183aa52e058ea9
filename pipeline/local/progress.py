"""Progress while a local run lasts: one live line on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import contextlib
import math
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
# What merging and counting takes at least, and the steps in which the rest of the time is given.
FINISH_SECONDS, ROUNDED = 3.0, 5


def clock(seconds: float) -> str:
    """Seconds as `m:ss` or `h:mm:ss`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def describe(counts: Mapping[str, int], *, elapsed: float, speed: float, input_bytes: int | None) -> str:
    """One line: what is done, how far it is, how fast, for how long, and how long still.

    First records are read; then the articles among them are analysed; then files are merged and counted.

    Args:
        counts: the job's counters (`records`, `checkpointed`, `articles`, `rejects`, `left_out`, `bytes`).
        elapsed: seconds since the start.
        speed: articles analysed a second; 0 while that isn't known.
        input_bytes: size of what is read of the input, if known.
    """
    checkpointed, articles = counts.get("checkpointed", 0), counts.get("articles", 0)
    names = {"rejects": "rejects", "left_out": "left out"}
    others = "".join(f" · {counts[key]:,} {name}" for key, name in names.items() if counts.get(key))
    if not articles:
        read = counts.get("bytes", 0)
        share = f" {min(read / input_bytes, 1):.0%}" if input_bytes and read <= input_bytes else ""
        return f"reading{share} · {counts.get('records', 0):,} records{others} · {clock(elapsed)}"
    if articles >= checkpointed:
        return f"finishing · {articles:,} articles{others} · {clock(elapsed)}"
    line = f"analysing · {articles:,} of {checkpointed:,} articles{others} · {clock(elapsed)}"
    if speed:
        line += f" · {speed:,.0f} articles/s"
        if articles >= MIN_DONE * checkpointed:
            left = (checkpointed - articles) / speed + FINISH_SECONDS
            line += f" · about {clock(math.ceil(left / ROUNDED) * ROUNDED)} left"
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
