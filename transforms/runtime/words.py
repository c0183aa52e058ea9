"""Common words: what newspapers write in lower case, so that a capital says no more than where it stands.

The table is learned from unlabelled news by `training/common_words.py`, which says how.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

TABLE = "common_words.txt"


@cache
def load_words() -> frozenset[str]:
    """The common words of English news, in lower case, read once a process."""
    return frozenset(resources.files(__package__).joinpath(TABLE).read_text(encoding="utf-8").split())


@lru_cache(1 << 15)
def is_common(word: str) -> bool:
    """Whether a word in capitals or with one is a common word: "Given", "TESTIMONY"."""
    return (word[1:].islower() or word.isupper()) and word.lower() in load_words()
