"""Sentences: where they begin and end, for articles in a language that has a model.

In: articles. Out: a `Document` each, with `sentences` for the languages that are analysed and None for others and for
copies. Nothing is rejected but poison (`guard`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, Document, Sentence
from transforms.runtime.guard import UNGUARDED, Guard, Guarded
from transforms.runtime.outcome import KEPT, REJECTS
from transforms.sentences.segment import split_sentences

STAGE = "sentences"


def segment_article(article: Article, *, languages: Collection[str]) -> Document:
    """The article as a document. `languages`: ISO 639 codes of those that are analysed further."""
    if article.duplicate or article.language not in languages:
        return Document(article)
    return Document(article, sentences=tuple(Sentence(start, end) for start, end in split_sentences(article.text)))


class _Segment(beam.DoFn):
    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = languages

    def process(self, article: Article) -> Iterator[Document]:
        yield segment_article(article, languages=self._languages)


@dataclass
class SplitSentences(beam.PTransform):
    """Articles → documents with sentences (`kept`) and rejects (`rejects`)."""

    languages: tuple[str, ...]
    guard: Guard = UNGUARDED

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[Article]) -> Any:
        """One in, one out."""
        segment = Guarded(_Segment(self.languages), STAGE, self.guard)
        return articles | "Segment" >> beam.ParDo(segment).with_outputs(REJECTS, main=KEPT)
