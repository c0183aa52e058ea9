"""What a page says of its article outside the body: title, authors, times of publication, address, site, language.

Sources in order of trust: schema.org's JSON-LD, `meta` elements (Open Graph, Dublin Core, Parsely and their like),
microdata, and what the reader sees (`h1`, `time`, a byline). Nothing is guessed: what isn't stated is None.
"""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath

from transforms.extract.titles import choose_title, fold_words

SPACE_RE = re.compile(r"\s+")
# schema.org's Article and what is below it, and what sites use in its place; lower case.
ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "medicalscholarlyarticle",
        "techarticle",
        "report",
        "liveblogposting",
        "socialmediaposting",
        "discussionforumposting",
        "recipe",
        "howto",
        "creativework",
        "review",
    ]
)
PAGE_TYPES = frozenset(("webpage", "itempage", "aboutpage", "faqpage", "collectionpage", "medicalwebpage", "qapage"))
# An object nested deeper, or more objects than this, is no description of an article.
MAX_OBJECTS = 5000
MAX_SCRIPT = 4 << 20
MAX_TITLE = 400
# A `meta` element is read this far.
MAX_CONTENT = 5000
MAX_NAME = 100
PUBLISHED_NAMES = (
    *("article:published_time", "article:published", "og:published_time", "og:article:published_time"),
    *("parsely-pub-date", "sailthru.date", "datepublished", "date_published", "dc.date.issued", "dcterms.issued"),
    *("dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dc.terms.date", "pubdate", "publishdate"),
    *("publish-date", "publish_date", "publication_date", "publication-date", "published", "article.published"),
    *("article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "bt:pubdate", "pdate"),
    *("citation_publication_date", "citation_date", "prism.publicationdate", "rnews:datepublished", "displaydate"),
    *("article:post_date", "creation_date", "datecreated", "date", "created"),
)
AUTHOR_NAMES = (
    *("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator"),
    *("cxenseparse:author", "citation_author", "article:author_name", "og:author", "creator", "twitter:data1"),
)
BY_RE = re.compile(
    r"^\s*(?:(?:written|posted|published|reviewed|story|article|words|text)\s+)?(?:by|von|par|por|di|door|av|od)\b[\s:]+",
    re.I,
)
AUTHOR_SPLIT_RE = re.compile(r"\s*(?:;|\||\band\b|&|\bund\b|\bet\b|\by\b(?=\s+[A-ZÀ-Þ]))\s*")
NO_AUTHOR_RE = re.compile(
    r"https?:|www\.|@\w|[<>{}\[\]]|\d{3}|^(?:admin|administrator|staff|editor|editorial|author|user|guest|none|null|unknown|webmaster|"
    r"published|updated|share|follow|read more|view all|comments?)$",
    re.IGNORECASE,
)
URL_DATE_RE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/\-_.+]|$)")
LANGUAGE_RE = re.compile(r"^([a-z]{2,3})(?:[-_].*)?$", re.IGNORECASE)

DATED = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished' or @pubdate or @property='schema:datePublished']"
)
BYLINES = XPath(
    "//*[@rel='author' or @itemprop='author' or @property='author'][not(self::meta or self::link)]"
    "|//*[contains(@class, 'author-name') or contains(@class, 'author__name') or contains(@class, 'byline__name') or"
    " contains(@class, 'authorName') or contains(@class, 'AuthorName') or contains(@class, 'byline-name') or"
    " contains(@class, 'author_name')]"
    "|//*[contains(@class, 'byline') or contains(@class, 'Byline') or contains(concat(' ', @class, ' '), ' author ')]"
)


class Metadata(NamedTuple):
    """What a page says of its article, and what helps to find its body.

    `published_at` as `schemas.records.Page` has it; `doubtful_dates` likewise, but rather of the last change.
    `names` are the texts that name the page (title, headline, …),
    `declared_body` is the JSON-LD's `articleBody`, `description` the page's summary of itself.
    """

    title: str | None
    authors: str | None
    published_at: tuple[str, ...]
    doubtful_dates: tuple[str, ...]
    url: str | None
    source: str | None
    language: str | None
    names: tuple[str, ...]
    description: str
    declared_body: str


def read_metadata(tree: Any, url: str | None) -> Metadata:
    """The metadata of a page.

    Args:
        tree: the page's root element, scripts included.
        url: where it was fetched from.
    """
    meta = _meta(tree)
    objects = list(_linked_data(tree))
    article = _article_object(objects, meta.get("og:title") or _line(tree.findtext(".//title")))
    site = _site(meta, objects, article)
    headline = _text(article.get("headline")) or _text(article.get("name"))
    dates = tuple(dict.fromkeys(filter(None, _declared_dates(meta, objects, article))))
    stated = [meta.get("og:title"), headline, meta.get("twitter:title"), _line(tree.findtext(".//title"))]
    names = tuple(dict.fromkeys(name for name in stated if name and len(name) <= MAX_TITLE))
    return Metadata(
        title=choose_title(_headings(tree), names, site),
        authors=_authors(tree, meta, objects, article),
        published_at=dates or tuple(dict.fromkeys(filter(None, _marked_dates(tree, url or meta.get("og:url", ""))))),
        doubtful_dates=tuple(dict.fromkeys(_same_as_modified(objects))),
        url=_canonical(tree, meta, url),
        source=site,
        language=_language(tree, meta),
        names=names,
        description=meta.get("og:description") or meta.get("description") or "",
        declared_body=max((_text(each.get("articleBody"), whole=True) or "" for each in objects), key=len, default=""),
    )


