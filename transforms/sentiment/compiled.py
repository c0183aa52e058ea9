"""The network of `fast` in compiled loops, where there are any: what takes NumPy many passes over arrays takes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from transforms.runtime import kernels
from transforms.sentiment.model import Answers
from transforms.sentiment.network import Array, StanceNetwork
from transforms.sentiment.words import GAP_ID, NAME_ID, Ids


def make_network(weights: Mapping[str, NDArray[np.generic]]) -> StanceNetwork:
    """The network of these weights, on the best that this machine has."""
    widths = [weights[name].size for name in ("first_bias", "query_bias", "mood_bias", "join_bias")]
    if kernels.LANES and not any(width % 16 for width in widths):
        return CompiledNetwork(weights, kernels.LANES[0])
    return StanceNetwork(weights)


class CompiledNetwork(StanceNetwork):
    """The same answers but for the last digits. `lanes`: one of `kernels.LANES`. All widths are multiples of 16."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]], lanes: int) -> None:
        super().__init__(weights)
        known, self._lanes = self._weights, lanes
        width, attended = known["value"].shape
        heads, mood_heads = known["weigh"].shape[1], known["mood_weigh"].shape[1]
        moods, joined = known["mood"].shape[1], known["join"].shape[1]
        self._sizes = width, attended, heads, mood_heads, moods, joined, len(known["distance"]) // 2
        known["value_bias"] = np.zeros(attended, np.float32)
        self._packed = kernels.lay_out(
            [
                known["first_bias"],
                *self._filters(),
                *self._product("value"),
                *self._product("query"),
                known["distance"],
                known["weigh"].T,
                known["mood_weigh"].T,
                *self._product("mood"),
                known["mood_out"].T,
                known["mood_out_bias"],
                *self._product("join"),
                known["out"].T,
                known["out_bias"],
            ]
        )

    def _product(self, layer: str) -> tuple[Array, Array]:
        return kernels.pack_columns(self._weights[layer], self._lanes), self._weights[f"{layer}_bias"]

    def _filters(self) -> Iterator[Array]:
        """The second convolution's filters by Winograd's F(2, 3), with their biases: four products for two words."""
        before, here, behind = np.split(self._weights["second"], 3)
        zero, bias = np.zeros_like(self._weights["second_bias"]), self._weights["second_bias"]
        half = np.float32(0.5)
        even, odd = (before + behind + here) * half, (before + behind - here) * half
        for matrix, added in ((before, zero), (even, bias), (odd, zero), (behind, zero)):
            yield from (kernels.pack_columns(matrix, self._lanes), added)

    def answer(self, ids: Ids) -> Answers:
        """See `StanceNetwork`."""
        names, gaps = (int(np.count_nonzero(ids == kind)) for kind in (NAME_ID, GAP_ID))
        answers = Answers(np.empty((names, 3), np.float32), np.empty((gaps - 1, 3), np.float32))
        kernels.score_words(self._lanes, self._sizes, GAP_ID, NAME_ID, self._words, self._packed, ids, *answers)
        return answers
