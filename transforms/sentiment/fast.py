"""The engine `fast`: a small network over words that ships with the package and needs NumPy alone."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from transforms.sentiment.compiled import make_network
from transforms.sentiment.files import HERE, read_card, read_model
from transforms.sentiment.model import Answers, MaskedArticle, Scores, to_scores
from transforms.sentiment.prior import read_priors
from transforms.sentiment.words import WordList, read_ids

FOLDER = str(HERE / "fast_model")
WEIGHTS = "weights.npz"
NOTHING = Answers(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32))


class FastSentiment:
    """The network and its words.

    Raises:
        ModelFileError: the shipped file is missing or damaged.
    """

    def __init__(self, folder: str = FOLDER) -> None:
        card = read_card(folder)
        content = read_model(folder, card)[WEIGHTS]
        self.neutral = float(card["neutral"])
        self.priors = read_priors(card)
        with np.load(io.BytesIO(content), allow_pickle=False) as weights:
            words = weights["lexicon"].tobytes().decode().split("\n")
            self._network = make_network({name: weights[name] for name in weights.files if name != "lexicon"})
        self._lexicon = WordList(words)

    def answer(self, readings: Sequence[MaskedArticle]) -> list[Answers]:
        """See `StanceModel`.

        One by one: products of matrices round by the number of rows, so that neighbours would move the last digits.
        """
        return [self._network.answer(read_ids(part, self._lexicon)) if part.sentences else NOTHING for part in readings]

    def score(self, readings: Sequence[MaskedArticle]) -> list[Scores]:
        """See `SentimentModel`."""
        answers = self.answer(readings)
        return [to_scores(part, found, self.priors) for part, found in zip(readings, answers, strict=True)]
