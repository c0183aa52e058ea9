"""Which of a record's fields holds what: usual names, overrides, and the shapes that values come in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Usual names in order of preference; case, `_` and the like are ignored. Sources: news-please, Common Crawl's news data
# sets, NewsAPI, the Guardian, GDELT, Webhose and MediaCloud exports, schema.org's NewsArticle, and the data sets of
# Hugging Face and Kaggle that call themselves news.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "maintext", "main_text", "content_original", "article", "article_text"),
        *("article_body", "full_text", "body_text", "plain_text", "story", "story_text", "raw_content", "clean_text"),
        *("article_content", "news_text", "news_content", "contents", "document", "raw_text", "body_clean"),
    ),
    "title": (
        *("title", "headline", "heading", "article_title", "title_page", "title_rss", "web_title", "news_title"),
        *("head", "heading_main"),
    ),
    "url": (
        *("url", "link", "canonical_url", "source_url", "web_url", "article_url", "permalink", "href", "uri"),
        *("original_url", "page_url", "warc_target_uri", "target_uri", "url_used"),
    ),
    "published_at": (
        *("published_at", "date_publish", "publish_date", "published_date", "date_published", "publication_date"),
        *("pub_date", "published", "date", "datetime", "timestamp", "published_time", "pub_time"),
        *(
            "web_publication_date",
            "first_publication_date",
            "publish_time",
            "published_on",
            "article_date",
            "posted_at",
        ),
    ),
    "authors": ("authors", "author", "byline", "creator", "writer", "by", "author_name", "journalist"),
    "source": (
        *("source", "outlet", "source_domain", "source_name", "publisher", "publication", "newspaper", "site_name"),
        *("site", "domain", "provider", "media_name", "source_title", "website"),
    ),
    "record_id": ("id", "article_id", "record_id", "uuid", "guid", "_id", "doc_id", "document_id"),
}
# Under these an interface or a search engine puts the fields of a record.
WRAPPERS = ("_source", "fields", "attributes", "article", "document", "doc", "data", "record", "node")
PUNCTUATION = re.compile(r"[\W_]+")
FIELDS = tuple(NAMES)


def parse_mapping(value: str) -> dict[str, str]:
    """`text=story.body,published_at=when` → the field that each of ours is read from.

    Raises:
        ValueError: a pair without `=`, or a field that there isn't.
    """
    mapping = {}
    for pair in value.split(","):
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not theirs:
            raise ValueError(f"`{pair}` isn't FIELD=NAME")
        ours = "record_id" if ours == "id" else ours
        if ours not in NAMES:
            raise ValueError(f"there is no field `{ours}`; there are {', '.join(FIELDS)}")
        mapping[ours] = theirs
    return mapping


def candidates(record: Mapping[str, Any], field: str, mapping: Mapping[str, str]) -> Iterator[Any]:
    """The values of a record that may be meant by `field`, the likeliest first; none where no name fits."""
    if field in mapping:
        yield from _by_path(record, mapping[field])
        return
    for name in usual_names(record, field):
        yield record[name]


def usual_names(record: Mapping[str, Any], field: str) -> Iterator[str]:
    """The names under which a record has what may be meant by `field`, the likeliest first."""
    plain: dict[str, str] = {}
    for key in record:
        plain.setdefault(plain_name(str(key)), key)
    for name in dict.fromkeys(map(plain_name, NAMES[field])):
        if name in plain:
            yield plain[name]


def chosen_names(record: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, str]:
    """Our fields with the names that they are read from in a record: the mapping's, else usual ones that hold text."""
    found = {field: mapping[field] for field in FIELDS if field in mapping}
    for field in FIELDS:
        read = as_body if field == "text" else as_text
        name = next((name for name in usual_names(record, field) if read(record[name])), None)
        if name is not None:
            found.setdefault(field, name)
    return found


@functools.lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A field's name as names are compared: lower case, letters and digits only."""
    return PUNCTUATION.sub("", name.lower())


def unwrap(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record with the fields that an envelope holds beside its own, which give way."""
    for name in WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, Mapping) and inner:
            return {**record, **inner}
    return record


def _by_path(record: Mapping[str, Any], path: str) -> Iterator[Any]:
    if path in record:
        yield record[path]
        return
    value: Any = record
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return
        value = value[key]
    yield value


def as_text(value: Any, *, separator: str = "; ") -> str | None:
    """A value as one text: a string, a number, the `name` of an object, or a list of these; None for anything else."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Mapping):
        return as_text(value.get("name"))
    if isinstance(value, list):
        parts = [text for item in value if not isinstance(item, list) and (text := as_text(item))]
        return separator.join(parts) or None
    return None


def as_body(value: Any) -> str | None:
    """A value as the body of an article: a string, or a list of strings as its paragraphs; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    return None
