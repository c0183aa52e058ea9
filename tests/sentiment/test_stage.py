from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.records import Document, Entity, Mention
from transforms.runtime.stage import run_stages
from transforms.sentences import segment_article
from transforms.sentiment import stage
from transforms.sentiment.model import MaskedArticle, Scores, SentimentModel
from transforms.sentiment.stage import ScoreSentiment, score_documents
from transforms.sentiment.vader import VaderModel

TEXT = "The mayor, Ann Reed, won great praise for a wonderful plan. “I hated Berlin's terrible bridge,” Reed said."
REED = Entity("reed", "Ann Reed", "PERSON", None, None, None, 1.0)
BERLIN = Entity("berlin", "Berlin", "GPE", "DE", None, None, 0.5)


def document_of(article: Any) -> Document:
    document = segment_article(article, languages=("en", "fr"))
    text = article.text
    reed, berlin, again = text.index("Ann Reed"), text.index("Berlin"), text.rindex("Reed")
    mentions = (
        Mention(reed, reed + 8, "PERSON", 0, entity=0),
        Mention(berlin, berlin + 6, "GPE", 1, entity=1),
        Mention(again, again + 4, "PERSON", 1, entity=0),
        Mention(again, again + 4, "CARDINAL", 1),
    )
    return Document(article, document.sentences, mentions, (REED, BERLIN), 17)


def test_sentences_mentions_entities_and_article(make_article: Any) -> None:
    (scored,) = score_documents([document_of(make_article(text=TEXT, language="en"))], VaderModel())
    first, second = scored.sentences or ()
    assert first.sentiment is not None
    assert second.sentiment is not None
    assert first.sentiment > 0.5
    assert second.sentiment < -0.5
    assert [part.sentiment for part in scored.mentions or ()] == [
        first.sentiment,
        second.sentiment,
        second.sentiment,
        None,
    ]
    assert [part.quoted for part in scored.mentions or ()] == [False, True, False, False]
    assert [(part.quoted, part.speaker) for part in (first, second)] == [(False, None), (True, 0)]
    reed, berlin = scored.moods
    assert reed.sentiment == pytest.approx((first.sentiment + second.sentiment) / 2)
    assert (reed.mentions, berlin.mentions, berlin.unquoted) == (2, 1, None)
    lengths = [first.end_char - first.start_char, second.end_char - second.start_char]
    mean = (first.sentiment * lengths[0] + second.sentiment * lengths[1]) / sum(lengths)
    assert scored.sentiment == pytest.approx(mean)


@pytest.mark.parametrize("language", ["fr", None])
def test_a_language_without_a_model_is_not_known(make_article: Any, language: str | None) -> None:
    document = document_of(make_article(text=TEXT, language=language))
    (scored,) = score_documents([document], VaderModel())
    assert scored.sentiment is None
    assert all(part.sentiment is None for part in (*(scored.sentences or ()), *(scored.mentions or ())))
    assert scored.moods == ()
    assert [(part.quoted, part.speaker) for part in scored.sentences or ()][1:] == ([(True, None)] if language else [])


class _Poisoned:
    neutral = 0.05

    def score(self, articles: Sequence[MaskedArticle]) -> list[Scores]:
        if any("terrible" in reading.text for reading in articles):
            raise ValueError("no such words")
        return VaderModel().score(articles)


def load_poisoned(engine: str, path: str | None) -> SentimentModel:
    return _Poisoned()


def test_a_poisonous_article_is_rejected_alone(make_article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "load_engine", load_poisoned)
    bad = document_of(make_article(text=TEXT, language="en", article_id="bad"))
    good = document_of(make_article(text=TEXT.replace("terrible", "awful"), language="en", article_id="good"))
    other = replace(good, article=replace(good.article, article_id="other"))
    scoring = ScoreSentiment("vader")
    scoring.setup()
    outcomes = run_stages([scoring], [good, bad, other])
    kept = [(part.article.article_id, part.sentiment is not None) for outcome in outcomes if (part := outcome.kept)]
    assert kept == [("good", True), ("other", True)]
    (rejected,) = [outcome.rejected for outcome in outcomes if outcome.rejected]
    assert (rejected.stage, rejected.reason, rejected.message) == ("sentiment", "failed", "ValueError: no such words")
    assert rejected.retryable
