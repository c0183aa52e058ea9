"""All names that people have read, as the encoder reads them, in five parts by article.

Those that were drawn at random (`training.sentiment_random`) and those of `training.sentiment_read`; none that the
card's figures are of. Weights learn from names of AllSides' articles alone.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tokenizers import Tokenizer

from training.sentiment_data import CLASSES
from training.sentiment_random import find_drawn, is_for_card, read_random
from training.sentiment_read import FILE, read_names
from transforms.sentiment.accurate import mask_name
from transforms.sentiment.masking import Encoded
from transforms.sentiment.model import MaskedArticle

FOLDS = 5
APART = "apart"  # the part of the read names that no weights learn from
LEARNED = "allsides-9k"  # the set of names drawn at random that weights learn from


class Name(NamedTuple):
    """A name that was read.

    `shares` are those of its classes among its readings, `polarity` indexes `CLASSES`; `fold` is its article's part,
    None for a set that no weights learn from; `even` says that it was drawn with the same chance as every other name.
    """

    reading: MaskedArticle
    place: int
    shares: tuple[float, ...]
    polarity: int
    fold: int | None
    even: bool

    def encode(self, tokenizer: Tokenizer) -> Encoded:
        """Its sentence as word pieces, the name masked."""
        mentions = self.reading.mentions
        return mask_name(tokenizer, self.reading, mentions, mentions[self.place])


def fold_of(article: str) -> int:
    """Which part of the articles one is of, by its ID."""
    return zlib.crc32(article.encode()) % FOLDS


def all_names(data: Path, entities: Any) -> Iterator[Name]:
    """The names, as newsbeam's own chain with the engine's model `entities` finds them."""
    for name in read_names(data, entities):
        polarity = max(range(len(CLASSES)), key=name.shares.__getitem__)
        even = name.half.startswith("even") or name.half == APART
        fold = None if name.half == APART else fold_of(name.article)
        yield Name(name.reading, name.place, name.shares, polarity, fold, even)
    ids = _ids(data)
    drawn = [part for part in read_random(data) if part.polarity is not None and not is_for_card(part.article)]
    for part, found in zip(drawn, find_drawn(drawn, entities), strict=True):
        if found.place is not None and part.polarity is not None:
            shares = tuple(float(index == part.polarity) for index in range(len(CLASSES)))
            fold = fold_of(ids.get(part.article, part.article)) if part.source == LEARNED else None
            yield Name(found.reading, found.place, shares, part.polarity, fold, even=True)


def _ids(data: Path) -> dict[str, str]:
    """IDs of AllSides' articles by address."""
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {record["url"]: record["ID"] for record in map(json.loads, lines)}


def judged(data: Path) -> set[str]:
    """IDs of the articles of part 0 that have names which were read."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        articles = {row["article"] for row in csv.DictReader(lines)}
    ids = _ids(data)
    articles |= {ids[part.article] for part in read_random(data) if part.source == LEARNED}
    return {article for article in articles if fold_of(article) == 0}
