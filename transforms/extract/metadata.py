"""What a page says of its article outside the body: title, authors, times of publication, address, site, language.

Sources in order of trust: schema.org's JSON-LD, `meta` elements (Open Graph, Dublin Core, Parsely and their like),
microdata, and what the reader sees (`h1`, `time`, a byline). Nothing is guessed: what isn't stated is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath

from transforms.extract.authors import MAX_NAME, clean_names, split_names
from transforms.extract.elsewhere import Surroundings
from transforms.extract.linked_data import (
    PAGE_TYPES,
    find_articles,
    line_of,
    read_linked_data,
    text_of,
    types_of,
    unescape,
)
from transforms.extract.stated_dates import StatedDates, read_dates
from transforms.extract.titles import choose_title

MAX_TITLE = 400
# A `meta` element is read this far.
MAX_CONTENT = 5000
MAX_HEADINGS = 20
MAX_BYLINES = 40
AUTHOR_NAMES = (
    *("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator"),
    *("cxenseparse:author", "article:author_name", "og:author", "creator", "twitter:data1"),
)
# A web archive's address before that of the page it keeps.
ARCHIVED_RE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/(?=https?://)")
LANGUAGE_RE = re.compile(r"^([a-z]{2,3})(?:[-_].*)?$", re.IGNORECASE)

CITED = XPath("//meta[@name='citation_author']")
BYLINES = XPath(
    "//*[@rel='author' or @itemprop='author' or @property='author'][not(self::meta or self::link)]"
    "|//*[contains(@class, 'author-name') or contains(@class, 'author__name') or contains(@class, 'byline__name') or"
    " contains(@class, 'authorName') or contains(@class, 'AuthorName') or contains(@class, 'byline-name') or"
    " contains(@class, 'author_name')]"
    "|//*[contains(@class, 'byline') or contains(@class, 'Byline') or contains(concat(' ', @class, ' '), ' author ')]"
)


class Metadata(NamedTuple):
    """What a page says of its article, and what helps to find its body.

    `authors` are stated for machines, `publisher` is who is stated where the site itself counts as an author, and
    `marked_authors` are in the page's text. `names` are the texts that name the page (title, headline, …),
    `declared_body` is the article's body in the JSON-LD, `description` the page's summary of itself. `is_paid`: the
    page says that it isn't free to read. `kinds` are the types of its JSON-LD's objects and of Open Graph, lower case.
    """

    title: str | None
    authors: str | None
    publisher: str | None
    marked_authors: str | None
    dates: StatedDates
    url: str | None
    source: str | None
    language: str | None
    names: tuple[str, ...]
    description: str
    declared_body: str
    is_paid: bool
    kinds: frozenset[str]


def read_metadata(tree: Any, url: str | None) -> Metadata:
    """The metadata of a page.

    Args:
        tree: the page's root element, scripts included.
        url: where it was fetched from.
    """
    meta = _meta(tree)
    objects = list(read_linked_data(tree))
    page_title = line_of(tree.findtext(".//title"))
    articles = find_articles(objects, f"{meta.get('og:title', '')} {page_title}")
    article = articles[0] if articles else {}
    site = _site(meta, objects, article)
    headline = text_of(article.get("headline")) or text_of(article.get("name"))
    stated = [meta.get("og:title"), headline, meta.get("twitter:title"), page_title]
    names = tuple(dict.fromkeys(unescape(name) for name in stated if name and len(name) <= MAX_TITLE))
    headings = _headings(tree)
    title = choose_title(list(headings), names, site)
    around = Surroundings(tree, headings.get(title or "", next(iter(headings.values()), None)))
    return Metadata(
        title=title,
        authors=_authors(tree, meta, objects, articles, site),
        publisher=_authors(tree, meta, objects, articles, None),
        marked_authors=_marked_authors(tree, around, site),
        dates=read_dates(tree, meta, objects, articles, around, url or meta.get("og:url", "")),
        url=_canonical(tree, meta, url),
        source=site,
        language=_language(tree, meta),
        names=names,
        description=meta.get("og:description") or meta.get("description") or "",
        declared_body=max(
            (text_of(each.get("articleBody"), whole=True) or "" for each in articles), key=len, default=""
        ),
        is_paid=any(str(each.get("isAccessibleForFree", "")).lower() == "false" for each in articles),
        kinds=frozenset(kind for each in objects for kind in types_of(each)) | {meta.get("og:type", "").lower()},
    )


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = line_of((element.get("content") or "")[:MAX_CONTENT])
        # In the page's text they describe any of its stories.
        own = element.getparent() is None or element.getparent().tag == "head"
        for attribute in ("property", "name", "itemprop") if own else ("property", "name"):
            if content and (name := element.get(attribute)):
                found.setdefault(name.lower().strip(), content)
    return found


def _site(meta: dict[str, str], objects: list[dict[str, Any]], article: dict[str, Any]) -> str | None:
    sites = [each for each in objects if types_of(each) & {"website", "newsmediaorganization"}]
    stated = [
        meta.get("og:site_name"),
        text_of(article.get("publisher")),
        *(text_of(each.get("name")) for each in sites),
        meta.get("application-name"),
    ]
    return next(
        (name for name in stated if name and len(name) <= MAX_NAME and not name.startswith(("http", "#"))), None
    )


def _headings(tree: Any) -> dict[str, Any]:
    """The texts of the page's `h1` elements, with the first element of each."""
    found: dict[str, Any] = {}
    for heading in islice(tree.iter("h1"), MAX_HEADINGS):
        text = unescape(line_of(" ".join(heading.itertext())))
        if text and len(text) <= MAX_TITLE:
            found.setdefault(text, heading)
    return found


