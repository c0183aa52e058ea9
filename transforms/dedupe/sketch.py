"""Sketches: how alike two texts are, by a few hundred bytes of each.

A text is the set of its shingles, runs of four words. Its sketch is the set's MinHash (Broder, 1997, "On the
resemblance and containment of documents"): for each of many hash functions, the least hash of all shingles. The share
of equal numbers in two sketches estimates the sets' Jaccard similarity, with a standard error of at most 0.04; with the
sets' sizes, it tells how much of the smaller set the larger one holds. Three more things are kept, as copies and
look-alikes differ in them: where in the text some of these shingles stand, how well the text holds together from place
to place, and its numbers. What a message quotes from another, and its signature, is none of its own text and takes no
part.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from schemas.records import Article, SketchedArticle
from transforms.runtime.outcome import Outcome, keep

STAGE = "dedupe"
SHINGLE = 4
FUNCTIONS = 192
MINIMA = np.dtype("<u2")
MINIMA_BYTES = FUNCTIONS * MINIMA.itemsize
# Rows of a band and bands: two texts of Jaccard similarity s share a band with probability 1 - (1 - s³)³². At 0.5 that
# is 0.986, at 0.4 0.88, at 0.1 0.03.
ROWS = 3
BANDS = 32
BAND = np.dtype("<u4")
BAND_BYTES = BANDS * ROWS * MINIMA.itemsize
# So many of the functions tell where their shingle stands, in sixteenths of the text, two of them to a byte.
PLACED, PLACES = 128, 16
PLACE_BYTES = PLACED // 2
# At each sixteenth's end it is known how well what comes before and after hold together: the cosine of their words of
# some length, in 255ths.
LONG_WORD = 5
# So many of a text's numbers are kept, those of the least hashes.
NUMBERS = 32
# Below this many shingles a text has too little to tell a copy from a form.
LEAST = 12

# Copies have half of both together in common, and three quarters of the smaller: stories that share a picture gallery
# or a long background have less.
ALIKE, HELD = 0.5, 0.75
# Less is enough, down to these, where both begin alike, as the larger was cut, and changed, too.
LEAST_ALIKE, SAME_START = 0.38, 0.5
# Or where it is everywhere: in every third of the smaller and nearly all the beginning; or in every quarter of both,
# as in scans of one text that misread words everywhere. Everywhere is at least such a share of what is common at all.
THIRDS_HELD, THIRDS_START, THIRDS = 0.65, 0.7, 0.6
SCANNED_HELD, SCANNED_SIZE, QUARTERS = 0.55, 0.85, 0.5
# Where one is that much smaller than the other, it must also be the same story that the larger goes on with: else the
# smaller is one story of several on a page. Of stories cut in half one in ten goes on with less cohesion, of halves of
# two stories nine in ten. Shorter texts than this have less of it, by the root of their length.
HALF_SIZE, HALF_ALIKE, HALF_HELD, COHESION, COHESIVE_LENGTH = 0.62, 0.36, 0.88, 0.16, 1000
# So it must where it is no larger than this and stands together in the larger one: in the sixteenths from the first to
# the last that are mostly common. A smaller rest may be furniture, and is too short to tell.
PAGE_SIZE, MOSTLY = 0.72, 0.5
# With this many numbers and less than half of them in common it is one form filled with other data.
TELLING, SAME_NUMBERS = 5, 0.5

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
# Scripts without spaces have no words to tell; there a shingle is as many characters.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
QUOTED = re.compile(r"^[ \t]*(?:>.*|[^\n]{0,200}\b(?:writes|wrote):[ \t]*)$", re.MULTILINE)
SIGNATURE = re.compile(r"\n-- ?\n(?:[^\n]*\n?){0,12}\Z")

Hashes = npt.NDArray[np.uint32]
Bands = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int64]


def _multipliers() -> Hashes:
    """The hash functions h(x) = a · x mod 2³² of hashes that are well mixed already."""
    drawn = [xxhash.xxh32_intdigest(b"%d" % number) | 1 for number in range(FUNCTIONS)]
    return np.array(drawn, dtype=np.uint32)[:, None]


MULTIPLIERS = _multipliers()
MIX = np.uint64(xxhash.xxh64_intdigest(b"band") | 1)
# A word counts otherwise in each place of a shingle.
BY_PLACE = [np.uint64(xxhash.xxh64_intdigest(b"%d" % place) | 1) for place in range(SHINGLE)]


# A packed sketch begins with the number of its shingles.
_COUNT = struct.Struct("<I")


class Sketch(NamedTuple):
    """A text's sketch, and the number of its shingles.

    `content` is the MinHash, `FUNCTIONS` little-endian 16-bit numbers; then the places, `PLACE_BYTES`; then cohesion,
    `PLACES` bytes; then hashes of the text's numbers, in ascending order. The upper 16 bits of a minimum would tell
    little, so they are the lower ones (b-bit minwise hashing, Li and König 2010): two different minima agree once in
    65,536.
    """

    content: bytes
    shingles: int

    @property
    def minima(self) -> npt.NDArray[Any]:
        """The MinHash."""
        return np.frombuffer(self.content, MINIMA, FUNCTIONS)

    @property
    def places(self) -> Places:
        """The place, 0 to `PLACES` − 1, of the shingle of each of the first `PLACED` functions."""
        packed = np.frombuffer(self.content, np.uint8, PLACE_BYTES, MINIMA_BYTES)
        return np.concatenate([packed >> 4, packed & 15])

    @property
    def cohesion(self) -> Places:
        """How well what comes before and after each sixteenth's end hold together, in 255ths."""
        return np.frombuffer(self.content, np.uint8, PLACES, MINIMA_BYTES + PLACE_BYTES)

    @property
    def numbers(self) -> list[int]:
        """Hashes of the text's numbers, the least ones."""
        return np.frombuffer(self.content, MINIMA, -1, MINIMA_BYTES + PLACE_BYTES + PLACES).tolist()


