"""What scores sentiment: the interface of every engine, and what goes in and comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.records import Document, Mention, Sentence, Stance
from transforms.runtime.tuples import from_columns
from transforms.sentiment.prior import Priors

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


class Answers(NamedTuple):
    """What a network says of a reading: logits (negative, neutral, positive) toward each name that is one of `TARGETS`,
    and of each sentence, both of shape (n, 3).
    """

    names: NDArray[np.float32]
    sentences: NDArray[np.float32]


def to_scores(reading: MaskedArticle, answers: Answers, priors: Priors) -> Scores:
    """A reading's scores from a network's answers: the expected class, positive 1, neutral 0, negative −1."""
    aimed = priors.names.apply(answers.names)
    whole = priors.sentences.apply(answers.sentences)
    scores: list[float | None] = [None] * len(reading.mentions)
    stances: list[Stance | None] = [None] * len(reading.mentions)
    targets = [index for index, mention in enumerate(reading.mentions) if mention.label in TARGETS]
    found = from_columns(Stance, *aimed.T.tolist())
    for index, score, stance in zip(targets, (aimed[:, 2] - aimed[:, 0]).tolist(), found, strict=True):
        scores[index], stances[index] = score, stance
    return Scores((whole[:, 2] - whole[:, 0]).tolist(), scores, stances)


class SentimentModel(Protocol):
    """An engine, loaded once a process. `neutral`: a score nearer to 0 is neutral."""

    neutral: float

    def score(self, readings: Sequence[MaskedArticle]) -> list[Scores]:
        """The scores of each reading. What stands beside a reading in the batch changes nothing for it."""


class StanceModel(SentimentModel, Protocol):
    """An engine that has probabilities, and what they are made of. `priors`: those of its model's card."""

    priors: Priors

    def answer(self, readings: Sequence[MaskedArticle]) -> list[Answers]:
        """Its network's answers to each reading, before any prior."""


def masked_article(document: Document) -> MaskedArticle:
    """What an engine reads of a document."""
    return MaskedArticle(document.article.text, document.sentences or (), document.mentions or ())
