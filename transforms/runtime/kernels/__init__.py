"""Compiled loops for the networks, where the package was built with a compiler and the processor has AVX2 or AVX-512.

In and out are C-contiguous arrays of float32 and int64. `LANES` says how many floats a vector may have here, the best
first; it is empty where nothing is compiled, and then NumPy has to do. Results differ from NumPy's in the last bits.

Of the window layers, on pairs of rows as `transforms.entities.engine.layers` lays them out, a multiple of `BLOCK`:

- `convolve(lanes, width, source, target, filters, bias, gain)`: a layer; the filters are `pack_filters`' answer.
- `add_neighbours(lanes, width, products, which, vectors, rows, gain, target)`: the first of them, from products that
  were formed before.

- `decide(lanes, width, hidden, pieces, actions, encoded, rows, kinds, lower, lower_bias, upper, upper_bias, allowed,
  best, gap)`: the best action of each state of one row, and how far the next is below it. `allowed` (kinds, actions) is
  0 or −∞, and there are as many actions as a multiple of 16.

Of words in context, as `transforms.sentiment.network` has it; matrices are `pack_columns`' answer:

- `read_words(lanes, width, gap, ids, tables, bias, second, second_bias, states)`: two convolutions over words.
- `multiply(lanes, length, columns, rows, matrix, bias, target)`.
- `pool_spans(lanes, width, start, rows, first, last, heads, target)`: each span's weighed mean by each head.
- `pool_windows(lanes, width, rows, asked, distance, places, first, last, heads, target)`: the same of what is around
  each place in its span, moved by its distance and by what is asked.

All raise ValueError or IndexError for arrays of other sizes.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Pairs of rows that go through a layer at once.
BLOCK = 32
# What an older build than this source would have otherwise.
VERSION = 3


def _load() -> Any:
    try:
        module = import_module("transforms.runtime.kernels._kernels")
    except ImportError:
        return None
    return module if module.VERSION == VERSION else None


_compiled = _load()
LANES: tuple[int, ...] = _compiled.LANES if _compiled else ()
convolve: Any = getattr(_compiled, "convolve", None)
add_neighbours: Any = getattr(_compiled, "add_neighbours", None)
read_words: Any = getattr(_compiled, "read_words", None)
multiply: Any = getattr(_compiled, "multiply", None)
pool_spans: Any = getattr(_compiled, "pool_spans", None)
pool_windows: Any = getattr(_compiled, "pool_windows", None)
decide: Any = getattr(_compiled, "decide", None)


def pack_filters(filters: Floats, lanes: int) -> Floats:
    """Filters (n, inputs, 3, width) in the order in which the loops read them: (width / lanes, n, inputs, 3, lanes)."""
    count, inputs, pieces, width = filters.shape
    return _copy(filters.reshape(count, inputs, pieces, width // lanes, lanes).transpose(3, 0, 1, 2, 4))


def pack_columns(matrix: Floats, lanes: int) -> Floats:
    """A matrix (rows, columns) as panels of three vectors of columns, the last filled up: (panels, rows, 3 × lanes)."""
    rows, columns = matrix.shape
    panels = -(-columns // (3 * lanes))
    wide = np.zeros((rows, panels * 3 * lanes), np.float32)
    wide[:, :columns] = matrix
    return _copy(wide.reshape(rows, panels, 3 * lanes).transpose(1, 0, 2))


def _copy(values: Floats) -> Floats:
    """The same values behind one another, from a line of the processor's cache on."""
    copy = aligned(values.shape)
    copy[:] = values
    return copy


def aligned(shape: tuple[int, ...]) -> Floats:
    """An array, not filled, that begins with a line of the processor's cache."""
    size = int(np.prod(shape))
    memory = np.empty(size + 16, np.float32)
    first = -memory.ctypes.data % 64 // 4
    return memory[first : first + size].reshape(shape)
