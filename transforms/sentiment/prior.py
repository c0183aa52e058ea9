"""How news speaks of names, as an engine knows beforehand: fitted on names drawn at random, kept in its model's card.

Labelled sentences are mostly chosen for being opinionated. A network that has learned from them expects praise or blame
of every second name, where news has it of every fifth; one temperature and two biases set that right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Prior(NamedTuple):
    """Logits are divided by `temperature`; then `negative` and `positive` are added to those of these classes."""

    temperature: float = 1.0
    negative: float = 0.0
    positive: float = 0.0

    def apply(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (n, 3) of the classes negative, neutral and positive, from a network's logits of them."""
        moved = logits / np.float32(self.temperature)
        moved += np.array([self.negative, 0.0, self.positive], np.float32)
        powers = np.exp(moved - moved.max(-1, keepdims=True))
        probabilities: NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
        return probabilities

    def logits_of(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of which `apply` makes these probabilities."""
        moved = np.log(np.maximum(probabilities, np.float32(1e-9)))
        moved -= np.array([self.negative, 0.0, self.positive], np.float32)
        logits: NDArray[np.float32] = moved * np.float32(self.temperature)
        return logits


class Priors(NamedTuple):
    """The priors of a card: of names and of whole sentences in news as it comes, and of targets that were chosen."""

    names: Prior = Prior()
    sentences: Prior = Prior()
    chosen: Prior = Prior()


def read_priors(card: Mapping[str, Any]) -> Priors:
    """The `prior` of a model's card; a card without one changes nothing.

    Raises:
        TypeError, ValueError: it isn't made of three finite numbers a kind, the temperature above 0.
    """
    found = {}
    for kind, numbers in dict(card.get("prior", {})).items():
        prior = Prior(**{name: float(value) for name, value in dict(numbers).items()})
        if not all(map(math.isfinite, prior)) or prior.temperature <= 0:
            raise ValueError(f"the prior of {kind} isn't a temperature above 0 and two biases")
        found[kind] = prior
    return Priors(**found)
