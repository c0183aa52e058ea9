from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from schemas.records import Mention, Sentence
from tests.conftest import ACCURATE
from transforms.sentiment.files import CARD, ModelFileError
from transforms.sentiment.model import MaskedArticle

pytest.importorskip("onnxruntime", reason="the extra `accurate` isn't installed")
pytest.importorskip("tokenizers", reason="the extra `accurate` isn't installed")

from transforms.sentiment.accurate import NETWORK, TOKENIZER, AccurateModel

if ACCURATE is None:
    pytest.skip("there is no model of `accurate`: make train-sentiment makes it", allow_module_level=True)


@pytest.fixture(scope="module")
def model() -> AccurateModel:
    return AccurateModel(str(ACCURATE))


def reading(text: str, *names: str) -> MaskedArticle:
    found = [Mention(*m.span(), "PERSON", 0, entity=names.index(m.group())) for m in re.finditer("|".join(names), text)]
    return MaskedArticle(text, (Sentence(0, len(text)),), found)


def test_it_sees_who_is_spoken_of_how(model: AccurateModel) -> None:
    text = "The judge praised Ann Reed's brilliant work, but Bo was arrested for fraud."
    ((_, (good, bad), stances),) = model.score([reading(text, "Ann Reed", "Bo")])
    assert good is not None
    assert bad is not None
    assert good > 0.3
    assert bad < -0.5
    assert all(stance is not None and sum(stance) == pytest.approx(1, abs=1e-5) for stance in stances)


@pytest.mark.parametrize("name", ["Bo", "Hitler", "Muhammad ibn Abdullah al-Farsi"])
def test_a_name_changes_nothing(model: AccurateModel, name: str) -> None:
    text = "Critics attacked {0} for the deal, which {0} called fair."
    (before, after) = model.score([reading(text.format("Jo Fox"), "Jo Fox"), reading(text.format(name), name)])
    assert after.mentions == before.mentions
    assert after.stances == before.stances


def test_neighbours_change_nothing(model: AccurateModel) -> None:
    one, other = reading("Bo lost a fine game.", "Bo"), reading("Jo is the worst " * 100, "Jo")
    assert model.score([other, one, MaskedArticle("", (), ())])[1] == model.score([one])[0]


def test_odd_texts(model: AccurateModel) -> None:
    for text in ("", "Bo", "Bo " * 500, "\u2028 Bo ﷽ 😀", "x" * 5000 + " Bo"):
        (found,) = model.score([reading(text, "Bo")])
        assert np.isfinite(found.sentences).all()
        assert all(score is not None and -1 <= score <= 1 for score in found.mentions)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    for name in (NETWORK, TOKENIZER, CARD):
        (tmp_path / name).write_bytes((ACCURATE / name).read_bytes())
    (tmp_path / TOKENIZER).write_bytes(b"{}")
    with pytest.raises(ModelFileError, match="is damaged"):
        AccurateModel(str(tmp_path))
