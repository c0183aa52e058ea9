"""The network of `fast` in compiled loops, where there are any: what takes NumPy many passes over arrays takes one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from transforms.runtime import kernels
from transforms.sentiment.network import NAMES_AT_ONCE, TINY, Array, StanceNetwork
from transforms.sentiment.words import GAP_ID, Row


def make_network(weights: Mapping[str, NDArray[np.generic]]) -> StanceNetwork:
    """The network of these weights, on the best that this machine has."""
    return CompiledNetwork(weights, kernels.LANES[0]) if kernels.LANES else StanceNetwork(weights)


class CompiledNetwork(StanceNetwork):
    """The same answers but for the last digits. `lanes`: one of `kernels.LANES`."""

    _names_at_once = 8 * NAMES_AT_ONCE

    def __init__(self, weights: Mapping[str, NDArray[np.generic]], lanes: int) -> None:
        super().__init__(weights)
        self._lanes = lanes
        self._matrices = {
            name: kernels.pack_columns(self._weights[name], lanes)
            for name in ("second", "value", "query", "join", "mood")
        }
        self._heads = {name: np.ascontiguousarray(self._weights[name].T) for name in ("weigh", "mood_weigh")}
        self._nothing = np.zeros(self._weights["value"].shape[1], np.float32)

    def _read_states(self, ids: NDArray[np.int64]) -> Array:
        width = self._words.shape[2]
        states = np.empty((len(ids), width), np.float32)
        bias, second, second_bias = self._weights["first_bias"], self._matrices["second"], self._weights["second_bias"]
        kernels.read_words(self._lanes, width, GAP_ID, ids, self._words, bias, second, second_bias, states)
        return states

    def _through(self, layer: str, rows: Array) -> Array:
        found = self._multiply(layer, rows, self._weights[f"{layer}_bias"])
        return np.maximum(found, 0, out=found)

    def _values(self, states: Array) -> Array:
        return self._multiply("value", states, self._nothing)

    def _asked(self, here: Array) -> Array:
        return self._multiply("query", here, self._weights["query_bias"])

    def _multiply(self, layer: str, rows: Array, bias: Array) -> Array:
        found = np.empty((len(rows), len(bias)), np.float32)
        kernels.multiply(self._lanes, rows.shape[1], len(bias), rows, self._matrices[layer], bias, found)
        return found

    def _pool_sentences(self, states: Array, row: Row) -> Array:
        heads = self._heads["mood_weigh"]
        pooled = np.empty((len(row.first), heads.size), np.float32)
        kernels.pool_spans(self._lanes, heads.shape[1], TINY, states, row.first, row.last, heads, pooled)
        return pooled

    def _pool_windows(self, values: Array, asked: Array, row: Row, part: slice) -> Array:
        heads, owners = self._heads["weigh"], row.owners[part]
        pooled = np.empty((len(owners), heads.size), np.float32)
        spans = row.names[part], row.first[owners], row.last[owners]
        distance = self._weights["distance"]
        kernels.pool_windows(self._lanes, heads.shape[1], values, asked, distance, *spans, heads, pooled)
        return pooled
