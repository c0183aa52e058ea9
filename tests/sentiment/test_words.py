from __future__ import annotations

import numpy as np
import pytest

from schemas.records import Mention, Sentence
from transforms.runtime import kernels
from transforms.sentences.segment import split_sentences
from transforms.sentiment import chunks, words
from transforms.sentiment.model import MaskedArticle
from transforms.sentiment.words import (
    FIRST_RARE,
    FIRST_WORD,
    GAP_ID,
    NAME,
    NAME_ID,
    NUMBER_ID,
    RARE,
    WordList,
    ending_class,
    masked_sentences,
    read_row,
)


def reading(text: str, *names: tuple[str, str]) -> MaskedArticle:
    sentences = [Sentence(start, end) for start, end in split_sentences(text)]
    mentions = []
    for name, label in names:
        start = text.index(name)
        index = max(i for i, part in enumerate(sentences) if part.start_char <= start)
        mentions.append(Mention(start, start + len(name), label, index))
    return MaskedArticle(text, sentences, mentions)


def test_names_are_one_word_and_numbers_stay() -> None:
    one = reading(
        "Ann Reed isn’t in Berlin. She has 3 cats.", ("Ann Reed", "PERSON"), ("Berlin", "GPE"), ("3", "CARDINAL")
    )
    assert list(masked_sentences(one)) == [f" {NAME}  isn’t in  {NAME} .", "She has 3 cats."]


def test_a_row_knows_its_sentences_and_names() -> None:
    one = reading("Ann Reed isn’t in Berlin. She has 3 cats.", ("Ann Reed", "PERSON"), ("Berlin", "GPE"))
    row = read_row(one, WordList(["isn't", "in", ".", "she", "has"]))
    words = [GAP_ID, NAME_ID, FIRST_WORD, FIRST_WORD + 1, NAME_ID, FIRST_WORD + 2, GAP_ID]
    second = [FIRST_WORD + 3, FIRST_WORD + 4, NUMBER_ID, FIRST_RARE + ending_class("cats"), FIRST_WORD + 2, GAP_ID]
    assert row.ids.tolist() == [*words, *second]
    assert row.names.tolist() == [1, 4]
    assert row.owners.tolist() == [0, 0]
    assert [row.ids[a:b].tolist() for a, b in zip(row.first, row.last, strict=True)] == [words[1:-1], second[:-1]]


def test_the_private_characters_of_a_text_are_no_names() -> None:
    text = "An odd \ue000 and \ue001 text."
    row = read_row(MaskedArticle(text, (Sentence(0, len(text)),), ()), WordList([]))
    assert NAME_ID not in row.ids
    assert np.flatnonzero(row.ids == GAP_ID).tolist() == [0, len(row.ids) - 1]


def test_endings_are_the_same_everywhere() -> None:
    assert ending_class("cats") == ending_class("bats") == 545
    assert 0 <= ending_class("Ω") < RARE


@pytest.fixture(params=[(), kernels.LANES], ids=["python", "compiled"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks by Python, and by compiled loops where they run."""
    monkeypatch.setattr(kernels, "LANES", request.param)


@pytest.mark.usefixtures("loops")
def test_the_lexicon_stops_to_remember(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "REMEMBERED", 1)
    lexicon = WordList(["a"])
    asked = []
    monkeypatch.setattr(words, "ending_class", lambda word: asked.append(word) or ending_class(word))
    for _ in range(2):
        ids = [FIRST_RARE + ending_class(word) for word in ("ing", ",", "ing")]
        assert lexicon.read("walking, talking").tolist() == ids
    assert asked == ["walking", ",", "talking", "talking"]


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize(
    "text",
    [
        "“Don’t!”—she said,\n\n1,200.5 times\u2028or\x1fso…",
        "e\u0301a\u0300 İstanbul ΣΑΣ",
        "",
        " \xa0\u3000 ",
        "x" * 900,
        "a _ __ \ud800 \x85b\u200b\ufeffc",
    ],
)
def test_chunks_have_the_words_of_the_text(text: str) -> None:
    lexicon = WordList(["don't", "she", "said", "times", ","])
    whole = words.WORD.findall(text.lower().replace("’", "'"))
    row = read_row(MaskedArticle(text, (Sentence(0, len(text)),), ()), lexicon)
    assert row.ids.tolist() == [GAP_ID, *(lexicon[word] for word in whole), GAP_ID]
