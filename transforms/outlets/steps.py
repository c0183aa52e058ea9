"""Learns outlets from all articles of a run: counts spellings, keeps the most frequent, learns from them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.files import CheckpointedArticle
from transforms.outlets.learn import Outlets, Spelling, learn_outlets

# Spellings that are learned from, the most frequent ones: a dump whose sources are its writers has no end of them.
MOST = 50_000


def _spelling(article: CheckpointedArticle) -> tuple[tuple[str, str], int]:
    return article.spelling, 1


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return item[1], item[0]


@beam.typehints.with_output_types(Outlets)
class _Learn(beam.combiners.TopCombineFn):
    """(Spelling, how many articles have it) → what the most frequent ones tell."""

    def __init__(self) -> None:
        super().__init__(MOST, key=_by_count)

    def extract_output(self, accumulator: Any) -> Outlets:
        return learn_outlets((Spelling(*spelling), count) for spelling, count in super().extract_output(accumulator))


@dataclass
class LearnOutlets(beam.PTransform):
    """Checkpointed articles → one `Outlets`; none where there are no articles."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[CheckpointedArticle]) -> beam.PCollection[Outlets]:
        """Count spellings, keep the most frequent ones, learn from them at once."""
        return (
            articles
            | "Spelling" >> beam.Map(_spelling).with_output_types(tuple[tuple[str, str], int])
            | "Count" >> beam.CombinePerKey(sum)
            | "Learn" >> beam.CombineGlobally(_Learn()).without_defaults()
        )
