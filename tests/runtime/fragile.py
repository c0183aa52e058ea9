"""A stage that does to its process what a text says, and the answers of a chain of it. Children import it from here."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from schemas.files import ModelRun
from schemas.records import Article, Reject
from transforms.runtime.outcome import KEPT, Outcome, keep
from transforms.runtime.stage import Begin, StageChain


def _raise() -> None:
    raise ValueError("not this one")


def _recurse() -> None:
    _recurse()


def _hang() -> None:
    while True:
        pass


def _work() -> None:
    begun = time.process_time()
    while time.process_time() - begun < 0.9:
        pass


def _fill() -> None:
    hoard = []
    while True:
        hoard.append(bytes(1 << 24))


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _chatter() -> None:
    sys.stdout.write("noise")
    sys.stdout.flush()
    os.write(1, b"noise")


WAYS = {
    "raise": _raise,
    "recurse": _recurse,
    "hang": _hang,
    "work": _work,
    "wait": partial(time.sleep, 3),
    "sleep": partial(time.sleep, 1000),
    "memory": _fill,
    "crash": partial(ctypes.string_at, 0),
    "abort": os.abort,
    "exit": partial(os._exit, 3),
    "kill": _kill,
    "noise": _chatter,
}


def fail(how: str) -> None:
    """Fail in this way, if it is one; `kill once PATH` leaves a mark there, by which the next knows."""
    if how in WAYS:
        WAYS[how]()
    if how.startswith("kill once "):
        mark = Path(how.removeprefix("kill once "))
        if not mark.exists():
            mark.touch()
            _kill()


class Fragile:
    """Articles → their texts, unless a text says how to fail, or an earlier one has done damage."""

    name = "fragile"

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.damaged = False

    def setup(self) -> None:
        """Know that it was called."""
        self.ready = True

    def process(self, batch: Sequence[Article]) -> list[Outcome[str]]:
        """One text an article."""
        assert self.ready
        if self.damaged:
            os.abort()
        for article in batch:
            fail(article.text)
            self.damaged |= article.text == "damage"
        return [keep(article.text) for article in batch]


@dataclass(frozen=True)
class Texts:
    """What a chain of it answers."""

    texts: tuple[str, ...]
    process: int
    rejects: tuple[Reject, ...] = ()

    def outputs(self) -> Iterator[tuple[str, str]]:
        """The texts."""
        yield from ((KEPT, text) for text in self.texts)

    def counts(self) -> Mapping[str, int]:
        """Their number."""
        return {"texts": len(self.texts)}


def answer(outcomes: Sequence[Outcome[str]]) -> Texts:
    """The answer to a batch."""
    texts = tuple(outcome.kept for outcome in outcomes if outcome.kept is not None)
    return Texts(texts, os.getpid(), tuple(outcome.rejected for outcome in outcomes if outcome.rejected))


def chain(seconds: float | None = None) -> StageChain[Texts]:
    """The chain."""
    return StageChain(partial(tuple, (Fragile(seconds),)), answer, "fragile")


class Counting:
    """Numbers, each with a megabyte. It is killed once before the fourth; a request below zero crashes it there."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def setup(self) -> list[ModelRun]:
        """Nothing."""
        return []

    def run(self, request: int, begin: Begin) -> Iterator[tuple[int, bytes]]:
        """The numbers."""
        begin("counting", None)
        for number in range(abs(request)):
            if number == 3:
                fail(f"kill once {self.mark}")
                fail("abort" if request < 0 else "")
            yield number, bytes(1 << 20)


class Unready(Fragile):
    """One that can't be set up."""

    def setup(self) -> None:
        """Say why."""
        raise FileNotFoundError("no model in any folder")


class KilledAtFirst(Fragile):
    """One whose process is killed as it is set up, some `times`; a file in `folder` counts each."""

    def __init__(self, folder: str, times: int) -> None:
        super().__init__()
        self.folder, self.times = folder, times

    def setup(self) -> None:
        """Be killed, or be ready."""
        before = len(os.listdir(self.folder))  # noqa: PTH208
        if before < self.times:
            Path(self.folder, str(before)).touch()
            _kill()
        super().setup()


class Liar(Fragile):
    """One whose process has been taken over, and answers something else."""

    def process(self, batch: Sequence[Article]) -> list[Outcome[str]]:
        """Numbers where texts are expected."""
        return [keep(7) for _ in batch]  # type: ignore[list-item]
