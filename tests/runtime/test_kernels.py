"""The compiled loops: built here, and safe with arrays of the wrong size."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from transforms.runtime import kernels

ROOT = Path(__file__).parents[2]
compiled = pytest.mark.skipif(not kernels.LANES, reason="nothing is compiled here")


def floats(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
def test_wrong_sizes_are_refused(lanes: int) -> None:
    right = [floats(2, 34, 96), floats(2, 34, 96), floats(4 * 96 * 288), floats(288), floats(96)]
    kernels.convolve(lanes, 96, *right)
    for place in range(5):
        wrong = [*right]
        wrong[place] = floats(wrong[place].size - 1)
        with pytest.raises(ValueError, match=r"holds"):
            kernels.convolve(lanes, 96, *wrong)
    for width in (0, -96, 8, 95):
        with pytest.raises(ValueError, match="no loops"):
            kernels.convolve(lanes, width, *right)
    with pytest.raises(ValueError, match="no loops"):
        kernels.convolve(lanes + 1, 96, *right)
    with pytest.raises((ValueError, BufferError, TypeError)):
        kernels.convolve(lanes, 96, right[0][:, ::2], *right[1:])


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
@pytest.mark.parametrize("wrong", [-1, 7, 2**40])
def test_rows_beyond_the_tables_are_refused(lanes: int, wrong: int) -> None:
    rows = np.zeros(64, np.int64)
    rows[33] = wrong
    good = np.zeros(64, np.int64)
    for which, vectors in ((rows, good), (good, rows)):
        with pytest.raises(IndexError):
            kernels.add_neighbours(
                lanes, 96, floats(3, 7, 288), which, floats(7, 96), vectors, floats(96), floats(2, 34, 96)
            )


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
@pytest.mark.parametrize(("rows", "columns"), [(0, 16), (1, 80), (7, 64), (8, 48), (9, 96), (50, 16)])
def test_products_are_products(lanes: int, rows: int, columns: int) -> None:
    random = np.random.default_rng(rows)
    left = random.normal(0, 1, (rows, 80)).astype(np.float32)
    right, bias = (random.normal(0, 1, shape).astype(np.float32) for shape in ((80, columns), columns))
    found = floats(rows, columns)
    kernels.multiply(lanes, 80, columns, left, kernels.pack_columns(right, lanes), bias, found)
    assert found == pytest.approx(left.astype(np.float64) @ right + bias, abs=1e-4)
    for wrong in (found[1:], floats(rows + 1, columns)):
        with pytest.raises(ValueError, match="holds"):
            kernels.multiply(lanes, 80, columns, left, kernels.pack_columns(right, lanes), bias[1:], wrong)


SIZES = {"width": 32, "attended": 16, "heads": 2, "mood_heads": 3, "moods": 48, "joined": 16, "reach": 2}


def network(lanes: int) -> np.ndarray:
    """Weights of a network of `SIZES`, all of them 0 but the last: what every name has for its classes."""
    width, attended, heads, mood_heads, moods, joined, reach = SIZES.values()

    def product(rows: int, columns: int) -> list[np.ndarray]:
        return [kernels.pack_columns(floats(rows, columns), lanes), floats(columns)]

    return kernels.lay_out(
        [
            floats(width),
            *product(3 * width, width),
            *product(width, attended),
            *product(width, attended),
            floats(2 * reach + 1, attended),
            floats(heads, attended),
            floats(mood_heads, width),
            *product(mood_heads * width, moods),
            floats(3, moods),
            floats(3),
            *product(heads * attended + width + moods, joined),
            floats(3, joined),
            np.array([1, 2, 3], np.float32),
        ]
    )


def score(lanes: int, sizes: dict[str, int], weights: np.ndarray, **other: list[int]) -> np.ndarray:
    """The classes of the names of a row of two sentences, some of whose arrays are others."""
    row = {"ids": [0, 1, 2, 0, 1, 0], "first": [1, 4], "last": [3, 5], "names": [1, 4], "owners": [0, 1], **other}
    arrays = [np.array(part, np.int64) for part in row.values()]
    stances = floats(len(row["names"]), 3)
    given = tuple(sizes.values()), 0, floats(3, 3, SIZES["width"]), weights
    kernels.score_words(lanes, *given, *arrays, stances, floats(len(row["first"]), 3))
    return stances


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
def test_networks_of_other_sizes_are_refused(lanes: int) -> None:
    weights = network(lanes)
    assert score(lanes, SIZES, weights).tolist() == [[1, 2, 3]] * 2
    with pytest.raises(ValueError, match="weights holds"):
        score(lanes, SIZES, weights[16:])
    for name, right in SIZES.items():
        for wrong in (right + 16, -16, 1 << 40):
            with pytest.raises(ValueError, match=r"weights holds|tables holds|no loops"):
                score(lanes, {**SIZES, name: wrong}, weights)
    for name in ("width", "attended", "moods", "joined"):
        with pytest.raises(ValueError, match="no loops"):
            score(lanes, {**SIZES, name: 24}, weights)


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
@pytest.mark.parametrize(
    "other",
    [
        {"ids": [0, 1, 3, 0, 1, 0]},
        {"ids": [0, 1, -1, 0, 1, 0]},
        {"ids": [0, 1, 2, 0, 1]},
        {"ids": [0, 1, 2, 0, 1, 0, 0]},
        {"first": [1, 3]},
        {"first": [0, 4]},
        {"last": [3, 6]},
        {"last": [0, 5]},
        {"last": [2**40, 5]},
        {"names": [1, 5]},
        {"names": [-1, 4]},
        {"owners": [1, 0]},
        {"owners": [0, 2]},
        {"owners": [-1, 1]},
        {"first": [], "last": [], "names": [], "owners": []},
    ],
)
def test_words_and_names_beyond_their_row_are_refused(lanes: int, other: dict[str, list[int]]) -> None:
    with pytest.raises(IndexError):
        score(lanes, SIZES, network(lanes), **other)


def test_the_package_builds_without_a_compiler(tmp_path: Path) -> None:
    for name in ("setup.py", "README.md", "LICENSE", "newsbeam.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "transforms/runtime/kernels", tmp_path / "transforms/runtime/kernels")
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", "built", "--force"]
    without = {**os.environ, "CC": "/no/compiler", "LDSHARED": "/no/compiler"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=without, check=False)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("built/**/*.so"))


def test_another_builds_loops_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "VERSION", -1)
    assert kernels._load() is None
