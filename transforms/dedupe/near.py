"""Near copies: texts of different content that are mostly the same.

In: one `Original` or more for each content whose text was read, and what is known of all. Out: (content, seniority of
the article that stands for it) for every content that is a near copy, the contents, and rows of what a later run needs
to know of them. Candidates share a band of their sketches (see `buckets`); the sketches of a pair tell whether it is
one, where no earlier run has said so (see `stored`); pairs are joined to stars (see `stars`). Only sketches go through
the shuffle, each once, and once more for every pair that it is the senior of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.files import NOTHING_STORED, StoredCopies
from schemas.rows import RowSet
from transforms.dedupe.buckets import DAY, LAST_SECOND, FindCandidates, Pair
from transforms.dedupe.contents import ASKED, COMPARED, GatherContents, Gathered, Known
from transforms.dedupe.exact import second_of
from transforms.dedupe.sketch import near, unpack_sketch
from transforms.dedupe.stars import Edge, FindStars
from transforms.dedupe.stored import PACKETS, FetchSketches, LoadContents, row_of_pair, rows_of_content

FOUND, ROWS = "found", "rows"
# A content's digest, its seniority, its packed sketch; b"" where an earlier run has found it near.
Sent = tuple[bytes, bytes, bytes]


def _known_of_pair(pair: Pair) -> Iterator[tuple[bytes, Known]]:
    senior, junior, known = pair
    what = COMPARED if known else ASKED
    yield senior, (what, junior, b"", b"")
    yield junior, (what, b"", b"", b"")


class _SendSketch(beam.DoFn):
    """(Content, what is known of it) → (junior, what it needs to know of the content), and each junior its own; `rows`.

    What no article of the run has any more stands for nothing. Of what is far from all that is new, that it is near to
    others is known.
    """

    def process(self, item: tuple[bytes, Gathered]) -> Iterator[Any]:
        node, content = item
        if not content.articles:
            return
        yield from (TaggedOutput(ROWS, row_set) for row_set in rows_of_content(item))
        sent = node, content.senior, content.sketch
        yield from ((junior, sent) for junior in content.asked if junior)
        seen = content.seen or not content.stored
        near_to = content.compared & content.near_to if seen else content.near_to
        yield from ((other, (node, content.senior, b"")) for other in near_to)
        if b"" in content.asked | content.compared or content.near_to:
            yield node, sent


class _Verify(beam.DoFn):
    """(Junior, its own sketch and its seniors') → edges; `found`: rows of those that no earlier run knows.

    Args:
        seconds: how far apart in time the two of an edge may be.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def process(self, group: tuple[bytes, Iterable[Sent]]) -> Iterator[Any]:
        node, sent = group
        by_node = {other: (senior, sketch) for other, senior, sketch in sorted(sent)}
        age, packed = by_node.pop(node, (b"", b""))
        if not age:
            return
        own = unpack_sketch(packed) if packed else None
        for other, (senior, sketch) in by_node.items():
            if abs(second_of(age) - second_of(senior)) > self._seconds:
                continue
            if sketch:
                if own is None or not near(own, unpack_sketch(sketch)):
                    continue
                yield TaggedOutput(FOUND, row_of_pair(node, other))
            # Buckets know ages to the second only.
            pair = (node, age), (other, senior)
            yield pair if senior < age else pair[::-1]


class NearCopies(NamedTuple):
    """`contents`: (digest, `Gathered`); `copies`: (digest, seniority of what stands for it); `rows`: `RowSet`s."""

    contents: beam.PCollection[tuple[bytes, Gathered]]
    copies: beam.PCollection[tuple[bytes, bytes]]
    rows: tuple[beam.PCollection[RowSet], ...]


@dataclass
class FindNearCopies(beam.PTransform):
    """(Originals, (content, what is known of it) for all articles) → `NearCopies`.

    Args:
        parts: how many groups the buckets make.
        stored: what earlier runs know.
        days: how many days two near copies may lie apart; 0 for any number.
    """

    parts: int
    stored: StoredCopies = NOTHING_STORED
    days: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: tuple[Any, Any]) -> NearCopies:
        """Pair, verify, join."""
        originals, articles = collections
        seconds = self.days * DAY if self.days else LAST_SECOND
        earlier = (
            originals | "Stored" >> LoadContents(self.stored, self.parts, self.days)
            if self.stored.contents.paths
            else {}
        )
        candidates = FindCandidates(self.parts, seconds)
        known = (
            (originals, *(found for name, found in earlier.items() if name == PACKETS))
            | "Candidates" >> candidates
            | "KnownOfPair" >> beam.FlatMap(_known_of_pair).with_output_types(tuple[bytes, Known])
        )
        contents = (
            (articles, known, *(found for name, found in earlier.items() if name != PACKETS))
            | "AllKnown" >> beam.Flatten()
            | "Gather" >> beam.CombinePerKey(GatherContents())
        )
        sketched = contents | "Sketches" >> FetchSketches(self.stored) if earlier else contents
        send = beam.ParDo(_SendSketch()).with_output_types(tuple[bytes, Sent], rows=RowSet)
        sent = sketched | "SendSketch" >> send.with_outputs(ROWS, main="sent")
        verify = beam.ParDo(_Verify(seconds)).with_output_types(Edge, found=RowSet)
        verified = (
            sent["sent"] | "GroupSeniors" >> beam.GroupByKey() | "Verify" >> verify.with_outputs(FOUND, main="edges")
        )
        return NearCopies(contents, verified["edges"] | "Stars" >> FindStars(), (sent[ROWS], verified[FOUND]))
