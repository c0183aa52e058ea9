"""Near copies: texts of different content that are mostly the same.

In: one `Original` or more for each content, and how many articles have it. Out: (content, seniority of the article that
stands for it) for every content that is a near copy. Candidates share a band of their sketches (see `buckets`); the
sketches of a pair tell whether it is one; pairs are joined to stars (see `stars`). Only sketches go through the
shuffle, each once, and once more for every pair that it is the senior of.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.dedupe.buckets import FindCandidates, Original, Pair
from transforms.dedupe.sketch import Sketch, near
from transforms.dedupe.stars import Edge, FindStars

__all__ = ["FindNearCopies", "GatherContents", "Gathered", "Original"]

# A sketch as the shuffle takes it: the number of its shingles in four bytes, then its content.
COUNT = struct.Struct("<I")
# What is known of a content: the seniority and sketch of an article that has it; or that it is the senior of another
# content; or that it is the junior of one.
Known = tuple[bytes, bytes]
SENIOR_OF, JUNIOR = b"\xff", b"\xfe"


class Gathered(NamedTuple):
    """A content: the seniority of its most senior article, its packed sketch, how many `articles` have it.

    `juniors` are contents that may be copies of it; `junior` says whether it may be another's.
    """

    senior: bytes
    sketch: bytes
    articles: int
    juniors: frozenset[bytes]
    junior: bool


def pack_sketch(sketch: Sketch | None) -> bytes:
    """A sketch as bytes; none of none."""
    return COUNT.pack(sketch.shingles) + sketch.content if sketch else b""


def _unpack(packed: bytes) -> Sketch:
    return Sketch(packed[COUNT.size :], COUNT.unpack_from(packed)[0])


def _known_of_pair(pair: Pair) -> Iterator[tuple[bytes, Known]]:
    senior, junior = pair
    yield senior, (SENIOR_OF, junior)
    yield junior, (JUNIOR, b"")


class GatherContents(beam.CombineFn):
    """All that is known of a content → `Gathered`. Many copies of one content are one on each worker already."""

    def create_accumulator(self) -> list[Any]:
        """Nothing."""
        return [b"", b"", 0, set(), False]

    def add_input(self, accumulator: list[Any], known: Known) -> list[Any]:
        """One thing more."""
        what, value = known
        if what == SENIOR_OF:
            accumulator[3].add(value)
        elif what == JUNIOR:
            accumulator[4] = True
        else:
            accumulator[0] = min(accumulator[0] or what, what)
            accumulator[1] = accumulator[1] or value
            accumulator[2] += 1
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[list[Any]]) -> list[Any]:
        """Two or more as one."""
        merged = self.create_accumulator()
        for senior, sketch, count, juniors, junior in accumulators:
            merged[0] = min(merged[0] or senior, senior or merged[0])
            merged[1] = merged[1] or sketch
            merged[2] += count
            merged[3] |= juniors
            merged[4] = merged[4] or junior
        return merged

    def extract_output(self, accumulator: list[Any]) -> Gathered:
        """The content."""
        senior, sketch, count, juniors, junior = accumulator
        return Gathered(senior, sketch, count, frozenset(juniors), junior)


class _SendSketch(beam.DoFn):
    """(Content, what is known of it) → (junior, (senior, its seniority, its sketch)), and each junior its own."""

    def process(self, item: tuple[bytes, Gathered]) -> Iterator[tuple[bytes, tuple[bytes, bytes, bytes]]]:
        node, content = item
        sent = node, content.senior, content.sketch
        yield from ((junior, sent) for junior in content.juniors)
        if content.junior:
            yield node, sent


class _Verify(beam.DoFn):
    """(Junior, its own sketch and its seniors') → edges."""

    def process(self, group: tuple[bytes, Iterable[tuple[bytes, bytes, bytes]]]) -> Iterator[Edge]:
        node, sent = group
        by_node = {other: (senior, sketch) for other, senior, sketch in sent}
        age, packed = by_node.pop(node)
        own = _unpack(packed)
        for other, (senior, sketch) in by_node.items():
            if near(own, _unpack(sketch)):
                # Buckets know ages to the second only.
                pair = (node, age), (other, senior)
                yield pair if senior < age else pair[::-1]


@dataclass
class FindNearCopies(beam.PTransform):
    """(Originals, (content, (seniority, packed sketch)) of all articles) → `Gathered` contents and near copies.

    Args:
        parts: how many groups the buckets make.
    """

    parts: int

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: tuple[Any, Any]) -> tuple[beam.PCollection[Any], beam.PCollection[Any]]:
        """Pair, verify, join."""
        originals, articles = collections
        known = (
            originals
            | "Candidates" >> FindCandidates(self.parts)
            | "KnownOfPair" >> beam.FlatMap(_known_of_pair).with_output_types(tuple[bytes, Known])
        )
        contents = (articles, known) | "AllKnown" >> beam.Flatten() | "Gather" >> beam.CombinePerKey(GatherContents())
        sent = contents | "SendSketch" >> beam.ParDo(_SendSketch()).with_output_types(
            tuple[bytes, tuple[bytes, bytes, bytes]]
        )
        edges = sent | "GroupSeniors" >> beam.GroupByKey() | "Verify" >> beam.ParDo(_Verify()).with_output_types(Edge)
        return contents, edges | "Stars" >> FindStars()
