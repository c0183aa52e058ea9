"""The window layers, for many documents at once.

The first layer's input depends on the word alone: its products are formed once for the words met first, which are the
frequent ones, and once a batch for each other word, and added up. `layers` has what is done with them, and the others.

A layer's additive constant (layer norm's shift) is not added to the rows, but carried along and folded into the next
layers' biases; `Encoder.offset` is what is missing at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.entities.engine.layers import Buffers, CompiledLayer, NumpyLayer, Rows
from transforms.entities.engine.network import Floats, WindowLayer
from transforms.runtime import kernels

# Words whose products in the first layer are kept, 3.5 kB each at a width of 96.
KEPT_WORDS = 4096


class Encoder:
    """The stack of window layers. Not for more than one thread: it works in buffers of its own.

    Args:
        layers: at least one.
        lanes: which of `kernels.LANES` to use, 0 for NumPy; without it the best that these layers can use.
    """

    def __init__(self, layers: Sequence[WindowLayer], lanes: int | None = None) -> None:
        self._width = width = len(layers[0].gain)
        if lanes is None:
            compiled = bool(kernels.LANES) and width % 16 == 0 and layers[0].weight.shape[1] == 3
            lanes = kernels.LANES[0] if compiled else 0
        offset = np.zeros(width)
        self._layers: list[NumpyLayer] = []
        for layer in layers:
            self._layers.append(CompiledLayer(layer, offset, lanes) if lanes else NumpyLayer(layer, offset))
            offset = offset + layer.shift
        self.offset = offset
        """What has to be added to every row of the result, float64 (width,)."""
        self.pairs = self._layers[0].pairs
        """Rows come as a multiple of this many pairs."""
        self._columns = width * self._layers[0].pieces
        if not lanes:
            buffers = Buffers(self.pairs, width, self._columns)
            for part in self._layers:
                part.buffers = buffers
        self._kept = np.empty((3, 0, self._columns), np.float32)
        self._known = 0
        self._epoch = -1

    def encode(self, rows: Rows, vectors: Floats, epoch: int) -> Floats:
        """Encode a run of rows.

        Args:
            rows: which of `vectors` stands in each row; a multiple of 2 × `pairs`. Documents are kept apart by as many
                rows of zeros as there are layers, and begin and end with them.
            vectors: (distinct, width). Within an epoch more may follow, but none changes.
            epoch: another number than before where `vectors` is another table.

        Returns:
            (2, rows / 2, width) without `offset`: the even rows, then the odd ones.
        """
        # A pair more at each end, for the neighbours of the first and last rows.
        here = np.zeros((2, len(rows) // 2 + 2, self._width), np.float32)
        which = self._multiply(rows, vectors, epoch)
        self._layers[0].add_neighbours(self._kept, which, vectors, rows, here)
        there = np.zeros_like(here) if len(self._layers) > 1 else here
        for layer in self._layers[1:]:
            layer.convolve(here, there)
            here, there = there, here
        return here[:, 1:-1]

    def _multiply(self, rows: Rows, vectors: Floats, epoch: int) -> Rows:
        """Form the first layer's products of the rows' words; returns where in `_kept` each row's are."""
        layer = self._layers[0]
        if epoch != self._epoch:
            self._epoch, self._known = epoch, 0
        known = min(len(vectors), KEPT_WORDS)
        rare, which = np.unique(rows[rows >= known], return_inverse=True)
        if known + len(rare) > self._kept.shape[1]:
            grown = np.empty((3, KEPT_WORDS + 2 * len(rare), self._columns), np.float32)
            grown[:, : self._known] = self._kept[:, : self._known]
            self._kept = grown
        layer.multiply(vectors[self._known : known], self._kept[:, self._known : known])
        layer.multiply(vectors[rare], self._kept[:, known : known + len(rare)])
        self._known = known
        places = rows.copy()
        places[rows >= known] = known + which
        return places
