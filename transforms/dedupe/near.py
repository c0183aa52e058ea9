"""Near copies: texts of different content of which one holds most of the other.

In: one `Original` or more for each content. Out: (node, least node of its cluster) for every content that has near
copies. Candidates share a band of their sketches (see `buckets`); the sketches of a pair tell whether it is one. Pairs
are joined to clusters. Only sketches go through the shuffle, each once, and once more for every pair that it is in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from transforms.dedupe.buckets import FindCandidates, Original
from transforms.dedupe.components import Edge, FindComponents
from transforms.dedupe.sketch import Sketch, near

__all__ = ["FindNearCopies", "Original"]

# A sketch as the shuffle takes it: the number of its shingles in four bytes, then its minima.
COUNT = struct.Struct("<I")


def _sketch(original: Original) -> tuple[bytes, bytes]:
    return original.node, COUNT.pack(original.sketch.shingles) + original.sketch.minima


def _unpack(packed: bytes) -> Sketch:
    return Sketch(packed[COUNT.size :], COUNT.unpack_from(packed)[0])


def _itself(node: bytes) -> Edge:
    return node, node


def _both_ways(edge: Edge) -> Iterator[Edge]:
    yield edge
    yield edge[1], edge[0]


class _SendSketch(beam.DoFn):
    """(Node, its sketch and its partners) → (pair, sketch), each pair once."""

    def process(self, joined: tuple[bytes, dict[str, Any]]) -> Iterator[tuple[Edge, bytes]]:
        node, found = joined
        partners = set(found["partners"])
        for sketch in list(found["sketch"])[:1] if partners else ():
            for partner in partners:
                yield (min(node, partner), max(node, partner)), sketch


class _Verify(beam.DoFn):
    """(Pair, both sketches) → the pair as an edge, if it is one."""

    def process(self, joined: tuple[Edge, Any]) -> Iterator[Edge]:
        (lesser, greater), sketches = joined
        left, right = map(_unpack, sketches)
        if near(left, right):
            yield greater, lesser


@dataclass
class FindNearCopies(beam.PTransform):
    """Originals → (node, least node of its cluster), for those that have near copies."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, originals: beam.PCollection[Original]) -> beam.PCollection[Edge]:
        """Pair, verify, join."""
        sketches = originals | "Sketch" >> beam.Map(_sketch).with_output_types(tuple[bytes, bytes])
        candidates = originals | "Candidates" >> FindCandidates()
        partners = candidates | "BothWays" >> beam.FlatMap(_both_ways).with_output_types(Edge)
        edges = (
            {"sketch": sketches, "partners": partners}
            | "JoinSketch" >> beam.CoGroupByKey()
            | "SendSketch" >> beam.ParDo(_SendSketch()).with_output_types(tuple[Edge, bytes])
            | "GroupPair" >> beam.GroupByKey()
            | "Verify" >> beam.ParDo(_Verify()).with_output_types(Edge)
        )
        stars = edges | "Components" >> FindComponents()
        leasts = stars | "Leasts" >> beam.Values() | "Once" >> beam.Distinct() | "Itself" >> beam.Map(_itself)
        return (stars, leasts) | "Clustered" >> beam.Flatten()
