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

from transforms.sentiment.accurate import NETWORK, SURE, TOKENIZER, AccurateModel
from transforms.sentiment.fast import FastSentiment

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
    assert good > 0.2
    assert bad < -0.5
    assert all(stance is not None and sum(stance) == pytest.approx(1, abs=1e-5) for stance in stances)


@pytest.mark.parametrize(
    "text",
    [
        "BERLIN, March 3 - The ministry published new figures on Tuesday.",
        "“We will look into the terrible accident,” said Berlin on Monday.",
        "Berlin, Rome and Madrid signed the treaty in 1998.",
        "Photo by Berlin for the agency.",
    ],
)
def test_who_is_merely_named_is_spoken_of_neutrally(model: AccurateModel, text: str) -> None:
    name = "BERLIN" if "BERLIN" in text else "Berlin"
    (found,) = model.score([reading(text, name)])
    (stance,) = found.stances
    assert stance is not None
    assert stance.neutral > 0.7


@pytest.mark.parametrize("name", ["Bo", "Hitler", "Muhammad ibn Abdullah al-Farsi"])
def test_a_name_changes_nothing(model: AccurateModel, name: str) -> None:
    text = "Critics attacked {0} for the deal, which {0} called fair."
    (before, after) = model.score([reading(text.format("Jo Fox"), "Jo Fox"), reading(text.format(name), name)])
    assert after.mentions == before.mentions
    assert after.stances == before.stances


def test_neighbours_change_nothing(model: AccurateModel) -> None:
    one, other = reading("Bo lost a fine game.", "Bo"), reading("Jo is the worst " * 100, "Jo")
    assert model.score([other, one, MaskedArticle("", (), ())])[1] == model.score([one])[0]


def test_the_screen_leaves_out_the_plainly_neutral_and_its_probabilities_stand(model: AccurateModel) -> None:
    fast = FastSentiment()
    screened = AccurateModel(str(ACCURATE), fast)
    text = "Ann Reed was arrested for a horrible fraud. The ministry met in Berlin on Monday, said Bo."
    one = reading(text, "Ann Reed", "Berlin", "Bo")
    first = text.index(".") + 1
    mentions = [part._replace(sentence_index=int(part.start_char > first)) for part in one.mentions]
    one = MaskedArticle(text, (Sentence(0, first), Sentence(first + 1, len(text))), mentions)
    (plain,), (whole,), (found,) = fast.score([one]), model.score([one]), screened.score([one])
    sure = [stance is not None and stance.neutral >= SURE for stance in plain.stances]
    assert sure == [False, True, True]
    for index, left_out in enumerate(sure):
        expected = plain if left_out else whole
        assert found.stances[index] == pytest.approx(expected.stances[index], abs=1e-5)
    # The second sentence has no name that is read.
    assert found.sentences == pytest.approx([whole.sentences[0], plain.sentences[1]], abs=1e-5)


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
