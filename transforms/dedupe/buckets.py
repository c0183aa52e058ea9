"""Buckets of near copies, many of them in one element: what goes through the shuffle is rows of bytes, not objects.

In: originals. Out: pairs of candidates. An original has a row for each band of its sketch; a worker collects the rows
of many and sends them on in `PARTS` packets, by the band's number. Rows of one band meet in one packet's group, where
sorting brings them together. A bucket of one band, however large, gives each member two partners, its first and its
neighbour in length, so that nothing is compared all with all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.dedupe.components import Edge
from transforms.dedupe.sketch import BANDS, Sketch, bands

# A content's digest.
NODE_BYTES = 16
# Of a band's number, what its part doesn't tell.
ROW = np.dtype([("band", "<u4"), ("shingles", "<u4"), ("node", f"V{NODE_BYTES}")])
Rows = np.ndarray[Any, Any]
Parts = np.ndarray[Any, Any]
# Groups of packets: at 100 million originals one holds about 140 MB.
PARTS = 1024
# Originals that a worker collects.
COLLECTED = 4096


def partners(members: Iterable[tuple[int, bytes]]) -> Iterator[Edge]:
    """Candidates among the members of a bucket: (number of shingles, node) → pairs, the lesser node first."""
    by_length = sorted(set(members))
    first = min((node for _, node in by_length), default=b"")
    for _, node in by_length:
        if node != first:
            yield first, node
    for (_, left), (_, right) in pairwise(by_length):
        if first not in (left, right):
            yield min(left, right), max(left, right)


@dataclass(frozen=True)
class Original:
    """A content: `node`, its digest of `NODE_BYTES`, and its sketch. The same one may come more than once."""

    node: bytes
    sketch: Sketch


def rows_of(originals: Iterable[Original]) -> tuple[Rows, Parts]:
    """The rows of originals, one for each band of each, and the part that each belongs to."""
    found = list(originals)
    rows = np.zeros(len(found) * BANDS, ROW)
    numbers = np.zeros(len(rows), np.uint64)
    for place, original in enumerate(found):
        some = slice(place * BANDS, (place + 1) * BANDS)
        numbers[some] = list(bands(original.sketch))
        rows["shingles"][some] = original.sketch.shingles
        rows["node"][some] = np.void(original.node)
    rows["band"] = (numbers // np.uint64(PARTS)).astype(np.uint32)
    return rows, numbers % np.uint64(PARTS)


def pack(rows: Rows, parts: Parts) -> Iterator[tuple[int, bytes]]:
    """Rows by part."""
    order = np.argsort(parts, kind="stable")
    borders = np.flatnonzero(np.diff(parts[order])) + 1
    for some in np.split(order, borders):
        if len(some):
            yield int(parts[some[0]]), rows[some].tobytes()


def pairs_of(packets: Iterable[bytes]) -> set[Edge]:
    """The candidates among the rows of one part."""
    rows = np.frombuffer(b"".join(packets), ROW)
    rows = rows[np.argsort(rows["band"], kind="stable")]
    borders = np.flatnonzero(np.diff(rows["band"])) + 1
    found: set[Edge] = set()
    for start, stop in pairwise([0, *borders.tolist(), len(rows)]):
        if stop - start > 1:
            some = rows[start:stop]
            nodes = map(bytes, some["node"])
            found.update(partners(zip(some["shingles"].tolist(), nodes, strict=True)))
    return found


class _Collect(beam.DoFn):
    """Originals → packets."""

    def start_bundle(self) -> None:
        self._waiting: list[Original] = []

    def process(self, original: Original) -> Iterator[tuple[int, bytes]]:
        self._waiting.append(original)
        if len(self._waiting) >= COLLECTED:
            yield from pack(*rows_of(self._waiting))
            self._waiting = []

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for packet in pack(*rows_of(self._waiting)):
            yield WindowedValue(packet, GlobalWindow().max_timestamp(), (GlobalWindow(),))
        self._waiting = []


def _pairs(group: tuple[int, Iterable[bytes]]) -> Iterator[Edge]:
    yield from pairs_of(group[1])


@dataclass
class FindCandidates(beam.PTransform):
    """Originals → pairs that share a band, the lesser node first; a pair may come more than once."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, originals: beam.PCollection[Original]) -> beam.PCollection[Edge]:
        """Collect, group, sort."""
        return (
            originals
            | "Collect" >> beam.ParDo(_Collect()).with_output_types(tuple[int, bytes])
            | "GroupBuckets" >> beam.GroupByKey()
            | "Pairs" >> beam.FlatMap(_pairs).with_output_types(Edge)
        )
