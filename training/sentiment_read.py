"""Names of AllSides' articles that two people have read, half of them drawn as they come: to learn from.

`sentiment_labels.csv` beside this file has of each the article's ID, its span in `content_original`, which half of the
draw it is of (`even`, or `likely` to be praise or blame to earlier models) and the chance of either, both readers'
labels, and the one that holds: where they differed, a third reading's; empty where that didn't know either. No text is
in it. How they were drawn: `training.sentiment_draw`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from schemas.records import Document
from training.sentiment_chain import resolve
from training.sentiment_data import CLASSES
from transforms.sentiment.model import TARGETS, MaskedArticle

FILE = Path(__file__).with_name("sentiment_labels.csv")


class ReadName(NamedTuple):
    """A name in a reading of its sentence alone: which of the mentions it is, and its label, an index of `CLASSES`."""

    reading: MaskedArticle
    place: int
    polarity: int


def read_names(data: Path, entities: Any) -> Iterator[ReadName]:
    """The names that have a label and that the chain still finds, by article."""
    wanted: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["label"]:
                wanted[row["article"]].append((int(row["start"]), int(row["end"]), CLASSES.index(row["label"])))
    texts = {}
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["ID"] in wanted:
                texts[record["ID"]] = record["content_original"]
    for article, document in zip(texts, resolve(list(texts.values()), entities), strict=True):
        for start, end, polarity in wanted[article]:
            found = reading_of(document, start, end)
            if found:
                yield ReadName(*found, polarity)


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
