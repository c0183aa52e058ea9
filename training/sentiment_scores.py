"""How good a model of sentiment is: macro-F1, per class, confusion, calibration; and the card that goes with it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.sentiment_data import CLASSES

# A score nearer to 0 is neutral: what fits best where a held-out article's targets are averaged, as an entity's are.
NEUTRAL = 0.2


def confusion(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Counts (true class, guessed class)."""
    table = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(table, (truth, guess), 1)
    return table


def per_class(truth: np.ndarray, guess: np.ndarray) -> list[tuple[float, float, float]]:
    """Precision, recall and F1 of each class; 0 where undefined."""
    table = confusion(truth, guess)
    scores = []
    for index in range(len(CLASSES)):
        right = table[index, index]
        precision = right / max(1, table[:, index].sum())
        recall = right / max(1, table[index].sum())
        scores.append((precision, recall, 2 * precision * recall / max(1e-9, precision + recall)))
    return scores


def macro_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """The mean of the classes' F1."""
    return float(np.mean([f1 for _, _, f1 in per_class(truth, guess)]))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities, row by row."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: how far confidence lies from accuracy, over bins of equal width of confidence."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[places == index].mean() - right[places == index].mean()) * (places == index).mean()
        for index in range(bins)
        if (places == index).any()
    ]
    return float(sum(gaps))


def temperature(truth: np.ndarray, logits: np.ndarray) -> float:
    """What to divide logits by so that the probabilities fit best (Guo et al. 2017), by search."""
    candidates = np.exp(np.linspace(np.log(0.3), np.log(4), 120))
    rows = np.arange(len(truth))
    losses = [-np.log(softmax(logits / candidate)[rows, truth] + 1e-9).mean() for candidate in candidates]
    return float(candidates[int(np.argmin(losses))])


class Calibration(NamedTuple):
    """Temperatures of both heads, and what is added to a sentence's positive logit and taken from its negative one."""

    target: float
    sentence: float
    shift: float


def fit_calibration(truth: np.ndarray, aimed: np.ndarray, moods: np.ndarray, whole: np.ndarray) -> Calibration:
    """Fit three numbers to classes and logits of targets, and to those of sentences.

    With the shift, sentences whose class is neutral have a mean score of 0.
    """
    sentence = temperature(moods, whole)
    neutral = whole[moods == 1] / sentence
    shifts = np.linspace(-1, 1, 401)
    means = []
    for shift in shifts:
        probable = softmax(neutral + np.array([-shift, 0, shift]))
        means.append(abs(float((probable[:, 2] - probable[:, 0]).mean())))
    return Calibration(temperature(truth, aimed), sentence, float(shifts[int(np.argmin(means))]))


def write_card(folder: Path, name: str, neutral: float, version: str = "1") -> None:
    """Write `model.json`: what the directory holds, with digests."""
    files = sorted(file for file in folder.iterdir() if file.name != "model.json")
    card = {
        "name": name,
        "version": version,
        "neutral": neutral,
        "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    }
    (folder / "model.json").write_text(json.dumps(card, indent=2) + "\n")
