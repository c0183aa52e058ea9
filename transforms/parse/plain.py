"""A plain text that is an article: its headline, its address, and what isn't its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from transforms.parse.markup import text_of
from transforms.parse.values import is_url

# A first line up to this long (in characters), followed by a blank one and without a full stop, is a headline.
MAX_HEADLINE = 160
# Behind this the stories of CNN and the Daily Mail, as made for summaries, have them.
HIGHLIGHT = re.compile(r"(?:\A|\n)@highlight[^\S\n]*(?:\n|\Z)")


# Lines of fields at the head of a text, between rules as Hugo and Jekyll have them, or above the first blank line.
FIELD = re.compile(r"([A-Za-z][A-Za-z _-]{1,30}?)[^\S\n]*:[^\S\n]*(.*)")
FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(
        ("date", "published", "published at", "publication date", "pubdate", "publish date"), "published_at"
    ),
    **dict.fromkeys(("author", "authors", "by", "byline"), "authors"),
    **dict.fromkeys(("source", "outlet", "publication", "newspaper", "publisher"), "source"),
    **dict.fromkeys(("url", "link", "permalink", "canonical url"), "url"),
}
RULE = re.compile(r"[^\S\n]*(?:---|\+\+\+)[^\S\n]*\r?\n")
MAX_FIELDS = 60


class Plain(NamedTuple):
    """The article in a plain text. `fields`: those at its head."""

    text: str
    title: str | None = None
    url: str | None = None
    fields: Mapping[str, str] = {}


def read_plain(text: str, *, story: bool = False) -> Plain:
    """Take a plain text apart.

    Args:
        text: the whole file or record; HTML in it comes out as its paragraphs.
        story: it is one of CNN's and the Daily Mail's stories, which end where their highlights begin.
    """
    highlight = HIGHLIGHT.search(text)
    if highlight and (story or highlight.start() > 0):
        text = text[: highlight.start()].rstrip()
    found, text = _fields_at_head(text)
    text = text_of(text)
    first, newline, rest = text.lstrip().partition("\n")
    url = first.strip() if newline and is_url(first) else None
    if url:
        text = rest.lstrip("\r\n")
    return Plain(text, found.get("title") or headline(text), found.get("url") or url, found)


def _fields_at_head(text: str) -> tuple[dict[str, str], str]:
    """The fields at the head of a text, and the rest; none where there aren't at least two that are known."""
    body = text.lstrip("\ufeff \r\n")
    rule = RULE.match(body)
    lines = (body[rule.end() :] if rule else body).split("\n", MAX_FIELDS)
    found: dict[str, str] = {}
    for place, line in enumerate(lines[:MAX_FIELDS]):
        field = FIELD.match(line.rstrip("\r"))
        ended = RULE.match(line + "\n") if rule else not line.strip()
        if ended:
            rest = "\n".join(lines[place + 1 :])
            return (found, rest.lstrip("\r\n")) if found and (rule or len(found) > 1) else ({}, text)
        if field is None and not rule:
            break
        name = FIELDS.get(field[1].lower().replace("_", " ").replace("-", " ")) if field else None
        if name and field and field[2].strip():
            found.setdefault(name, field[2].strip().strip("\"'"))
        elif not rule:
            break
    return {}, text


def headline(text: str) -> str | None:
    """The first line where it is a headline: short, apart from the rest, and no sentence's piece."""
    first, newline, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not newline or not 0 < len(first) <= MAX_HEADLINE or first[-1] in ".,;:":
        return None
    return first if rest.startswith(("\n", "\r\n")) and len(rest.strip()) > len(first) else None