def pack_sketch(sketch: Sketch | None) -> bytes:
    """A sketch as bytes; none of none."""
    return _COUNT.pack(sketch.shingles) + sketch.content if sketch else b""


def unpack_sketch(packed: bytes) -> Sketch:
    """The reverse of `pack_sketch`, for a sketch."""
    return Sketch(packed[_COUNT.size :], _COUNT.unpack_from(packed)[0])


def own_text(text: str) -> str:
    """A text without what it quotes from another message line by line, and without a signature."""
    if "\n>" in text or "\n >" in text:
        text = QUOTED.sub("", text)
    return SIGNATURE.sub("", text) if "\n--" in text else text


def sketch_text(text: str) -> Sketch | None:
    """The sketch of a text; None for one too short to have copies that are not exact."""
    text = own_text(text)
    spaced = text if text.isascii() else UNSPACED.sub(" \\g<0> ", text)
    words = WORD.findall(spaced.casefold())
    different, ids = _number(words)
    hashes = _shingles(different, ids)
    if len(hashes) < LEAST:
        return None
    least, where = _minima(hashes)
    places = (where * PLACES // len(hashes)).astype(np.uint8)
    packed = (places[:PLACE_BYTES] << 4) | places[PLACE_BYTES:]
    content = (least.astype(MINIMA).tobytes(), packed.tobytes(), _cohesion(different, ids), _numbers(text))
    return Sketch(b"".join(content), len(hashes))


def _number(words: Sequence[str]) -> tuple[list[str], Ids]:
    """The different words of a text, and which of them each of its words is."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return list(numbers), np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))


def _shingles(different: Sequence[str], ids: Ids) -> Hashes:
    """The hashes of a text's different shingles, in the order in which they first stand there."""
    count = max(len(ids) - SHINGLE + 1, 0)
    known = [xxhash.xxh64_intdigest(word.encode("utf-8", "surrogatepass")) for word in different]
    single = np.array(known, np.uint64)[ids]
    hashes = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(BY_PLACE):
        hashes = (hashes ^ single[place : place + count]) * multiplier
        hashes ^= hashes >> np.uint64(29)
    _, first = np.unique(hashes, return_index=True)
    return (hashes[np.sort(first)] >> np.uint64(32)).astype(np.uint32)


def _minima(hashes: Hashes) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The least hash of each function, and where it stands for the first of them."""
    least = np.full(FUNCTIONS, np.iinfo(np.uint32).max, np.uint32)
    where = np.zeros(PLACED, np.int64)
    functions = np.arange(PLACED)
    # A block at a time stays in the processor's cache.
    for start in range(0, len(hashes), 512):
        found = MULTIPLIERS * hashes[start : start + 512]
        at = found[:PLACED].argmin(axis=1)
        where = np.where(found[functions, at] < least[:PLACED], start + at, where)
        np.minimum(least, found.min(axis=1), out=least)
    return least, where


def _cohesion(different: Sequence[str], ids: Ids) -> bytes:
    """How well a text holds together at each sixteenth's end."""
    long = np.array([len(word) >= LONG_WORD for word in different])
    # All short words are column 0, which counts for nothing.
    columns = np.where(long, np.cumsum(long), 0)
    width = int(long.sum()) + 1
    places = np.arange(len(ids)) * PLACES // len(ids)
    counts = np.bincount(places * width + columns[ids], minlength=PLACES * width).astype(np.float32)
    counts = counts.reshape(PLACES, width)[:, 1:]
    before = counts.cumsum(axis=0)
    after = before[-1] - before
    lengths = np.sqrt((before**2).sum(axis=1) * (after**2).sum(axis=1))
    cosines = (before * after).sum(axis=1) / np.maximum(lengths, 1)
    return (cosines * 255).astype(np.uint8).tobytes()


def _numbers(text: str) -> bytes:
    found = {number.replace(",", "") for number in NUMBER.findall(text)}
    hashes = sorted({xxhash.xxh32_intdigest(number.encode()) & 0xFFFF for number in found})
    return np.array(hashes[:NUMBERS], MINIMA).tobytes()


def bands(sketches: Sequence[Sketch]) -> Bands:
    """For each sketch a number for each of its bands; texts with the same in the same band are candidates.

    Between a hundred million texts, three in four have a candidate by chance.
    """
    minima = np.frombuffer(b"".join(sketch.content[:BAND_BYTES] for sketch in sketches), MINIMA)
    mixed = np.zeros((len(sketches), BANDS), np.uint64)
    for row in np.moveaxis(minima.reshape(-1, BANDS, ROWS), 2, 0):
        mixed = (mixed ^ row) * MIX
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(32)).astype(BAND)


