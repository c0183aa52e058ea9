"""How good a model of sentiment is: macro-F1, per class, confusion, calibration; and the card that goes with it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

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
