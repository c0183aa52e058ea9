from __future__ import annotations

from typing import Any

import pytest

from schemas.records import Document, Mention
from transforms.sentences import segment_article
from transforms.sentiment import VaderModel, score_document

TEXT = "The mayor won great praise for a wonderful plan. Critics hated the terrible, disastrous bridge."


def test_sentences_mentions_and_article(make_article: Any) -> None:
    document = segment_article(make_article(text=TEXT, language="en"), languages=("en",))
    mentions = (Mention(4, 9, "PERSON", 0), Mention(49, 56, "PERSON", 1))
    scored = score_document(Document(document.article, document.sentences, mentions, 17), VaderModel())
    first, second = scored.sentences or ()
    assert first.sentiment is not None
    assert second.sentiment is not None
    assert first.sentiment > 0.5
    assert second.sentiment < -0.5
    assert [part.sentiment for part in scored.mentions or ()] == [first.sentiment, second.sentiment]
    lengths = [first.end_char - first.start_char, second.end_char - second.start_char]
    mean = (first.sentiment * lengths[0] + second.sentiment * lengths[1]) / sum(lengths)
    assert scored.sentiment == pytest.approx(mean)


@pytest.mark.parametrize("language", ["fr", None])
def test_a_language_without_a_model_is_not_known(make_article: Any, language: str | None) -> None:
    document = segment_article(make_article(text=TEXT, language=language), languages=("en", "fr"))
    assert score_document(document, VaderModel()).sentiment is None
