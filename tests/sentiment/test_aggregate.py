from __future__ import annotations

import pytest

from schemas.records import Mention, Mood, Sentence
from transforms.sentiment.aggregate import article_sentiment, entity_moods


def mention(sentiment: float | None, entity: int | None, *, quoted: bool = False) -> Mention:
    return Mention(0, 1, "PERSON", 0, sentiment, entity, quoted=quoted)


def test_an_entity_has_the_mean_of_its_mentions_and_the_outlets_own() -> None:
    mentions = [
        mention(0.5, 0),
        mention(-0.5, 1, quoted=True),
        mention(-0.9, 0, quoted=True),
        mention(0.1, 0),
        mention(None, 0),
        mention(0.9, None),
    ]
    first, second, third = entity_moods(mentions, 3)
    assert first.sentiment == pytest.approx(-0.1)
    assert first.mentions == 3
    assert first.spread == pytest.approx(0.588784)
    assert first.unquoted == pytest.approx(0.3)
    assert second == Mood(-0.5, 1, 0.0, None)
    assert third == Mood(None, 0, None, None)


def test_an_article_has_the_mean_of_its_sentences_by_length() -> None:
    assert article_sentiment([Sentence(0, 30, 1.0), Sentence(31, 41, -1.0)]) == pytest.approx(0.5)
    assert article_sentiment([Sentence(0, 30, None), Sentence(31, 41, -1.0)]) == -1.0
    assert article_sentiment([Sentence(0, 30)]) is None
    assert article_sentiment([]) is None
