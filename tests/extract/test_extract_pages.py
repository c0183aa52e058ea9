from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.records import Page, RawRecord
from tests.conftest import LATEST
from tests.extract.test_page import PARAGRAPHS, WHOLE
from transforms.extract import ExtractPages, page
from transforms.parse import ParseRecords
from transforms.runtime.stage import run_stages

LINE = RawRecord("dump.jsonl", 3, "jsonl", b'{"text": "<p>not a page</p>"}')
GOOD = RawRecord("pages.warc", 7, "html", WHOLE.encode(), url="https://post.example/a?b")
BAD = RawRecord("pages.warc", 8, "html", b"<p>BAD</p>")


def test_a_page_that_fails_is_a_reject_and_its_neighbours_come_through(monkeypatch: pytest.MonkeyPatch) -> None:
    good = page.extract_page

    def extract_page(html: bytes, **known: Any) -> Page:
        if b"BAD" in html:
            raise KeyError("lost")
        return good(html, **known)

    monkeypatch.setattr(page, "extract_page", extract_page)
    outcomes = run_stages([ExtractPages()], [GOOD, BAD, LINE, replace(GOOD, source_offset=9)])
    texts = [outcome.kept.page and outcome.kept.page.text.split("\n\n") for outcome in outcomes if outcome.kept]
    assert texts == [list(PARAGRAPHS), None, list(PARAGRAPHS)]
    (rejected,) = [outcome.rejected for outcome in outcomes if outcome.rejected]
    assert (rejected.source_file, rejected.source_offset, rejected.payload) == ("pages.warc", 8, b"<p>BAD</p>")
    assert (rejected.stage, rejected.reason, rejected.message) == ("extract", "failed", "KeyError: 'lost'")


def test_a_page_becomes_an_article() -> None:
    unnamed = Page("Text.", url="https://www.other.example/x", published_at=("soon", "2035-01-01", "5 March 2024"))
    records = [GOOD, RawRecord("p.html", 0, "text", b"<p>", page=unnamed)]
    articles = [outcome.kept for outcome in run_stages([ExtractPages(), ParseRecords(LATEST)], records)]
    found = [
        (
            article.title,
            article.url,
            article.source,
            article.authors,
            article.published_at.date().isoformat(),
            article.payload_size,
        )
        for article in articles
        if article and article.published_at
    ]
    assert found == [
        (
            "Bridge to close",
            "https://post.example/news/bridge",
            "The Post",
            "Ann Ash",
            "2024-03-05",
            len(WHOLE.encode()),
        ),
        (None, "https://www.other.example/x", "other.example", None, "2024-03-05", 3),
    ]


@pytest.mark.parametrize(
    ("published", "modified", "expected"),
    [
        (("2024-03-05",), ("soon", "2024-04-01"), "2024-04-01"),
        (("2024-03-05",), ("2024-03-05",), None),
        (("2024-03-05",), ("2024-03-01",), None),
        ((), ("2024-04-01",), "2024-04-01"),
        (("2024-03-05",), (), None),
    ],
)
def test_the_last_change_is_kept_where_it_is_later(
    published: tuple[str, ...], modified: tuple[str, ...], expected: str | None
) -> None:
    page = Page("Text.", published_at=published, modified_at=modified)
    (outcome,) = run_stages([ParseRecords(LATEST)], [RawRecord("p.html", 0, "html", b"<p>", page=page)])
    assert outcome.kept is not None
    found = outcome.kept.modified_at
    assert (found.date().isoformat() if found else None) == expected
