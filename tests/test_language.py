from __future__ import annotations

import pytest

from benchmarks.langid import LONG, join_passages, read_sentences
from tests.conftest import PROSE, SHARED
from transforms.language import LanguageModel, split_pieces

FRENCH = "La maire a inauguré lundi le nouveau pont sur la rivière, malgré les protestations des commerçants. "


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


# Sentences of the Universal Declaration of Human Rights, in languages that one of the libraries doesn't know or that
# they divide in different ways.
@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Bonke abantu bazalwa bekhululekile belingana ngesithunzi nangamalungelo. Bahlanganiswe wumcabango "
            "nangunembeza futhi kufanele baphathane ngomoya wobunye.",
            "zu",
        ),
        ("Batho bohle ba tswetswe ba lokolohile mme ba lekana ka botho le ditokelo.", "st"),
        ("Vanhu vese vanoberekwa vakasununguka uyewo vakaenzana pahunhu nekodzero dzavo.", "sn"),
        ("Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima.", "hr"),
        ("Сва људска бића рађају се слободна и једнака у достојанству и правима.", "sr"),
        ("Ko te whare hou i te tāone e tūwhera ana ki ngā tāngata katoa i te ata nei.", "mi"),
        ("Mfumo wu vula leswaku vanhu hinkwavo va fanele ku ya exikolweni loko va ha ri vatsongo.", "ts"),
        ("Batho ba le bantsi ba ne ba ya kwa motseng gore ba bone gore go diragetse eng koo.", "tn"),
        ("Alle Menschen sind frei und gleich an Würde und Rechten geboren.", "de"),
    ],
)
def test_languages_that_the_libraries_divide_otherwise(model: LanguageModel, text: str, language: str) -> None:
    assert model.detect(text)[0] == language


@pytest.mark.parametrize("text", ["", "12 34 56 — 7,8%", "\n\n"])
def test_what_has_no_letters_has_no_language(model: LanguageModel, text: str) -> None:
    assert model.detect(text) == (None, None)


def test_an_article_in_two_languages_is_told_with_less_confidence(model: LanguageModel) -> None:
    mostly_english = "\n".join([PROSE * 3] * 6 + [FRENCH * 3] * 2)
    language, confidence = model.detect(mostly_english)
    alone = model.detect("\n".join([PROSE * 3] * 8))[1]
    assert language == "en"
    assert confidence is not None
    assert alone is not None
    assert 0.6 < confidence < 0.9 < alone


def test_a_half_of_each_is_no_language_or_an_unsure_one(model: LanguageModel) -> None:
    _, confidence = model.detect("\n".join([PROSE * 3, FRENCH * 3] * 4))
    assert confidence is None or confidence < 0.6


@pytest.mark.parametrize("text", ["Hello", "Paris 2024", "OK!", "12 kg"])
def test_a_few_letters_are_sure_of_nothing(model: LanguageModel, text: str) -> None:
    _, confidence = model.detect(text)
    assert confidence is None or confidence < 0.5


def test_capitals_are_no_other_language(model: LanguageModel) -> None:
    assert model.detect(PROSE.upper())[0] == "en"
    assert model.detect(FRENCH.upper())[0] == "fr"


def test_pieces_hold_the_whole_text() -> None:
    text = "\n".join(["word " * 30] * 20 + ["12", "end"])
    assert "".join(split_pieces(text)) == text + "\n"
    assert all(100 < len(piece) < 700 for piece in split_pieces(text))


def test_98_of_100_sentences_of_60_characters_are_told_rightly(model: LanguageModel) -> None:
    folder = SHARED / "langid"
    if not folder.exists():
        pytest.skip(f"needs {folder}")
    sentences = [(language, text) for language, text in read_sentences(folder) if len(text) >= LONG]
    right = sum(model.detect(text)[0] == language for language, text in sentences)
    assert right >= 0.985 * len(sentences) > 9000


def test_six_sentences_in_english_are_never_taken_for_another_language_nor_another_for_english(
    model: LanguageModel,
) -> None:
    folder = SHARED / "langid"
    if not folder.exists():
        pytest.skip(f"needs {folder}")
    sentences = read_sentences(folder)
    passages = list(join_passages(sentences))
    assert len(passages) > 2000
    wrong = [(language, text) for language, text in passages if (model.detect(text)[0] == "en") != (language == "en")]
    assert not wrong
