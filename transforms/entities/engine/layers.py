"""A window layer: x + layernorm(maxout(window of x)), on pairs of rows, with NumPy or compiled.

Rows of even and odd number are kept in two arrays, (2, pairs + 2, width), with a pair more at each end for the
neighbours of the first and last rows. The products of three neighbouring rows are formed by Winograd's minimal
filtering F(2, 3) (Lavin and Gray, 2015, "Fast Algorithms for Convolutional Neural Networks"): four products for two
rows instead of six.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transforms.entities.engine.network import Floats, WindowLayer
from transforms.runtime import kernels

Rows = npt.NDArray[np.int64]

# thinc's layer norm adds this to the variance.
EPSILON = np.float32(1e-08)


class Buffers:
    """What NumPy's passes write to, shared by all layers, since it has to stay in the second-level cache."""

    def __init__(self, pairs: int, width: int, columns: int) -> None:
        self.inputs = np.empty((4, pairs, width), np.float32)
        self.products = np.empty((4, pairs, columns), np.float32)
        self.sum = np.empty((pairs, columns), np.float32)
        self.columns = np.empty((2 * pairs, columns), np.float32)
        self.best = np.empty((2 * pairs, width), np.float32)
        self.square = np.empty((2 * pairs, width), np.float32)
        self.mean = np.full((width, 1), 1 / width, np.float32)


class NumpyLayer:
    """A layer by NumPy.

    A layer's additive constant (layer norm's shift) is not added to the rows: `offset`, float64 (width,), is what the
    layers before this one have left out.
    """

    pairs = 256
    """Pairs of rows that go through the layer at once; a run of rows has a multiple of them."""

    def __init__(self, layer: WindowLayer, offset: npt.NDArray[np.float64]) -> None:
        self.width, self.pieces, _ = layer.weight.shape
        columns = layer.weight.astype(np.float64).transpose(1, 0, 2).reshape(self.pieces * self.width, 3, self.width)
        left, middle, right = (columns[:, part].T for part in range(3))
        total = left + middle + right
        self.taps = [np.ascontiguousarray(part, dtype=np.float32) for part in (left, middle, right)]
        filters = (left, total / 2, (left - middle + right) / 2, right)
        self.filters = np.ascontiguousarray(np.stack(filters), dtype=np.float32)
        self.bias = (layer.bias.T.reshape(-1) + offset @ total).astype(np.float32)
        self.gain = layer.gain
        self.buffers: Buffers | None = None

    def multiply(self, vectors: Floats, targets: Floats) -> None:
        """The vectors' products (3, vectors, pieces × width) with the left, the middle and the right third, biased."""
        for tap, target in zip(self.taps, targets, strict=True):
            np.matmul(vectors, tap, out=target)
        targets[1] += self.bias

    def add_neighbours(self, products: Floats, which: Rows, vectors: Floats, rows: Rows, target: Floats) -> None:
        """The layer on rows whose products with each third of the matrix are known.

        Args:
            products: (3, words, pieces × width) of the words with the left, the middle and the right third, biased.
            which: the word of each row.
            vectors: (distinct, width).
            rows: which of them stands in each row.
            target: receives the rows.
        """
        left, middle, right = products
        before = np.concatenate((which[:1], which[:-1]))
        after = np.concatenate((which[1:], which[-1:]))
        buffers = self._buffers()
        columns, best, size = buffers.columns, buffers.best, 2 * self.pairs
        taken = buffers.products.reshape(-1, columns.shape[1])[:size]
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            # mode="clip" lets NumPy write to `out` without a copy; no row is out of range.
            np.take(middle, which[part], axis=0, out=columns, mode="clip")
            np.take(left, before[part], axis=0, out=taken, mode="clip")
            columns += taken
            np.take(right, after[part], axis=0, out=taken, mode="clip")
            columns += taken
            self._activate(columns, best)
            best += np.take(vectors, rows[part], axis=0, out=buffers.square, mode="clip")
            pairs = slice(1 + start // 2, 1 + start // 2 + self.pairs)
            target[0, pairs] = best[::2]
            target[1, pairs] = best[1::2]

    def convolve(self, source: Floats, target: Floats) -> None:
        """The layer on the rows of `source`, into `target`."""
        buffers = self._buffers()
        inputs, products, total, best = buffers.inputs, buffers.products, buffers.sum, buffers.best
        columns = buffers.columns.reshape(2, self.pairs, -1)
        for start in range(1, source.shape[1] - 1, self.pairs):
            end = start + self.pairs
            even, odd = source[0, start:end], source[1, start:end]
            before, after = source[1, start - 1 : end - 1], source[0, start + 1 : end + 1]
            np.subtract(before, odd, out=inputs[0])
            np.add(even, odd, out=inputs[1])
            np.subtract(odd, even, out=inputs[2])
            np.subtract(even, after, out=inputs[3])
            np.matmul(inputs, self.filters, out=products)
            products[1] += self.bias
            np.add(products[1], products[2], out=total)
            np.add(products[0], total, out=columns[0])
            np.subtract(products[1], products[2], out=total)
            np.subtract(total, products[3], out=columns[1])
            self._activate(buffers.columns, best)
            np.add(even, best[: self.pairs], out=target[0, start:end])
            np.add(odd, best[self.pairs :], out=target[1, start:end])

    def _buffers(self) -> Buffers:
        if self.buffers is None:
            self.buffers = Buffers(self.pairs, self.width, self.pieces * self.width)
        return self.buffers

    def _activate(self, columns: Floats, best: Floats) -> None:
        """Maxout over the pieces, then layer norm without its shift."""
        width, buffers = self.width, self._buffers()
        np.maximum(columns[:, :width], columns[:, width : 2 * width], out=best)
        for piece in range(2, self.pieces):
            np.maximum(best, columns[:, piece * width : (piece + 1) * width], out=best)
        # A product with a vector of 1/width is several times faster than NumPy's mean over short rows.
        best -= best @ buffers.mean
        np.multiply(best, best, out=buffers.square)
        scale = buffers.square @ buffers.mean
        scale += EPSILON
        np.sqrt(scale, out=scale)
        np.divide(1, scale, out=scale)
        best *= scale
        best *= self.gain


class CompiledLayer(NumpyLayer):
    """A layer by compiled loops: one pass over a block of rows does what takes NumPy a dozen."""

    pairs = kernels.BLOCK

    def __init__(self, layer: WindowLayer, offset: npt.NDArray[np.float64], lanes: int) -> None:
        super().__init__(layer, offset)
        self._lanes = lanes
        self._packed = kernels.pack_filters(self.filters.reshape(4, self.width, 3, self.width), lanes)
        self._taps = [kernels.pack_columns(tap, lanes) for tap in self.taps]
        self._biases = np.zeros_like(self.bias), self.bias, np.zeros_like(self.bias)

    def multiply(self, vectors: Floats, targets: Floats) -> None:
        """See `NumpyLayer`."""
        columns = len(self.bias)
        for tap, bias, target in zip(self._taps, self._biases, targets, strict=True):
            kernels.multiply(self._lanes, self.width, columns, vectors, tap, bias, target)

    def add_neighbours(self, products: Floats, which: Rows, vectors: Floats, rows: Rows, target: Floats) -> None:
        """See `NumpyLayer`."""
        kernels.add_neighbours(self._lanes, self.width, products, which, vectors, rows, self.gain, target)

    def convolve(self, source: Floats, target: Floats) -> None:
        """See `NumpyLayer`."""
        kernels.convolve(self._lanes, self.width, source, target, self._packed, self.bias, self.gain)
