"""Connected components of a large graph in a fixed number of rounds.

In: edges between nodes that can be ordered. Out: every node but the least of its component, with that least one. Two
steps in turn, each local to a node and its neighbours, make every component a star around its least node (Kiveris et
al., 2014, "Connected Components in MapReduce and Beyond", the alternating algorithm).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam

# Clusters of copies are nearly complete and need two. A chain, of which each is a copy of its neighbours alone, is the
# worst of graphs: this many rounds join one of 250 nodes in any order, and one of 1,000 in most.
ROUNDS = 8

Edge = tuple[bytes, bytes]


def large_star(node: bytes, neighbours: Iterable[bytes]) -> Iterator[Edge]:
    """Join all greater neighbours of a node to the least of all."""
    found = set(neighbours)
    least = min(found | {node})
    yield from ((other, least) for other in found if other > node)


def small_star(node: bytes, neighbours: Iterable[bytes]) -> Iterator[Edge]:
    """Join a node and its lesser neighbours to the least of them. `neighbours` are all less than the node."""
    found = set(neighbours)
    least = min(found)
    yield from ((other, least) for other in found | {node} if other != least)


class _LargeStar(beam.DoFn):
    def process(self, group: tuple[bytes, Iterable[bytes]]) -> Iterator[Edge]:
        yield from large_star(*group)


class _SmallStar(beam.DoFn):
    def process(self, group: tuple[bytes, Iterable[bytes]]) -> Iterator[Edge]:
        yield from small_star(*group)


def _both_ways(edge: Edge) -> Iterator[Edge]:
    yield edge
    yield edge[1], edge[0]


def _downwards(edge: Edge) -> Edge:
    return max(edge), min(edge)


@dataclass
class FindComponents(beam.PTransform):
    """Edges → (node, least node of its component), for all nodes but the least."""

    rounds: int = ROUNDS

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, edges: beam.PCollection[Edge]) -> beam.PCollection[Edge]:
        """Alternate; the last small star leaves stars."""
        for number in range(1, self.rounds + 1):
            edges = (
                edges
                | f"BothWays{number}" >> beam.FlatMap(_both_ways).with_output_types(Edge)
                | f"GroupLarge{number}" >> beam.GroupByKey()
                | f"LargeStar{number}" >> beam.ParDo(_LargeStar()).with_output_types(Edge)
                | f"Downwards{number}" >> beam.Map(_downwards).with_output_types(Edge)
                | f"GroupSmall{number}" >> beam.GroupByKey()
                | f"SmallStar{number}" >> beam.ParDo(_SmallStar()).with_output_types(Edge)
            )
        return edges
