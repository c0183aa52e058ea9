"""The engine `vader`: a word list and rules (Hutto & Gilbert 2014). It scores sentences and knows no target.

A mention has its sentence's score, and no probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from transforms.sentiment.model import TARGETS, MaskedArticle, Scores


class VaderModel:
    """VADER's compound scores."""

    # VADER's own threshold.
    neutral = 0.05

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()

    def score(self, articles: Sequence[MaskedArticle]) -> list[Scores]:
        """See `SentimentModel`."""
        return [self._score(reading) for reading in articles]

    def _score(self, reading: MaskedArticle) -> Scores:
        text = reading.text
        scores = [
            float(self._analyzer.polarity_scores(text[part.start_char : part.end_char])["compound"])
            for part in reading.sentences
        ]
        found = [scores[part.sentence_index] if part.label in TARGETS else None for part in reading.mentions]
        return Scores(scores, found, [None] * len(found))
