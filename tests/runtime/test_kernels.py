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
