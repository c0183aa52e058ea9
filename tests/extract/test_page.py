from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract.page import extract_page

LEAD = "The council voted on Monday to close the old bridge, which has carried traffic since 1931."
PARAGRAPHS = (
    LEAD,
    "Traders on both banks protested at the town hall, saying that they would lose most of their customers.",
    "“We listened to everyone who came,” the mayor told reporters after the vote. “But the steel is tired.”",
    "Engineers had found cracks in two of the nine piers last autumn. Repairs would cost more than a new bridge.",
    "A ferry is to run every ten minutes from April, the council said, and will be free for residents.",
)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Bridge to close | The Post</title>
<meta property="og:site_name" content="The Post"><meta property="article:published_time" content="2024-03-05T10:00:00Z">
<meta name="author" content="Ann Ash"><link rel="canonical" href="/news/bridge"><style>p {{color: red}}</style></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li><li><a href="/s">Sport</a></li>
</ul></nav></header>
<main><article class="article"><h1>Bridge to close</h1><div class="byline">By Ann Ash</div>
<div class="share-buttons"><a href="f">Share on Facebook</a> <a href="t">Tweet</a></div>
<figure><img src="b.jpg"><figcaption>The bridge in 1931. Photo: The Post/archive</figcaption></figure>
<div class="article-body">{body}</div>
<div class="related"><h3>Related stories</h3><ul><li><a href="1">Ferry tickets go on sale</a></li><li><a href="2">Cracks
found</a></li></ul></div></article></main>
<aside class="sidebar"><h3>Most read</h3><ol><li><a href="3">Cat rescued from tree</a></li></ol></aside>
<div class="newsletter">Sign up for our newsletter and get the news in your inbox every morning.</div>
<footer>© 2024 The Post. All rights reserved. <a href="p">Privacy policy</a></footer>
<script>var x = "not text";</script></body></html>"""
WHOLE = PAGE.format(body="".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))


def test_the_fields_of_a_page() -> None:
    page = extract_page(WHOLE.encode(), url="https://post.example/x?id=1")
    assert page.text.split("\n\n") == list(PARAGRAPHS)
    assert (page.title, page.authors, page.source, page.language) == ("Bridge to close", "Ann Ash", "The Post", "en")
    assert page.published_at == ("2024-03-05T10:00:00Z",)
    assert page.url == "https://post.example/news/bridge"


STANDFIRST = "A narrow vote ends ninety years of traffic over the river, to the dismay of traders"


@pytest.mark.parametrize(
    ("between", "taken"),
    [
        (f'<p class="standfirst">{STANDFIRST}</p>', True),
        (f'<div class="article__dek"><p>{STANDFIRST}.</p></div>', True),
        (f"<h2>{STANDFIRST}</h2>", True),
        (f'<p class="lead">{STANDFIRST}.</p>', True),
        ('<div class="subtitle">News and views</div>', False),
        ('<p class="lead">By Ann Ash and Bo Birch, who live beside the river of the valley</p>', False),
        (f'<p class="subtitle"><a href="/x">{STANDFIRST}</a></p>', False),
        (f'<aside><p class="standfirst">{STANDFIRST}</p></aside>', False),
    ],
)
def test_the_standfirst_belongs_to_the_text(between: str, taken: bool) -> None:
    page = WHOLE.replace('<div class="byline">', f'{between}<div class="byline">')
    lines = extract_page(page.encode()).text.split("\n\n")
    assert lines[-len(PARAGRAPHS) :] == list(PARAGRAPHS)
    assert [line.rstrip(".") for line in lines[: -len(PARAGRAPHS)]] == ([STANDFIRST] if taken else [])


def test_subheads_lists_and_quotes_stay() -> None:
    body = (
        f"<p>{PARAGRAPHS[0]}</p><h2>What the engineers found</h2><p>{PARAGRAPHS[1]}</p><ul>"
        f"<li>two piers have cracks;</li>"
        f"<li>one bearing is worn out;</li></ul><blockquote><p>{PARAGRAPHS[2]}</p></blockquote><p>{PARAGRAPHS[3]}</p>"
        f"<p>{PARAGRAPHS[4]}</p>"
    )
    lines = extract_page(PAGE.format(body=body).encode()).text.split("\n\n")
    assert lines == [
        *(
            PARAGRAPHS[0],
            "What the engineers found",
            PARAGRAPHS[1],
            "two piers have cracks;",
            "one bearing is worn out;",
        ),
        *PARAGRAPHS[2:],
    ]


def test_paragraphs_that_only_breaks_part() -> None:
    page = extract_page(PAGE.format(body="<br><br>".join(PARAGRAPHS)).encode())
    assert page.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_any_encoding(charset: str) -> None:
    assert "“We listened to everyone" in extract_page(WHOLE.encode(charset)).text


@pytest.mark.parametrize(
    "html", [b"", b" ", b"<html></html>", b"<!-- x -->", b"\0", b"<?xml version='1.0'?>", b"\xff\xfe"]
)
def test_nothing_in_nothing_out(html: bytes) -> None:
    page = extract_page(html, url="https://post.example/x")
    assert (page.text, page.title, page.url) == ("", None, "https://post.example/x")


def test_outer_entities_are_not_fetched() -> None:
    html = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>' + LEAD.encode() + b" &x;</p>"
    assert LEAD in (text := extract_page(html).text)
    assert len(text) < len(LEAD) + 10


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(["<p>", "</div>", "<ul><li>", "word ", "<br>", "é", "<a href=", "&amp", "<!--", "<td>", "\x0b"])
    )
)
def test_nothing_raises(parts: list[str]) -> None:
    extract_page("".join(parts).encode())
