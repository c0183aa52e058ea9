"""The body of an article: which of a page's blocks belong to it.

Three models judge the blocks, each a sum of small decision trees. The first knows a block's place, names and text; the
second also what the first said of the blocks around it. Where these two leave a page in doubt, trafilatura is asked
which text its rules would keep (they take longer than all else), and the third, which knows of that, has half a say.

The trees ask one question per level (the "oblivious" trees of CatBoost: Prokhorenkova et al. 2018, arXiv:1706.09516),
so numpy answers for all blocks at once. `training/blocks.py` makes `blocks.npz`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from transforms.extract.blocks import Block, Described, Hints, describe, describe_chances, find_in, squeeze

MODEL = Path(__file__).with_name("blocks.npz")
# Trafilatura is asked where the F1 to be expected of a page is below this: one page in four of real ones.
SURE = 0.95
# A block that is less likely part of the article is not taken, however little else there is; one that is more likely
# is, however much else there is.
NEVER_BELOW, ALWAYS_ABOVE = 0.1, 0.45


class BlockModel(NamedTuple):
    """Trees: per tree and level a feature and the value it must exceed; per tree a value for each way down."""

    features: np.ndarray
    borders: np.ndarray
    values: np.ndarray
    bias: np.ndarray

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """The chance, 0…1, of each row."""
        trees, depth = self.features.shape
        exceeds = rows[:, self.features.ravel()] > self.borders.ravel()
        leaves = exceeds.reshape(len(rows), trees, depth) @ (1 << np.arange(depth))
        sums = self.values[np.arange(trees), leaves].sum(axis=1) + self.bias
        return np.asarray(1 / (1 + np.exp(-sums)))


class Models(NamedTuple):
    """The three models, in the order that they are asked."""

    first: BlockModel
    second: BlockModel
    ruled: BlockModel


@lru_cache(maxsize=1)
def load_models() -> Models:
    """The models as they come with the package."""
    with np.load(MODEL, allow_pickle=False) as arrays:
        return Models(
            *(BlockModel(*(arrays[f"{name}_{part}"] for part in BlockModel._fields)) for name in Models._fields)
        )


def choose_blocks(blocks: list[Block], hints: Hints, rules: Callable[[], str]) -> list[Block]:
    """The blocks of the article, in their order.

    Args:
        blocks: all of the page's.
        hints: what else is known of the page.
        rules: tells the text that rules would keep; only asked in doubt.
    """
    if not blocks:
        return []
    chances = judge(blocks, describe(blocks, hints), rules, load_models())
    threshold, _ = best_threshold(blocks, chances)
    return [block for block, chance in zip(blocks, chances, strict=True) if chance >= threshold]


def judge(blocks: list[Block], page: Described, rules: Callable[[], str], models: Models) -> np.ndarray:
    """The chance of each block, 0…1, that it belongs to the article."""
    first = models.first.predict(page.rows)
    second = models.second.predict(np.hstack([page.rows, describe_chances(page, first)]))
    _, expected = best_threshold(blocks, second)
    if expected >= SURE:
        return second
    ruled = find_in([squeeze(block.text) for block in blocks], rules())
    third = models.ruled.predict(np.hstack([page.rows, describe_chances(page, ruled)]))
    return np.asarray((second + third) / 2)


def best_threshold(blocks: list[Block], chances: np.ndarray) -> tuple[float, float]:
    """The least chance to keep for the best expected F1 over a page's words, and that F1.

    For F1 the best threshold is half of what F1 can be had (Lipton et al. 2014, arXiv:1402.1892), so it is lower on
    pages that are hard to tell.
    """
    words = np.array([block.text.count(" ") + 1 for block in blocks], dtype=np.float64)
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum((words * chances)[order])
    expected = 2 * hits / (np.cumsum(words[order]) + hits[-1])
    best = int(np.argmax(expected))
    threshold = min(max(float(chances[order[best]]), NEVER_BELOW), ALWAYS_ABOVE)
    return threshold, float(expected[best])


def join_blocks(blocks: list[Block]) -> str:
    """The text of some blocks: a blank line between them, a line break where the page has but that."""
    parts: list[str] = []
    for block in blocks:
        if parts:
            parts.append("\n" if block.after_break else "\n\n")
        parts.append(block.text)
    return "".join(parts)
