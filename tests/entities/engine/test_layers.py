"""The window layers: NumPy's and the compiled ones are what the formula says."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.entities.engine.encoder import KEPT_WORDS, Encoder
from transforms.entities.engine.network import WindowLayer
from transforms.runtime import kernels

DEPTH = 4


def random_layers(width: int, pieces: int, random: np.random.Generator) -> list[WindowLayer]:
    return [
        WindowLayer(
            weight=random.normal(0, 0.2, (width, pieces, 3 * width)).astype(np.float32),
            bias=random.normal(0, 0.2, (width, pieces)).astype(np.float32),
            gain=random.normal(1, 0.2, width).astype(np.float32),
            shift=random.normal(0, 0.2, width).astype(np.float32),
        )
        for _ in range(DEPTH)
    ]


def by_formula(rows: np.ndarray, layers: list[WindowLayer]) -> np.ndarray:
    """x + layernorm(maxout(window of x)) in float64, a row at a time, zeros beyond the ends."""
    found = rows.astype(np.float64)
    for layer in layers:
        weight = layer.weight.astype(np.float64)
        padded = np.vstack([np.zeros_like(found[:1]), found, np.zeros_like(found[:1])])
        windows = np.hstack([padded[:-2], padded[1:-1], padded[2:]])
        best = (np.einsum("wpi,ri->rwp", weight, windows) + layer.bias).max(-1)
        norm = (best - best.mean(1, keepdims=True)) / np.sqrt(best.var(1, keepdims=True) + 1e-8)
        found = found + norm * layer.gain + layer.shift
    return found


@pytest.mark.parametrize(
    ("width", "pieces", "lanes"),
    [(96, 3, 0), (40, 2, 0), (96, 5, 0), *((width, 3, lanes) for width in (16, 96, 128) for lanes in kernels.LANES)],
)
@pytest.mark.parametrize("words", [300, KEPT_WORDS + 700])
def test_the_layers_are_the_formula(width: int, pieces: int, lanes: int, words: int) -> None:
    random = np.random.default_rng(width + pieces)
    layers = random_layers(width, pieces, random)
    vectors = random.normal(0, 1, (words, width)).astype(np.float32)
    vectors[0] = 0
    encoder = Encoder(layers, lanes)
    for epoch in (1, 1, 2):
        rows = random.integers(1, words, 1024)
        rows[:DEPTH] = rows[500 : 500 + DEPTH] = rows[-DEPTH:] = 0
        even, odd = encoder.encode(rows, vectors, epoch)
        found = np.stack([even, odd], axis=1).reshape(len(rows), width) + encoder.offset
        # Far from the ends, where the zeros of the layers before are not the formula's.
        inner = slice(DEPTH, -DEPTH)
        assert np.abs(found - by_formula(vectors[rows], layers))[inner].max() < 2e-5


@pytest.mark.parametrize("lanes", kernels.LANES)
def test_neighbours_in_the_batch_move_no_bit(lanes: int) -> None:
    random = np.random.default_rng(3)
    encoder = Encoder(random_layers(96, 3, random), lanes)
    vectors = random.normal(0, 1, (900, 96)).astype(np.float32)
    vectors[0] = 0
    document = random.integers(1, 900, 64 - DEPTH)
    alone = np.concatenate([np.zeros(DEPTH, np.int64), document])
    alone = np.concatenate([alone, np.zeros(64, np.int64)])
    beside = np.concatenate([alone, random.integers(1, 900, 128)])
    first = encoder.encode(alone, vectors, 1)[:, DEPTH // 2 : 32]
    assert np.array_equal(first, encoder.encode(beside, vectors, 1)[:, DEPTH // 2 : 32])


def test_numpy_works_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = random_layers(96, 3, np.random.default_rng(1))
    monkeypatch.setattr(kernels, "LANES", ())
    assert Encoder(layers).pairs == 256


def test_layers_of_another_make_are_left_to_numpy() -> None:
    assert Encoder(random_layers(40, 3, np.random.default_rng(1))).pairs == 256
    assert Encoder(random_layers(96, 2, np.random.default_rng(1))).pairs == 256
