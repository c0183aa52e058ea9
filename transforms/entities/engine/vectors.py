"""A pipeline's word vectors as they lie in its folder: mapped, and found by a sorted array.

spaCy reads half a million keys into a dictionary for each process. Here they are an array in a sixth of the memory, and
the vectors are pages of their file, which processes share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from spacy.vectors import Vectors


class MappedVectors(Vectors):
    """Vectors of a folder, to be read. `find` answers for `keys` alone, which is all that a layer of a network asks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(data=np.load(folder / "vectors", mmap_mode="r"))
        rows = msgspec.msgpack.decode((folder / "key2row").read_bytes(), type=dict[int, int])
        keys = np.fromiter(rows, np.uint64, len(rows))
        order = np.argsort(keys)
        self.keys_in_order = keys[order]
        self.rows_in_order = np.fromiter(rows.values(), np.int32, len(rows))[order]

    def find(self, *, keys: Iterable[int] | None = None, **others: Any) -> Any:
        """The row of each key, −1 for one that has none."""
        if keys is None:
            raise NotImplementedError(f"vectors are found by their keys, not by {', '.join(others)}")
        wanted = np.asarray(keys, np.uint64)
        at = np.minimum(np.searchsorted(self.keys_in_order, wanted), len(self.keys_in_order) - 1)
        return np.where(self.keys_in_order[at] == wanted, self.rows_in_order[at], -1)


def can_map(vocab: Path) -> bool:
    """Whether a vocabulary's folder holds vectors that can be read so: some, by whole words."""
    files = (vocab / "vectors", vocab / "key2row", vocab / "vectors.cfg")
    if not all(file.is_file() for file in files):
        return False
    return bool(json.loads(files[2].read_bytes()) == {"mode": "default"} and len(np.load(files[0], mmap_mode="r")))
