"""Stars: which content of a graph of near copies stands for which, each beside its own centre and never by a chain.

In: edges between contents that are near. The most senior content stands for itself; each next one is the copy of the
most senior one before it that it is near to and that stands for itself; without one it stands for itself. Out: every
copy, with its centre. That is the only answer: it hangs on no order of work.

A content without a senior neighbour is a centre at once, and one whose most senior neighbour is such is its copy: in a
cluster in which all are alike, that decides all, by two groupings of any size. What is left (states of a page that
moves on, of which each is near to the next ones only) is a small rest, and it is gone through in order of seniority in
one place, however long its chains are.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.runtime.metrics import NAMESPACE

REST = "rest"
# Of the worker that goes through the rest: 10 million contents with four edges each.
REST_MEMORY = "12GB"

# A content's digest and its seniority.
Content = tuple[bytes, bytes]
# Junior, senior.
Edge = tuple[Content, Content]
# A senior neighbour: seniority, digest, whether it is known to stand for itself.
Neighbour = tuple[bytes, bytes, bool]


def choose(undecided: Iterable[tuple[bytes, bytes, Sequence[Neighbour]]]) -> Iterator[tuple[bytes, bytes]]:
    """Go through contents in order of seniority.

    Args:
        undecided: each its seniority, digest and senior neighbours. A neighbour that isn't known to stand for itself
            and isn't undecided is a copy.

    Yields:
        (digest of a copy, seniority of its centre).
    """
    centres: set[bytes] = set()
    for _, node, neighbours in sorted(undecided):
        found = (senior for senior, other, centre in sorted(neighbours) if centre or other in centres)
        if centre := next(found, b""):
            yield node, centre
        else:
            centres.add(node)


def _asked(edge: Edge) -> Iterator[tuple[bytes, tuple[bytes, bytes, bytes]]]:
    """(Senior's digest, (its seniority, junior's digest and seniority)); (junior's digest, nothing): it has seniors."""
    (junior, junior_age), (senior, senior_age) = edge
    yield senior, (senior_age, junior, junior_age)
    yield junior, (b"", b"", b"")


class _Answer(beam.DoFn):
    """(Content, who asks whether it is a centre) → (junior, (its seniority, neighbour))."""

    def process(
        self, group: tuple[bytes, Iterable[tuple[bytes, bytes, bytes]]]
    ) -> Iterator[tuple[bytes, tuple[bytes, Neighbour]]]:
        node, asked = group
        centre = all(senior for senior, _, _ in asked)
        for senior, junior, junior_age in asked:
            if senior:
                yield junior, (junior_age, (senior, node, centre))


class _Decide(beam.DoFn):
    """(Junior, its neighbours) → (it, its centre's seniority); `rest`: what isn't decided yet, packed."""

    def process(self, group: tuple[bytes, Iterable[tuple[bytes, Neighbour]]]) -> Iterator[Any]:
        node, answers = group[0], list(group[1])
        neighbours = sorted(neighbour for _, neighbour in answers)
        senior, _, centre = neighbours[0]
        if centre:
            yield node, senior
        else:
            yield beam.pvalue.TaggedOutput(REST, (0, marshal.dumps((answers[0][0], node, neighbours))))


class _ChooseRest(beam.DoFn):
    """All that wasn't decided → (copy, its centre's seniority)."""

    def setup(self) -> None:
        self._chained = Metrics.counter(NAMESPACE, "chained_copies")

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[bytes, bytes]]:
        undecided = [marshal.loads(packed) for packed in group[1]]  # noqa: S302, our own
        self._chained.inc(len(undecided))
        yield from choose(undecided)


@dataclass
class FindStars(beam.PTransform):
    """Edges → (digest of a copy, seniority of its centre)."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, edges: beam.PCollection[Edge]) -> beam.PCollection[tuple[bytes, bytes]]:
        """Ask the seniors whether they are centres; go through the rest."""
        decide = beam.ParDo(_Decide()).with_output_types(tuple[bytes, bytes], rest=tuple[int, bytes])
        decided = (
            edges
            | "Ask" >> beam.FlatMap(_asked).with_output_types(tuple[bytes, tuple[bytes, bytes, bytes]])
            | "GroupAsked" >> beam.GroupByKey()
            | "Answer" >> beam.ParDo(_Answer()).with_output_types(tuple[bytes, tuple[bytes, Neighbour]])
            | "GroupAnswers" >> beam.GroupByKey()
            | "Decide" >> decide.with_outputs(REST, main="decided")
        )
        rest = (
            decided[REST]
            | "GroupRest" >> beam.GroupByKey()
            | "ChooseRest"
            >> beam.ParDo(_ChooseRest()).with_resource_hints(min_ram=REST_MEMORY).with_output_types(tuple[bytes, bytes])
        )
        return (decided["decided"], rest) | "AllCopies" >> beam.Flatten()
