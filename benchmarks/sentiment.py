"""Sentiment: how good each engine is, how far it moves with a name, and what it costs beside the entity engine.

    python -m benchmarks.sentiment DATA [--accurate DIR] [--articles N]

The first table is what a reader of the tables meets: names drawn at random from news, end to end, on articles set aside
for it. The others: the main figures of whole articles; the held-out targets of NewsMTSC's training file (one article in
eight, see `training.sentiment_data`), which were chosen for being opinionated, given as spans, with the prior that the
card has for these; and headlines. Names are swapped in whole articles, which go through the whole chain again. Cost is
processor time on one thread, all sides in turn on the same batches of articles; the best of three rounds counts.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.measure import machine
from benchmarks.sentiment_articles import print_figures
from benchmarks.sentiment_drawn import print_drawn
from schemas.records import Document
from training.sentiment_chain import MODEL, resolve
from training.sentiment_data import CLASSES, read_articles, read_newsmtsc, read_sentfin, split
from training.sentiment_scores import calibration_error, confusion, macro_f1, per_class
from training.sentiment_sentences import as_readings
from transforms.entities import recognize_documents
from transforms.entities.engine import load_model
from transforms.sentiment import load_engine, score_documents
from transforms.sentiment.model import MaskedArticle, SentimentModel

BATCH = 16
ROUNDS = 3
VADER_NEUTRAL = 0.05
FIRSTS = ("Maria", "Ahmed", "John", "Wei", "Olga", "Emma", "Kwame", "Priya", "Carlos", "Ingrid")
LASTS = ("Gonzalez", "Hassan", "Miller", "Zhang", "Petrova", "Schmidt", "Mensah", "Sharma", "Ortega", "Larsen")


@contextlib.contextmanager
def chosen_priors(models: Iterable[Any]) -> Iterator[None]:
    """Engines with the prior that their cards have for targets that were chosen, and every name read."""
    kept = [(model, model.priors, getattr(model, "screen", None)) for model in models]
    for model, priors, screen in kept:
        model.priors = priors._replace(names=priors.chosen)
        if screen is not None:
            model.screen = None
    try:
        yield
    finally:
        for model, priors, screen in kept:
            model.priors = priors
            if screen is not None:
                model.screen = screen


def vader_guesses(readings: Sequence[MaskedArticle], places: Sequence[Sequence[int]]) -> np.ndarray:
    """VADER's class of each target's sentence, with its own threshold."""
    analyzer = SentimentIntensityAnalyzer()
    guesses = []
    for reading, targets in zip(readings, places, strict=True):
        score = analyzer.polarity_scores(reading.text)["compound"]
        guesses += [2 if score >= VADER_NEUTRAL else 0 if score <= -VADER_NEUTRAL else 1] * len(targets)
    return np.array(guesses)


def probabilities(
    model: SentimentModel, readings: Sequence[MaskedArticle], places: Sequence[Sequence[int]]
) -> np.ndarray:
    """An engine's probabilities toward the labelled names, shape (n, 3)."""
    scored = model.score(readings)
    return np.array([one.stances[index] for one, targets in zip(scored, places, strict=True) for index in targets])


def quality(models: dict[str, SentimentModel], data: Path, entities: Any) -> None:
    """Print how well each engine knows held-out targets."""
    _, held = split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))
    readings, places, truth = as_readings(held, entities)
    print(f"## Toward {len(truth):,} held-out targets\n")
    print("| engine | macro-F1 | negative F1 | neutral F1 | positive F1 | calibration error |")
    print("|---|---:|---:|---:|---:|---:|")
    guesses = {"majority": np.full(len(truth), np.bincount(truth).argmax()), "vader": vader_guesses(readings, places)}
    found = {name: probabilities(model, readings, places) for name, model in models.items()}
    for name, guess in [*guesses.items(), *((name, one.argmax(1)) for name, one in found.items())]:
        ones = " | ".join(f"{f1:.3f}" for _, _, f1 in per_class(truth, guess))
        error = f"{calibration_error(truth, found[name]):.3f}" if name in found else ""
        print(f"| {name} | {macro_f1(truth, guess):.3f} | {ones} | {error} |")
    for name, one in found.items():
        print(f"\n{name}, true class by row:\n\n| | " + " | ".join(CLASSES) + " |\n|---|---:|---:|---:|")
        for label, row in zip(CLASSES, confusion(truth, one.argmax(1)), strict=True):
            print(f"| {label} | " + " | ".join(map(str, row)) + " |")
        moods = np.array([scores.sentences[0] for scores in models[name].score(readings)])
        owners = np.repeat(np.arange(len(readings)), [len(part) for part in places])
        print(f"\n{name}, mean score of a sentence by the class of its target: ", end="")
        print(", ".join(f"{label} {moods[owners[truth == i]].mean():+.2f}" for i, label in enumerate(CLASSES)))


