"""Compiled loops for the networks, where the package was built with a compiler and the processor has AVX2 or AVX-512.

In and out are C-contiguous arrays of float32 and int64. `LANES` says how many floats a vector may have here, the best
first; it is empty where nothing is compiled, and then NumPy has to do. Results differ from NumPy's in the last bits.

- `convolve(lanes, width, source, target, filters, bias, gain)`: a window layer on pairs of rows, as
  `transforms.entities.engine.layers` lays them out, a multiple of `BLOCK` of them, by filters that are `pack`ed.
- `add_neighbours(lanes, width, products, which, vectors, rows, gain, target)`: the first of these layers, from
  products that were formed before.

Both raise ValueError or IndexError for arrays of other sizes.
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
VERSION = 1


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


def pack(filters: Floats, lanes: int) -> Floats:
    """Filters (n, inputs, 3, width) in the order in which the loops read them: (width / lanes, n, inputs, 3, lanes)."""
    count, inputs, pieces, width = filters.shape
    blocks = filters.reshape(count, inputs, pieces, width // lanes, lanes).transpose(3, 0, 1, 2, 4)
    packed = aligned(blocks.shape)
    packed[:] = blocks
    return packed


def aligned(shape: tuple[int, ...]) -> Floats:
    """An array, not filled, that begins with a line of the processor's cache."""
    size = int(np.prod(shape))
    memory = np.empty(size + 16, np.float32)
    first = -memory.ctypes.data % 64 // 4
    return memory[first : first + size].reshape(shape)
