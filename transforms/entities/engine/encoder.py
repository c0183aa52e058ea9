"""The window layers, for many documents at once.

Each layer is a convolution over three neighbouring rows. Its products are formed by Winograd's minimal filtering
F(2, 3) (Lavin and Gray, 2015, "Fast Algorithms for Convolutional Neural Networks"): four products for two rows instead
of six. Rows of even and odd number are kept in two arrays, so that every operand is a run of memory. The first layer's
input depends on the word alone: its products are formed once for the words met first, which are the frequent ones, and
once a batch for each other word, and added up.

A layer's additive constant (layer norm's shift) is not added to the rows, but carried along and folded into the next
layers' biases; `Encoder.offset` is what is missing at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.entities.engine.network import Floats, WindowLayer

Rows = npt.NDArray[np.int64]

# Pairs of rows that go through a layer at once: what they need stays in a core's second-level cache.
PAIRS = 256
# Words whose products in the first layer are kept, 3.5 kB each at a width of 96.
KEPT_WORDS = 4096
# thinc's layer norm adds this to the variance.
EPSILON = np.float32(1e-08)


class _Layer:
    """A window layer's weights, arranged for products of rows with columns of all pieces, piece by piece."""

    def __init__(self, layer: WindowLayer, offset: npt.NDArray[np.float64]) -> None:
        width, pieces, _ = layer.weight.shape
        columns = layer.weight.astype(np.float64).transpose(1, 0, 2).reshape(pieces * width, 3, width)
        left, middle, right = (columns[:, part].T for part in range(3))
        total = left + middle + right
        self.taps = [np.ascontiguousarray(part, dtype=np.float32) for part in (left, middle, right)]
        filters = (left, total / 2, (left - middle + right) / 2, right)
        self.filters = np.ascontiguousarray(np.stack(filters), dtype=np.float32)
        self.bias = (layer.bias.T.reshape(-1) + offset @ total).astype(np.float32)
        self.gain = layer.gain
        self.pieces = pieces


