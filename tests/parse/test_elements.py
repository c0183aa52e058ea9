from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.elements import parse_element

RSS = """<item><title>Bridge &amp; road</title><link>https://news.example/1</link>
<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ann Lee</dc:creator>
<pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><guid isPermaLink="false">id-1</guid>
<source url="https://other.example/rss">The Other</source>
<description>A teaser.</description>
<content:encoded><![CDATA[<p>The mayor opened the bridge.</p><script>evil()</script><p>Traders
<b>protested</b>.<br>Loudly.</p>]]></content:encoded></item>"""
ATOM = """<entry><id>tag:news.example,2024:1</id><title type="html">Caf&amp;eacute; opens</title>
<link rel="edit" href="https://news.example/edit"/><link rel="alternate" href="https://news.example/2"/>
<published>2024-03-01T10:00:00Z</published><author><name>Ann Lee</name></author><author><name>Bo Ek</name></author>
<source><title>The Other</title><id>x</id></source><summary>A teaser.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First.</p>
<p>Second <i>one</i>.</p></div></content></entry>"""
NITF = """<nitf><head><title>Slug</title>
<docdata><doc-id id-string="n-1"/><date.issue norm="20240301T100000Z"/></docdata></head>
<body><body.head><hedline><hl1>Bridge opens</hl1></hedline><byline>By Ann Lee</byline></body.head>
<body.content><block><p>First.</p><p>Second.</p></block></body.content></body></nitf>"""
NEWSML = """<newsItem guid="urn:newsml:1"><itemMeta><versionCreated>2024-03-01T10:00:00Z</versionCreated></itemMeta>
<contentMeta><headline>Bridge opens</headline><by>Ann Lee</by></contentMeta>
<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml">
<body><p>First.</p><p>Second.</p></body></html>
</inlineXML></contentSet></newsItem>"""
REUTERS = """<newsitem itemid="2286" date="1996-08-20"><title>USA: Bridge</title><headline>Bridge opens</headline>
<byline>Ann Lee</byline><text><p>First.</p><p>Second.</p></text></newsitem>"""
TREC = """<DOC><DOCNO> LA-1 </DOCNO><HEADLINE><P>Bridge opens</P></HEADLINE><TEXT><P>First.<P>Second.</TEXT></DOC>"""


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            RSS,
            {
                "title": "Bridge & road",
                "url": "https://news.example/1",
                "authors": "Ann Lee",
                "published_at": "Fri, 01 Mar 2024 10:00:00 GMT",
                "record_id": "id-1",
                "source": "The Other",
                "text": "The mayor opened the bridge.\n\nTraders protested.\n\nLoudly.",
            },
        ),
        (
            ATOM,
            {
                "title": "Caf&eacute; opens",  # resolved when it is cleaned
                "url": "https://news.example/2",
                "authors": "Ann Lee; Bo Ek",
                "published_at": "2024-03-01T10:00:00Z",
                "record_id": "tag:news.example,2024:1",
                "source": "The Other",
                "text": "First.\n\nSecond one.",
            },
        ),
        (
            NITF,
            {
                "title": "Bridge opens",
                "authors": "By Ann Lee",
                "published_at": "20240301T100000Z",
                "record_id": "n-1",
                "text": "First.\n\nSecond.",
            },
        ),
        (
            NEWSML,
            {
                "title": "Bridge opens",
                "authors": "Ann Lee",
                "published_at": "2024-03-01T10:00:00Z",
                "record_id": "urn:newsml:1",
                "text": "First.\n\nSecond.",
            },
        ),
        (
            REUTERS,
            {
                "title": "Bridge opens",
                "authors": "Ann Lee",
                "published_at": "1996-08-20",
                "record_id": "2286",
                "text": "First.\n\nSecond.",
            },
        ),
        (TREC, {"title": "Bridge opens", "record_id": "LA-1", "text": "First.\n\nSecond."}),
    ],
)
def test_articles_of_every_kind(markup: str, expected: dict[str, str]) -> None:
    found = parse_element(markup)
    assert found is not None
    assert {key: found.get(key) for key in expected} == expected


def test_entities_of_html_and_a_prefix_that_nobody_declared() -> None:
    found = parse_element(
        "<item><title>Caf&eacute;&nbsp;opens</title><x:encoded>A &lt;b&gt;bold&lt;/b&gt; text</x:encoded></item>"
    )
    assert found is not None
    assert (found["title"], found["text"]) == ("Caf\u00e9 opens", "A bold text")


@pytest.mark.parametrize(
    "markup", ["<item>" + "<a>" * 100_000, "<item><description>" + "&lt;p&gt;" * 100_000, "<item a='" + "x" * 100_000]
)
def test_depth_and_length_are_harmless(markup: str) -> None:
    assert parse_element(markup) is None or isinstance(parse_element(markup), dict)


@given(st.text(max_size=200))
def test_any_markup_ends(text: str) -> None:
    for markup in (text, f"<item>{text}</item>", f"<item><description><![CDATA[{text}]]></description></item>"):
        found = parse_element(markup)
        assert found is None or isinstance(found, dict)


@pytest.mark.parametrize(
    ("markup", "field", "expected"),
    [
        # A bare ampersand is one, and costs what follows nothing.
        ("<item><title>AT&T and S&P 500, Q&A &amp; R&D</title></item>", "title", "AT&T and S&P 500, Q&A & R&D"),
        ("<item><description>5 &gt; 3, 2 < 4 & so</description></item>", "text", "5 > 3, 2 < 4 & so"),
        ("<item><description><![CDATA[AT&T <b>fell</b>]]></description></item>", "text", "AT&T fell"),
        # What a picture says is none of the article's.
        (
            "<item><media:content><media:credit>Jo Marsh</media:credit><media:title>P</media:title></media:content>"
            "<title>T</title><description>The text.</description></item>",
            "text",
            "The text.",
        ),
        ("<item><media:title>P</media:title><title>T</title></item>", "title", "T"),
        (
            "<item><description>Short.</description><x:encoded>The whole of it.</x:encoded></item>",
            "text",
            "The whole of it.",
        ),
        ("<entry><author><name>A B</name><uri>u</uri><email>a@b</email></author></entry>", "authors", "A B"),
        (
            "<nitf><body.content><block class='lead_paragraph'><p>One.</p></block><block class='full_text'><p>One.</p>"
            "<p>Two.</p></block></body.content></nitf>",
            "text",
            "One.\n\nTwo.",
        ),
        ("<nitf><pubdata date.publication='19980315T000000'/></nitf>", "published_at", "19980315T000000"),
        (
            "<REUTERS><DATE>26-FEB-1987</DATE><TEXT>&#2;<TITLE>T</TITLE><BODY>One.&#3;</BODY></TEXT></REUTERS>",
            "text",
            "One.",
        ),
        ("<DOC><DOCNO> AP880212-328 </DOCNO><TEXT>R&D.</TEXT></DOC>", "published_at", "1988-02-12"),
        ("<DOC><DOCNO>NYT19980601.0001</DOCNO><TEXT>R&D.</TEXT></DOC>", "published_at", "19980601"),
        ('<doc id="1" url="https://w.example" title="Anarchism">\nAnarchism\n\nR&D <5.\n</doc>', "text", "R&D <5."),
    ],
)
def test_what_an_element_says(markup: str, field: str, expected: str) -> None:
    found = parse_element(markup)
    assert found is not None
    assert found[field] == expected
