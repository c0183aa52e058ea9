"""The engine `fast`: a small network over words that ships with the package and needs NumPy alone."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.records import Stance
from transforms.sentiment.files import HERE, read_card, read_model
from transforms.sentiment.model import TARGETS, MaskedArticle, Scores
from transforms.sentiment.network import StanceNetwork
from transforms.sentiment.words import WordList, read_row

FOLDER = str(HERE / "fast_model")
WEIGHTS = "weights.npz"


class FastSentiment:
    """The network and its words.

    Raises:
        ModelFileError: the shipped file is missing or damaged.
    """

    def __init__(self, folder: str = FOLDER) -> None:
        card = read_card(folder)
        content = read_model(folder, card)[WEIGHTS]
        self.neutral = float(card["neutral"])
        with np.load(io.BytesIO(content), allow_pickle=False) as weights:
            words = weights["lexicon"].tobytes().decode().split("\n")
            self._network = StanceNetwork({name: weights[name] for name in weights.files if name != "lexicon"})
        self._lexicon = WordList(words)

    def score(self, articles: Sequence[MaskedArticle]) -> list[Scores]:
        """See `SentimentModel`.

        One by one: products of matrices round by the number of rows, so that neighbours would move the last digits.
        """
        return [self._score(reading) for reading in articles]

    def _score(self, reading: MaskedArticle) -> Scores:
        if not reading.sentences:
            return Scores([], [], [])
        answers = self._network.answer(read_row(reading, self._lexicon))
        aimed = softmax(answers.names)
        scores: list[float | None] = [None] * len(reading.mentions)
        stances: list[Stance | None] = [None] * len(reading.mentions)
        names = zip(to_scores(aimed), aimed.tolist(), strict=True)
        for index, mention in enumerate(reading.mentions):
            if mention.label in TARGETS:
                scores[index], row = next(names)
                stances[index] = Stance(*row)
        return Scores(to_scores(softmax(answers.sentences)), scores, stances)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities, row by row."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
    return probabilities


def to_scores(probabilities: NDArray[np.float32]) -> list[float]:
    """Probabilities (negative, neutral, positive) → −1…1, the expected class."""
    scores: list[float] = (probabilities[:, 2] - probabilities[:, 0]).tolist()
    return scores
