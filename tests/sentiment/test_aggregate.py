from __future__ import annotations

import pytest

from schemas.records import Mention, Mood, Sentence, Stance
from transforms.sentiment.aggregate import article_sentiment, entity_moods, mood_label, standard_error


def mention(
    sentiment: float | None, entity: int | None, *, quoted: bool = False, stance: Stance | None = None
) -> Mention:
    return Mention(0, 1, "PERSON", 0, sentiment, entity, stance, quoted)


def spoken(negative: float, positive: float, *, quoted: bool = False) -> Mention:
    stance = Stance(negative, 1 - negative - positive, positive)
    return mention(positive - negative, 0, quoted=quoted, stance=stance)


def test_an_entity_has_the_mean_of_its_mentions_and_the_outlets_own() -> None:
    mentions = [
        mention(0.5, 0),
        mention(-0.5, 1, quoted=True),
        mention(-0.9, 0, quoted=True),
        mention(0.1, 0),
        mention(None, 0),
        mention(0.9, None),
    ]
    first, second, third = entity_moods(mentions, 3, 0.2)
    assert first.sentiment == pytest.approx(-0.1)
    assert first.mentions == 3
    assert first.spread == pytest.approx(0.588784)
    assert first.shares == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert first.unquoted == pytest.approx(0.3)
    assert (second.sentiment, second.mentions, second.spread, second.unquoted, second.unquoted_label) == (
        -0.5,
        1,
        0.0,
        None,
        None,
    )
    assert third == Mood()


def test_shares_are_what_the_probabilities_expect() -> None:
    (mood,) = entity_moods([spoken(0.5, 0.0), spoken(0.25, 0.25, quoted=True)], 1, 0.2)
    assert mood.shares == pytest.approx((0.375, 0.5, 0.125))
    assert mood.sentiment == pytest.approx(-0.25)
    assert mood.unquoted == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("negative", "positive", "count", "label"),
    [
        (0.02, 0.02, 1, "neutral"),
        (0.2, 0.07, 1, "neutral"),
        (0.2, 0.06, 50, "neutral"),
        (0.0, 0.2, 1, "neutral"),
        (0.4, 0.0, 1, "unclear"),
        (0.3, 0.0, 2, "negative"),
        (0.6, 0.0, 1, "negative"),
        (0.0, 0.15, 2, "unclear"),
        (0.0, 0.2, 3, "positive"),
        (0.3, 0.1, 10, "mixed"),
        (0.7, 0.09, 10, "negative"),
        (0.26, 0.4, 10, "positive"),
        (0.5, 0.2, 1, "negative"),
    ],
)
def test_a_label_says_what_the_mentions_carry(negative: float, positive: float, count: int, label: str) -> None:
    assert mood_label(Stance(negative, 1 - negative - positive, positive), count) == label


def test_the_error_shrinks_with_more_mentions_and_is_never_nothing() -> None:
    neutral, torn = Stance(0.0, 1.0, 0.0), Stance(0.5, 0.0, 0.5)
    assert standard_error(neutral, 1) == pytest.approx(0.3033, abs=1e-4)
    assert standard_error(neutral, 10) == pytest.approx(0.0414, abs=1e-4)
    assert standard_error(torn, 10) == pytest.approx(0.3043, abs=1e-4)


def test_an_article_has_the_mean_of_its_sentences_by_length() -> None:
    assert article_sentiment([Sentence(0, 30, 1.0), Sentence(31, 41, -1.0)]) == pytest.approx(0.5)
    assert article_sentiment([Sentence(0, 30, None), Sentence(31, 41, -1.0)]) == -1.0
    assert article_sentiment([Sentence(0, 30)]) is None
    assert article_sentiment([]) is None
