from __future__ import annotations

from typing import Any

import pytest

from schemas.records import Document, Entity, Mention, Mood, Sentence, Stance
from transforms.assemble.rows import assemble_rows, likeliest, sentiment_label

TEXT = "The United States and Russia’s army met. Russia spoke of 3 talks."
STATES = Entity("us", "United States", "GPE", "US", None, None, 0.5)
RUSSIA = Entity("ru", "Russia", "GPE", "RU", None, None, 0.75)


@pytest.mark.parametrize(
    ("score", "label"),
    [(None, None), (0.05, "positive"), (0.049, "neutral"), (0.0, "neutral"), (-0.049, "neutral"), (-0.05, "negative")],
)
def test_labels(score: float | None, label: str | None) -> None:
    assert sentiment_label(score, 0.05) == label


@pytest.mark.parametrize(
    ("stance", "label"),
    [
        (Stance(0.5, 0.3, 0.2), "negative"),
        (Stance(0.2, 0.3, 0.5), "positive"),
        (Stance(0.3, 0.4, 0.3), "neutral"),
        (Stance(0.4, 0.4, 0.2), "neutral"),
        (Stance(0.45, 0.1, 0.45), "positive"),
    ],
)
def test_a_mention_has_the_label_of_its_likeliest_class(stance: Stance, label: str) -> None:
    assert likeliest(stance) == label


def test_rows_of_a_document(make_article: Any) -> None:
    shares = Stance(0.375, 0.25, 0.375)
    document = Document(
        make_article(text=TEXT, article_id="a", canonical_id="a", content_hash="h"),
        sentences=(Sentence(0, 40, 0.5), Sentence(41, len(TEXT), -0.5, quoted=True, speaker=1)),
        mentions=(
            Mention(4, 17, "GPE", 0, 0.5, entity=0, stance=Stance(0.125, 0.25, 0.625)),
            Mention(22, 28, "GPE", 0, 0.5, entity=1),
            Mention(41, 47, "GPE", 1, -0.5, entity=1, quoted=True),
            Mention(57, 58, "CARDINAL", 1),
        ),
        entities=(STATES, RUSSIA),
        token_count=14,
        sentiment=0.1,
        moods=(Mood(0.5, 1, 0.0, label="positive"), Mood(0.0, 2, 0.5, shares, 0.25, "mixed", 0.5, "positive")),
    )
    tables = {part.table: part.rows for part in assemble_rows(document)}
    (article,) = tables["articles"]
    assert (article.sentence_count, article.sentiment_label, article.char_count) == (2, "positive", len(TEXT))
    assert [row.text for row in tables["mentions"]] == ["United States", "Russia", "Russia", "3"]
    assert tables["mentions"][3].entity_id is None
    states, russia = tables["entities"]
    assert (states.name, states.mention_count, states.first_char) == ("United States", 1, 4)
    assert (russia.name, russia.mention_count, russia.sentiment, russia.sentiment_label) == (
        "Russia",
        2,
        0.0,
        "mixed",
    )
    assert (russia.negative_share, russia.neutral_share, russia.positive_share) == shares
    assert (states.sentiment_label, states.negative_share, states.sentiment_error) == ("positive", None, None)
    assert (russia.prominence, russia.country_code, russia.latitude) == (0.75, "RU", None)
    assert [row.entity_id for row in tables["mentions"]] == ["us", "ru", "ru", None]
    assert (russia.sentiment_count, russia.sentiment_spread, russia.sentiment_error) == (2, 0.5, 0.25)
    assert (russia.sentiment_unquoted, russia.sentiment_unquoted_label) == (0.5, "positive")
    assert [(row.negative, row.neutral, row.positive) for row in tables["mentions"]][:2] == [
        (0.125, 0.25, 0.625),
        (None, None, None),
    ]
    assert [row.quoted for row in tables["mentions"]] == [False, False, True, False]
    assert [(row.quoted, row.speaker, row.speaker_id) for row in tables["sentences"]] == [
        (False, None, None),
        (True, "Russia", "ru"),
    ]


def test_an_article_without_a_model_has_one_row_and_nulls(make_article: Any) -> None:
    (part,) = assemble_rows(Document(make_article(article_id="a", canonical_id="a", content_hash="h")))
    assert part.table == "articles"
    assert (part.rows[0].sentiment, part.rows[0].sentence_count, part.rows[0].token_count) == (None, None, None)
