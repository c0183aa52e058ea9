"""A page becomes the fields of an article.

Pure, but of no known running time: libxml2, lxml and trafilatura read what may be hostile. `process` runs it where it
can be stopped.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import lxml.html
from htmldate import find_date
from lxml import etree
from trafilatura import bare_extraction

from schemas.records import Page
from transforms.extract.authors import is_username, visible_authors
from transforms.extract.blocks import UNREAD, Block, Hints, find_blocks
from transforms.extract.body import choose_blocks, join_blocks
from transforms.extract.charset import decode_page
from transforms.extract.dates import visible_dates
from transforms.extract.metadata import Metadata, read_metadata


class PageContent(NamedTuple):
    """A page taken apart: what it says of itself, its blocks, and what helps to judge them."""

    text: str
    charset: str
    tree: Any
    metadata: Metadata
    blocks: list[Block]
    hints: Hints


def extract_page(html: bytes, *, url: str | None = None, charset: str | None = None) -> Page:
    """The article in a page.

    Args:
        html: the page as it was fetched, in any encoding.
        url: where it was fetched from; the canonical address may be relative to it.
        charset: the encoding that was declared for it outside of it.

    Returns:
        The fields; `text` is empty where the page has no article, or isn't HTML.
    """
    content = read_page(html, url=url, charset=charset)
    metadata = content.metadata
    chosen = choose_blocks(content.blocks, content.hints, partial(apply_rules, content.tree))
    return Page(
        text=join_blocks(chosen),
        title=metadata.title,
        authors=_authors(content, chosen),
        published_at=_dates(content, chosen),
        url=metadata.url,
        source=metadata.source,
        language=metadata.language,
        charset=content.charset,
    )


def read_page(html: bytes, *, url: str | None = None, charset: str | None = None) -> PageContent:
    """Take a page apart; arguments as those of `extract_page`."""
    decoded = decode_page(html, declared=charset)
    tree = _parse(decoded.text)
    metadata = read_metadata(tree, url)
    etree.strip_elements(tree, *UNREAD, with_tail=False)
    body = tree.find("body")
    body = tree if body is None else body
    hints = Hints(metadata.title or "", metadata.description, metadata.declared_body)
    return PageContent(decoded.text, decoded.charset, tree, metadata, find_blocks(body), hints)


def _authors(content: PageContent, chosen: list[Block]) -> str | None:
    metadata = content.metadata
    stated = metadata.authors
    if not chosen or (stated and not is_username(stated)):
        return stated or metadata.marked_authors or metadata.publisher
    body = (content.blocks.index(chosen[0]), content.blocks.index(chosen[-1]))
    seen = visible_authors(content.blocks, metadata.title, body, metadata.source)
    return seen or stated or metadata.marked_authors or metadata.publisher


def _dates(content: PageContent, chosen: list[Block]) -> tuple[str, ...]:
    stated = content.metadata.dates
    if stated.published or stated.marked or not chosen:
        return stated.published or stated.marked
    first = content.blocks.index(chosen[0])
    if dates := tuple(visible_dates(content.blocks, content.metadata.title, first)) or stated.doubtful:
        return dates
    # Its rules for markup only; its search through the text takes any date for that of publication.
    found = find_date(content.text, original_date=True, extensive_search=False)
    return (found,) if found else ()


def _parse(text: str) -> Any:
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing in it
        return lxml.html.Element("html")


def apply_rules(tree: Any) -> str:
    """The body by trafilatura's rules, "" where they find none. Its fast mode does best here."""
    ruled = bare_extraction(tree, fast=True, include_comments=False)
    return getattr(ruled, "text", None) or ""
