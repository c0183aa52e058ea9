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
from lxml.etree import XPath
from trafilatura import bare_extraction

from schemas.records import Page
from transforms.extract.authors import correct_author, is_username, visible_authors
from transforms.extract.blocks import UNREAD, Block, Hints, find_blocks
from transforms.extract.body import choose_blocks, join_blocks
from transforms.extract.dates import visible_dates
from transforms.extract.kinds import name_kind
from transforms.extract.linked_data import unescape
from transforms.extract.metadata import Metadata, read_metadata
from transforms.extract.standfirst import with_standfirst
from transforms.extract.stated_dates import is_count
from transforms.runtime.decoding import decode_page

# What web archives add to the pages they keep.
ARCHIVE_BARS = XPath("//*[starts-with(@id, 'wm-ipp') or @id='wm-capinfo' or @id='donato']")
# The page's text is a stub where it has less than this share of the words of the body that its JSON-LD declares; and
# where it says that readers pay for the rest, less than the greater one. Shorter declarations are summaries.
STUB, PAID_STUB = 0.5, 0.85
LEAST_DECLARED = 40
# Headings that are links, of which there are so many and little text to each, make a list of other pages.
TEASERS = frozenset(("h2", "h3", "h4"))
LEAST_TEASERS, MOST_PER_TEASER = 6, 15


class _PageContent(NamedTuple):
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
    text = join_blocks(with_standfirst(content.blocks, chosen, metadata.title))
    return Page(
        text=_fuller(text, metadata),
        title=metadata.title,
        authors=_authors(content, chosen),
        published_at=_dates(content, chosen),
        modified_at=metadata.dates.modified,
        url=metadata.url,
        source=metadata.source,
        language=metadata.language,
        charset=content.charset,
        no_article=_kind(content, chosen, text, url),
    )


def read_page(html: bytes, *, url: str | None = None, charset: str | None = None) -> _PageContent:
    """Take a page apart; arguments as those of `extract_page`."""
    decoded = decode_page(html, declared=charset)
    tree = _parse(decoded.text)
    for bar in ARCHIVE_BARS(tree):
        bar.drop_tree()
    metadata = read_metadata(tree, url)
    etree.strip_elements(tree, *UNREAD, with_tail=False)
    body = tree.find("body")
    body = tree if body is None else body
    hints = Hints(metadata.title or "", metadata.description, metadata.declared_body)
    return _PageContent(decoded.text, decoded.encoding, tree, metadata, find_blocks(body), hints)


def _fuller(text: str, metadata: Metadata) -> str:
    """The text, or that of the JSON-LD where the page shows readers who haven't paid only its beginning."""
    declared, words = metadata.declared_body, text.count(" ") + 1
    if declared.count(" ") < LEAST_DECLARED or words > declared.count(" ") * (PAID_STUB if metadata.is_paid else STUB):
        return text
    if "<" in declared and ">" in declared:
        tree = _parse(declared)
        etree.strip_elements(tree, *UNREAD, with_tail=False)
        return join_blocks(find_blocks(tree))
    lines = (" ".join(line.split()) for line in unescape(declared).splitlines())
    return "\n\n".join(line for line in lines if line)


def _kind(content: _PageContent, chosen: list[Block], text: str, url: str | None) -> str | None:
    """What the page is, where it is no article."""
    metadata = content.metadata
    names = [*metadata.names, *(block.text for block in content.blocks if block.tag == "h1")]
    chars = sum(len(block.text) for block in chosen)
    share = sum(block.link_chars for block in chosen) / chars if chars else 0.0
    links = sum(block.tag in TEASERS and block.link_chars == len(block.text) for block in content.blocks)
    if links >= LEAST_TEASERS and text.count(" ") < MOST_PER_TEASER * links:
        share = 1.0
    return name_kind(names, text, url=url or metadata.url, kinds=metadata.kinds, link_share=share)


def _authors(content: _PageContent, chosen: list[Block]) -> str | None:
    metadata = content.metadata
    stated = metadata.authors
    if not chosen:
        return stated or metadata.marked_authors or metadata.publisher
    body = (content.blocks.index(chosen[0]), content.blocks.index(chosen[-1]))
    if stated and not is_username(stated):
        if ";" in stated:
            return stated
        return correct_author(stated, content.blocks, metadata.title, body[0], metadata.source)
    seen = visible_authors(content.blocks, metadata.title, body, metadata.source)
    return seen or stated or metadata.marked_authors or metadata.publisher


def _dates(content: _PageContent, chosen: list[Block]) -> tuple[str, ...]:
    stated = content.metadata.dates
    if stated.published or stated.marked or not chosen:
        return stated.published or stated.marked
    first = content.blocks.index(chosen[0])
    if dates := tuple(visible_dates(content.blocks, content.metadata.title, first)) or stated.doubtful:
        return dates
    # Its rules for markup only; its search through the text takes any date for that of publication.
    found = find_date(content.text, original_date=True, extensive_search=False)
    return (found,) if found and not is_count(found, content.metadata.url or "") else ()


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
