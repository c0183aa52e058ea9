"""Fit an engine's priors on names drawn at random, and write them into its model's card.

    python -m training.sentiment_prior DATA fast|accurate FOLDER [REPORT]

REPORT gets a copy. The prior of names is the likeliest of those that give about the best macro-F1 while probabilities
say how often they are right; that of sentences is the likeliest for the labels of names in them, that of chosen targets
for those held out. No weights have learned from names drawn at random; a fifth of their articles is for the card alone.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from training.sentiment_chain import MODEL
from training.sentiment_data import read_newsmtsc, split
from training.sentiment_random import find_drawn, is_for_card, read_random
from training.sentiment_scores import calibration_error, macro_f1
from training.sentiment_sentences import as_readings
from transforms.entities.engine import load_model
from transforms.sentiment.accurate import AccurateModel
from transforms.sentiment.fast import FastSentiment
from transforms.sentiment.files import CARD
from transforms.sentiment.model import MaskedArticle, StanceModel
from transforms.sentiment.prior import Prior, Priors

TEMPERATURES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
BIASES = np.arange(-4, 2.01, 0.25)
# How far confidence may lie from accuracy on the names that a prior is fitted on, times the root of their number: no
# more than chance explains.
ERROR = 0.7
NEAR = 0.01  # macro-F1 that is nothing to choose by

Logits = NDArray[np.float32]
Classes = NDArray[np.int64]


def fit_prior(logits: Logits, truth: Classes, *, spread: bool = False) -> Prior:
    """The likeliest prior; with `spread` the likeliest of those with about the best macro-F1 that are calibrated.

    The likeliest of all would hardly ever find the rare classes likelier than the common one.
    """
    error = ERROR / np.sqrt(len(truth)) if spread else 0.0
    found = [
        (prior, prior.apply(logits))
        for prior in (Prior(heat, float(a), float(b)) for heat, a, b in itertools.product(TEMPERATURES, BIASES, BIASES))
    ]
    honest = [(prior, rows) for prior, rows in found if error and calibration_error(truth, rows) <= error]
    if honest:
        scores = [macro_f1(truth, rows.argmax(1)) for _, rows in honest]
        found = [one for one, score in zip(honest, scores, strict=True) if score >= max(scores) - NEAR]
    return max(found, key=lambda one: _likelihood(truth, one[1]))[0]


def _likelihood(truth: Classes, probabilities: NDArray[np.float32]) -> float:
    return float(np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean())


def answers_of(
    model: StanceModel, readings: Sequence[MaskedArticle], places: Sequence[Sequence[int]]
) -> tuple[Logits, Logits]:
    """Logits toward names of readings of one sentence each, and of these sentences, once a name."""
    answers = model.answer(readings)
    names = [found.names[place] for found, chosen in zip(answers, places, strict=True) for place in chosen]
    sentences = [found.sentences[0] for found, chosen in zip(answers, places, strict=True) for _ in chosen]
    return np.array(names), np.array(sentences)


def fit_priors(model: StanceModel, data: Path, entities: Any) -> Priors:
    """All three priors of an engine."""
    drawn = [part for part in read_random(data) if part.polarity is not None and not is_for_card(part.article)]
    found = find_drawn(drawn, entities)
    truth = np.array([part.polarity for part, one in zip(drawn, found, strict=True) if one.place is not None])
    known = [one for one in found if one.place is not None]
    names, sentences = answers_of(model, [one.reading for one in known], [[one.place or 0] for one in known])
    _, held = split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))
    readings, places, polarities = as_readings(held, entities)
    chosen, _ = answers_of(model, readings, places)
    print(f"{len(truth)} names drawn at random, {len(polarities)} chosen targets")
    return Priors(fit_prior(names, truth, spread=True), fit_prior(sentences, truth), fit_prior(chosen, polarities))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("engine", choices=("fast", "accurate"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("report", type=Path, nargs="?")
    args = parser.parse_args()
    threadpool_limits(1)
    model = FastSentiment(str(args.folder)) if args.engine == "fast" else AccurateModel(str(args.folder))
    priors = fit_priors(model, args.data, load_model(MODEL)[0])
    path = args.folder / CARD
    card = json.loads(path.read_text())
    card["prior"] = {kind: prior._asdict() for kind, prior in priors._asdict().items()}
    path.write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(card["prior"], indent=2))
    if args.report:
        args.report.write_text(json.dumps(card["prior"], indent=2) + "\n")


if __name__ == "__main__":
    main()
