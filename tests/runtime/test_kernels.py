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
ROW = [0, 1, 2, 0, 1, 0]


def network(lanes: int) -> np.ndarray:
    """Weights of a network of `SIZES`, all of them 0 but the last: what every name has for its classes."""
    width, attended, heads, mood_heads, moods, joined, reach = SIZES.values()

    def product(rows: int, columns: int) -> list[np.ndarray]:
        return [kernels.pack_columns(floats(rows, columns), lanes), floats(columns)]

    return kernels.lay_out(
        [
            floats(width),
            *(part for _ in range(4) for part in product(width, width)),
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


def score(
    lanes: int, sizes: dict[str, int], weights: np.ndarray, ids: list[int], names: int = 2, sentences: int = 2
) -> np.ndarray:
    """The classes of the names (1) in a row of words whose gaps are 0, of a vocabulary of three."""
    stances, tables = floats(names, 3), floats(3, 3, SIZES["width"])
    given = tuple(sizes.values()), 0, 1, tables, weights, np.array(ids, np.int64)
    kernels.score_words(lanes, *given, stances, floats(sentences, 3))
    return stances


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
def test_networks_of_other_sizes_are_refused(lanes: int) -> None:
    weights = network(lanes)
    assert score(lanes, SIZES, weights, ROW).tolist() == [[1, 2, 3]] * 2
    with pytest.raises(ValueError, match="weights holds"):
        score(lanes, SIZES, weights[16:], ROW)
    for name, right in SIZES.items():
        for wrong in (right + 16, -16, 1 << 40):
            with pytest.raises(ValueError, match=r"weights holds|tables holds|no loops"):
                score(lanes, {**SIZES, name: wrong}, weights, ROW)
    for name in ("width", "attended", "moods", "joined"):
        with pytest.raises(ValueError, match="no loops"):
            score(lanes, {**SIZES, name: 24}, weights, ROW)


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
def test_words_beyond_the_tables_are_refused(lanes: int) -> None:
    for wrong in (3, -1, 2**40):
        with pytest.raises(IndexError):
            score(lanes, SIZES, network(lanes), [0, 1, wrong, 0, 1, 0])


@compiled
@pytest.mark.parametrize("lanes", kernels.LANES)
@pytest.mark.parametrize(
    ("ids", "names", "sentences"),
    [
        ([0, 1, 2, 0, 1, 2], 2, 2),
        ([1, 2, 0, 1, 0], 2, 2),
        ([0, 1, 2, 0, 1, 0], 1, 2),
        ([0, 1, 2, 0, 1, 0], 3, 2),
        ([0, 1, 2, 0, 1, 0], 2, 1),
        ([0, 1, 2, 0, 1, 0], 2, 3),
        ([0], 0, 0),
        ([0], 0, 1),
        ([], 0, 0),
    ],
)
def test_other_gaps_and_names_are_refused(lanes: int, ids: list[int], names: int, sentences: int) -> None:
    with pytest.raises(ValueError, match="other gaps or names"):
        score(lanes, SIZES, network(lanes), ids, names, sentences)


@compiled
def test_a_table_knows_what_it_has_learned() -> None:
    table, numbers = kernels.make_table(), np.empty(4, np.int64)
    text = "a é\u2003\u3000b\x85a ".encode()
    assert kernels.look_up(table, text, 0, numbers, 0) == (0, 1, 0)
    for count in range(3000):
        kernels.learn(table, f"x{count}".encode(), np.arange(count % 7))
    kernels.learn(table, b"a", np.array([5, 6]))
    kernels.learn(table, b"a", np.array([7]))
    kernels.learn(table, b"b", np.array([], np.int64))
    assert kernels.look_up(table, text, 0, numbers, 0) == (2, 4, 1)
    assert kernels.look_up(table, text, 4, numbers, 1) == (len(text), len(text), 2)
    assert numbers[:2].tolist() == [7, 7]
    numbers = np.empty(9000, np.int64)
    every = " ".join(f"x{count}" for count in range(3000)).encode()
    assert kernels.look_up(table, every, 0, numbers, 0) == (len(every), len(every), 8994)
    assert numbers[:8994].tolist() == [number for count in range(3000) for number in range(count % 7)]
    # Where there is no more room it ends as at a chunk that is new.
    assert kernels.look_up(table, b"x6 a", 0, numbers[:6], 0) == (3, 4, 6)


@compiled
def test_tables_and_places_that_are_none_are_refused() -> None:
    table, numbers = kernels.make_table(), np.empty(4, np.int64)
    for start, count in ((-1, 0), (4, 0), (0, -1), (0, 5)):
        with pytest.raises(IndexError):
            kernels.look_up(table, b"a b", start, numbers, count)
    for wrong in (None, 3, b"a"):
        with pytest.raises((ValueError, TypeError)):
            kernels.look_up(wrong, b"a", 0, numbers, 0)
        with pytest.raises((ValueError, TypeError)):
            kernels.learn(wrong, b"a", numbers)
    with pytest.raises(ValueError, match="numbers holds"):
        kernels.learn(table, b"a", np.zeros(3, np.int8))


@compiled
def test_white_space_is_that_of_python() -> None:
    table, numbers = kernels.make_table(), np.empty(9, np.int64)
    kernels.learn(table, b"a", np.array([1]))
    for code in [*range(0xD800), *range(0xE000, 0x3100), 0xFEFF, 0x1F600]:
        text = f"a{chr(code)}a"
        _, end, count = kernels.look_up(table, text.encode(), 0, numbers, 0)
        assert (end, count) == (len(text.encode()), 2 if len(text.split()) == 2 else 0), hex(code)


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
