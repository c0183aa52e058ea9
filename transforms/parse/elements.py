"""An article out of an XML element: of RSS, Atom, NewsML, NITF, Reuters' and TREC's collections and the like.

Only an element's own markup is read: entities that a document declares, external ones above all, mean nothing here,
those of HTML do. A body that holds markup, or markup written as text, comes out as its paragraphs.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from transforms.parse.markup import FORBIDDEN, local_name, text_of, tidy, walk

# Names of elements (see `local_name`) by what they hold, the best first. Sources: RSS 2.0 with its content, Dublin Core
# and Yandex modules; RFC 4287; NITF 3.6; NewsML-G2; NewsML 1.2; RCV1; Reuters-21578; TREC's collections.
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *(
            "encoded",
            "fulltext",
            "bodycontent",
            "inlinexml",
            "inlinedata",
            "datacontent",
            "articlebody",
            "body",
            "main",
        ),
        *("content", "maintext", "text", "story", "description", "summary", "leadpara"),
    ),
    "title": ("hl1", "headline", "title", "hedline", "hl", "head", "ti"),
    "url": ("link", "url", "origlink", "weburl", "canonical", "articleurl"),
    "published_at": (
        *("pubdate", "published", "dateissue", "issued", "pubdata", "firstcreated", "contentcreated", "versioncreated"),
        *("thisrevisioncreated", "date", "datetime", "created", "updated", "publicationdate", "postdategmt", "date1"),
    ),
    "authors": ("creator", "author", "byline", "by", "name"),
    "source": ("source", "provider", "publisher", "distributor"),
    "record_id": ("guid", "id", "docno", "newsidentifier", "publicidentifier", "newsitemid", "docid", "itemid"),
}
# Of these elements an attribute is what counts.
ATTRIBUTES = {"link": "href", "dateissue": "norm", "docid": "id-string", "pubdata": "date.publication"}
ROOT_ATTRIBUTES = {
    **{"guid": "record_id", "itemid": "record_id", "id": "record_id", "newid": "record_id", "date": "published_at"},
    **{"url": "url", "title": "title"},
    # Trafilatura's.
    **{"author": "authors", "sitename": "source", "source": "url"},
}
# What belongs to a picture or film: its title, text and credit are none of the article's.
MEDIA = re.compile(r"^(?:media:|\{[^}]*mrss[^}]*\})", re.IGNORECASE)
OTHERS = frozenset(("source", "comment", "image", "enclosure", "media", "thumbnail"))
XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
# A reference, or an & that begins none.
REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,31});|#([0-9]{1,7});|#[xX]([0-9A-Fa-f]{1,6});)?")
CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
STRAY = re.compile(r"<(?![A-Za-z/!?_])")
# Documents of the Associated Press, the Wall Street Journal and AQUAINT's newswires have their day in their number.
DOCUMENT_DAY = re.compile(r"\s*(?:(?:AP|WSJ)(8\d|9\d)(\d\d)(\d\d)-\d+|[A-Z]{3}(?:_ENG_)?((?:19|20)\d{6})\.\d+)\s*")
# The whole text, beside which the first paragraph comes once more; in the New York Times' corpus.
FULL_TEXT = "full_text"


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
        root = etree.fromstring(_well_formed(FORBIDDEN.sub("\ufffd", markup)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    by_name = _by_name(root)
    found: dict[str, Any] = {name: _plain(elements[0]) for name, elements in by_name.items()}
    for field, names in NAMES.items():
        values = (value for name in names for value in _values(by_name, name, field) if value)
        chosen = _fullest(by_name) if field == "text" else next(values, None)
        if chosen:
            found[field] = chosen
    for name, stated in root.attrib.items():
        if stated and local_name(name) in ROOT_ATTRIBUTES:
            found.setdefault(ROOT_ATTRIBUTES[local_name(name)], stated)
    _complete(found, root, by_name)
    return found


def _complete(found: dict[str, Any], root: Any, by_name: dict[str, list[Any]]) -> None:
    """What takes more than a name: a text without an element, a lead apart from it, a day in a document's number."""
    if not found.get("text") and not by_name:
        # One of WikiExtractor's: lines are paragraphs.
        text = text_of(root.text or "").strip()
        found["text"] = text.removeprefix(found.get("title", "")).lstrip() if "\n" in text else text
    lead = found.get("leadpara")
    if lead and found.get("text") and " ".join(found["text"].split())[: len(lead)] != lead:
        found["text"] = f"{_block_text(by_name['leadpara'][0])}\n\n{found['text']}"
    if "published_at" not in found and (day := DOCUMENT_DAY.fullmatch(found.get("docno", ""))):
        found["published_at"] = day[4] or f"19{day[1]}-{day[2]}-{day[3]}"


