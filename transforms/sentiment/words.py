"""Texts as rows of words, every name the same word.

All names of a text become one placeholder before anything else looks at it, so that no score can hang on what somebody
is called. Sentences lie behind one another in one row, with a separator before, between and behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from transforms.sentiment.chunks import Ids, make_chunks
from transforms.sentiment.model import TARGETS, MaskedArticle

# Characters of a private area stand for a name and for the gap between sentences.
NAME, GAP = "\ue000", "\ue001"
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d[\d.,]*|[^\w\s]")
# Word ids: a separator, a name, a number; then as many classes of unknown words by their last letters; then the words.
GAP_ID, NAME_ID, NUMBER_ID = 0, 1, 2
FIRST_RARE, RARE = 3, 1024
FIRST_WORD = FIRST_RARE + RARE
ENDING = 3


class WordList(dict[str, int]):
    """Words → ids; a word that isn't in it gets the id of its ending."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__((word, FIRST_WORD + index) for index, word in enumerate(words))
        self[NAME], self[GAP] = NAME_ID, GAP_ID
        self._chunks = make_chunks(self._find)

    def __missing__(self, word: str) -> int:
        return NUMBER_ID if word[0].isdigit() else FIRST_RARE + ending_class(word)

    def read(self, text: str) -> Ids:
        """The ids of a text's words, in order."""
        return self._chunks.read(text)

    def _find(self, chunk: str) -> list[int]:
        return [self[word] for word in WORD.findall(chunk)]


def ending_class(word: str) -> int:
    """0 … RARE − 1, from a word's last letters: the same on every machine (FNV-1a)."""
    value = 2166136261
    for char in word[-ENDING:]:
        value = ((value ^ ord(char)) * 16777619) & 0xFFFFFFFF
    return value % RARE


class Row(NamedTuple):
    """A reading as one row of word ids, separators among them.

    `first` and `last` are the places of each sentence's first word and (exclusive) last one; empty sentences have them
    equal. `names` are the places of the names, `owners` the sentence of each.
    """

    ids: Ids
    first: Ids
    last: Ids
    names: Ids
    owners: Ids


def masked_sentences(reading: MaskedArticle) -> Iterator[str]:
    """A reading's sentences, small letters, each name (one of `TARGETS`) the placeholder."""
    text = reading.text
    if NAME in text or GAP in text:
        text = text.replace(NAME, " ").replace(GAP, " ")
    mentions = iter([part for part in reading.mentions if part.label in TARGETS])
    mention = next(mentions, None)
    for sentence in reading.sentences:
        at = sentence.start_char
        parts: list[str] = []
        while mention is not None and mention.start_char < sentence.end_char:
            parts += (text[at : mention.start_char], NAME)
            at = mention.end_char
            mention = next(mentions, None)
        parts.append(text[at : sentence.end_char])
        yield " ".join(parts) if len(parts) > 1 else parts[0]


def read_ids(reading: MaskedArticle, lexicon: WordList) -> Ids:
    """A reading's words as ids, a separator before, between and behind its sentences."""
    masked = f" {GAP} ".join(masked_sentences(reading))
    return lexicon.read(f"{GAP} {masked} {GAP}".lower().replace("’", "'"))


def split_row(ids: Ids) -> Row:
    """Where sentences and names lie in what `read_ids` answers: as many as in the reading, one sentence at least."""
    gaps = np.flatnonzero(ids == GAP_ID)
    names = np.flatnonzero(ids == NAME_ID)
    return Row(ids, gaps[:-1] + 1, gaps[1:], names, np.searchsorted(gaps, names) - 1)


def read_row(reading: MaskedArticle, lexicon: WordList) -> Row:
    """A reading's words, its sentences and names."""
    return split_row(read_ids(reading, lexicon))
