"""A plain text that is an article: its headline, its address, and what isn't its text."""

from __future__ import annotations

import re
from typing import NamedTuple

from transforms.parse.markup import text_of
from transforms.parse.values import is_url

# A first line up to this long (in characters), followed by a blank one and without a full stop, is a headline.
MAX_HEADLINE = 160
# Behind this the stories of CNN and the Daily Mail, as made for summaries, have them.
HIGHLIGHT = re.compile(r"(?:\A|\n)@highlight[^\S\n]*(?:\n|\Z)")


class Plain(NamedTuple):
    """The article in a plain text."""

    text: str
    title: str | None = None
    url: str | None = None


def read_plain(text: str, *, story: bool = False) -> Plain:
    """Take a plain text apart.

    Args:
        text: the whole file or record; HTML in it comes out as its paragraphs.
        story: it is one of CNN's and the Daily Mail's stories, which end where their highlights begin.
    """
    highlight = HIGHLIGHT.search(text)
    if highlight and (story or highlight.start() > 0):
        text = text[: highlight.start()].rstrip()
    text = text_of(text)
    first, newline, rest = text.lstrip().partition("\n")
    url = first.strip() if newline and is_url(first) else None
    if url:
        text = rest.lstrip("\r\n")
    return Plain(text, headline(text), url)


def headline(text: str) -> str | None:
    """The first line where it is a headline: short, apart from the rest, and no sentence's piece."""
    first, newline, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not newline or not 0 < len(first) <= MAX_HEADLINE or first[-1] in ".,;:":
        return None
    return first if rest.startswith(("\n", "\r\n")) and len(rest.strip()) > len(first) else None
