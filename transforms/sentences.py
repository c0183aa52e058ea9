"""Sentences: where they begin and end, for articles in a language that has a model.

In: articles. Out: a `Document` each, with `sentences` for the languages that are analysed and None for others and for
copies. Nothing is rejected.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import apache_beam as beam

from schemas.records import Article, Document, Sentence
from transforms.segment import split_sentences


def segment_article(article: Article, *, languages: Collection[str]) -> Document:
    """The article as a document. `languages`: ISO 639 codes of those that are analysed further."""
    if article.duplicate or article.language not in languages:
        return Document(article)
    return Document(article, sentences=tuple(Sentence(start, end) for start, end in split_sentences(article.text)))


@dataclass
class SplitSentences(beam.PTransform):
    """Articles → documents with sentences."""

    languages: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Document]:
        """One in, one out."""
        return articles | "Segment" >> beam.Map(segment_article, languages=self.languages)
