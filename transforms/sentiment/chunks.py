"""What stands between white space → the ids of its words, remembered up to a limit.

No word goes across white space, so that a text needs to be searched for words only where it is new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.runtime import kernels

Ids = NDArray[np.int64]
Find = Callable[[str], Sequence[int]]
# Chunks that are remembered, 100 to 200 bytes each.
REMEMBERED = 1 << 16


class Chunks(dict[str, bytes]):
    """Chunks and their ids, as bytes of int64. `find`: the ids of a chunk that is new."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find

    def read(self, text: str) -> Ids:
        """The ids of a text's words."""
        return np.frombuffer(b"".join(map(self.__getitem__, text.split())), np.int64)

    def __missing__(self, chunk: str) -> bytes:
        ids = np.array(self._find(chunk), np.int64).tobytes()
        if len(self) < REMEMBERED:
            self[chunk] = ids
        return ids


class CompiledChunks:
    """The same in compiled loops."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._table = kernels.make_table()
        self._known = 0

    def read(self, text: str) -> Ids:
        """See `Chunks`."""
        content = text.encode("utf-8", "surrogatepass")
        # No word is shorter than a byte.
        ids = np.empty(len(content), np.int64)
        start = count = 0
        while True:
            start, end, count = kernels.look_up(self._table, content, start, ids, count)
            if start == len(content):
                return ids[:count]
            found = self._learn(content[start:end])
            ids[count : count + len(found)] = found
            start, count = end, count + len(found)

    def _learn(self, chunk: bytes) -> Ids:
        ids = np.array(self._find(chunk.decode("utf-8", "surrogatepass")), np.int64)
        if self._known < REMEMBERED:
            kernels.learn(self._table, chunk, ids)
            self._known += 1
        return ids


def make_chunks(find: Find) -> Chunks | CompiledChunks:
    """Chunks on the best that this machine has."""
    return CompiledChunks(find) if kernels.LANES else Chunks(find)
