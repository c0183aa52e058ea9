"""Fit an engine's priors on names as they come, and write them into its model's card.

    python -m training.sentiment_prior DATA fast|accurate FOLDER REPORT [--unseen FILE]

REPORT gets a copy. The prior of names is the likeliest of those that give about the best macro-F1 while probabilities
say how often they are right; that of sentences is the likeliest for the labels of names in them, that of chosen targets
for those held out. All are fitted on what the weights haven't learned from: `fast` is asked for the names of part 0 and
of the sets that nothing learns from; what the encoder of `accurate` says of names is in FILE, see
`training.sentiment_tune.Unseen`. A fifth of the articles of names drawn at random is for the card alone.
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
from training.sentiment_names import all_names
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
# How far confidence may lie from accuracy, and macro-F1 from the best, on the names that a prior is fitted on, times
# the root of their number: no more than chance explains.
CHANCE = 0.8

Logits = NDArray[np.float32]
Classes = NDArray[np.int64]


def fit_prior(logits: Logits, truth: Classes, *, spread: bool = False) -> Prior:
    """The likeliest prior; with `spread` the likeliest of those with about the best macro-F1 that are calibrated.

    The likeliest of all would hardly ever find the rare classes likelier than the common one.
    """
    chance = CHANCE / np.sqrt(len(truth)) if spread else 0.0
    found = [
        (prior, prior.apply(logits))
        for prior in (Prior(heat, float(a), float(b)) for heat, a, b in itertools.product(TEMPERATURES, BIASES, BIASES))
    ]
    honest = [(prior, rows) for prior, rows in found if chance and calibration_error(truth, rows) <= chance]
    if honest:
        scores = [macro_f1(truth, rows.argmax(1)) for _, rows in honest]
        found = [one for one, score in zip(honest, scores, strict=True) if score >= max(scores) - chance]
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


def ask(model: StanceModel, data: Path, entities: Any) -> tuple[Logits, Logits, Classes]:
    """Logits toward names as they come that a student hasn't learned from, of their sentences, and their classes."""
    names = [name for name in all_names(data, entities) if name.even and name.fold in (None, 0)]
    answers = answers_of(model, [name.reading for name in names], [[name.place] for name in names])
    return *answers, np.array([name.polarity for name in names])


def fit_priors(model: StanceModel, data: Path, entities: Any, unseen: tuple[Logits, Logits, Classes]) -> Priors:
    """All three priors of an engine."""
    names, sentences, truth = unseen
    _, held = split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))
    readings, places, polarities = as_readings(held, entities)
    chosen, _ = answers_of(model, readings, places)
    print(f"{len(truth)} names as they come, {len(polarities)} chosen targets")
    return Priors(fit_prior(names, truth, spread=True), fit_prior(sentences, truth), fit_prior(chosen, polarities))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("engine", choices=("fast", "accurate"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--unseen", type=Path)
    args = parser.parse_args()
    threadpool_limits(1)
    entities = load_model(MODEL)[0]
    model = FastSentiment(str(args.folder)) if args.engine == "fast" else AccurateModel(str(args.folder))
    if args.unseen:
        found = np.load(args.unseen)
        unseen = (found["names"], found["sentences"], found["truth"])
    else:
        unseen = ask(model, args.data, entities)
    priors = fit_priors(model, args.data, entities, unseen)
    path = args.folder / CARD
    card = json.loads(path.read_text())
    card["prior"] = {kind: prior._asdict() for kind, prior in priors._asdict().items()}
    path.write_text(json.dumps(card, indent=2) + "\n")
    args.report.write_text(json.dumps(card["prior"], indent=2) + "\n")
    print(json.dumps(card["prior"], indent=2))


if __name__ == "__main__":
    main()
