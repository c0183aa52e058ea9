"""The transition system: from encoded rows to entities, for many documents at once.

spaCy's BILUO system (`ner.pyx`) goes through a document token by token. Its state is the current token, the first token
of the open entity and the token before the current one, if an entity is open. So

- the scores outside of an entity depend on the current token alone: one matrix product for all tokens;
- an entity, once opened at a token, goes its way whatever came before: all that may open are walked forward together,
  a step for each further token, until the last is closed. Those that begin inside another one are dropped afterwards.

Which actions are allowed is `is_valid` in `ner.pyx`, without preset entities: no entity begins at white space; none
begins or goes on (B, I) where the next token starts a sentence or there is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.entities.engine.network import Floats, Network, UnsupportedError
from transforms.runtime import kernels

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OUT = "O"
# Two scores nearer to each other than this may be the other way round in spaCy, which forms its sums in another order.
# Scores reach 20. In a million tokens of news their distances differ from spaCy's by 1.7 · 10⁻⁶ (root mean square) and
# at most by 9 · 10⁻⁶.
TIE = 3e-5


class Tokens(NamedTuple):
    """Where the tokens of a batch are: the encoder's row of each, and what the transition system asks of them."""

    rows: Ints
    is_space: Flags
    ends_run: Flags
    """Whether the next token starts a sentence or there is none."""


class Entities(NamedTuple):
    """Entities in order, as tokens of the batch: first, one after the last, and the index of the label."""

    first: Ints
    stop: Ints
    label: Ints
    doubtful: Ints
    """Tokens at which two actions were too close to tell which one spaCy takes; in no order."""


class Actions:
    """The states' scores and the walk through them. `labels` names the labels by index."""

    def __init__(self, network: Network, offset: npt.NDArray[np.float64]) -> None:
        moves = [action.partition("-")[::2] for action in network.actions]
        self.labels = tuple(dict.fromkeys(label for _, label in moves if label))
        weight, bias = network.upper
        place = {move: index for index, move in enumerate(moves)}
        # An action of the same score as another wins by its lower number, so their order is kept.
        outside = [index for index, (move, label) in enumerate(moves) if move == OUT or (move in "BU" and label)]
        inside = [[place.get((move, label), -1) for label in self.labels] for move in "IL"]
        if (OUT, "") not in place or any(-1 in found for found in inside):
            raise UnsupportedError("its `ner` has an unknown set of actions")
        if any(i > last for i, last in zip(*inside, strict=True)):
            raise UnsupportedError("its `ner` numbers its actions in another order")
        self._kinds = np.array(["OBU".index(moves[index][0]) for index in outside])
        self._names = np.array([self.labels.index(moves[index][1]) if moves[index][1] else -1 for index in outside])
        self._begins = np.flatnonzero(self._kinds == 1)
        self._entering = np.flatnonzero(self._kinds != 0)
        self._outside = np.ascontiguousarray(weight[outside].T), bias[outside]
        self._inside = [(weight[found], bias[found]) for found in inside]
        self._set_features(network, offset)

    def _set_features(self, network: Network, offset: npt.NDArray[np.float64]) -> None:
        """The projection and the states' layer as one product for each of a state's three tokens."""
        _, hidden, pieces, _ = network.lower.shape
        weight, bias = (part.astype(np.float64) for part in network.project)
        lower = network.lower.astype(np.float64).transpose(0, 2, 1, 3).reshape(3, pieces * hidden, -1)
        constant = lower @ (weight @ offset + bias)
        pad = network.lower_pad.astype(np.float64).transpose(0, 2, 1).reshape(3, -1)
        lower_bias = network.lower_bias.astype(np.float64).T.reshape(-1)
        self._features = [np.ascontiguousarray((part @ weight).T, dtype=np.float32) for part in lower]
        self._alone = (constant[0] + pad[1] + pad[2] + lower_bias).astype(np.float32)
        self._open = (constant.sum(axis=0) + lower_bias).astype(np.float32)
        self._hidden, self._pieces = hidden, pieces

    def find(self, encoded: Floats, tokens: Tokens) -> Entities:
        """The entities of a batch.

        Args:
            encoded: (rows, width), as the encoder left them.
            tokens: at least one.
        """
        best, gap = self._decide_outside(encoded, tokens)
        kind, label, doubtful = self._kinds[best], self._names[best], np.flatnonzero(gap < TIE)
        entering = np.flatnonzero(kind)
        labels = label[entering]
        opening = kind[entering] == 1
        stops = entering + 1
        first = entering[opening]
        stops[opening], close = self._walk(encoded, tokens, first, labels[opening])
        kept = _without_inner(entering, stops)
        return Entities(entering[kept], stops[kept], labels[kept], np.concatenate([doubtful, *close]))

    def _decide_outside(self, encoded: Floats, tokens: Tokens) -> tuple[Ints, Floats]:
        """The best action of every token outside of entities, and how far the next is below it."""
        weight, bias = self._outside
        scores = self._maxout(encoded @ self._features[0] + self._alone) @ weight
        scores += bias
        scores = scores[tokens.rows]
        scores[np.ix_(tokens.is_space, self._entering)] = -np.inf
        scores[np.ix_(tokens.ends_run, self._begins)] = -np.inf
        best = scores.argmax(axis=1)
        every = np.arange(len(best))
        highest = scores[every, best]
        scores[every, best] = -np.inf
        return best, highest - scores.max(axis=1)

    def _walk(self, encoded: Floats, tokens: Tokens, first: Ints, labels: Ints) -> tuple[Ints, list[Ints]]:
        """One after the last token of each entity that opens at `first`; and doubtful tokens."""
        stops = first + 1
        doubtful = []
        opened = encoded[tokens.rows[first]] @ self._features[1] + self._open
        going = np.arange(len(first))
        while len(going):
            here = stops[going]
            state = encoded[tokens.rows[here]] @ self._features[0] + opened[going]
            state += encoded[tokens.rows[here - 1]] @ self._features[2]
            hidden = self._maxout(state)
            scores = [
                np.einsum("ij,ij->i", hidden, weight[labels[going]]) + bias[labels[going]]
                for weight, bias in self._inside
            ]
            stops[going] += 1
            free = ~tokens.ends_run[here]
            doubtful.append(here[(np.abs(scores[0] - scores[1]) < TIE) & free])
            going = going[(scores[0] >= scores[1]) & free]
        return stops, doubtful

    def _maxout(self, states: Floats) -> Any:
        hidden = self._hidden
        best = np.maximum(states[:, :hidden], states[:, hidden : 2 * hidden])
        for piece in range(2, self._pieces):
            np.maximum(best, states[:, piece * hidden : (piece + 1) * hidden], out=best)
        return best