class Encoder:
    """The stack of window layers. Not for more than one thread: it works in buffers of its own."""

    def __init__(self, layers: Sequence[WindowLayer]) -> None:
        offset = np.zeros(len(layers[0].gain))
        self._layers = []
        for layer in layers:
            self._layers.append(_Layer(layer, offset))
            offset = offset + layer.shift
        self.offset = offset
        """What has to be added to every row of the result, float64 (width,)."""
        self._width = width = len(offset)
        columns = width * max(layer.pieces for layer in self._layers)
        self._inputs = np.empty((4, PAIRS, width), np.float32)
        self._products = np.empty((4, PAIRS, columns), np.float32)
        self._sum = np.empty((PAIRS, columns), np.float32)
        self._columns = np.empty((2 * PAIRS, columns), np.float32)
        self._best = np.empty((2 * PAIRS, width), np.float32)
        self._square = np.empty((2 * PAIRS, width), np.float32)
        self._kept = np.empty((3, 0, columns), np.float32)
        self._known = 0
        self._epoch = -1
        self._mean = np.full((width, 1), 1 / width, np.float32)

    def encode(self, rows: Rows, vectors: Floats, epoch: int) -> Floats:
        """Encode a run of rows.

        Args:
            rows: which of `vectors` stands in each row; a multiple of 2 × `PAIRS`. Documents are kept apart by as many
                rows of zeros as there are layers, and begin and end with them.
            vectors: (distinct, width). Within an epoch more may follow, but none changes.
            epoch: another number than before where `vectors` is another table.

        Returns:
            (2, rows / 2, width) without `offset`: the even rows, then the odd ones.
        """
        pairs = len(rows) // 2
        # A pair more at each end, for the neighbours of the first and last rows.
        here = np.zeros((2, pairs + 2, self._width), np.float32)
        self._first(rows, vectors, epoch, here)
        there = np.zeros_like(here) if len(self._layers) > 1 else here
        for layer in self._layers[1:]:
            self._convolve(layer, here, there)
            here, there = there, here
        return here[:, 1:-1]

    def _first(self, rows: Rows, vectors: Floats, epoch: int, target: Floats) -> None:
        which = self._multiply(rows, vectors, epoch)
        left, middle, right = self._kept
        before = np.concatenate((which[:1], which[:-1]))
        after = np.concatenate((which[1:], which[-1:]))
        columns, best = self._columns, self._best
        taken = self._products.reshape(-1, columns.shape[1])[: 2 * PAIRS]
        for start in range(0, len(rows), 2 * PAIRS):
            part = slice(start, start + 2 * PAIRS)
            # mode="clip" lets NumPy write to `out` without a copy; no row is out of range.
            np.take(middle, which[part], axis=0, out=columns, mode="clip")
            np.take(left, before[part], axis=0, out=taken, mode="clip")
            columns += taken
            np.take(right, after[part], axis=0, out=taken, mode="clip")
            columns += taken
            self._activate(self._layers[0], columns, best)
            best += np.take(vectors, rows[part], axis=0, out=self._square, mode="clip")
            pairs = slice(1 + start // 2, 1 + start // 2 + PAIRS)
            target[0, pairs] = best[::2]
            target[1, pairs] = best[1::2]

    def _multiply(self, rows: Rows, vectors: Floats, epoch: int) -> Rows:
        """Form the first layer's products of the rows' words; returns where in `_kept` each row's are."""
        layer = self._layers[0]
        if epoch != self._epoch:
            self._epoch, self._known = epoch, 0
        known = min(len(vectors), KEPT_WORDS)
        rare, which = np.unique(rows[rows >= known], return_inverse=True)
        columns = layer.taps[0].shape[1]
        if known + len(rare) > self._kept.shape[1]:
            grown = np.empty((3, KEPT_WORDS + 2 * len(rare), columns), np.float32)
            grown[:, : self._known] = self._kept[:, : self._known]
            self._kept = grown
        for tap, products in zip(layer.taps, self._kept, strict=True):
            np.matmul(vectors[self._known : known], tap, out=products[self._known : known])
            np.matmul(vectors[rare], tap, out=products[known : known + len(rare)])
        self._kept[1, self._known : known] += layer.bias
        self._kept[1, known : known + len(rare)] += layer.bias
        self._known = known
        places = rows.copy()
        places[rows >= known] = known + which
        return places

    def _convolve(self, layer: _Layer, source: Floats, target: Floats) -> None:
        inputs, products, total, best = self._inputs, self._products, self._sum, self._best
        columns = self._columns.reshape(2, PAIRS, -1)
        for start in range(1, source.shape[1] - 1, PAIRS):
            end = start + PAIRS
            even, odd = source[0, start:end], source[1, start:end]
            before, after = source[1, start - 1 : end - 1], source[0, start + 1 : end + 1]
            np.subtract(before, odd, out=inputs[0])
            np.add(even, odd, out=inputs[1])
            np.subtract(odd, even, out=inputs[2])
            np.subtract(even, after, out=inputs[3])
            np.matmul(inputs, layer.filters, out=products)
            products[1] += layer.bias
            np.add(products[1], products[2], out=total)
            np.add(products[0], total, out=columns[0])
            np.subtract(products[1], products[2], out=total)
            np.subtract(total, products[3], out=columns[1])
            self._activate(layer, self._columns, best)
            np.add(even, best[:PAIRS], out=target[0, start:end])
            np.add(odd, best[PAIRS:], out=target[1, start:end])

    def _activate(self, layer: _Layer, columns: Floats, best: Floats) -> None:
        """Maxout over the pieces, then layer norm without its shift."""
        width = self._width
        np.maximum(columns[:, :width], columns[:, width : 2 * width], out=best)
        for piece in range(2, layer.pieces):
            np.maximum(best, columns[:, piece * width : (piece + 1) * width], out=best)
        # A product with a vector of 1/width is several times faster than NumPy's mean over short rows.
        best -= best @ self._mean
        np.multiply(best, best, out=self._square)
        scale = self._square @ self._mean
        scale += EPSILON
        np.sqrt(scale, out=scale)
        np.divide(1, scale, out=scale)
        best *= scale
        best *= layer.gain
