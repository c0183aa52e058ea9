from __future__ import annotations

import json
from typing import Any

import lxml.html
import pytest

from transforms.extract.metadata import Metadata, read_metadata

URL = "https://www.post.example/2024/bridge?utm=1"


def read(head: str = "", body: str = "", url: str | None = URL) -> Metadata:
    return read_metadata(lxml.html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def linked(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (linked(author={"@type": "Person", "name": "Ann Ash"}), "", "Ann Ash"),
        (linked(author=[{"name": "Ann Ash"}, {"name": "Bo Birch"}]), "", "Ann Ash; Bo Birch"),
        (linked(author="By Ann Ash and Bo Birch"), "", "Ann Ash; Bo Birch"),
        (linked(author={"name": ["Ann Ash", "Bo Birch"]}), "", "Ann Ash; Bo Birch"),
        (linked(author={"@id": "#a"}, publisher={"@id": "#a", "name": "Ann Ash"}), "", "Ann Ash"),
        ('<meta name="author" content="Ann Ash">', "", "Ann Ash"),
        ('<meta property="article:author" content="https://facebook.com/x">', '<a rel="author">Ann Ash</a>', "Ann Ash"),
        ("", '<p class="byline">By <span>Ann Ash</span></p>', "Ann Ash"),
        ("", '<span class="author-name">admin</span>', None),
        ("", "<p>By the river.</p>", None),
    ],
)
def test_authors(head: str, body: str, authors: str | None) -> None:
    assert read(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "dates"),
    [
        (linked(datePublished="2024-03-05T10:00:00Z", dateModified="2024-04-01"), "", ("2024-03-05T10:00:00Z",)),
        ('<meta property="article:published_time" content="2024-03-05">', "", ("2024-03-05",)),
        ('<meta property="article:modified_time" content="2024-03-05">', "", ()),
        ("", '<time itemprop="datePublished" datetime="2024-03-05">yesterday</time>', ("2024-03-05",)),
        ("", '<time datetime="2024-03-05">5 March</time>', ("2024-03-05",)),
        (
            linked(datePublished="2024-03-05") + '<meta name="date" content="2024-03-04">',
            "",
            ("2024-03-05", "2024-03-04"),
        ),
        ("", "<p>Copyright 2024</p>", ()),
    ],
)
def test_dates_as_stated(head: str, body: str, dates: tuple[str, ...]) -> None:
    assert read(head, body).published_at == dates


def test_a_date_in_the_address() -> None:
    assert read(url="https://post.example/2024/03/05/bridge").published_at == ("2024-03-05",)


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        ('<link rel="canonical" href="https://post.example/bridge">', URL, "https://post.example/bridge"),
        ('<link rel="canonical" href="/bridge">', URL, "https://www.post.example/bridge"),
        ('<link rel="canonical" href="/bridge">', None, None),
        ('<link rel="canonical" href="https://post.example/">', URL, URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL, URL),
        ('<link rel="canonical" href="http://[broken">', URL, URL),
        ('<meta property="og:url" content="https://post.example/b">', URL, "https://post.example/b"),
        ("", URL, URL),
    ],
)
def test_addresses(head: str, url: str | None, expected: str | None) -> None:
    assert read(head, url=url).url == expected


def test_site_language_description_and_body() -> None:
    head = (
        '<meta property="og:site_name" content="The Post"><meta property="og:locale" content="de_AT">'
        '<meta name="description" content="A &amp; B">' + linked(articleBody="The council voted.")
    )
    found = read(head)
    assert (found.source, found.language, found.description) == ("The Post", "de", "A & B")
    assert found.declared_body == "The council voted."


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "null",
        "[[[]]]",
        "[" * 100_000,
        '{"@type": 7, "author": {"name": {"a": 1}}, "headline": []}',
        '{"@id": []}',
    ],
)
def test_any_json_is_survived(script: str) -> None:
    found = read(f'<script type="application/ld+json">{script}</script><title>Bridge to close</title>')
    assert found.title == "Bridge to close"
