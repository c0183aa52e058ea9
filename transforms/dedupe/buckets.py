"""Buckets of near copies, many of them in one element: what goes through the shuffle is rows of bytes, not objects.

In: originals. Out: pairs of candidates, the senior one first. An original has a row for each band of its sketch; a
worker collects the rows of many and sends them on in packets, by the band's number. Rows of one band meet in one
packet's group, where sorting brings them together. Members of a bucket, however large, have at most so many partners
each: those who came first of all, and those who came just before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.dedupe.exact import AGE
from transforms.dedupe.sketch import BANDS, Sketch, bands

# A content's digest.
NODE_BYTES = 16
# Of a band's number, what its part doesn't tell; when the content was first published and how long it is, as one
# number; the content. Big-endian, so that bytes sort as numbers do.
ROW = np.dtype([("band", ">u4"), ("age", ">u8"), ("node", f"V{NODE_BYTES}")])
Rows = np.ndarray[Any, Any]
Parts = np.ndarray[Any, Any]
# Seconds since the year 1 in the upper bits, how much shorter it is than the longest in the lower ones.
LENGTH_BITS = 27
# Originals that a worker collects: 58 MB of rows.
COLLECTED = 1 << 16
# Partners of a member: the first of the bucket, and those just before it.
FIRST, BEFORE = 4, 4

Pair = tuple[bytes, bytes]


@dataclass(frozen=True)
class Original:
    """A content: `node`, its digest of `NODE_BYTES`, its sketch, and the seniority of an article that has it.

    The same one may come more than once.
    """

    node: bytes
    sketch: Sketch
    senior: bytes = AGE.pack(0, 0)

    @property
    def age(self) -> int:
        """The seniority without the id, to the second."""
        time, shorter = AGE.unpack_from(self.senior)
        lengths = (1 << LENGTH_BITS) - 1
        seconds = min(time // 1_000_000, (1 << 64 - LENGTH_BITS) - 1)
        return int(seconds) << LENGTH_BITS | max(shorter - (1 << 32) + 1 + lengths, 0)


def partners(members: Sequence[bytes]) -> Iterator[Pair]:
    """Candidates among the members of a bucket, the most senior first: pairs (senior, junior)."""
    for place, junior in enumerate(members):
        yield from ((senior, junior) for senior in members[: min(FIRST, place)])
        yield from ((senior, junior) for senior in members[max(FIRST, place - BEFORE) : place])


def rows_of(originals: Iterable[Original], parts: int) -> tuple[Rows, Parts]:
    """The rows of originals, one for each band of each, and the part, of so many, that each belongs to."""
    found = list(originals)
    rows = np.zeros(len(found) * BANDS, ROW)
    numbers = np.zeros(len(rows), np.uint64)
    for place, original in enumerate(found):
        some = slice(place * BANDS, (place + 1) * BANDS)
        numbers[some] = list(bands(original.sketch))
        rows["age"][some] = original.age
        rows["node"][some] = np.void(original.node)
    rows["band"] = (numbers // np.uint64(parts)).astype(np.uint32)
    return rows, numbers % np.uint64(parts)


def pack(rows: Rows, parts: Parts) -> Iterator[tuple[int, bytes]]:
    """Rows by part."""
    order = np.argsort(parts, kind="stable")
    borders = np.flatnonzero(np.diff(parts[order])) + 1
    for some in np.split(order, borders):
        if len(some):
            yield int(parts[some[0]]), rows[some].tobytes()


def pairs_of(packets: Iterable[bytes]) -> set[Pair]:
    """The candidates among the rows of one part."""
    rows = np.frombuffer(b"".join(packets), ROW)
    rows = rows[np.argsort(rows["band"], kind="stable")]
    borders = np.flatnonzero(np.diff(rows["band"])) + 1
    found: set[Pair] = set()
    for start, stop in pairwise([0, *borders.tolist(), len(rows)]):
        if stop - start > 1:
            # Rows sort by age, then by node; of copies of one content the first counts.
            members = dict.fromkeys(row[-NODE_BYTES:] for row in sorted(map(bytes, rows[start:stop])))
            found.update(partners(list(members)))
    return found


class _Collect(beam.DoFn):
    """Originals → packets."""

    def __init__(self, parts: int) -> None:
        self._parts = parts

    def start_bundle(self) -> None:
        self._waiting: dict[bytes, Original] = {}

    def process(self, original: Original) -> Iterator[tuple[int, bytes]]:
        known = self._waiting.setdefault(original.node, original)
        if original.age < known.age:
            self._waiting[original.node] = original
        if len(self._waiting) >= COLLECTED:
            yield from self._pack()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for packet in self._pack():
            yield WindowedValue(packet, GlobalWindow().max_timestamp(), (GlobalWindow(),))

    def _pack(self) -> list[tuple[int, bytes]]:
        packets = list(pack(*rows_of(self._waiting.values(), self._parts)))
        self._waiting = {}
        return packets


def _pairs(group: tuple[int, Iterable[bytes]]) -> Iterator[Pair]:
    yield from pairs_of(group[1])


@dataclass
class FindCandidates(beam.PTransform):
    """Originals → pairs (senior, junior) that share a band; a pair may come more than once.

    Args:
        parts: how many groups of packets there are.
    """

    parts: int

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, originals: beam.PCollection[Original]) -> beam.PCollection[Pair]:
        """Collect, group, sort."""
        return (
            originals
            | "Collect" >> beam.ParDo(_Collect(self.parts)).with_output_types(tuple[int, bytes])
            | "GroupBuckets" >> beam.GroupByKey()
            | "Pairs" >> beam.FlatMap(_pairs).with_output_types(Pair)
        )
