"""Sketches: how alike two texts are, by a few hundred bytes of each.

A text is the set of its shingles, runs of four words. Its sketch is the set's MinHash (Broder, 1997, "On the
resemblance and containment of documents"): for each of many hash functions, the least hash of all shingles. The share
of equal numbers in two sketches estimates the sets' Jaccard similarity, with a standard error of at most 0.04; with the
sets' sizes, it tells how much of the smaller set the larger one holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from schemas.records import Article, SketchedArticle
from transforms.runtime.outcome import Outcome, keep

STAGE = "dedupe"
SHINGLE = 4
FUNCTIONS = 192
MINIMA = np.dtype("<u2")
# Rows of a band and bands: two texts of Jaccard similarity s share a band with probability 1 - (1 - s³)³². At 0.5 that
# is 0.986, at 0.3 0.58, at 0.1 0.03.
ROWS = 3
BANDS = 32
# Jaccard similarity and share of the smaller text in the larger, from which on two texts are near copies: either half
# of both together is common, or one is a part of the other. Between the two lie stories that share a picture gallery or
# a long background, which can be four fifths of a page.
COPIES = ((0.5, 0.75), (0.3, 0.9))
# Below this many shingles a text has too little to tell a copy from a form.
LEAST = 12

WORD = re.compile(r"\w+")
# Scripts without spaces have no words to tell; there a shingle is as many characters.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

Hashes = npt.NDArray[np.uint64]


def _multipliers() -> Hashes:
    """The hash functions h(x) = the high half of a · x mod 2⁶⁴ (multiply-shift, Dietzfelbinger et al., 1997)."""
    drawn = [xxhash.xxh64_intdigest(b"%d" % number) | 1 for number in range(FUNCTIONS)]
    return np.array(drawn, dtype=np.uint64)[:, None]


MULTIPLIERS = _multipliers()


class Sketch(NamedTuple):
    """A text's MinHash, as the bytes of `FUNCTIONS` little-endian 16-bit numbers, and the number of its shingles.

    The upper 16 bits of a minimum would tell little, so they are the lower ones of 32 (b-bit minwise hashing, Li and
    König 2010): two different minima agree once in 65,536.
    """

    minima: bytes
    shingles: int


def sketch_text(text: str) -> Sketch | None:
    """The sketch of a text; None for one too short to have copies that are not exact."""
    words = WORD.findall(UNSPACED.sub(" \\g<0> ", text.casefold()))
    shingles = {" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}
    if len(shingles) < LEAST:
        return None
    hashes = np.array([xxhash.xxh64_intdigest(shingle.encode()) for shingle in shingles], dtype=np.uint64)
    least = np.full(FUNCTIONS, np.iinfo(np.uint64).max)
    # A block at a time stays in the processor's cache.
    for start in range(0, len(hashes), 256):
        np.minimum(least, (MULTIPLIERS * hashes[start : start + 256]).min(axis=1), out=least)
    return Sketch((least >> np.uint64(32)).astype("<u4").astype(MINIMA).tobytes(), len(shingles))


def bands(sketch: Sketch) -> Iterator[int]:
    """A number for each band of a sketch; texts with a number in common are candidates. Of 63 bits, for Beam."""
    size = ROWS * MINIMA.itemsize
    for band in range(BANDS):
        yield xxhash.xxh64_intdigest(sketch.minima[band * size : (band + 1) * size], seed=band) >> 1


def similarity(left: Sketch, right: Sketch) -> tuple[float, float]:
    """Two texts' Jaccard similarity, and how much of the smaller one the larger holds, as estimated."""
    equal = np.frombuffer(left.minima, MINIMA) == np.frombuffer(right.minima, MINIMA)
    jaccard = float(equal.mean())
    common = jaccard * (left.shingles + right.shingles) / (1 + jaccard)
    return jaccard, min(1.0, common / min(left.shingles, right.shingles))


def near(left: Sketch, right: Sketch) -> bool:
    """Whether two texts are near copies."""
    jaccard, contained = similarity(left, right)
    return any(jaccard >= alike and contained >= held for alike, held in COPIES)


class SketchTexts:
    """The stage: articles → articles with their sketches. Nothing is rejected.

    Args:
        near: whether near copies are looked for; without it nothing has a sketch.
    """

    name = STAGE
    seconds: float | None = None

    def __init__(self, *, near: bool) -> None:
        self._near = near

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[Article]) -> list[Outcome[SketchedArticle]]:
        """Each article with the sketch of its text."""
        return [keep(SketchedArticle(article, sketch_text(article.text) if self._near else None)) for article in batch]
