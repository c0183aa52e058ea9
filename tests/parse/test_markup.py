from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.markup import line_of, text_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One.</p>\n<p>Two <b>bold</b>.</p>", "One.\n\nTwo bold."),
        (
            "<div class='a'><p>One.</p><script>var x=1;</script><figure><figcaption>AP</figcaption></figure></div>",
            "One.",
        ),
        ("One.<br /><br />Two.", "One.\n\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;\n&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        # Line breaks are the text's own where no block is marked.
        ("One <b>bold</b>.\n\nTwo.\nThree.", "One bold.\n\nTwo.\nThree."),
        # WordPress' paragraphs are blank lines.
        ("One.\n\n<blockquote>Said.</blockquote>\n\nTwo.", "One.\n\nSaid.\n\nTwo."),
        ("<html><head><title>x</title></head><body><p>One.</p></body></html>", "One."),
        ("<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph -->", "One."),
        # None of HTML's tags.
        ("Shares of <GOOG.O> rose; 5 < 7 and a<b.", "Shares of <GOOG.O> rose; 5 < 7 and a<b."),
        ("<p>Shares of <GOOG.O> rose; 5 < 7.</p>", "Shares of <GOOG.O> rose; 5 < 7."),
        ("AT&amp;T &lt;tag&gt;", "AT&amp;T &lt;tag&gt;"),
        ("plain", "plain"),
    ],
)
def test_a_body_without_its_markup(text: str, expected: str) -> None:
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marks &amp; Spencer&#8217;s &quot;ferry&quot; &lt;b&gt;plan&lt;/b&gt;", 'Marks & Spencer’s "ferry" plan'),
        ("<![CDATA[Ferry plan]]>", "Ferry plan"),
        ("AT&T <i>falls</i>\n again", "AT&T falls again"),
        ("a &amp;amp; b", "a & b"),
    ],
)
def test_a_line_without_its_markup(text: str, expected: str) -> None:
    assert line_of(text) == expected


@given(st.text(st.sampled_from("<>&/;pbr dive!-[]\n\"'="), max_size=60))
def test_any_markup_ends(text: str) -> None:
    assert isinstance(text_of(text), str)
    assert isinstance(line_of(text), str)
