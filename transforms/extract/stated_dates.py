"""Times of publication and of the last change that a page states for machines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lxml.etree import XPath

from transforms.extract.dates import DATE_RE
from transforms.extract.elsewhere import Surroundings
from transforms.extract.linked_data import PAGE_TYPES, line_of, text_of, types_of

PUBLISHED_NAMES = (
    *("article:published_time", "article:published", "og:published_time", "og:article:published_time"),
    *("parsely-pub-date", "sailthru.date", "datepublished", "date_published", "dc.date.issued", "dcterms.issued"),
    *("dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dc.terms.date", "pubdate", "publishdate"),
    *("publish-date", "publish_date", "publication_date", "publication-date", "published", "article.published"),
    *("article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "bt:pubdate", "pdate"),
    *("citation_publication_date", "citation_date", "prism.publicationdate", "rnews:datepublished", "displaydate"),
    *("article:post_date", "creation_date", "datecreated", "date", "created"),
)
MODIFIED_NAMES = (
    *("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "date_modified"),
    *("dcterms.modified", "dc.date.modified", "last-modified", "article:modified", "lastmod", "revised"),
)
# Year, month and day: between slashes the day is all of a part of the address, or it may be a count of something.
URL_DATE_RE = re.compile(
    r"/((?:19|20)\d\d)(?:/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?:[/.?#]|$)"
    r"|-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[/\-_.+?#]|$))"
)
# A count at the start of a part of the address, after a year and a month.
URL_COUNT_RE = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])[-_+]")
DATED = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished' or @pubdate or @property='schema:datePublished']"
)
MAX_MARKED = 20


class StatedDates(NamedTuple):
    """Each as `schemas.records.Page` has them, likeliest first.

    `published`, `modified`: as their names say. `doubtful`: called that of publication, but the same as that of the
    last change, as some systems write it. `marked`: in the page's text, marked as a time.
    """

    published: tuple[str, ...]
    marked: tuple[str, ...]
    doubtful: tuple[str, ...]
    modified: tuple[str, ...]


def read_dates(
    tree: Any,
    meta: Mapping[str, str],
    objects: list[dict[str, Any]],
    articles: list[dict[str, Any]],
    around: Surroundings,
    address: str,
) -> StatedDates:
    """The dates of a page.

    Args:
        tree: its root element.
        meta: its `meta` elements.
        objects: the objects of its JSON-LD.
        articles: those of these that describe its article, the fullest first.
        around: tells its article from others.
        address: its own.
    """
    stating = [*articles, *(each for each in objects if types_of(each) & PAGE_TYPES)]
    published = _unique(_declared(meta, stating))
    return StatedDates(
        published=published,
        marked=() if published else _unique(_marked(tree, around, address)),
        doubtful=_unique(text_of(each.get("datePublished")) for each in stating),
        modified=_unique(_modified(meta, stating)),
    )


def is_count(date: str, address: str) -> bool:
    """Whether a date, YYYY-MM-DD, is but the count that an address has after a year and a month."""
    found = URL_COUNT_RE.search(address)
    return found is not None and [int(part) for part in found.groups()] == [int(part) for part in date.split("-")]


def _unique(dates: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(date for date in dates if date))


def _declared(meta: Mapping[str, str], stating: list[dict[str, Any]]) -> Iterator[str]:
    for source in stating:
        if (date := text_of(source.get("datePublished"))) and date != text_of(source.get("dateModified")):
            yield date
    for name in PUBLISHED_NAMES:
        if name in meta:
            yield meta[name]
    for source in stating:
        if date := text_of(source.get("dateCreated")) or text_of(source.get("uploadDate")):
            yield date


def _marked(tree: Any, around: Surroundings, address: str) -> Iterator[str]:
    for element in DATED(tree)[:MAX_MARKED]:
        if not around.is_elsewhere(element):
            yield line_of(element.get("content") or element.get("datetime")) or _shown(element)
    if found := URL_DATE_RE.search(address):
        yield "-".join(part for part in found.groups() if part)
    for element in tree.iter("time"):
        if (date := line_of(element.get("datetime"))) and not around.is_elsewhere(element):
            yield date
            return


def _shown(element: Any) -> str:
    """The date that an element shows, without what stands beside it."""
    text = line_of(" ".join(element.itertext()))
    found = DATE_RE.search(text)
    return found[0] if found and text[0].islower() else text


def _modified(meta: Mapping[str, str], stating: list[dict[str, Any]]) -> Iterator[str | None]:
    for source in stating:
        yield text_of(source.get("dateModified"))
    for name in MODIFIED_NAMES:
        yield meta.get(name)
