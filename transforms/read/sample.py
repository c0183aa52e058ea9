"""A sample of the records of a dump: drawn by chance, and the same whenever the same dump is read.

Every record has a number that its bytes and its place in its file decide; those with the smallest are drawn. Only
numbers and places are compared, so that no record is stored or sent for it; the dump is read twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import xxhash
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.files import FileRange
from schemas.records import RawRecord, Skipped
from transforms.read.ranges import Found
from transforms.read.stream import StreamReader
from transforms.read.task import ReadRange
from transforms.runtime.guard import Guard

# What was not drawn, among what a file holds and the run passes over.
NOT_DRAWN = "not_drawn"
Place = tuple[str, int]
Lot = tuple[int, str, int]


def lot_of(record: RawRecord) -> Lot:
    """The number of a record, and its place."""
    # Without its last bit it fits what Beam takes for an integer.
    number = xxhash.xxh64_intdigest(record.payload, seed=record.source_offset & 0xFFFFFFFF) >> 1
    return number, record.source_file, record.source_offset


def keep_drawn(found: Iterable[Found], drawn: Collection[Place] | None) -> Iterator[Found]:
    """What of a file goes on: all of it without a sample (None); else records that were not drawn are passed over."""
    for item in found:
        if drawn is not None and isinstance(item, RawRecord) and (item.source_file, item.source_offset) not in drawn:
            yield Skipped(NOT_DRAWN)
        else:
            yield item


class _DrawLots(beam.DoFn):
    """Ranges → the smallest lots of a bundle."""

    def __init__(self, size: int, reader: StreamReader) -> None:
        self._size, self._reader = size, reader

    def start_bundle(self) -> None:
        self._lots: list[Lot] = []

    def process(self, part: FileRange) -> None:
        lots = (lot_of(item) for item in self._reader.read(part) if isinstance(item, RawRecord))
        self._lots = heapq.nsmallest(self._size, [*self._lots, *lots])

    def finish_bundle(self) -> Iterator[WindowedValue]:
        self._reader.close()
        for lot in self._lots:
            yield WindowedValue(lot, GlobalWindow().max_timestamp(), (GlobalWindow(),))


def _places(lots: Iterable[Lot]) -> frozenset[Place]:
    return frozenset((source_file, offset) for _, source_file, offset in lots)


@dataclass
class DrawPlaces(beam.PTransform):
    """Ranges → one set of the places of `size` records. `task` reads a range, `guard` is the run's."""

    size: int
    task: ReadRange
    guard: Guard

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, ranges: beam.PCollection[FileRange]) -> beam.PCollection[frozenset[Place]]:
        """Draw in each bundle, then among what was drawn there."""
        return (
            ranges
            | "Lots" >> beam.ParDo(_DrawLots(self.size, StreamReader(self.task, self.guard))).with_output_types(Lot)
            | "Smallest" >> beam.combiners.Top.Smallest(self.size)
            | "Places" >> beam.Map(_places)
        )