def similarity(left: Sketch, right: Sketch) -> tuple[float, float]:
    """Two texts' Jaccard similarity, and how much of the smaller one the larger holds, as estimated."""
    return _similarity(left.minima == right.minima, left.shingles, right.shingles)


def _similarity(equal: Flags, left: int, right: int) -> tuple[float, float]:
    jaccard = float(equal.mean())
    common = jaccard * (left + right) / (1 + jaccard)
    return jaccard, min(1.0, common / min(left, right))


def near(left: Sketch, right: Sketch) -> bool:
    """Whether two texts are near copies: mostly the same text, not one a part of the other, not one form twice."""
    equal = left.minima == right.minima
    jaccard, held = _similarity(equal, left.shingles, right.shingles)
    if jaccard < HALF_ALIKE or _other_numbers(left.numbers, right.numbers):
        return False
    smaller, larger = sorted((left, right), key=_size)
    size = smaller.shingles / larger.shingles
    start = _start(larger, equal)
    if size < HALF_SIZE:
        whole = held >= HALF_HELD and start >= SAME_START and _evenness(smaller, equal, 3) >= QUARTERS
        return whole and _goes_on(larger, size)
    if jaccard < LEAST_ALIKE or (size < PAGE_SIZE and held >= HALF_HELD and _is_on_page(larger, equal)):
        return False
    if held >= HELD and (jaccard >= ALIKE or start >= SAME_START):
        return True
    if held >= THIRDS_HELD and start >= THIRDS_START and _evenness(smaller, equal, 3) >= THIRDS:
        return True
    even = size >= SCANNED_SIZE and held >= SCANNED_HELD
    return even and min(_evenness(text, equal, 4) for text in (left, right)) >= QUARTERS


def _start(larger: Sketch, equal: Flags) -> float:
    """What share of the larger text's beginning is common."""
    there = larger.places < PLACES // 4
    return float(equal[:PLACED][there].mean()) if there.any() else 1.0


def _goes_on(larger: Sketch, size: float) -> bool:
    """Whether a text goes on with the same story where one of so many times its size ends."""
    return _holds_together(larger, round(size * PLACES))


def _holds_together(text: Sketch, place: int) -> bool:
    """Whether what comes before and after a sixteenth's beginning is one story."""
    wanted = COHESION * min(1.0, (text.shingles / COHESIVE_LENGTH) ** 0.5)
    return bool(text.cohesion[place - 1] >= wanted * 255)


def _is_on_page(larger: Sketch, equal: Flags) -> bool:
    """Whether what is common stands together on a page, and all before and after it is something else."""
    there = np.bincount(larger.places, minlength=PLACES)
    common = np.bincount(larger.places, equal[:PLACED], minlength=PLACES)
    mostly = np.flatnonzero(common > MOSTLY * there)
    if not len(mostly) or mostly[-1] - mostly[0] + 1 > PAGE_SIZE * PLACES:
        return False
    borders = [place for place in (int(mostly[0]), int(mostly[-1]) + 1) if 0 < place < PLACES]
    return not any(_holds_together(larger, place) for place in borders)


def _size(sketch: Sketch) -> int:
    return sketch.shingles


def _evenness(text: Sketch, equal: Flags, parts: int) -> float:
    """What is common in that of some equal parts of a text which has least of it, beside what is common anywhere."""
    number = text.places.astype(np.intp) * parts // PLACES
    there = np.bincount(number, minlength=parts)
    common = np.bincount(number, equal[:PLACED], minlength=parts)
    return float((common / np.maximum(there, 1))[there > 0].min() / equal.mean())


def _other_numbers(left: Sequence[int], right: Sequence[int]) -> bool:
    """Whether two texts are full of numbers and these are different ones."""
    # Of a text with more, only those below its greatest are known.
    bound = min([found[-1] for found in (left, right) if len(found) >= NUMBERS], default=1 << 16)
    ours, theirs = ({number for number in found if number <= bound} for found in (left, right))
    fewest = min(len(ours), len(theirs))
    return fewest >= TELLING and len(ours & theirs) < SAME_NUMBERS * fewest


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
