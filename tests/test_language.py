from __future__ import annotations

import pytest

from tests.conftest import PROSE
from transforms.language import LanguageModel


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PROSE, "en"),
        ("La maire a inauguré lundi le nouveau pont sur la rivière, malgré les protestations des commerçants.", "fr"),
        ("Die Bürgermeisterin eröffnete am Montag die neue Brücke über den Fluss.", "de"),
        ("Мэр города открыл в понедельник новый мост через реку.", "ru"),
        ("市長は月曜日に新しい橋を開通させた。", "ja"),
    ],
)
def test_languages(model: LanguageModel, text: str, language: str) -> None:
    found, confidence = model.detect(text)
    assert found == language
    assert confidence is not None
    assert 0.5 <= confidence <= 1


@pytest.mark.parametrize("text", ["", "12 34 56 — 7,8%", "\n\n"])
def test_what_has_no_letters_has_no_language(model: LanguageModel, text: str) -> None:
    assert model.detect(text) == (None, None)
