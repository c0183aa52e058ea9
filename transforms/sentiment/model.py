"""What scores sentiment: the interface of every engine, and what goes in and comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from schemas.records import Document, Mention, Sentence, Stance

# Of the languages that are analysed, those that the engines know.
LANGUAGES = ("en",)
# Whom and what one can speak well or badly of: all kinds of names, not numbers, amounts and times.
TARGETS = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)


class MaskedArticle(NamedTuple):
    """A text to score: its sentences and its names, both in order. A name lies in one sentence."""

    text: str
    sentences: Sequence[Sentence]
    mentions: Sequence[Mention]


class Scores(NamedTuple):
    """A reading's scores, −1 (negative) … 1 (positive).

    `sentences` has one per sentence. `mentions` and `stances` have one per mention, None for what isn't in `TARGETS`;
    `stances` None for all where the engine has no probabilities.
    """

    sentences: list[float]
    mentions: list[float | None]
    stances: list[Stance | None]


class SentimentModel(Protocol):
    """An engine, loaded once a process. `neutral`: a score nearer to 0 is neutral."""

    neutral: float

    def score(self, articles: Sequence[MaskedArticle]) -> list[Scores]:
        """The scores of each reading. What stands beside a reading in the batch changes nothing for it."""


def masked_article(document: Document) -> MaskedArticle:
    """What an engine reads of a document."""
    return MaskedArticle(document.article.text, document.sentences or (), document.mentions or ())
