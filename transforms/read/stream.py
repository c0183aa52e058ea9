"""A child process that reads what may be large: its records come one by one, while it is read on."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.files import FileRange
from transforms.read.ranges import Found
from transforms.read.source import STAGE
from transforms.read.task import FoundRecords, ReadRange
from transforms.runtime.guard import Caller, Guard
from transforms.runtime.outcome import reject_failed
from transforms.runtime.sandbox import SandboxError


class StreamReader:
    """The process; it is one step's alone, since the steps behind it need the worker's own before all is read.

    Args:
        task: how it reads.
        guard: the run's.
    """

    def __init__(self, task: ReadRange, guard: Guard) -> None:
        self._caller = Caller(task, guard, STAGE, FoundRecords)

    def read(self, part: FileRange) -> Iterator[Found]:
        """What is found in a part of a file; where that comes to an early end, a reject says so."""
        try:
            for answer in self._caller.stream(part):
                yield from answer
        except SandboxError as error:
            yield reject_failed(part, error.stage, error.failed)

    def close(self) -> None:
        """End the process."""
        self._caller.close()