def _line(text: Any) -> str:
    return SPACE_RE.sub(" ", text).strip() if isinstance(text, str) else ""


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = _line((element.get("content") or "")[:MAX_CONTENT])
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                found.setdefault(name.lower().strip(), content)
    return found


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of the page's JSON-LD, outermost first."""
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        text = (script.text or "").strip().rstrip(";")
        if not text or len(text) > MAX_SCRIPT:
            continue
        try:
            open_values = deque([json.loads(text.removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)])
        except (ValueError, RecursionError):
            continue
        while open_values and count < MAX_OBJECTS:
            value = open_values.popleft()
            count += 1
            if isinstance(value, dict):
                yield value
                open_values += [each for each in value.values() if isinstance(each, (dict, list))]
            elif isinstance(value, list):
                open_values += [each for each in value if isinstance(each, (dict, list))]


def _types(value: dict[str, Any]) -> set[str]:
    kinds = value.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2].lower() for kind in kinds if isinstance(kind, str)}


def _article_object(objects: list[dict[str, Any]], title: str) -> dict[str, Any]:
    """The object that describes the page's article: the fullest of those that bear its title, else of all."""
    words = set(fold_words(title))

    def fitness(value: dict[str, Any]) -> tuple[bool, int]:
        headline = set(fold_words(_text(value.get("headline")) or ""))
        told = sum(name in value for name in ("headline", "datePublished", "author", "articleBody", "publisher"))
        return len(headline & words) * 2 > len(headline), told

    return max((each for each in objects if _types(each) & ARTICLE_TYPES), key=fitness, default={})


def _text(value: Any, *, whole: bool = False) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    return (value if whole else _unescape(_line(value))) or None


def _unescape(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _site(meta: dict[str, str], objects: list[dict[str, Any]], article: dict[str, Any]) -> str | None:
    sites = [each for each in objects if _types(each) & {"website", "newsmediaorganization"}]
    stated = [
        meta.get("og:site_name"),
        _text(article.get("publisher")),
        *(_text(each.get("name")) for each in sites),
        meta.get("application-name"),
    ]
    return next(
        (name for name in stated if name and len(name) <= MAX_NAME and not name.startswith(("http", "#"))), None
    )


def _headings(tree: Any) -> list[str]:
    texts = (_line(" ".join(part for part in heading.itertext())) for heading in islice(tree.iter("h1"), 20))
    return list(dict.fromkeys(text for text in texts if text and len(text) <= MAX_TITLE))


def _authors(tree: Any, meta: dict[str, str], objects: list[dict[str, Any]], article: dict[str, Any]) -> str | None:
    by_id = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str) and "name" in each}
    for source in (article, *(each for each in objects if _types(each) & PAGE_TYPES)):
        if names := _names(_people(source.get("author") or source.get("creator"), by_id)):
            return names
    for name in AUTHOR_NAMES:
        if (value := meta.get(name)) and (names := _names(AUTHOR_SPLIT_RE.split(BY_RE.sub("", _unescape(value))))):
            return names
    for element in BYLINES(tree)[:20]:
        text = _line(" ".join(element.itertext()))
        if text and len(text) <= MAX_NAME and (names := _names(AUTHOR_SPLIT_RE.split(BY_RE.sub("", text)))):
            return names
    return None


def _people(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        person = by_id.get(each.get("@id", ""), each) if isinstance(each, dict) and "name" not in each else each
        if isinstance(person, dict):
            if isinstance(person.get("name"), list):
                yield from _people(person["name"], by_id)
            elif name := _text(person.get("name")):
                yield from AUTHOR_SPLIT_RE.split(BY_RE.sub("", name))
        elif isinstance(person, str):
            yield from AUTHOR_SPLIT_RE.split(BY_RE.sub("", _unescape(_line(person))))


def _names(values: Iterable[str]) -> str | None:
    names = (value.strip(" ,.-–—:") for value in values)
    kept = [name for name in names if 1 < len(name) <= MAX_NAME and not NO_AUTHOR_RE.search(name)]
    return "; ".join(dict.fromkeys(kept)) or None


def _declared_dates(meta: dict[str, str], objects: list[dict[str, Any]], article: dict[str, Any]) -> Iterator[str]:
    rest = [each for each in objects if _types(each) & (ARTICLE_TYPES | PAGE_TYPES)]
    for source in (article, *rest):
        if (date := _text(source.get("datePublished"))) and date != _text(source.get("dateModified")):
            yield date
    for name in PUBLISHED_NAMES:
        if name in meta:
            yield meta[name]
    for source in (article, *rest):
        if date := _text(source.get("dateCreated")) or _text(source.get("uploadDate")):
            yield date


def _marked_dates(tree: Any, address: str) -> Iterator[str]:
    for element in DATED(tree)[:5]:
        yield _line(element.get("content") or element.get("datetime") or " ".join(element.itertext()))
    if found := URL_DATE_RE.search(address):
        yield "-".join(found.groups())
    for element in tree.iter("time"):
        if date := _line(element.get("datetime")):
            yield date
            return


def _same_as_modified(objects: list[dict[str, Any]]) -> Iterator[str]:
    # Some systems write the time of the last change in both places.
    for each in objects:
        if _types(each) & (ARTICLE_TYPES | PAGE_TYPES) and (date := _text(each.get("datePublished"))):
            yield date


def _canonical(tree: Any, meta: dict[str, str], url: str | None) -> str | None:
    links = [each.get("href") for each in tree.iter("link") if "canonical" in each.get("rel", "").lower().split()]
    stated = (_absolute(address, url) for address in (*links[:1], meta.get("og:url")) if address)
    return next((address for address in stated if address), url)


def _absolute(address: str, url: str | None) -> str | None:
    try:
        joined = urljoin(url or "", address.strip())
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
