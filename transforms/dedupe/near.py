"""Near copies: texts of different content of which one holds most of the other.

In: one `Original` for each distinct content. Out: (node, node of the cluster's first) for every original that is not
the first of its cluster. Candidates share a band of their sketches; a bucket of one band, however large, gives each
member two partners, the bucket's first and its neighbour in length, so that nothing is compared all with all. The
sketches of a pair tell whether it is one. Pairs are joined to clusters, and the least node, the most senior article,
stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import apache_beam as beam

from transforms.dedupe.components import Edge, FindComponents
from transforms.dedupe.sketch import Sketch, bands, near


@dataclass(frozen=True)
class Original:
    """A distinct content: `node`, which orders contents by seniority, and its sketch."""

    node: str
    sketch: Sketch


Member = tuple[int, str]


def partners(members: Iterable[Member]) -> Iterator[Edge]:
    """Candidates among the members of a bucket: (number of shingles, node) → pairs, the lesser node first."""
    by_length = sorted(set(members))
    first = min((node for _, node in by_length), default="")
    for _, node in by_length:
        if node != first:
            yield first, node
    for (_, left), (_, right) in pairwise(by_length):
        if first not in (left, right):
            yield min(left, right), max(left, right)


def _buckets(original: Original) -> Iterator[tuple[int, Member]]:
    member = (original.sketch.shingles, original.node)
    yield from ((band, member) for band in bands(original.sketch))


def _partners(bucket: tuple[int, Iterable[Member]]) -> Iterator[Edge]:
    yield from partners(bucket[1])


def _sketch(original: Original) -> tuple[str, Sketch]:
    return original.node, original.sketch


class _SendSketch(beam.DoFn):
    """(Node, its sketch and its greater partners) → (partner, (node, sketch))."""

    def process(self, joined: tuple[str, dict[str, Any]]) -> Iterator[tuple[str, tuple[str, Sketch]]]:
        node, found = joined
        for sketch in found["sketch"]:
            for partner in set(found["partners"]):
                yield partner, (node, sketch)


class _Verify(beam.DoFn):
    """(Node, its sketch and lesser partners with theirs) → edges."""

    def process(self, joined: tuple[str, dict[str, Any]]) -> Iterator[Edge]:
        node, found = joined
        for own in found["sketch"]:
            for other, sketch in found["partners"]:
                if near(own, sketch):
                    yield node, other


@dataclass
class FindNearCopies(beam.PTransform):
    """Originals → (node, node of the cluster's first), for all but the firsts."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, originals: beam.PCollection[Original]) -> beam.PCollection[Edge]:
        """Bucket, pair, verify, join."""
        sketches = originals | "Sketch" >> beam.Map(_sketch).with_output_types(tuple[str, Sketch])
        candidates = (
            originals
            | "Buckets" >> beam.FlatMap(_buckets).with_output_types(tuple[int, Member])
            | "GroupBuckets" >> beam.GroupByKey()
            | "Partners" >> beam.FlatMap(_partners).with_output_types(Edge)
        )
        sent = (
            {"sketch": sketches, "partners": candidates}
            | "JoinFirst" >> beam.CoGroupByKey()
            | "SendSketch" >> beam.ParDo(_SendSketch()).with_output_types(tuple[str, tuple[str, Sketch]])
        )
        edges = (
            {"sketch": sketches, "partners": sent}
            | "JoinSecond" >> beam.CoGroupByKey()
            | "Verify" >> beam.ParDo(_Verify()).with_output_types(Edge)
        )
        return edges | "Components" >> FindComponents()