def _fullest(by_name: dict[str, list[Any]]) -> str | None:
    """The first text that isn't much shorter than another. What holds the first, and more beside it, isn't another."""
    elements = [element for name in NAMES["text"] for element in by_name.get(name, ())]
    texts = [(element, text) for element in elements if (text := _block_text(element))]
    around = set(texts[0][0].iterancestors()) if texts else set()
    bodies = [text for element, text in texts if element not in around]
    most = max(map(len, bodies), default=0)
    return next((text for text in bodies if 3 * len(text) >= 2 * most), None)


def _well_formed(markup: str) -> str:
    """Markup whose bare `&` and `<` are written as such, with HTML's entities as characters."""
    if "&" not in markup and "< " not in markup:
        return markup
    parts = CDATA.split(markup)
    parts[::2] = [STRAY.sub("&lt;", REFERENCE.sub(_character, part)) for part in parts[::2]]
    return "".join(parts)


def _character(match: re.Match[str]) -> str:
    """What a reference stands for: HTML's entities as the character, XML's as they are, a control as nothing."""
    name, decimal, hexadecimal = match.groups()
    if name:
        if name in XML_ENTITIES:
            return match[0]
        return html.entities.html5.get(name + ";", f"&amp;{name};").replace("<", "&lt;")
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return match[0] if code >= 32 or code in (9, 10, 13) else ""
    return "&amp;"


def _by_name(root: Any) -> dict[str, list[Any]]:
    """The elements below, by name, the shallowest first. What is a picture's, or quoted of a source, isn't its own."""
    found: dict[str, list[Any]] = {}
    level = list(root)
    while level:
        following: list[Any] = []
        for element in level:
            if not isinstance(element.tag, str) or MEDIA.match(element.tag):
                continue
            name = local_name(element.tag)
            found.setdefault(name, []).append(element)
            if name not in OTHERS:
                following.extend(element)
        level = following
    return found


def _values(by_name: dict[str, list[Any]], name: str, field: str) -> Iterator[str]:
    elements = by_name.get(name, ())
    if field == "authors":
        people = dict.fromkeys(_person(element) for element in elements)
        yield "; ".join(filter(None, people))
        return
    for element in sorted(elements, key=_is_other_link) if name == "link" else elements:
        attribute = element.get(ATTRIBUTES[name]) if name in ATTRIBUTES else None
        if field == "source" and (title := _child(element, "title")) is not None:
            yield _plain(title)
        else:
            yield attribute or _plain(element)


def _person(element: Any) -> str:
    """Who an author's element names: Atom's has a name beside an address."""
    name = _child(element, "name")
    return _plain(element if name is None else name)


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if isinstance(child.tag, str) and local_name(child.tag) == name), None)


def _is_other_link(element: Any) -> bool:
    return element.get("rel", "alternate") != "alternate"


def _plain(element: Any) -> str:
    """All text in an element on one line, without markup that is written as text."""
    text = " ".join(" ".join(element.itertext()).split())
    return " ".join(text_of(text).split())


def _block_text(element: Any) -> str:
    """The text of an element with its paragraphs apart by blank lines."""
    if len(element):
        whole = next((block for block in element.iter("block") if block.get("class") == FULL_TEXT), element)
        return tidy(walk(whole))
    return text_of(element.text or "").strip()
