"""The network of `fast`, in NumPy; `compiled` has the same in compiled loops.

Two convolutions over words say what stands where in a sentence; a name is a placeholder to them. Toward each name,
every word near it is seen in the light of its distance and of the name's surroundings (additive attention: Bahdanau et
al. 2015), and several heads choose what matters. Convolutions run once a sentence, the rest once a name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from transforms.sentiment.model import Answers
from transforms.sentiment.words import GAP_ID, Ids, Row, split_row

Array = NDArray[np.float32]
# Words on either side of a name that training lets the network look at.
REACH = 20
# Words and names that go through the network at once: what a core's own cache holds.
WORDS_AT_ONCE = 1000
NAMES_AT_ONCE = 48
# What attention's weights are kept within, before they become powers; and the weight of a separator.
LARGEST, TINY = 30.0, 1e-20


class StanceNetwork:
    """The weights, by name, as `training` makes them; embeddings are whole numbers with a scale per word."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        self._weights = {name: np.asarray(value, np.float32) for name, value in weights.items() if name != "words"}
        scales = self._weights.pop("scales")
        words: Array = np.asarray(weights["words"], np.float32) * scales[:, None]
        words[GAP_ID] = 0
        # What each word gives to the first convolution as the word before, the word itself and the word behind: worked
        # out once a process, in 20 MB, since a text has every word many times.
        parts = np.split(self._weights.pop("first"), 3)
        self._words: Array = np.empty((3, len(words), parts[0].shape[1]), np.float32)
        for part, found in zip(parts, self._words, strict=True):
            np.matmul(words, part, out=found)
        reach = len(self._weights["distance"]) // 2
        self._distances = np.arange(-reach, reach + 1)
        self._ones = np.ones((1, len(self._distances)), np.float32)

    def answer(self, ids: Ids) -> Answers:
        """What the network says of a row of words, as `read_ids` gives it."""
        row = split_row(ids)
        names = np.empty((len(row.names), 3), np.float32)
        sentences = np.empty((len(row.first), 3), np.float32)
        begin = name = 0
        while begin < len(row.first):
            start = row.first[begin] - 1
            # As many whole sentences as fit, one at least.
            end = max(begin + 1, int(np.searchsorted(row.last, start + WORDS_AT_ONCE)))
            stop = name + int(np.searchsorted(row.owners[name:], end))
            part = Row(
                row.ids[start : row.last[end - 1] + 1],
                row.first[begin:end] - start,
                row.last[begin:end] - start,
                row.names[name:stop] - start,
                row.owners[name:stop] - begin,
            )
            names[name:stop], sentences[begin:end] = self._answer(part)
            begin, name = end, stop
        return Answers(names, sentences)

    def _answer(self, row: Row) -> Answers:
        """The same of a row that is not too long."""
        weights = self._weights
        states = self._read_states(row.ids)
        moods = self._through("mood", self._pool_sentences(states, row))
        names = np.empty((len(row.names), 3), np.float32)
        # What a word gives to the names around it, wherever it stands.
        values = states @ weights["value"]
        for begin in range(0, len(row.names), NAMES_AT_ONCE):
            part = slice(begin, begin + NAMES_AT_ONCE)
            here = states.take(row.names[part], axis=0)
            asked = here @ weights["query"] + weights["query_bias"]
            pooled = self._pool_windows(values, asked, row, part)
            joined = np.concatenate([pooled, here, moods[row.owners[part]]], axis=1)
            names[part] = self._through("join", joined) @ weights["out"] + weights["out_bias"]
        return Answers(names, moods @ weights["mood_out"] + weights["mood_out_bias"])

    def _through(self, layer: str, rows: Array) -> Array:
        """Rows through a matrix and a rectifier."""
        found: Array = rows @ self._weights[layer]
        found += self._weights[f"{layer}_bias"]
        return np.maximum(found, 0, out=found)

    def _read_states(self, ids: Ids) -> Array:
        """What stands where: both convolutions, added up."""
        gaps = ids == GAP_ID
        first = self._read(ids, gaps)
        states = self._convolve(first, gaps)
        states += first
        return states

    def _read(self, ids: Ids, gaps: NDArray[np.bool_]) -> Array:
        """The first convolution: each word with its two neighbours, through a rectifier; separators stay 0."""
        before, here, behind = self._words
        found: Array = here.take(ids, axis=0)
        found += self._weights["first_bias"]
        found[1:] += before.take(ids[:-1], axis=0)
        found[:-1] += behind.take(ids[1:], axis=0)
        np.maximum(found, 0, out=found)
        found[gaps] = 0
        return found

    def _convolve(self, rows: Array, gaps: NDArray[np.bool_]) -> Array:
        """The second: each row with its two neighbours, through a matrix and a rectifier; separators stay 0."""
        kernel = self._weights["second"]
        width = rows.shape[1]
        found: Array = rows @ kernel[width : 2 * width]
        found += self._weights["second_bias"]
        found[1:] += rows[:-1] @ kernel[:width]
        found[:-1] += rows[1:] @ kernel[2 * width :]
        np.maximum(found, 0, out=found)
        found[gaps] = 0
        return found

    def _pool_sentences(self, states: Array, row: Row) -> Array:
        """The words of each sentence, weighed by how much they matter for its mood, by each head."""
        powers = np.exp(np.clip(states @ self._weights["mood_weigh"], -LARGEST, LARGEST))
        # Not 0: a sentence may have no word at all.
        powers[row.ids == GAP_ID] = TINY
        bounds = row.first - 1
        sums = np.add.reduceat(powers, bounds)
        pooled = [
            np.add.reduceat(states * powers[:, head : head + 1], bounds) / sums[:, head : head + 1]
            for head in range(powers.shape[1])
        ]
        return np.concatenate(pooled, axis=1)

    def _pool_windows(self, values: Array, asked: Array, row: Row, part: slice) -> Array:
        """The words around some of the names, weighed by how much they matter to each, by each head."""
        weights = self._weights
        places, owners = row.names[part], row.owners[part]
        windows = places[:, None] + self._distances
        outside = (windows < row.first[owners, None]) | (windows >= row.last[owners, None])
        np.clip(windows, 0, len(row.ids) - 1, out=windows)
        seen = values.take(windows, axis=0)
        seen += weights["distance"]
        seen += asked[:, None]
        np.maximum(seen, 0, out=seen)
        powers = np.exp(np.clip(seen @ weights["weigh"], -LARGEST, LARGEST))
        powers[outside] = 0
        pooled = np.matmul(powers.transpose(0, 2, 1), seen)
        # Sums along a middle axis are slow, products are not.
        pooled /= np.matmul(self._ones, powers).transpose(0, 2, 1)
        return pooled.reshape(len(places), -1)
