"""Words: common ones, and those that letters stand for.

Common is what newspapers write in lower case, so that a capital says no more than where it stands. The table is learned
from unlabelled news by `training/common_words.py`, which says how.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

TABLE = "common_words.txt"


@cache
def load_words() -> frozenset[str]:
    """The common words of English news, in lower case, read once a process."""
    return frozenset(resources.files(__package__).joinpath(TABLE).read_text(encoding="utf-8").split())


def is_made_of(letters: str, words: Sequence[str], *, fewest: int = 1) -> bool:
    """Whether letters are beginnings of words, in their order: "kwasu" of "kwara", "state", "university".

    A word may give none; at least `fewest` must give some.
    """
    # How many letters are used up, and how many words have given them, `fewest` at most.
    reached = {(0, 0)}
    for word in words:
        for start, given in tuple(reached):
            for length in range(1, len(word) + 1):
                if letters[start : start + length] != word[:length]:
                    break
                reached.add((start + length, min(fewest, given + 1)))
    return (len(letters), fewest) in reached


@lru_cache(1 << 15)
def is_common(word: str) -> bool:
    """Whether a word in capitals or with one is a common word: "Given", "TESTIMONY"."""
    return (word[1:].islower() or word.isupper()) and word.lower() in load_words()
