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


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
def test_words_and_spans_beyond_the_rows_are_refused(lanes: int) -> None:
    matrix, states = kernels.pack_columns(floats(48, 16), lanes), floats(3, 16)
    for ids in ([0, 1, 5], [0, -1, 0]):
        words = np.array(ids), floats(3, 5, 16), floats(16), matrix, floats(16), states
        with pytest.raises(IndexError):
            kernels.read_words(lanes, 16, 0, *words)
    spans = np.array([0, 1]), np.array([1, 3])
    kernels.pool_spans(lanes, 16, 1, states, *spans, floats(2, 16), floats(2, 32))
    with pytest.raises(IndexError):
        kernels.pool_spans(lanes, 16, 1, states, spans[0], np.array([1, 4]), floats(2, 16), floats(2, 32))
    for places in ([0, 3], [-1, 0]):
        with pytest.raises(IndexError):
            kernels.pool_windows(
                lanes, 16, states, floats(2, 16), floats(5, 16), np.array(places), *spans, floats(1, 16), floats(2, 16)
            )


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
