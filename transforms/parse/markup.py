"""HTML in the fields of records: its text, with paragraphs apart by blank lines, and no tag, script or caption.

A body may hold markup, or markup written as text (`&lt;p&gt;`). Only HTML's own tags are any: Reuters' `<GOOG.O>` and a
bare `<` are text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

_NAMES = (
    "p|br|div|span|a|b|i|em|strong|u|s|ul|ol|li|h[1-6]|hr|img|figure|figcaption|picture|table|thead|tbody|tfoot|tr|td|th"
    "|caption|col|colgroup|blockquote|q|cite|pre|code|sup|sub|small|big|tt|font|center|strike|del|ins|mark|abbr|acronym"
    "|address|time|dl|dt|dd|script|style|noscript|template|iframe|object|embed|param|video|audio|source|track|svg|path"
    "|canvas|section|article|aside|header|footer|main|nav|form|fieldset|legend|input|textarea|button|label|select|option"
    "|html|head|title|body|meta|link|base|wbr|nobr|details|summary|amp-[a-z-]+|fb:[a-z-]+|o:p|g"
)
TAG = re.compile(rf"<(?:/?(?:{_NAMES})(?:\s[^<>]{{0,4000}})?/?>|!--)", re.IGNORECASE)
WRITTEN_TAG = re.compile(rf"&lt;/?(?:{_NAMES})(?:\s|/?&gt;|&nbsp;)", re.IGNORECASE)
# What begins no tag of HTML.
STRAY = re.compile(rf"<(?!/?(?:{_NAMES})(?:[\s/>]|$)|!--|!\[CDATA\[)", re.IGNORECASE)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# What XML 1.0 forbids; libxml2 would end the text there.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NAMESPACE = re.compile(r"^(?:\{[^}]*\}|[\w.-]*:)")
BLOCKS = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "dl"),
        *("section", "article", "header", "footer", "pre", "hr", "dd", "dt", "figure", "hl1", "hl2", "block", "media"),
        *("main", "aside", "body", "center", "address"),
    )
)
# In these a blank line is nothing but white space.
PARAGRAPHS = frozenset(("p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "a", "span"))
UNSEEN = frozenset(
    (
        *(
            "script",
            "style",
            "template",
            "noscript",
            "iframe",
            "object",
            "media",
            "figcaption",
            "button",
            "form",
            "svg",
        ),
        *("select", "textarea", "video", "audio", "head", "nav"),
    )
)
CAPTION = re.compile(r"\bwp-caption-text\b")
BLANK_LINES = re.compile(r"[^\S\n]*\n[^\S\n]*\n\s*")
# Levels of references written as references: `&amp;amp;`.
MAX_LEVELS = 3
# A line end written as such, which no path of Windows (`C:\\new`) is.
ESCAPED_BREAK = re.compile(r"(?<![\w:\\])(?:(?:\\r)?\\n)+|(?:(?:\\r)?\\n){2,}")


def text_of(text: str) -> str:
    """A text without its markup, whether that is markup or written as text; any other text as it is."""
    if "<" not in text and "&lt;" not in text:
        return text
    if not TAG.search(text):
        if not WRITTEN_TAG.search(text):
            return text
        text = html.unescape(text)
        if not TAG.search(text):
            return text
    return _from_markup(text)


def plain_breaks(text: str) -> str:
    r"""A text whose line ends are written as `\n`, as databases and doubled escapes have them, with line ends."""
    if "\\n" not in text or "\n" in text or not ESCAPED_BREAK.search(text):
        return text
    return ESCAPED_BREAK.sub(_breaks, text).replace("\\t", " ").replace('\\"', '"')


def _breaks(found: re.Match[str]) -> str:
    return "\n" * found[0].count("n")


def line_of(text: str) -> str:
    """A title or name on one line, without tags, with references resolved."""
    if "&" in text:
        for _ in range(MAX_LEVELS):
            before, text = text, html.unescape(text)
            if before == text:
                break
    if "<" in text:
        text = TAG.sub(" ", CDATA.sub(r"\1", text)) if TAG.search(text) or "<![CDATA[" in text else text
    return " ".join(text.split())


def local_name(tag: object) -> str:
    """The name of an element without its namespace, in lower case, letters and digits only."""
    return re.sub(r"[._-]", "", NAMESPACE.sub("", str(tag))).lower()


def _from_markup(text: str) -> str:
    """The paragraphs of a fragment or document of HTML."""
    markup = STRAY.sub("&lt;", CDATA.sub(r"\1", FORBIDDEN.sub("\ufffd", text)))
    try:
        if re.search(r"<(?:html|body)\b", markup, re.IGNORECASE):
            root = lxml_html.document_fromstring(markup)
        else:
            root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return TAG.sub(" ", text)
    return tidy(walk(root, lines=not any(_is_block(each) for each in root.iterdescendants())))


def _is_block(element: Any) -> bool:
    return isinstance(element.tag, str) and local_name(element.tag) in BLOCKS


def walk(root: Any, *, lines: bool = False) -> Iterator[str]:
    """The pieces of text in an element, with blank lines around blocks. `lines`: its line breaks are the text's own."""
    hidden = inline = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        named = isinstance(element.tag, str)
        name = local_name(element.tag) if named else "script"
        step = 1 if event == "start" else -1
        hidden += step * (name in UNSEEN or bool(named and CAPTION.search(element.get("class", ""))))
        inline += step * (name in PARAGRAPHS)
        if name in BLOCKS:
            yield "\n\n"
        text = element.text if event == "start" else element.tail if element is not root else None
        if text and not hidden:
            yield text if name == "pre" and event == "start" else _white(text, lines=lines, blank=not inline)


def _white(text: str, *, lines: bool, blank: bool) -> str:
    """A piece of text with its white space as it counts; `blank`: a blank line parts paragraphs."""
    if lines:
        return text
    if blank and "\n" in text and text.strip() and BLANK_LINES.search(text):
        return "\n\n".join(re.sub(r"\s+", " ", part) for part in BLANK_LINES.split(text))
    return re.sub(r"\s+", " ", text)


def tidy(pieces: Iterator[str]) -> str:
    """Pieces of text as one, with one blank line between paragraphs."""
    text = "".join(pieces)
    return re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", BLANK_LINES.sub("\n\n", text)).strip()
