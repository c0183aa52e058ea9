"""How a run's tables are laid out: decided once, from how many articles there are of each month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import apache_beam as beam

from schemas.files import CheckpointedArticle
from transforms.runtime.layout import Layout, choose_layout, month_of


class _Choose(beam.CombineFn):
    """Articles → the layout for as many."""

    def __init__(self, partition_by: str) -> None:
        self._partition_by = partition_by

    def create_accumulator(self) -> Counter[str]:
        return Counter()

    def add_input(self, found: Counter[str], article: CheckpointedArticle) -> Counter[str]:
        found[month_of(article.published_at)] += 1
        return found

    def merge_accumulators(self, all_found: Iterable[Counter[str]]) -> Counter[str]:
        merged: Counter[str] = Counter()
        for found in all_found:
            merged.update(found)
        return merged

    def extract_output(self, found: Counter[str]) -> Layout:
        return choose_layout(found, self._partition_by)


@dataclass
class ChooseLayout(beam.PTransform):
    """All articles of the tables, old and new → the layout, one element; none where there are no articles.

    `partition_by`: `month`, `year` or `none`, where that is settled; "" leaves the choice.
    """

    partition_by: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[CheckpointedArticle]) -> beam.PCollection[Layout]:
        """Count them by month."""
        return articles | "Choose" >> beam.CombineGlobally(_Choose(self.partition_by)).without_defaults()
