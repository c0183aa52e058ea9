"""Buckets of near copies, many of them in one element: what goes through the shuffle is rows of bytes, not objects.

In: originals, and packets of those that earlier runs know. Out: pairs of candidates, the senior one first. An original
has a row for each band of its sketch; a worker collects the rows of many and sends them on in packets, by the band's
number. Rows of one band meet in one packet's group, where sorting brings them together. Members of a bucket, however
large, have at most so many partners each: those who came first of all, and those who came just before. What an earlier
run has compared is told from what it hasn't by going through its members alone in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.dedupe.exact import AGE, second_of
from transforms.dedupe.sketch import BANDS, Bands, Sketch, bands

# A content's digest.
NODE_BYTES = 16
# A band's number and place; when the content was first published and how long it is, as one number; the content;
# whether an earlier run knows it. Big-endian, so that bytes sort as numbers do.
ROW = np.dtype([("band", ">u4"), ("place", "u1"), ("age", ">u8"), ("node", f"V{NODE_BYTES}"), ("stored", "u1")])
AGE_BYTES, NODE, STORED = slice(5, 13), slice(13, 13 + NODE_BYTES), 13 + NODE_BYTES
Rows = np.ndarray[Any, Any]
Parts = np.ndarray[Any, Any]
# Seconds since the year 1 in the upper bits, how much shorter it is than the longest in the lower ones.
LENGTH_BITS = 27
LONGEST_AGE = (1 << LENGTH_BITS) - 1
LAST_SECOND = (1 << 64 - LENGTH_BITS) - 1
DAY = 86_400
# Originals that a worker collects: 63 MB of rows.
COLLECTED = 1 << 16
# Partners of a member: the first of the bucket, and those just before it.
FIRST, BEFORE = 4, 4


class Pair(NamedTuple):
    """Two contents to compare; `known`: an earlier run has done so."""

    senior: bytes
    junior: bytes
    known: bool = False


# A content of a bucket, and when it was published, in seconds.
Member = tuple[int, bytes]


@dataclass(frozen=True)
class Original:
    """A content: `node`, its digest of `NODE_BYTES`, its sketch, and the seniority of an article that has it.

    The same one may come more than once.
    """

    node: bytes
    sketch: Sketch
    senior: bytes = AGE.pack(0, 0)

    @property
    def day(self) -> int:
        """When it was published, in days."""
        return (self.age >> LENGTH_BITS) // DAY

    @property
    def age(self) -> int:
        """The seniority without the id, to the second."""
        _, shorter = AGE.unpack_from(self.senior)
        return min(second_of(self.senior), LAST_SECOND) << LENGTH_BITS | max(shorter - (1 << 32) + 1 + LONGEST_AGE, 0)


def partners(members: Sequence[Member], seconds: int = LAST_SECOND) -> Iterator[tuple[bytes, bytes]]:
    """Candidates among the members of a bucket, the most senior first: pairs (senior, junior) as near in time."""
    low = 0
    for place, (time, junior) in enumerate(members):
        while time - members[low][0] > seconds:
            low += 1
        yield from ((senior, junior) for _, senior in members[low : min(low + FIRST, place)])
        yield from ((senior, junior) for _, senior in members[max(low + FIRST, place - BEFORE) : place])


def rows_of(originals: Iterable[Original], parts: int) -> tuple[Rows, Parts]:
    """The rows of originals, one for each band of each, and the part, of so many, that each belongs to."""
    found = list(originals)
    ages = np.array([original.age for original in found], np.uint64)
    numbers = bands([original.sketch for original in found])
    return band_rows(b"".join(original.node for original in found), ages, numbers, parts)


def band_rows(nodes: bytes, ages: Rows, numbers: Bands, parts: int, *, stored: bool = False) -> tuple[Rows, Parts]:
    """The same of contents' digests, ages and bands, one after another; `stored`: an earlier run knows them."""
    rows = np.zeros((len(ages), BANDS), ROW)
    rows["band"] = numbers
    rows["place"] = np.arange(BANDS)
    rows["age"] = ages[:, None]
    rows["node"] = np.frombuffer(nodes, f"V{NODE_BYTES}")[:, None]
    rows["stored"] = stored
    flat: Rows = rows.reshape(-1)
    return flat, _numbers(flat) % np.uint64(parts)


def _numbers(rows: Rows) -> Rows:
    """A number for each bucket."""
    return rows["band"].astype(np.uint64) * np.uint64(BANDS) + rows["place"]


def pack(rows: Rows, parts: Parts) -> Iterator[tuple[int, bytes]]:
    """Rows by part."""
    order = np.argsort(parts, kind="stable")
    borders = np.flatnonzero(np.diff(parts[order])) + 1
    for some in np.split(order, borders):
        if len(some):
            yield int(parts[some[0]]), rows[some].tobytes()


def pairs_of(packets: Iterable[bytes], seconds: int = LAST_SECOND) -> set[Pair]:
    """The candidates among the rows of one part; `seconds`: how far apart in time."""
    rows = np.frombuffer(b"".join(packets), ROW)
    numbers = _numbers(rows)
    order = np.argsort(numbers, kind="stable")
    rows = rows[order]
    borders = np.flatnonzero(np.diff(numbers[order])) + 1
    found: set[Pair] = set()
    for start, stop in pairwise([0, *borders.tolist(), len(rows)]):
        if stop - start > 1:
            # Rows sort by age, then by node; of copies of one content the first counts.
            found.update(_pairs_of_bucket(sorted(map(bytes, rows[start:stop])), seconds))
    return found


def _pairs_of_bucket(rows: Sequence[bytes], seconds: int) -> Iterator[Pair]:
    members = _members(rows)
    stored = _members(row for row in rows if row[STORED])
    if members == stored:
        yield from (Pair(*pair, known=True) for pair in partners(members, seconds))
        return
    known = {frozenset(pair) for pair in partners(stored, seconds)}
    yield from (Pair(*pair, known=frozenset(pair) in known) for pair in partners(members, seconds))


def _members(rows: Iterable[bytes]) -> list[Member]:
    found: dict[bytes, int] = {}
    for row in rows:
        found.setdefault(row[NODE], int.from_bytes(row[AGE_BYTES], "big") >> LENGTH_BITS)
    return [(time, node) for node, time in found.items()]


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


def _pairs(group: tuple[int, Iterable[bytes]], seconds: int) -> Iterator[Pair]:
    yield from pairs_of(group[1], seconds)


@dataclass
class FindCandidates(beam.PTransform):
    """Originals, then packets of earlier runs' → pairs that share a band; a pair may come more than once.

    Args:
        parts: how many groups of packets there are.
        seconds: how far apart in time the two of a pair may be.
    """

    parts: int
    seconds: int = LAST_SECOND

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, inputs: tuple[beam.PCollection[Any], ...]) -> beam.PCollection[Pair]:
        """Collect, group, sort."""
        originals, *stored = inputs
        packets = originals | "Collect" >> beam.ParDo(_Collect(self.parts)).with_output_types(tuple[int, bytes])
        return (
            (packets, *stored)
            | "Packets" >> beam.Flatten()
            | "GroupBuckets" >> beam.GroupByKey()
            | "Pairs" >> beam.FlatMap(_pairs, self.seconds).with_output_types(Pair)
        )
