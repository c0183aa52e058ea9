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

- `multiply(lanes, length, columns, rows, matrix, bias, target)`: rows by a matrix, which is `pack_columns`' answer.

Of words in context, as `transforms.sentiment.network` has it:

- `score_words(lanes, sizes, gap, name, tables, weights, ids, stances, moods)`: the classes of each name and of each
  sentence of a row of words, with a gap before, between and behind sentences. `sizes` are the width of words, that of
  what attention sees, its heads, the heads of sentences, the widths of a sentence's and of a name's last layer, and
  attention's reach; `weights` all others behind one another, as `transforms.sentiment.compiled` lays them out with
  `lay_out`.

Of texts in UTF-8, whose chunks are what stands between white space:

- `make_table()`, a table of chunks, and `learn(table, chunk, numbers)`, which puts one into it.
- `look_up(table, text, start, numbers, count)` puts the numbers of all chunks from byte `start` on behind the first
  `count`, up to one that isn't in the table: where that begins and ends, and how many numbers there are now. At the end
  of the text it begins there.

All raise ValueError or IndexError for arrays of other sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Pairs of rows that go through a layer at once.
BLOCK = 32
# What an older build than this source would have otherwise.
VERSION = 6


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
multiply: Any = getattr(_compiled, "multiply", None)
score_words: Any = getattr(_compiled, "score_words", None)
make_table: Any = getattr(_compiled, "make_table", None)
learn: Any = getattr(_compiled, "learn", None)
look_up: Any = getattr(_compiled, "look_up", None)
decide: Any = getattr(_compiled, "decide", None)


def pack_filters(filters: Floats, lanes: int) -> Floats:
    """Filters (n, inputs, 3, width) in the order in which the loops read them: (width / lanes, n, inputs, 3, lanes)."""
    count, inputs, pieces, width = filters.shape
    return _copy(filters.reshape(count, inputs, pieces, width // lanes, lanes).transpose(3, 0, 1, 2, 4))


def pack_columns(matrix: Floats, lanes: int) -> Floats:
    """A matrix (rows, columns) as panels of some vectors of columns, the last filled up: (panels, rows, panel)."""
    rows, columns = matrix.shape
    panel = _columns_at_once(columns, lanes)
    panels = -(-columns // panel)
    wide = np.zeros((rows, panels * panel), np.float32)
    wide[:, :columns] = matrix
    return _copy(wide.reshape(rows, panels, panel).transpose(1, 0, 2))


def _columns_at_once(columns: int, lanes: int) -> int:
    """Three, four or five vectors, as few as leave little of a panel empty. AVX2 has registers for three."""
    vectors = -(-columns // lanes)
    return lanes * min((3, 4, 5) if lanes == 16 else (3,), key=lambda parts: -(-vectors // parts) * parts)


def lay_out(arrays: Sequence[Floats]) -> Floats:
    """Arrays behind one another, each from a line of the processor's cache on."""
    places = np.cumsum([0, *(-(-part.size // 16) * 16 for part in arrays)])
    whole = aligned((int(places[-1]),))
    whole[:] = 0
    for place, part in zip(places, arrays, strict=False):
        whole[place : place + part.size] = part.ravel()
    return whole


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
