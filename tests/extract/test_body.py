from __future__ import annotations

import numpy as np
import pytest

from tests.extract.test_blocks import blocks
from transforms.extract.blocks import Hints
from transforms.extract.body import BlockModel, best_threshold, choose_blocks, join_blocks, load_models


def test_a_tree_asks_its_questions_in_order() -> None:
    model = BlockModel(
        features=np.array([[0, 1]]),
        borders=np.array([[0.5, 10.0]]),
        values=np.array([[-1.0, 0.0, 1.0, 3.0]]),
        bias=np.array(0.0),
    )
    rows = np.array([[0, 0], [1, 0], [0, 11], [1, 11]], dtype=np.float32)
    assert model.predict(rows) == pytest.approx(1 / (1 + np.exp(-np.array([-1.0, 0.0, 1.0, 3.0]))))


def test_the_models_that_come_along_fit_the_numbers() -> None:
    models = load_models()
    assert models.first.features.max() < models.second.features.max()
    assert all(np.isfinite(model.values).all() for model in models)


@pytest.mark.parametrize(
    ("chances", "kept"),
    [
        ([0.9, 0.9, 0.1], 2),
        ([0.3, 0.3, 0.01], 2),  # a page that is hard to tell: better half of it than nothing
        ([0.05, 0.02, 0.01], 0),
        ([0.99, 0.47, 0.99], 3),
    ],
)
def test_the_threshold_fits_the_page(chances: list[float], kept: int) -> None:
    page = blocks("<p>One two three.</p><p>Four five six.</p><p>Seven eight nine.</p>")
    threshold, expected = best_threshold(page, np.array(chances))
    assert sum(chance >= threshold for chance in chances) == kept
    assert 0 <= expected <= 1


def test_rules_are_not_asked_about_a_clear_page() -> None:
    said = "The council voted on day {} to close bridge {}, and its traders, who had come to protest, left. "
    paragraphs = "".join(f"<p>{''.join(said.format(i, j) for j in range(i, i + 4))}</p>" for i in range(12))
    article = f"<article><h1>Bridges to close</h1><div class=article-body>{paragraphs}</div></article>"
    page = blocks(f"<nav><a href=x>Home</a></nav>{article}")

    def rules() -> str:
        raise AssertionError("asked")

    assert len(choose_blocks(page, Hints("Bridges to close", "", ""), rules)) == 12


def test_no_block_no_text() -> None:
    assert choose_blocks([], Hints("", "", ""), str) == []
    assert join_blocks([]) == ""


def test_lines_and_paragraphs_stay_apart() -> None:
    assert join_blocks(blocks("<p>One<br>two</p><p>three</p>")) == "One\ntwo\n\nthree"
