"""Labelled sentences for the sentiment models: read, masked, and split by article.

A target is one span of a sentence with a polarity. What stands in it is never shown to a model: it is replaced by a
placeholder, and so is every other occurrence of its words' capitalised forms, so that a name can't tell the answer.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# The classes in order, here and in every model.
CLASSES = ("negative", "neutral", "positive")
HELD_OUT = 8  # one article of so many is held out
# SEntFiN's column is a Python dictionary, but for apostrophes that end its strings early.
DECISION = re.compile(r"""['"](.+?)['"]: ?['"](negative|neutral|positive)['"]""")


class Target(NamedTuple):
    """A sentence and one span of it. `polarity` indexes `CLASSES`; `group` is the article (or the event) that it is of.

    `mood` is the share of each class among the sentence's targets.
    """

    text: str
    start: int
    end: int
    polarity: int
    group: str
    source: str
    mood: tuple[float, ...]


def read_newsmtsc(path: Path) -> Iterator[Target]:
    """The targets of a NewsMTSC file, each once."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = record["sentence_normalized"]
            spans = {(part["from"], part["to"]): int(part["polarity"]) // 2 - 1 for part in record["targets"]}
            mood = _shares(list(spans.values()))
            group = _newsmtsc_group(record["primary_gid"])
            for span, polarity in spans.items():
                start, end = _without_space(text, *span)
                if start < end:
                    yield Target(text, start, end, polarity, group, "newsmtsc", mood)


def _shares(polarities: Sequence[int]) -> tuple[float, ...]:
    return tuple(polarities.count(index) / len(polarities) for index in range(len(CLASSES)))


def _newsmtsc_group(key: str) -> str:
    """The event that an article of AllSides' is about (several outlets' articles share it), or PolUsa's article."""
    parts = key.split("_")
    return f"allsides-{parts[2]}" if parts[0] == "allsides" else f"polusa-{parts[2]}"


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    found = text[start:end]
    return start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def read_sentfin(path: Path) -> Iterator[Target]:
    """The entities of SEntFiN's headlines, where the headline has them as written."""
    seen = set()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = " ".join(row["Title"].split())
            if text in seen:
                continue
            seen.add(text)
            spans = []
            for name, label in DECISION.findall(row["Decisions"]):
                match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) or re.search(re.escape(name), text, re.I)
                if match:
                    spans.append((match.start(), match.end(), CLASSES.index(label)))
            for start, end, polarity in spans:
                mood = _shares([part[2] for part in spans])
                yield Target(text, start, end, polarity, f"sentfin-{text}", "sentfin", mood)


def is_held_out(group: str) -> bool:
    """Whether an article's targets are kept out of training: one in eight, by digest."""
    return hashlib.sha256(group.encode()).digest()[0] % HELD_OUT == 0


def split(targets: Sequence[Target]) -> tuple[list[Target], list[Target]]:
    """Targets to train on, and held-out ones; no sentence of a held-out article is in the first, not even a copy."""
    held = [target for target in targets if is_held_out(target.group)]
    texts = {_folded(target.text) for target in held}
    return [part for part in targets if not is_held_out(part.group) and _folded(part.text) not in texts], held


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def mask_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The target's span first, then the other places where the sentence has one of the name's own words.

    Only words with a capital letter that are longer than two letters count: “the president” repeats nothing.
    """
    words = {word for word in re.findall(r"\w[\w\-]{2,}", text[start:end]) if word[0].isupper()}
    spans = [(start, end)]
    if words:
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        run = rf"(?<![\w\-])(?:{pattern})(?:\s+(?:{pattern}))*(?![\w\-])"
        spans += [match.span() for match in re.finditer(run, text) if match.end() <= start or match.start() >= end]
    return spans


def read_articles(path: Path) -> list[str]:
    """The texts of an articles file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [text for line in lines if (text := json.loads(line)["content_original"]) and text.strip()]
