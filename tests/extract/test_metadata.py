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
        ('<meta name="author" content="By Ann Ash, Bo Birch and Cy Elm">', "", "Ann Ash; Bo Birch; Cy Elm"),
        ('<meta name="author" content="Ann Ash, MD, Staff Writer">', "", "Ann Ash, MD"),
        (
            '<meta name="author" content="Center for Drug Evaluation and Research">',
            "",
            "Center for Drug Evaluation and Research",
        ),
        (
            '<meta name="citation_author" content="Ash, Ann"><meta name="citation_author" content="Birch, Bo">',
            "",
            "Ann Ash; Bo Birch",
        ),
        ('<meta name="twitter:data1" content="38 minutes">', "", None),
        ("", '<div class="byline">By <a rel="author">Ann Ash</a> · 5 min read</div>', "Ann Ash"),
        (
            "",
            '<aside><p class="byline">By Bo Birch</p></aside><h1>Bridge</h1><p class="byline">By Ann Ash</p>',
            "Ann Ash",
        ),
        (
            "",
            '<div class="related"><div itemscope itemtype="https://schema.org/NewsArticle">'
            '<span itemprop="author">Bo Birch</span></div></div><article><h1>Bridge</h1></article>',
            None,
        ),
        (
            "",
            '<article><h2>Ferry</h2><p class="byline">By Bo Birch</p></article><article><h1>Bridge</h1></article>',
            None,
        ),
        (linked(author={"@id": "#a"}, publisher={"@id": "#a", "name": "Ann Ash"}), "", "Ann Ash"),
        ('<meta name="author" content="Ann Ash">', "", "Ann Ash"),
        ('<meta property="article:author" content="https://facebook.com/x">', '<a rel="author">Ann Ash</a>', "Ann Ash"),
        ("", '<p class="byline">By <span>Ann Ash</span></p>', "Ann Ash"),
        ("", '<span class="author-name">admin</span>', None),
        ("", "<p>By the river.</p>", None),
    ],
)
def test_authors(head: str, body: str, authors: str | None) -> None:
    found = read(head, body)
    assert (found.authors or found.marked_authors or found.publisher) == authors


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
        ("", '<aside><time datetime="2024-06-01">1 June</time></aside><article><h1>Bridge</h1></article>', ()),
        ("", '<div class="related"><meta itemprop="datePublished" content="2019-01-02"></div><h1>Bridge</h1>', ()),
        (
            linked(itemListElement=[{"@type": "NewsArticle", "datePublished": "2019-01-02"}]),
            '<time datetime="2024-03-05">5 March</time>',
            ("2024-03-05",),
        ),
    ],
)
def test_dates_as_stated(head: str, body: str, dates: tuple[str, ...]) -> None:
    found = read(head, body).dates
    assert (found.published or found.marked) == dates


@pytest.mark.parametrize(
    ("url", "dates"),
    [
        ("https://post.example/2024/03/05/bridge", ("2024-03-05",)),
        ("https://post.example/2024-03-05-bridge", ("2024-03-05",)),
        ("https://post.example/2024/03/10-ways-to-cross-the-bridge", ()),
        ("https://post.example/2024/03/bridge", ()),
    ],
)
def test_a_date_in_the_address(url: str, dates: tuple[str, ...]) -> None:
    assert read(url=url).dates.marked == dates


def test_the_time_of_the_last_change() -> None:
    found = read(linked(datePublished="2024-03-05", dateModified="2024-04-01"))
    assert (found.dates.published, found.dates.modified) == (("2024-03-05",), ("2024-04-01",))


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
        ("", "https://web.archive.org/web/20240601000000/https://post.example/b", "https://post.example/b"),
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
