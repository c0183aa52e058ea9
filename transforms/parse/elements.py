"""An article out of an XML element: of RSS, Atom, NewsML, NITF and the like.

Only an element's own markup is read: entities that a document declares, external ones above all, mean nothing here,
those of HTML do. A body that holds markup, or markup written as text, comes out as its paragraphs.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

# Names of elements (see `local_name`) by what they hold, the best first. Sources: RSS 2.0 with its content, Dublin Core
# and Yandex modules; RFC 4287; NITF 3.6; NewsML-G2; NewsML 1.2; RCV1; TREC's collections.
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *("encoded", "fulltext", "bodycontent", "inlinexml", "inlinedata", "datacontent", "articlebody", "body"),
        *("content", "maintext", "text", "story", "description", "summary", "leadpara"),
    ),
    "title": ("hl1", "headline", "title", "hedline", "head"),
    "url": ("link", "url", "origlink", "weburl", "canonical", "articleurl"),
    "published_at": (
        *("pubdate", "published", "dateissue", "issued", "firstcreated", "contentcreated", "versioncreated"),
        *("thisrevisioncreated", "date", "datetime", "created", "updated", "publicationdate"),
    ),
    "authors": ("creator", "author", "byline", "by", "name"),
    "source": ("source", "provider", "publisher", "distributor"),
    "record_id": ("guid", "id", "docno", "newsidentifier", "publicidentifier", "newsitemid", "docid", "itemid"),
}
# Of these elements an attribute is what counts.
ATTRIBUTES = {"link": "href", "dateissue": "norm", "docid": "id-string"}
ROOT_ATTRIBUTES = {"guid": "record_id", "itemid": "record_id", "id": "record_id", "date": "published_at"}
BLOCKS = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote"),
        *("section", "article", "header", "footer", "pre", "hr", "dd", "dt", "figure", "figcaption", "hl1", "hl2"),
        *("block", "media"),
    )
)
UNSEEN = frozenset(["script", "style", "template", "noscript", "iframe", "object", "media"])
XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>")
# What XML 1.0 forbids; libxml2 would end the text there.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NAMESPACE = re.compile(r"^(?:\{[^}]*\}|[\w.-]*:)")
BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")


def parse_element(markup: str) -> dict[str, Any] | None:
    """The fields of an article's element, or None where nothing can be made of it.

    Returns:
        What is known for `text`, `title` and so on under these names, and every child without children of its own
        under its lower-case name.
    """
    # Nothing is fetched, no entity resolved, and libxml2's own limits on depth and size stay on.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(ENTITY.sub(_character, FORBIDDEN.sub("\ufffd", markup)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    by_name = _by_name(root)
    found: dict[str, Any] = {name: _plain(elements[0]) for name, elements in by_name.items()}
    for field, names in NAMES.items():
        value = next((value for name in names for value in _values(by_name, name, field) if value), None)
        if value:
            found[field] = value
    for name, field in ROOT_ATTRIBUTES.items():
        if value := root.get(name):
            found.setdefault(field, value)
    return found


def _character(match: re.Match[str]) -> str:
    """The character that an entity of HTML stands for; one of XML's stays."""
    name = match[1]
    return match[0] if name in XML_ENTITIES else html.entities.html5.get(name + ";", match[0])


def local_name(tag: object) -> str:
    """The name of an element without its namespace, in lower case, letters and digits only."""
    return re.sub(r"[._-]", "", NAMESPACE.sub("", str(tag))).lower()


def _by_name(root: Any) -> dict[str, list[Any]]:
    """The elements below, by name, the shallowest first. What an Atom entry quotes of its source isn't its own."""
    found: dict[str, list[Any]] = {}
    level = list(root)
    while level:
        following: list[Any] = []
        for element in level:
            if not isinstance(element.tag, str):
                continue
            name = local_name(element.tag)
            found.setdefault(name, []).append(element)
            if name != "source":
                following.extend(element)
        level = following
    return found


def _values(by_name: dict[str, list[Any]], name: str, field: str) -> Iterator[str]:
    elements = by_name.get(name, ())
    if field == "authors":
        people = dict.fromkeys(_plain(element) for element in elements)
        yield "; ".join(filter(None, people))
        return
    for element in sorted(elements, key=_is_other_link) if name == "link" else elements:
        attribute = element.get(ATTRIBUTES[name]) if name in ATTRIBUTES else None
        if field == "text":
            yield block_text(element)
        elif (
            field == "source"
            and (title := next((e for e in element if local_name(e.tag) == "title"), None)) is not None
        ):
            yield _plain(title)
        else:
            yield attribute or _plain(element)


def _is_other_link(element: Any) -> bool:
    return element.get("rel", "alternate") != "alternate"


def _plain(element: Any) -> str:
    """All text in an element on one line, without markup that is written as text."""
    text = " ".join(" ".join(element.itertext()).split())
    return " ".join(_from_markup(text).split()) if MARKUP.search(text) else text


def block_text(element: Any) -> str:
    """The text of an element with its paragraphs apart by blank lines."""
    if len(element):
        return _tidy(_walk(element))
    text = element.text or ""
    return _from_markup(text) if MARKUP.search(text) else text.strip()


def _from_markup(text: str) -> str:
    try:
        root = lxml_html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return MARKUP.sub(" ", text)
    return _tidy(_walk(root))


def _walk(root: Any) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element.tag) if isinstance(element.tag, str) else "script"
        hidden += (name in UNSEEN) * (1 if event == "start" else -1)
        if name in BLOCKS:
            yield "\n\n"
        text = element.text if event == "start" else element.tail if element is not root else None
        if text and not hidden:
            yield re.sub(r"\s+", " ", text)


def _tidy(pieces: Iterator[str]) -> str:
    return BLANK_LINES.sub("\n\n", "".join(pieces)).strip()
