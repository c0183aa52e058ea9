"""How alike an extracted text and the true one are: the measures of the two benchmarks of article extraction.

`Score`: the article-extraction benchmark's (github.com/scrapinghub/article-extraction-benchmark, `evaluate.py`): runs
of four words, counted with their repetitions; a page's true and false positives and false negatives are shares of their
sum, precision and recall are means over pages, and F1 is of those means. `word_f1` is over single words, case folded,
the mean of the pages' own F1, as papers on extraction since 2008 have it.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

WORD_RE = re.compile(r"\w+")
SHINGLE = 4


class Score(NamedTuple):
    """F1, precision and recall, 0…1."""

    f1: float
    precision: float
    recall: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """All runs of four words, or the one shorter run of a text with fewer."""
    words = WORD_RE.findall(text)
    runs = (tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(run for run in runs if run)


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """The score of (true, extracted) texts, at least one."""
    precisions, recalls = [], []
    for true, found in pairs:
        expected, got = shingles(true), shingles(found)
        hits = (expected & got).total()
        if got:
            precisions.append(hits / got.total())
        if expected:
            recalls.append(hits / expected.total())
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return Score(2 * precision * recall / (precision + recall), precision, recall)


def word_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """The mean over (true, extracted) texts of the F1 of their words."""
    scores = []
    for true, found in pairs:
        expected, got = Counter(WORD_RE.findall(true.lower())), Counter(WORD_RE.findall(found.lower()))
        both = expected.total() + got.total()
        scores.append(2 * (expected & got).total() / both if both else 1.0)
    return statistics.mean(scores)
