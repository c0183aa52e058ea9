"""The shapes in which records hold texts, bodies, addresses and outlets, turned into one text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.parse.markup import text_of
from transforms.runtime.hosts import BARE_URL, host_of

# What programs write where there is no value.
NO_VALUE = frozenset(("nan", "none", "null", "nat", "undefined", "<na>", "n/a", "inf", "-inf", "infinity", "[]", "{}"))
LONGEST_NO_VALUE = max(map(len, NO_VALUE))
# Of an object that stands for a text, in this order: WordPress, the New York Times, Arc, JSON-LD, XML that became JSON.
NAME_KEYS = (
    *("name", "rendered", "main", "title", "original", "basic", "value", "@value", "text", "#text", "$t", "$oid", "en"),
    *("default", "display_name", "label", "domain", "uri", "href", "@id", "url"),
)
# Under these an object holds a body, or the parts of one: WordPress, Fundus, Arc, TREC's Post, editors' documents.
BODY_KEYS = (
    *(
        "rendered",
        "raw",
        "content",
        "text",
        "body",
        "value",
        "@value",
        "#text",
        "$t",
        "sections",
        "paragraphs",
        "blocks",
    ),
    *(
        "children",
        "content_elements",
        "html",
        "data",
        "plain",
        "main",
        "full",
        "articleBody",
        "__cdata",
        "_text",
        "items",
    ),
)
# Parts of a body that are none of its text.
NO_TEXT = re.compile(
    r"title|kicker|byline|date|image|photo|picture|video|gallery|audio|author|tweet|embed|advert|promo|interstitial|deck"
    r"|oembed|newsletter|related|link_list|raw_html|divider|custom_embed|caption|credit|code",
    re.IGNORECASE,
)
MAX_DEPTH = 12
# Pieces of a paragraph: those of editors, and of Telegram's messages.
SPANS = frozenset(
    (
        "",
        "text",
        "span",
        "link",
        "text_link",
        "mention",
        "hashtag",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "code",
    )
)
URL = re.compile(r"\s*(?:https?|ftp)://\S+\s*", re.IGNORECASE)
# These say where a record came from, and name no outlet.
NO_OUTLETS = frozenset(("rss", "feed", "api", "web", "website", "crawler", "online", "html", "news", "cc-news", "csv"))


def as_text(value: Any, *, separator: str = "; ") -> str | None:
    """A value as one text: a string, a number, what names an object, or a list of these; None for anything else.

    What programs write for no value (`nan`, `None`, NaN, Infinity) is None.
    """
    if isinstance(value, str):
        text = value.strip()
        return None if _is_no_value(text) else text
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) or math.isfinite(value) else None
    if isinstance(value, Mapping):
        return next((found for key in NAME_KEYS if key in value and (found := _plain_text(value[key]))), None)
    if isinstance(value, list):
        parts = [found for item in value if not isinstance(item, list) and (found := as_text(item))]
        return separator.join(parts) or None
    return None


def _is_no_value(text: str) -> bool:
    return len(text) <= LONGEST_NO_VALUE and (not text or text.lower() in NO_VALUE)


def _plain_text(value: Any) -> str | None:
    return as_text(value) if isinstance(value, (str, int)) else None


def first_text(value: Any) -> str | None:
    """As `as_text`, but of a list its first: for what an article has one of."""
    if isinstance(value, list):
        return next((text for item in value if (text := as_text(item))), None)
    return as_text(value)


def as_body(value: Any) -> str | None:
    """A value as the body of an article, without markup; None for what holds no text.

    A string, a list of strings as its paragraphs, or an object or list of objects that holds these at any depth
    (`{"rendered": …}`, sections of paragraphs, the blocks of an editor).
    """
    if isinstance(value, str):
        return text_of(value) if len(value) > LONGEST_NO_VALUE or not _is_no_value(value.strip()) else ""
    if not isinstance(value, (Mapping, list)) or not value:
        return None
    parts = [text for part in _bodies(value, 0) if (text := text_of(part).strip())]
    return "\n\n".join(parts) or None


def _bodies(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < MAX_DEPTH:
        spans = [_span(item) for item in value]
        mixed = not all(map(_is_string, value)) and (depth > 0 or any(map(_is_string, value)))
        if spans and mixed and all(span is not None for span in spans):
            yield "".join(span for span in spans if span is not None)
            return
        for item in value:
            yield from _bodies(item, depth + 1)
    elif isinstance(value, Mapping) and depth < MAX_DEPTH and not _is_no_text(value):
        yield from _of_object(value, depth)


def _of_object(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    headline = value.get("headline")
    if isinstance(headline, list) and ("paragraphs" in value or "sections" in value):
        yield from (line for line in headline if isinstance(line, str))
    for key in BODY_KEYS:
        if value.get(key):
            yield from _bodies(value[key], depth + 1)
            return


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _span(value: Any) -> str | None:
    """The text of a piece of a paragraph: an editor's span of its own style; None for anything else."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return None
    kind = str(value.get("type") or value.get("_type") or value.get("nodeType") or "")
    text = value.get("text", value.get("value"))
    return text if isinstance(text, str) and kind in SPANS else None


def _is_no_text(value: Mapping[str, Any]) -> bool:
    kind = value.get("type") or value.get("_type") or value.get("nodeType")
    return isinstance(kind, str) and bool(NO_TEXT.search(kind)) and kind not in ("inline_code",)


def is_url(text: str) -> bool:
    """Whether a text is an address with its scheme."""
    return bool(URL.fullmatch(text))


def as_source(value: Any) -> str | None:
    """The outlet that a value names: a name, or the host of an address; None where it names none."""
    text = first_text(value)
    if text is None or text.lower() in NO_OUTLETS:
        return None
    return host_of(text) if is_url(text) or (text.startswith("www.") and BARE_URL.fullmatch(text)) else text