class CompiledActions(Actions):
    """The same with compiled loops. `lanes`: one of `kernels.LANES`. Not for every size: see `can_compile`."""

    def __init__(self, network: Network, offset: npt.NDArray[np.float64], lanes: int) -> None:
        super().__init__(network, offset)
        self._lanes = lanes
        weight, bias = self._outside
        self._count = -(-len(bias) // 16) * 16
        self._bias = np.zeros(self._count, np.float32)
        self._bias[: len(bias)] = bias
        wide = np.zeros((self._hidden, self._count), np.float32)
        wide[:, : len(bias)] = weight
        self._upper = kernels.pack_columns(wide, lanes)
        self._lower = kernels.pack_columns(self._features[0], lanes)
        # By kind of token: whether it is white space, and twice whether it ends a run.
        self._allowed = np.full((4, self._count), -np.inf, np.float32)
        self._allowed[:, : len(bias)] = 0
        self._allowed[1::2, self._entering] = -np.inf
        self._allowed[2:, self._begins] = -np.inf

    @staticmethod
    def can_compile(network: Network) -> bool:
        """Whether the loops take a network of this size."""
        _, hidden, _, _ = network.lower.shape
        return hidden % 16 == 0 and network.project[0].shape[1] % 16 == 0

    def _decide_outside(self, encoded: Floats, tokens: Tokens) -> tuple[Ints, Floats]:
        kinds = tokens.is_space + 2 * tokens.ends_run.astype(np.int64)
        best, gap = np.empty(len(kinds), np.int64), np.empty(len(kinds), np.float32)
        sizes = encoded.shape[1], self._hidden, self._pieces, self._count
        layers = self._lower, self._alone, self._upper, self._bias
        kernels.decide(self._lanes, *sizes, encoded, tokens.rows, kinds, *layers, self._allowed, best, gap)
        return best, gap


def _without_inner(first: Ints, stop: Ints) -> Ints:
    """The indices of the entities that begin in no earlier one that is kept."""
    kept = []
    end = 0
    for index, (begin, after) in enumerate(zip(first.tolist(), stop.tolist(), strict=True)):
        if begin >= end:
            kept.append(index)
            end = after
    return np.array(kept, dtype=np.int64)
