from __future__ import annotations

import pytest

from schemas.records import RawRecord
from tests.extract.test_page import PAGE, PARAGRAPHS, WHOLE
from transforms.extract import extract_record
from transforms.extract.kinds import name_kind
from transforms.extract.page import extract_page

CONSENT = (
    "We and our 842 partners store and access information on a device, such as cookies, and process personal data for "
    "personalised advertising. You may accept or manage your choices by clicking below."
)
GONE = "The page you are looking for may have been moved or deleted. Please check the address and try again."


def page(title: str, heading: str, *paragraphs: str, head: str = "") -> bytes:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{heading}</h1>{text}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (page("The Post", "We value your privacy", CONSENT), "a question for consent"),
        (page("Before you continue to The Post", "", CONSENT), "a question for consent"),
        (page("Page not found - The Post", "Sorry, this page is not available", GONE), "an error message"),
        (page("404 | The Post", "Oops", GONE), "an error message"),
        (page("Seite nicht gefunden", "Seite nicht gefunden", "Bitte prüfen Sie die Adresse."), "an error message"),
        (page("Just a moment...", "post.example", "Checking your browser."), "a check for robots"),
        (page("Log in | The Post", "Log in", "Enter your e-mail address and password."), "a login"),
    ],
)
def test_pages_that_are_no_articles(html: bytes, kind: str) -> None:
    found = extract_page(html).no_article
    assert found is not None
    assert found.startswith(kind)


@pytest.mark.parametrize(
    "html",
    [
        WHOLE.encode(),
        page("Page not found: how links rot", "Page not found: how links rot", *PARAGRAPHS),
        page("Cookie consent is broken", "Cookie consent is broken", *PARAGRAPHS),
        page("Sign up", "Sign up", *PARAGRAPHS * 3),
        page("404", "404", GONE, head='<script type="application/ld+json">{"@type": "NewsArticle"}</script>'),
        page("Not available", "Bridge to close", *PARAGRAPHS * 2),
    ],
)
def test_articles_stay(html: bytes) -> None:
    assert extract_page(html).no_article is None


@pytest.mark.parametrize(
    ("url", "kinds", "links", "kind"),
    [
        ("https://post.example/", {"website"}, 0.1, "a front page"),
        ("https://post.example/tag/bridges", {"collectionpage"}, 0.1, "a list of other pages"),
        ("https://post.example/author/ann-ash/", {""}, 0.8, "a list of other pages"),
        ("https://post.example/tag/bridges", {""}, 0.1, None),
        ("https://post.example/tag/bridges", {"newsarticle", "collectionpage"}, 0.1, None),
        ("https://post.example/2024/bridge", {"website"}, 0.8, None),
        (None, {"website"}, 0.9, None),
    ],
)
def test_front_and_tag_pages(url: str | None, kinds: set[str], links: float, kind: str | None) -> None:
    assert name_kind(["Bridges"], "Text " * 100, url=url, kinds=frozenset(kinds), link_share=links) == kind


def test_a_front_page_of_teasers() -> None:
    """It has little text that is no link, and no article's length to a headline."""
    teasers = "".join(
        f'<article><h2><a href="/{n}">Ferry story {n} of the valley</a></h2><p>Line {n} keeps running.</p></article>'
        for n in range(12)
    )
    head = "<html><head><title>The Post - News</title><link rel='canonical' href='https://post.example/'></head><body>"
    assert extract_page(f"{head}{teasers}</body></html>".encode()).no_article == "a front page"
    story = "<h1>Bridge to close</h1>" + "<p>The council voted to close the old bridge, which carried traffic.</p>" * 40
    assert extract_page(f"{head}{story}{teasers}</body></html>".encode()).no_article is None


def test_the_reject_says_what_the_page_is() -> None:
    html = page("Page not found", "Page not found", GONE)
    outcome = extract_record(RawRecord(source_file="a.html", source_offset=0, file_format="html", payload=html))
    assert outcome.rejected is not None
    assert (outcome.rejected.reason, outcome.rejected.stage) == ("not_an_article", "extract")
    assert outcome.rejected.message == "an error message in the place of a page"


STUB = "<p>The council voted on Monday to close the old bridge.</p><p>Subscribe to read the full story.</p>"


@pytest.mark.parametrize("html", ["\n\n".join(PARAGRAPHS), "".join(f"<p>{each}</p>" for each in PARAGRAPHS)])
def test_a_stub_gives_way_to_the_body_that_the_page_declares(html: str) -> None:
    declared = html.replace('"', '\\"').replace("\n", "\\n")
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{declared}"}}</script>'
    text = extract_page(PAGE.format(body=STUB).replace("</head>", f"{script}</head>").encode()).text
    assert text.split("\n\n") == list(PARAGRAPHS)


def test_a_summary_in_the_place_of_the_body_stays_out() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "A bridge closes."}</script>'
    assert extract_page(WHOLE.replace("</head>", f"{script}</head>").encode()).text.split("\n\n") == list(PARAGRAPHS)


def test_the_bar_of_a_web_archive_is_no_part_of_the_page() -> None:
    bar = '<div id="wm-ipp-base"><p>The Wayback Machine - saved <span>01 Jun 2024</span></p></div>'
    text = PAGE.replace('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "")
    html = text.format(body="".join(f"<p>{each}</p>" for each in PARAGRAPHS)).replace("<body>", f"<body>{bar}")
    html = html.replace("</h1>", '</h1><p class="date">5 March 2024</p>')
    found = extract_page(html.encode())
    assert found.published_at == ("5 March 2024",)
    assert "Wayback" not in found.text
