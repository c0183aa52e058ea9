"""Names drawn at random from news, read by two people: priors are fitted on them, and the card's figures are of them.

They are drawn from newsbeam's own mentions of people, organisations, places and nationalities, and not chosen for being
opinionated: four in five are spoken of neither well nor badly. A fifth of the articles is for the card alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.records import Document
from training.sentiment_chain import resolve
from training.sentiment_data import CLASSES
from transforms.sentiment.model import TARGETS, MaskedArticle, SentimentModel

FILE = Path("tone") / "random-1600.jsonl.gz"  # in the data's directory
CARD_SHARE = 5  # one article of so many is for the card


class Drawn(NamedTuple):
    """A name drawn at random: its sentence, the span of the name in it, and what stands before and behind.

    `polarity` indexes `CLASSES`; None where the readers differ. `source` is the set of articles, `article` its address.
    """

    source: str
    article: str
    before: str
    sentence: str
    after: str
    start: int
    end: int
    kind: str
    polarity: int | None


def read_random(data: Path) -> Iterator[Drawn]:
    """The names of the file in the data's directory, in its order."""
    with gzip.open(data / FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            label = record["label"]
            yield Drawn(
                *(record[key] for key in ("set", "article", "before", "sentence", "after", "start", "end", "kind")),
                polarity=None if label is None else CLASSES.index(label),
            )


def is_for_card(article: str) -> bool:
    """Whether an article's names are for the card's figures and nothing else: one article in five, by digest."""
    return hashlib.sha256(article.encode()).digest()[0] % CARD_SHARE == 0


class Found(NamedTuple):
    """A drawn name as newsbeam's own chain finds it: a reading of its sentence alone, and which of the mentions it is.

    `place` is None where no mention touches the name: the tables then say nothing of it.
    """

    reading: MaskedArticle
    place: int | None


def find_drawn(drawn: Sequence[Drawn], entities: Any) -> list[Found]:
    """Names drawn at random, found anew by the chain in their sentences with what stands around them."""
    texts = [part.before + part.sentence + part.after for part in drawn]
    return [_found(part, document) for part, document in zip(drawn, resolve(texts, entities), strict=True)]


def _found(drawn: Drawn, document: Document) -> Found:
    start, end = (len(drawn.before) + place for place in (drawn.start, drawn.end))
    sentences = document.sentences or ()
    index = max(number for number, part in enumerate(sentences) if number == 0 or part.start_char <= start)
    inside = [part for part in document.mentions or () if part.sentence_index == index and part.label in TARGETS]
    shared = [min(part.end_char, end) - max(part.start_char, start) for part in inside]
    place = max(range(len(inside)), key=shared.__getitem__, default=0)
    mentions = [part._replace(sentence_index=0) for part in inside]
    reading = MaskedArticle(document.article.text, sentences[index : index + 1], mentions)
    return Found(reading, place if inside and shared[place] > 0 else None)


def drawn_probabilities(model: SentimentModel, found: Sequence[Found]) -> NDArray[np.float64]:
    """An engine's probabilities (n, 3) toward drawn names; certainly neutral where the chain didn't find the name."""
    rows = np.tile([0.0, 1.0, 0.0], (len(found), 1))
    for row, part, scores in zip(rows, found, model.score([part.reading for part in found]), strict=True):
        if part.place is not None and (stance := scores.stances[part.place]) is not None:
            row[:] = stance
    return rows
