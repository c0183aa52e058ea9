from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transforms.sentiment.prior import Prior, Priors, read_priors


def test_without_one_logits_become_probabilities() -> None:
    logits = np.log(np.array([[0.5, 0.3, 0.2]], np.float32))
    assert Prior().apply(logits)[0].tolist() == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)


def test_the_temperature_comes_before_the_biases() -> None:
    logits = np.log(np.array([[0.64, 0.16, 0.04]], np.float32))
    # Square roots .8, .4, .2; then half as negative, twice as positive: .4, .4, .4.
    moved = Prior(2.0, -np.log(2), np.log(2)).apply(logits)
    assert moved[0].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=1e-6)


def test_large_logits_stay_finite() -> None:
    assert Prior(0.5).apply(np.array([[900, -900, 0]], np.float32))[0].tolist() == [1, 0, 0]


def test_a_card_names_its_priors() -> None:
    card = {"prior": {"names": {"temperature": 1.5, "negative": -1, "positive": -2.5}}}
    assert read_priors(card) == Priors(Prior(1.5, -1.0, -2.5), Prior(), Prior())
    assert read_priors({}) == Priors()


@pytest.mark.parametrize(
    "prior",
    [
        {"names": {"temperature": 0}},
        {"names": {"temperature": -1}},
        {"names": {"negative": "nan"}},
        {"names": {"positive": "much"}},
        {"names": {"other": 1}},
        {"names": 3},
        {"nobody": {"negative": 1}},
        [1],
    ],
)
def test_a_prior_that_is_none_is_refused(prior: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_priors({"prior": prior})
