"""Reading a range of a file as a task of a child process: a file may hang, crash or fill what reads it, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.files import FileRange, ModelRun
from schemas.records import RawRecord, Reject, Skipped
from transforms.read.ranges import Found, read_range
from transforms.read.source import STAGE
from transforms.runtime.stage import Begin

# Bytes of payload in an answer, but for its last record.
ANSWER_SIZE = 1 << 20


@dataclass(frozen=True)
class FoundRecords:
    """Some of what a range holds."""

    records: tuple[RawRecord, ...] = ()
    rejects: tuple[Reject, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def __iter__(self) -> Iterator[Found]:
        """All of it."""
        yield from self.records
        yield from self.rejects
        yield from self.skipped


class ReadRange:
    """The task; arguments as those of `read_range`."""

    def __init__(self, max_record_size: int, file_format: str = "") -> None:
        self._max_record_size, self._file_format = max_record_size, file_format

    def setup(self) -> list[ModelRun]:
        """Nothing is costly, and there is no model."""
        return []

    def run(self, request: FileRange, begin: Begin) -> Iterator[FoundRecords]:
        """What the range holds, some at a time."""
        begin(STAGE, None)
        found: list[Found] = []
        size = 0
        left = request.limit
        for item in read_range(request, max_record_size=self._max_record_size, file_format=self._file_format):
            found.append(item)
            left -= not isinstance(item, Skipped)
            if left == 0:
                break
            size += len(item.payload) if isinstance(item, RawRecord) else 0
            if size >= ANSWER_SIZE:
                yield _sort(found)
                found, size = [], 0
        yield _sort(found)


def _sort(found: list[Found]) -> FoundRecords:
    return FoundRecords(
        tuple(item for item in found if isinstance(item, RawRecord)),
        tuple(item for item in found if isinstance(item, Reject)),
        tuple(item for item in found if isinstance(item, Skipped)),
    )
