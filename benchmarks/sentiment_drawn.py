"""How names drawn at random are spoken of, end to end: each engine beside two readers, on the card's fifth.

Every name goes through newsbeam's own chain with the text around it; a name that the chain doesn't find counts as
neutral, as a reader of the tables would take it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.sentiment_data import CLASSES
from training.sentiment_random import Found, drawn_probabilities, find_drawn, is_for_card, read_random
from training.sentiment_scores import calibration_error, confusion, macro_f1, per_class
from transforms.assemble.rows import sentiment_label
from transforms.sentiment.model import SentimentModel

NEUTRAL = CLASSES.index("neutral")
DRAWS, INNER = 2000, (5, 95)


def score_classes(model: SentimentModel, found: Sequence[Found]) -> NDArray[np.int64]:
    """Classes by an engine's scores alone, for one without probabilities."""
    guesses = np.full(len(found), NEUTRAL)
    for row, (part, scores) in enumerate(zip(found, model.score([one.reading for one in found]), strict=True)):
        label = None if part.place is None else sentiment_label(scores.mentions[part.place], model.neutral)
        if label is not None:
            guesses[row] = CLASSES.index(label)
    return guesses


def spread_of_f1(truth: NDArray[np.int64], guess: NDArray[np.int64]) -> tuple[float, float]:
    """Between which two values macro-F1 lies in nine of ten samples drawn anew from these names."""
    rng = np.random.default_rng(1)
    rows = (rng.integers(0, len(truth), len(truth)) for _ in range(DRAWS))
    low, high = np.percentile([macro_f1(truth[row], guess[row]) for row in rows], INNER)
    return float(low), float(high)


def print_drawn(models: Mapping[str, SentimentModel], data: Path, entities: Any) -> None:
    """Print the table, per label, and each engine's confusions."""
    drawn = [part for part in read_random(data) if is_for_card(part.article) and part.polarity is not None]
    truth = np.array([part.polarity for part in drawn])
    found = find_drawn(drawn, entities)
    shares = ", ".join(f"{(truth == index).mean():.0%} {label}" for index, label in enumerate(CLASSES))
    missed = sum(part.place is None for part in found)
    print(f"## Toward {len(truth)} names drawn at random, end to end\n")
    print(f"To two readers {shares}; the chain finds all but {missed}.\n")
    print("| engine | macro-F1 | nine in ten | negative P / R | neutral P / R | positive P / R | not neutral | ECE |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    guesses = {}
    for name, model in models.items():
        error = ""
        if name == "vader":
            guess = score_classes(model, found)
        else:
            probable = drawn_probabilities(model, found)
            guess, error = probable.argmax(1), f"{calibration_error(truth, probable):.3f}"
        guesses[name] = guess
        ones = " | ".join(f"{precision:.2f} / {recall:.2f}" for precision, recall, _ in per_class(truth, guess))
        low, high = spread_of_f1(truth, guess)
        share = f"{(guess != NEUTRAL).mean():.0%}"
        print(f"| {name} | {macro_f1(truth, guess):.3f} | {low:.2f}–{high:.2f} | {ones} | {share} | {error} |")
    for name, guess in guesses.items():
        print(f"\n{name}, to the readers by row:\n\n| | " + " | ".join(CLASSES) + " |\n|---|---:|---:|---:|")
        for label, row in zip(CLASSES, confusion(truth, guess), strict=True):
            print(f"| {label} | " + " | ".join(map(str, row)) + " |")
    print()
