"""Sentiment: of a sentence, of an article, and of the sentences that mention an entity.

In: documents with sentences and mentions. Out: the same with scores in −1 (negative) … 1 (positive); documents without
sentences pass as they are, their sentiment not known. Nothing is rejected but poison (`guard`).

The model is VADER (Hutto & Gilbert 2014), whose compound score is that of a sentence. An article's score is the mean
over its sentences, weighted by their length; a mention's is that of its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import apache_beam as beam
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from schemas.records import Document
from transforms.guard import UNGUARDED, Guard, Guarded
from transforms.outcome import KEPT, REJECTS

STAGE = "sentiment"
# Of the languages that are analysed, those whose words the model knows.
LANGUAGES = ("en",)


class SentimentModel(Protocol):
    """What scores sentences. Loaded once a process."""

    def score(self, sentences: Sequence[str]) -> list[float]:
        """One score in −1…1 per sentence."""


class VaderModel:
    """VADER's lexicon and rules, for English."""

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()

    def score(self, sentences: Sequence[str]) -> list[float]:
        """See `SentimentModel`."""
        return [self._analyzer.polarity_scores(sentence)["compound"] for sentence in sentences]


def score_document(document: Document, model: SentimentModel) -> Document:
    """The document with the scores of its sentences and mentions, and its own."""
    if not document.sentences or document.article.language not in LANGUAGES:
        return document
    text = document.article.text
    scores = model.score([text[part.start_char : part.end_char] for part in document.sentences])
    lengths = [part.end_char - part.start_char for part in document.sentences]
    return replace(
        document,
        sentences=tuple(part._replace(sentiment=score) for part, score in zip(document.sentences, scores, strict=True)),
        mentions=tuple(part._replace(sentiment=scores[part.sentence_index]) for part in document.mentions or ()),
        sentiment=sum(score * length for score, length in zip(scores, lengths, strict=True)) / sum(lengths),
    )


class _ScoreSentiment(beam.DoFn):
    def setup(self) -> None:
        self._model = VaderModel()

    def process(self, document: Document) -> Iterator[Document]:
        yield score_document(document, self._model)


@dataclass
class ScoreSentiment(beam.PTransform):
    """Documents → documents with sentiment (`kept`) and rejects (`rejects`)."""

    guard: Guard = UNGUARDED

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """One in, one out."""
        score = Guarded(_ScoreSentiment(), STAGE, self.guard)
        return documents | "Score" >> beam.ParDo(score).with_outputs(REJECTS, main=KEPT)
