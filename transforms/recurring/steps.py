"""Counts lines over all articles, and tells every article which of its lines recur.

A line goes through the shuffle as two numbers, itself in its source and the story that it stands in, only where it may
be furniture: one or two of an article's lines. Stories are counted once however often they come, in any order, and
only up to the number that matters, so a line of a million articles takes no more room than another. The lines that
recur are few, and reach the workers as one sorted array.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import apache_beam as beam
import numpy as np

from schemas.files import CopyDecision
from transforms.recurring.lines import OFTEN, VERY_OFTEN, unpack_lines
from transforms.runtime.identity import furnished_key

Place = tuple[str, CopyDecision]
# A line in its source, and how many stories have it.
RECORD = np.dtype([("key", "<u8"), ("stories", "u1")])
_RECORD = struct.Struct("<QB")


def _lines_of(place: Place) -> Iterator[tuple[int, int]]:
    """(Line in its outlet, story)."""
    yield from ((line.key, line.story) for line in unpack_lines(place[1].lines, place[1].outlet))


class _CountStories(beam.CombineFn):
    """Stories → how many different ones there are, as far as it matters: the least numbers of them are kept."""

    def create_accumulator(self) -> tuple[int, ...]:
        return ()

    def add_input(self, accumulator: tuple[int, ...], story: int) -> tuple[int, ...]:
        return accumulator if story in accumulator else tuple(sorted((*accumulator, story))[:VERY_OFTEN])

    def merge_accumulators(self, accumulators: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
        return tuple(sorted({story for each in accumulators for story in each})[:VERY_OFTEN])

    def extract_output(self, accumulator: tuple[int, ...]) -> int:
        return len(accumulator)


class _PackLines(beam.CombineFn):
    """(Line, stories) → one array of those that recur, by line."""

    def create_accumulator(self) -> bytearray:
        return bytearray()

    def add_input(self, accumulator: bytearray, counted: tuple[int, int]) -> bytearray:
        if counted[1] >= OFTEN:
            accumulator += _RECORD.pack(*counted)
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[bytearray]) -> bytearray:
        return bytearray().join(accumulators)

    def extract_output(self, accumulator: bytearray) -> bytes:
        return np.sort(np.frombuffer(accumulator, RECORD), order="key").tobytes()


def _mark(place: Place, packed: bytes) -> Place:
    """The decision with the furniture of its article."""
    path, decision = place
    found: frozenset[int] = frozenset()
    if packed and decision.lines:
        recurring = np.frombuffer(packed, RECORD)
        lines = list(unpack_lines(decision.lines, decision.outlet))
        keys = np.array([line.key for line in lines], np.uint64)
        at = np.minimum(np.searchsorted(recurring["key"], keys), len(recurring) - 1)
        stories = np.where(recurring["key"][at] == keys, recurring["stories"][at], 0)
        found = frozenset(line.line for line, count in zip(lines, stories, strict=True) if count >= line.needed)
    key = decision.key and furnished_key(decision.key, found)
    return path, replace(decision, lines=b"", furniture=found, key=key)


@dataclass
class FindFurniture(beam.PTransform):
    """(File of checkpointed articles, decision on one of its rows) → decisions with their furniture."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, decisions: beam.PCollection[Place]) -> beam.PCollection[Place]:
        """Count each line's stories, pack those that recur, look every article's lines up."""
        recurring = (
            decisions
            | "Lines" >> beam.FlatMap(_lines_of).with_output_types(tuple[int, int])
            | "CountStories" >> beam.CombinePerKey(_CountStories())
            | "PackLines" >> beam.CombineGlobally(_PackLines()).without_defaults()
        )
        return decisions | "Mark" >> beam.Map(_mark, beam.pvalue.AsSingleton(recurring, b"")).with_output_types(Place)