def headlines(models: dict[str, SentimentModel], data: Path, entities: Any) -> None:
    """Print how well each engine knows the entities of held-out financial headlines."""
    _, held = split(list(read_sentfin(data / "sentfin" / "SEntFiN.csv")))
    several = [part for part in held if max(part.mood) < 1]
    print(f"\n## Toward {len(held):,} entities of held-out financial headlines\n")
    print(f"| engine | macro-F1 | of the {len(several)} whose headline has others of another class |\n|---|---:|---:|")
    sets = [as_readings(part, entities) for part in (held, several)]
    for name in ("vader", *models):
        scores = []
        for readings, places, truth in sets:
            guess = vader_guesses(readings, places)
            if name != "vader":
                guess = probabilities(models[name], readings, places).argmax(1)
            scores.append(f"{macro_f1(truth, guess):.3f}")
        print(f"| {name} | {' | '.join(scores)} |")


def swap_names(models: dict[str, SentimentModel], texts: Sequence[str], entities: Any) -> None:
    """Print how far an article's main person's score moves when the person is called otherwise."""
    rng = random.Random(3)
    originals, swapped = [], []
    for document in resolve(texts, entities):
        people = [
            one for one in document.entities if one.label == "PERSON" and re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", one.name)
        ]
        if not people:
            continue
        person = max(people, key=lambda one: one.prominence)
        first, last = person.name.split()
        if any(last in one.name.split() for one in document.entities if one is not person):
            continue
        other = (rng.choice(FIRSTS), rng.choice(LASTS))
        text = document.article.text
        for old, new in zip((first, last), other, strict=True):
            text = re.sub(rf"\b{re.escape(old)}\b", new, text)
        originals.append((document, person.name))
        swapped.append((text, " ".join(other)))
    others = list(resolve([text for text, _ in swapped], entities))
    print(f"\n## The main person of {len(originals)} articles called by another name\n")
    print("| engine | found again | mean move | moved by over 0.1 | label changed |\n|---|---:|---:|---:|---:|")
    for name, model in models.items():
        before = [entity_score(one, name_, model) for one, name_ in originals]
        after = [entity_score(one, name_, model) for one, (_, name_) in zip(others, swapped, strict=True)]
        pairs = np.array([(a, b) for a, b in zip(before, after, strict=True) if a is not None and b is not None])
        moves = np.abs(pairs[:, 0] - pairs[:, 1])
        labels = np.where(pairs >= model.neutral, 1, np.where(pairs <= -model.neutral, -1, 0))
        changed = (labels[:, 0] != labels[:, 1]).mean()
        print(f"| {name} | {len(pairs)} | {moves.mean():.3f} | {(moves > 0.1).mean():.1%} | {changed:.1%} |")


def entity_score(document: Document, name: str, model: SentimentModel) -> float | None:
    """An entity's score in a document."""
    (scored,) = score_documents([document], model)
    found = (mood.sentiment for one, mood in zip(scored.entities, scored.moods, strict=True) if one.name == name)
    return next(found, None)


def cost(models: dict[str, SentimentModel], texts: Sequence[str], entities: Any) -> None:
    """Print processor time an article: the entity engine's, and the whole stage's with each engine."""
    documents = list(resolve(texts, entities))
    batches = [documents[at : at + BATCH] for at in range(0, len(documents), BATCH)]
    plain = [[Document(one.article, one.sentences) for one in batch] for batch in batches]
    sides: dict[str, tuple[Sequence[Sequence[Document]], Callable[[Sequence[Document]], Any]]] = {
        "entity engine": (plain, lambda batch: recognize_documents(batch, entities))
    }
    for name, model in models.items():
        sides[f"stage with {name}"] = (batches, lambda batch, model=model: score_documents(batch, model))
    gc.collect()
    gc.freeze()  # the documents that wait here are no part of a run
    seconds = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        spent = dict.fromkeys(sides, 0.0)
        for index in range(len(batches)):
            for name, (source, run) in sides.items():
                started = time.process_time()
                run(source[index])
                spent[name] += time.process_time() - started
        seconds = {name: min(seconds[name], spent[name]) for name in sides}
    tokens = sum(one.token_count or 0 for one in documents)
    print(f"\n## Cost of {len(documents)} articles, {tokens:,} tokens, one thread\n")
    print("| | ms an article | share of the entity engine |\n|---|---:|---:|")
    for name, one in seconds.items():
        print(f"| {name} | {one / len(documents) * 1e3:.2f} | {one / seconds['entity engine']:.2f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--accurate", type=Path, help="the directory of accurate's model; without it, it is left out")
    parser.add_argument("--articles", type=int, default=160)
    args = parser.parse_args()
    threadpool_limits(1)
    models = {"fast": load_engine("fast")}
    if args.accurate:
        models["accurate"] = load_engine("accurate", str(args.accurate))
        print(json.loads((args.accurate / "model.json").read_text())["sha256"])
    entities = load_model(MODEL)[0]
    print(f"{machine()}\n")
    print_drawn({**models, "vader": load_engine("vader")}, args.data, entities)
    print_figures({"fast": models["fast"], "vader": load_engine("vader")}, args.data, entities)
    with chosen_priors(models.values()):
        quality(models, args.data, entities)
        headlines(models, args.data, entities)
    texts = read_articles(args.data / "articles" / "allsides-9k.jsonl.gz")
    texts = random.Random(5).sample([text for text in texts if 1000 < len(text) < 12_000], args.articles)
    swap_names(models, texts, entities)
    cost({**models, "vader": load_engine("vader")}, texts, entities)


if __name__ == "__main__":
    main()
