"""How whole articles speak of their main figure: the entity's label beside readers', PerSenT's development half.

The thresholds of an entity's label were chosen on these articles, so that the figures flatter.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from schemas.records import Document
from training.sentiment_chain import resolve
from training.sentiment_data import CLASSES
from training.sentiment_scores import macro_f1, per_class
from transforms.sentiment import score_documents
from transforms.sentiment.model import SentimentModel

NEUTRAL = CLASSES.index("neutral")


def find_figure(name: str, document: Document) -> int | None:
    """The entity that shares most words with a name, the most named of several; None without any."""
    words = set(name.lower().replace(",", "").split())
    counts = Counter(mention.entity for mention in document.mentions or ())
    found = [
        (len(words & set(one.name.lower().split())), counts[index], -index)
        for index, one in enumerate(document.entities)
    ]
    shared, _, index = max(found, default=(0, 0, 0))
    return -index if shared else None


def print_figures(models: Mapping[str, SentimentModel], data: Path, entities: Any) -> None:
    """Print the table."""
    with gzip.open(data / "persent" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    truth = np.array([CLASSES.index(record["label"]) for record in records])
    documents = list(resolve([record["text"] for record in records], entities))
    places = [find_figure(record["target"], one) for record, one in zip(records, documents, strict=True)]
    missed = sum(place is None for place in places)
    print(f"## The main figure of {len(records)} articles\n")
    print(f"The chain finds all but {missed}; `mixed`, `unclear` and what isn't found count as neutral.\n")
    print("| engine | macro-F1 | negative P / R | neutral P / R | positive P / R | mixed | unclear |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, model in models.items():
        labels = [
            None if place is None else score_documents([one], model)[0].moods[place].label
            for one, place in zip(documents, places, strict=True)
        ]
        guess = np.array([CLASSES.index(label) if label in CLASSES else NEUTRAL for label in labels])
        ones = " | ".join(f"{precision:.2f} / {recall:.2f}" for precision, recall, _ in per_class(truth, guess))
        rest = f"{labels.count('mixed') / len(labels):.0%} | {labels.count('unclear') / len(labels):.0%}"
        print(f"| {name} | {macro_f1(truth, guess):.3f} | {ones} | {rest} |")
    print()
