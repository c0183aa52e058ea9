"""Sentences: where they begin and end, for articles in a language that has a model.

In: articles. Out: a `Document` each, with `sentences` for the languages that are analysed and None for others and for
copies. Nothing is rejected. Furniture is blotted out of the text that later stages see, which stays as long as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from schemas.records import Article, Document, Sentence
from transforms.runtime.outcome import Outcome, keep
from transforms.sentences.segment import split_sentences

STAGE = "sentences"


def segment_article(article: Article, *, languages: Collection[str]) -> Document:
    """The article as a document. `languages`: ISO 639 codes of those that are analysed further."""
    if article.duplicate or article.language not in languages:
        return Document(article)
    text = blot_out(article.text, article.furniture) if article.furniture else article.text
    sentences = tuple(Sentence(start, end) for start, end in split_sentences(text))
    return Document(replace(article, text=text), sentences=sentences, text=article.text if article.furniture else None)


def blot_out(text: str, furniture: str) -> str:
    """A text with spaces in the place of some of its lines, which are given one a line."""
    lines = frozenset(furniture.split("\n"))
    return "\n".join(" " * len(line) if line in lines else line for line in text.split("\n"))


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
