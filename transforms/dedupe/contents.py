"""Contents: what is known of each text, by its articles of this run and by earlier runs, gathered in one place.

Many articles of one content are one on each worker already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import apache_beam as beam

# Something that is known of a content, and three values:
# an article that has it: its seniority, its packed sketch, its lines;
# what an earlier run knows: the seniority of its first article without the id, `SEEN` where its bands were read, its
# lines;
# a pair that it is one of, to be compared or compared by an earlier run: its junior, or nothing where it is the junior;
# that an earlier run found it near to another content.
ARTICLE, STORED, ASKED, COMPARED, NEAR_TO = range(5)
Known = tuple[int, bytes, bytes, bytes]
SEEN = b"seen"


class Gathered(NamedTuple):
    """A content: the seniority of its most senior article, its packed sketch, its lines, how many `articles` have it.

    `stored` is the seniority that earlier runs know it under, b"" if none does; `seen` is empty where its bands weren't
    read, as all that may be near to it is known. `asked` are contents that are to be
    compared with it, `compared` those that have been, as its juniors, and b"" where it is another's; `near_to` are
    those that it was found near to.
    """

    senior: bytes
    sketch: bytes
    lines: bytes
    articles: int
    stored: bytes
    seen: bytes
    asked: frozenset[bytes]
    compared: frozenset[bytes]
    near_to: frozenset[bytes]


class GatherContents(beam.CombineFn):
    """All that is known of a content → `Gathered`."""

    def create_accumulator(self) -> list[Any]:
        """Nothing."""
        return [b"", b"", b"", 0, b"", b"", set(), set(), set()]

    def add_input(self, accumulator: list[Any], known: Known) -> list[Any]:
        """One thing more."""
        what, value, more, lines = known
        if what == ARTICLE:
            accumulator[0] = min(accumulator[0] or value, value)
            accumulator[1] = accumulator[1] or more
            accumulator[2] = accumulator[2] or lines
            accumulator[3] += 1
        elif what == STORED:
            accumulator[2] = accumulator[2] or lines
            accumulator[4] = min(accumulator[4] or value, value)
            accumulator[5] = accumulator[5] or more
        else:
            accumulator[what + 4].add(value)
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[list[Any]]) -> list[Any]:
        """Two or more as one."""
        merged = self.create_accumulator()
        for other in accumulators:
            for place in (0, 4):
                merged[place] = min(merged[place] or other[place], other[place] or merged[place])
            for place in (1, 2, 5):
                merged[place] = merged[place] or other[place]
            merged[3] += other[3]
            for place in (6, 7, 8):
                merged[place] |= other[place]
        return merged

    def extract_output(self, accumulator: list[Any]) -> Gathered:
        """The content."""
        senior, sketch, lines, articles, stored, seen, *pairs = accumulator
        return Gathered(senior, sketch, lines, articles, stored, seen, *map(frozenset, pairs))
