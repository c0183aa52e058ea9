"""Names of AllSides' articles that people have read, 1,200 of them drawn as they come: to learn from.

`sentiment_labels.csv` beside this file has of each the article's ID, its span in `content_original`, which part of the
draw it is of (`even`; `likely` to be praise or blame to earlier models; `again`, the same to a model that had learned
from both) and the chance of either, the readers' labels, and the one that holds: where they differed, a third
reading's; empty where that didn't know either. Those of `again` have one reader. No text is in it. How they were
drawn: `training.sentiment_draw`.
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

    The label that holds counts three times, each reader's once: where they differ it is less than sure.
    """

    reading: MaskedArticle
    place: int
    shares: tuple[float, ...]


def read_names(data: Path, entities: Any, every: int = 1) -> Iterator[ReadName]:
    """The names that have a label and that the chain still finds, by article.

    Of the names drawn as they come one in `every` of those that aren't spoken of either way: most are plainly so.
    """
    plain = 0
    wanted: dict[str, list[tuple[int, int, tuple[float, ...]]]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            usual = row["half"] == "even" and row["label"] == "neutral"
            plain += usual
            if row["label"] and not (usual and plain % every):
                wanted[row["article"]].append((int(row["start"]), int(row["end"]), shares_of(row)))
    texts = {}
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["ID"] in wanted:
                texts[record["ID"]] = record["content_original"]
    for article, document in zip(texts, resolve(list(texts.values()), entities), strict=True):
        for start, end, shares in wanted[article]:
            found = reading_of(document, start, end)
            if found:
                yield ReadName(*found, shares)


def shares_of(row: Mapping[str, str]) -> tuple[float, ...]:
    """See `ReadName`."""
    votes = [*3 * [row["label"]], *filter(None, (row["reader1"], row["reader2"]))]
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
