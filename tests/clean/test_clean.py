from __future__ import annotations

from collections.abc import Callable

import pytest

from schemas.records import Article
from tests.conftest import PROSE
from transforms.clean import clean_article

Make = Callable[..., Article]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\u200b\n\xa0", "empty"),
        ("Share.\n\nExit mobile version\n\n© 2024 The Post. All rights reserved.", "empty"),
        ("Gone.", "too_short"),
        ("Share.\n\nShort news.\n\nExit mobile version", "too_short"),
    ],
)
def test_rejects_by_reason(make_article: Make, text: str, reason: str) -> None:
    rejected = clean_article(make_article(text=text, raw=b"raw bytes", payload_size=9)).rejected
    assert rejected is not None
    assert (rejected.stage, rejected.reason, rejected.payload) == ("clean", reason, b"raw bytes")


def cleaned(article: Article) -> Article:
    outcome = clean_article(article)
    assert outcome.kept is not None
    return outcome.kept


def test_all_texts_are_repaired(make_article: Make) -> None:
    article = cleaned(
        make_article(
            text=PROSE.replace("old", "â€œoldâ€\x9d") + " \ud83d\n\nShare.\n\nExit mobile version",
            title="CafÃ©\n closes",
            authors=" A.\xa0Ash ",
            source="\ud83d",
        )
    )
    assert "“old”" in article.text
    assert article.text.encode("utf-8")
    assert not article.text.endswith("version")
    assert article.title == "Café closes"
    assert article.authors == "A. Ash"
    (article.source or "").encode("utf-8")


def test_identity_is_of_url_else_id_and_of_the_cleaned_text(make_article: Make) -> None:
    base = cleaned(make_article(url="https://post.example/a"))
    moved = cleaned(make_article(url="https://post.example/a", source_file="other", source_offset=9, title="Other"))
    furnished = cleaned(
        make_article(url="https://post.example/a", text=PROSE + "\r\n\r\nShare.\r\n\r\nExit mobile version")
    )
    with_id = cleaned(make_article(url="https://post.example/a", record_id="7"))
    assert {base.article_id} == {moved.article_id, furnished.article_id, with_id.article_id}
    others = [
        cleaned(make_article(url="https://post.example/b")),
        cleaned(make_article(record_id="https://post.example/a")),
        cleaned(make_article()),
        cleaned(make_article(url="https://post.example/a", text=PROSE + " More.")),
    ]
    assert len({base.article_id, *(other.article_id for other in others)}) == 5
    assert [other.content_hash == base.content_hash for other in others] == [True, True, True, False]