def _authors(
    tree: Any, meta: dict[str, str], objects: list[dict[str, Any]], articles: list[dict[str, Any]], site: str | None
) -> str | None:
    """The authors that JSON-LD or `meta` elements state."""
    by_id = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str) and "name" in each}
    for source in (*articles, *(each for each in objects if types_of(each) & PAGE_TYPES)):
        if names := clean_names(_people(source.get("author") or source.get("creator"), by_id), site):
            return names
    cited = [unescape(line_of(each.get("content"))) for each in CITED(tree)]
    if names := clean_names((name for each in cited for name in split_names(each)), site):
        return names
    stated = (split_names(unescape(meta[name])) for name in AUTHOR_NAMES if name in meta)
    return next(filter(None, (clean_names(names, site) for names in stated)), None)


def _marked_authors(tree: Any, around: Surroundings, site: str | None) -> str | None:
    """The authors that elements of the page's text are marked to name."""
    found: list[str] = []
    for element in BYLINES(tree)[:MAX_BYLINES]:
        text = line_of(" ".join(element.itertext()))
        if not text or len(text) > MAX_NAME or around.is_elsewhere(element):
            continue
        names = clean_names(split_names(text), site)
        if names and not _is_marked(element):
            return "; ".join(dict.fromkeys(found)) or names
        found += [names] if names else []
    return "; ".join(dict.fromkeys(found)) or None


def _is_marked(element: Any) -> bool:
    """Whether an element says by more than its class that it names an author: several of these are several authors."""
    return "author" in (element.get("rel"), element.get("itemprop"), element.get("property"))


def _people(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        person = by_id.get(each.get("@id", ""), each) if isinstance(each, dict) and "name" not in each else each
        if isinstance(person, dict):
            if isinstance(person.get("name"), list):
                yield from _people(person["name"], by_id)
            elif name := text_of(person.get("name")):
                yield from split_names(name)
        elif isinstance(person, str):
            yield from split_names(unescape(line_of(person)))


def _canonical(tree: Any, meta: dict[str, str], url: str | None) -> str | None:
    links = [each.get("href") for each in tree.iter("link") if "canonical" in each.get("rel", "").lower().split()]
    stated = (_absolute(address, url) for address in (*links[:1], meta.get("og:url")) if address)
    return next((address for address in stated if address), ARCHIVED_RE.sub("", url) if url else url)


def _absolute(address: str, url: str | None) -> str | None:
    try:
        joined = ARCHIVED_RE.sub("", urljoin(url or "", address.strip()))
        parts = urlsplit(joined)
        # Some sites call their front page the canonical address of all their pages.
        to_root = parts.path in ("", "/") and not parts.query and urlsplit(url or "").path not in ("", "/")
        return joined if parts.scheme in ("http", "https") and parts.hostname and not to_root else None
    except ValueError:
        return None


def _language(tree: Any, meta: dict[str, str]) -> str | None:
    stated = (tree.get("lang"), tree.get("xml:lang"), meta.get("og:locale"), meta.get("content-language"))
    found = (LANGUAGE_RE.match(value.strip()) for value in stated if value)
    return next((match[1].lower() for match in found if match), None)
