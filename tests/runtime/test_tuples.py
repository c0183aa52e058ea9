from __future__ import annotations

import pytest

from schemas.records import Sentence, Stance
from transforms.runtime.tuples import from_columns


def test_they_are_as_if_made_one_by_one() -> None:
    found = list(from_columns(Stance, [0.1, 0.2], iter([0.8, 0.3]), (0.1, 0.5)))
    assert found == [Stance(0.1, 0.8, 0.1), Stance(0.2, 0.3, 0.5)]
    assert all(type(one) is Stance for one in found)
    assert list(from_columns(Stance, [], [], [])) == []


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TypeError, match="Sentence has 5 fields, not 2"):
        from_columns(Sentence, [1], [2])
    with pytest.raises(ValueError, match="shorter"):
        list(from_columns(Stance, [0.1], [0.2], []))
