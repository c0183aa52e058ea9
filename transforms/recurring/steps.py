"""Counts lines over all articles, and tells every article which of its lines recur.

A line goes through the shuffle as two numbers, itself in its source and the story that it stands in, only where it may
be furniture: one or two of an article's lines. Stories are counted once however often they come, in any order, and
only up to the number that matters, so a line of a million articles takes no more room than another. The lines that
recur are few, and reach the workers as one sorted array.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt

from schemas.files import CheckpointedArticle, CopyDecision
from transforms.recurring.lines import OFTEN, VERY_OFTEN, unpack_lines
from transforms.runtime.identity import furnished_key

Place = tuple[str, CopyDecision]
# The lines of a group are packed together.
GROUPS = 64
RECORD = np.dtype([("key", "<u8"), ("stories", "u1")])
Packed = npt.NDArray[np.void]


def _lines_of(article: CheckpointedArticle) -> Iterator[tuple[int, int]]:
    """(Line in its source, story)."""
    yield from ((line.key, line.story) for line in unpack_lines(article.lines))


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


def _by_group(counted: tuple[int, int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """(Group, (line, stories)) of a line that recurs."""
    if counted[1] >= OFTEN:
        yield counted[0] % GROUPS, counted


def _pack_group(group: tuple[int, Iterable[tuple[int, int]]]) -> bytes:
    return np.array(sorted(group[1]), RECORD).tobytes()


@lru_cache(maxsize=1)
def _unpack_groups(groups: tuple[bytes, ...]) -> Packed:
    """The lines of all groups, sorted."""
    return np.sort(np.concatenate([np.frombuffer(group, RECORD) for group in groups]), order="key")


def _mark(place: Place, groups: Sequence[bytes]) -> Place:
    """The decision with the furniture of its article."""
    path, decision = place
    found: frozenset[int] = frozenset()
    if groups and decision.lines:
        recurring = _unpack_groups(tuple(sorted(groups)))
        lines = list(unpack_lines(decision.lines))
        keys = np.array([line.key for line in lines], np.uint64)
        at = np.minimum(np.searchsorted(recurring["key"], keys), len(recurring) - 1)
        stories = np.where(recurring["key"][at] == keys, recurring["stories"][at], 0)
        found = frozenset(line.line for line, count in zip(lines, stories, strict=True) if count >= line.needed)
    key = decision.key and furnished_key(decision.key, found)
    return path, replace(decision, lines=b"", furniture=found, key=key)


@dataclass
class FindFurniture(beam.PTransform):
    """Checkpointed articles, and (file of these, decision on one of its rows) → decisions with their furniture."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, inputs: tuple[beam.PCollection[CheckpointedArticle], beam.PCollection[Place]]) -> Any:
        """Count each line's stories, pack those that recur, look every article's lines up."""
        articles, decisions = inputs
        recurring = (
            articles
            | "Lines" >> beam.FlatMap(_lines_of).with_output_types(tuple[int, int])
            | "CountStories" >> beam.CombinePerKey(_CountStories())
            | "Recurring" >> beam.FlatMap(_by_group).with_output_types(tuple[int, tuple[int, int]])
            | "GroupLines" >> beam.GroupByKey()
            | "PackLines" >> beam.Map(_pack_group).with_output_types(bytes)
        )
        return decisions | "Mark" >> beam.Map(_mark, beam.pvalue.AsList(recurring)).with_output_types(Place)
