"""Names of AllSides' articles that people have read, most to learn from; 2,600 of them were drawn as they come.

`sentiment_labels.csv` beside this file has of each the article's ID, its span in `content_original`, which part of the
draw it is of (`even`; `likely` to be praise or blame to earlier models; `even again` and `again`, the same in later
draws, `likely` to a model that had learned from the former) and the chance of either, the readers' labels, and the one
that holds: where they differed, a third reading's; empty where that didn't know either. `apart` are names drawn as they
come, one an article, of the fifth of the articles that is for the card: no weights learn from them. No text is in it.
How the others were drawn: `training.sentiment_draw`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schemas.records import Document
from training.sentiment_chain import resolve
from training.sentiment_data import CLASSES
from transforms.sentiment.model import TARGETS, MaskedArticle

FILE = Path(__file__).with_name("sentiment_labels.csv")


class ReadName(NamedTuple):
    """A name in a reading of its sentence alone: which of the mentions it is, and what share each of `CLASSES` has.

    The label that holds counts once, and so does each reader's: where they differ it is less than sure.
    """

    reading: MaskedArticle
    place: int
    shares: tuple[float, ...]
    article: str
    half: str


def read_names(data: Path, entities: Any) -> Iterator[ReadName]:
    """The names that have a label and that the chain still finds, by article."""
    wanted: dict[str, list[dict[str, str]]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["label"]:
                wanted[row["article"]].append(row)
    texts = {}
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["ID"] in wanted:
                texts[record["ID"]] = record["content_original"]
    for article, document in zip(texts, resolve(list(texts.values()), entities), strict=True):
        for row in wanted[article]:
            found = reading_of(document, int(row["start"]), int(row["end"]))
            if found:
                yield ReadName(*found, shares_of(row), article, row["half"])


def shares_of(row: Mapping[str, str]) -> tuple[float, ...]:
    """See `ReadName`."""
    votes = [*filter(None, (row["label"], row["reader1"], row["reader2"]))]
    return tuple(votes.count(label) / len(votes) for label in CLASSES)


def reading_of(document: Document, start: int, end: int) -> tuple[MaskedArticle, int] | None:
    """The sentence of the mention that touches a span, and which of its mentions that is; None without one."""
    aimed = [part for part in document.mentions or () if part.label in TARGETS]
    touched = [part for part in aimed if part.start_char < end and part.end_char > start]
    if not touched:
        return None
    # The same span, or the one that shares most with it.
    name = max(touched, key=lambda part: min(part.end_char, end) - max(part.start_char, start))
    inside = [part for part in aimed if part.sentence_index == name.sentence_index]
    sentence = (document.sentences or ())[name.sentence_index]
    mentions = [part._replace(sentence_index=0) for part in inside]
    return MaskedArticle(document.article.text, (sentence,), mentions), inside.index(name)
