"""The labels that both models learn from, and how names are drawn for them."""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np
import pytest

from training.sentiment_data import CLASSES
from training.sentiment_draw import chances
from training.sentiment_read import FILE, shares_of


def test_labels_hold_no_text_and_follow_both_readers_where_they_agree() -> None:
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["article", "start", "end", "half", "chance", "likely", "reader1", "reader2", "label"]
    assert len({(row["article"], row["start"], row["end"]) for row in rows}) == len(rows) == 11939
    assert Counter(row["half"] for row in rows) == {
        "even": 1200,
        "likely": 1200,
        "again": 8139,
        "even again": 800,
        "apart": 600,
    }
    for row in rows:
        assert 0 <= int(row["start"]) < int(row["end"])
        assert row["label"] in ("", *CLASSES)
        assert row["reader1"] != row["reader2"] or row["label"] == row["reader1"]


def test_a_label_that_the_readers_disputed_is_less_than_sure() -> None:
    agreed = {"reader1": "negative", "reader2": "negative", "label": "negative"}
    assert shares_of(agreed) == (1.0, 0.0, 0.0)
    assert shares_of({**agreed, "reader2": "neutral"}) == pytest.approx((2 / 3, 1 / 3, 0.0))
    assert shares_of({**agreed, "reader2": ""}) == (1.0, 0.0, 0.0)


def test_names_are_drawn_in_proportion_to_their_weights_and_never_twice() -> None:
    found = chances(np.array([1.0, 1.0, 2.0, 100.0]), 2)
    assert found == pytest.approx([0.25, 0.25, 0.5, 1.0])
