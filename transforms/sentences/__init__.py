"""Sentences: where they begin and end, for articles in a language that has a model.

In: articles. Out: a `Document` each, with `sentences` for the languages that are analysed and None for others and for
copies. Nothing is rejected.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from schemas.records import Article, Document, Sentence
from transforms.runtime.outcome import Outcome, keep
from transforms.sentences.segment import split_sentences

STAGE = "sentences"


def segment_article(article: Article, *, languages: Collection[str]) -> Document:
    """The article as a document. `languages`: ISO 639 codes of those that are analysed further."""
    if article.duplicate or article.language not in languages:
        return Document(article)
    return Document(article, sentences=tuple(Sentence(start, end) for start, end in split_sentences(article.text)))


class SplitSentences:
    """The stage. `languages`: ISO 639 codes of those that are analysed further."""

    name = STAGE
    seconds: float | None = None

    def __init__(self, languages: Collection[str]) -> None:
        self._languages = frozenset(languages)

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[Article]) -> list[Outcome[Document]]:
        """Each article as a document."""
        return [keep(segment_article(article, languages=self._languages)) for article in batch]
