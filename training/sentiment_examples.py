"""Labelled sentences as the network of `fast` reads them, and in batches."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from schemas.records import Mention, Sentence
from training.sentiment_data import CLASSES
from transforms.sentiment.model import MaskedArticle
from transforms.sentiment.words import FIRST_WORD, GAP_ID, NAME_ID, WORD, WordList, masked_sentences, read_row

WORDS = 40_000
BATCH = 128  # sentences
DROPPED = 0.15


class Example(NamedTuple):
    """A sentence's word ids, places of its targets, their classes' probabilities (n, 3), its mood's (3,), weights.

    `chosen` says that its targets are no names as they come, but were chosen for being opinionated.
    """

    ids: np.ndarray
    places: np.ndarray
    classes: np.ndarray
    weights: np.ndarray
    mood: np.ndarray
    chosen: bool


def reading(text: str, spans: Iterable[tuple[int, int]]) -> MaskedArticle:
    """A sentence by itself, with its names."""
    mentions = [Mention(start, end, "PERSON", 0) for start, end in sorted(spans)]
    return MaskedArticle(text, (Sentence(0, len(text)),), mentions)


def count_words(labelled: Iterable[dict[str, object]]) -> Counter[str]:
    """How often each word stands in the sentences."""
    counts: Counter[str] = Counter()
    for record in labelled:
        masked = next(masked_sentences(reading(record["text"], record["names"])))
        counts.update(WORD.findall(masked.lower().replace("’", "'")))
    return counts


def choose_words(counts: Counter[str], least: int = 3) -> list[str]:
    """The lexicon's words, the most frequent first."""
    chosen = [word for word, count in counts.most_common() if count >= least and not word[0].isdigit()]
    return [word for word in chosen if not "\ue000" <= word <= "\uf8ff"][:WORDS]


def make_examples(
    labelled: Sequence[dict[str, object]], lexicon: WordList, *, weight: float, chosen: bool
) -> list[Example]:
    """Labelled sentences as the network reads them.

    A record has `text`, `names` (spans), `targets` (indices of names), `classes` (probabilities), `mood`.
    """
    examples = []
    for record in labelled:
        names = sorted(map(tuple, record["names"]))
        row = read_row(reading(record["text"], names), lexicon)
        order = {tuple(span): index for index, span in enumerate(names)}
        targets = [order[tuple(record["names"][index])] for index in record["targets"]]
        if len(row.names) != len(names) or len(row.ids) > 160:
            continue
        classes = np.array(record["classes"], np.float32).reshape(-1, len(CLASSES))
        examples.append(
            Example(
                row.ids[1:-1],
                row.names[targets] - 1 if targets else np.zeros(0, int),
                classes,
                np.full(len(targets), weight, np.float32),
                np.array(record["mood"], np.float32),
                chosen,
            )
        )
    return examples


def collate(examples: Sequence[Example]) -> tuple[torch.Tensor, ...]:
    """The network's three inputs, then classes and weights, which targets are chosen, and moods."""
    width = max(len(part.ids) for part in examples)
    ids = np.zeros((len(examples), width), np.int64)
    for index, part in enumerate(examples):
        ids[index, : len(part.ids)] = part.ids
    owners = np.repeat(np.arange(len(examples)), [len(part.places) for part in examples])
    joined = (
        ids,
        owners,
        np.concatenate([part.places for part in examples]).astype(np.int64),
        np.concatenate([part.classes for part in examples]),
        np.concatenate([part.weights for part in examples]),
        np.repeat(np.float32([part.chosen for part in examples]), [len(part.places) for part in examples]),
        np.array([part.mood for part in examples]),
    )
    return tuple(torch.from_numpy(np.ascontiguousarray(part)) for part in joined)


def drop_words(ids: torch.Tensor) -> torch.Tensor:
    """Word ids with a share `DROPPED` of the words made an unknown one, at random."""
    dropped = (torch.rand(ids.shape) < DROPPED) & (ids != GAP_ID) & (ids != NAME_ID)
    return torch.where(dropped, torch.full_like(ids, FIRST_WORD - 1), ids)


def plan(examples: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Batches of like length, in random order."""
    order = list(examples)
    rng.shuffle(order)
    found = []
    for at in range(0, len(order), 50 * BATCH):
        chunk = sorted(order[at : at + 50 * BATCH], key=lambda part: len(part.ids))
        found += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    rng.shuffle(found)
    return found


def read_labelled(path: Path) -> list[dict[str, object]]:
    """Records of a file of labelled sentences."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
