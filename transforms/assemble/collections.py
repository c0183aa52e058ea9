"""Assembly in the pipeline, for what needs no analysis: documents whose analysis is known, copies, and rejects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.records import Document, Reject
from schemas.rows import RowSet, TableRows
from transforms.assemble.rows import ARTICLES, article_row, reject_set
from transforms.runtime.metrics import NAMESPACE


class _AssembleArticles(beam.DoFn):
    """Documents → the article's own row."""

    def setup(self) -> None:
        self._articles = Metrics.counter(NAMESPACE, "articles")

    def process(self, document: Document) -> Iterator[RowSet]:
        self._articles.inc()
        yield RowSet((TableRows(ARTICLES, (article_row(document),)),))


@dataclass
class AssembleArticles(beam.PTransform):
    """Documents that need no analysis → the articles' rows."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """One document, one row."""
        return documents | "Rows" >> beam.ParDo(_AssembleArticles()).with_output_types(RowSet)


@dataclass
class AssembleRejects(beam.PTransform):
    """Collections of rejects → as many of their rows."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: Sequence[beam.PCollection[Reject]]) -> tuple[beam.PCollection[RowSet], ...]:
        """One in, one out."""
        return tuple(
            rejects | f"Rows{number}" >> beam.Map(reject_set).with_output_types(RowSet)
            for number, rejects in enumerate(collections)
        )
