"""Which of a record's fields holds what: usual names, overrides, and the shapes that values come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Usual names in order of preference, lower case. Sources: news-please, Common Crawl news data sets, NewsAPI, GDELT and
# MediaCloud exports, schema.org's NewsArticle, and the data sets of Hugging Face that call themselves news.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "maintext", "main_text", "content_original", "article", "article_text"),
        *("articlebody", "article_body", "full_text", "fulltext", "body_text", "plain_text", "story", "raw_content"),
    ),
    "title": ("title", "headline", "heading", "article_title", "title_page", "head"),
    "url": ("url", "link", "canonical_url", "source_url", "web_url", "article_url", "permalink", "href", "uri"),
    "published_at": (
        *("published_at", "publishedat", "date_publish", "publish_date", "published_date", "date_published"),
        *("datepublished", "publication_date", "pub_date", "pubdate", "published", "publishdate", "date", "datetime"),
        *("timestamp", "published_time", "pub_time"),
    ),
    "authors": ("authors", "author", "byline", "creator", "writer", "by"),
    "source": (
        *("source", "outlet", "source_domain", "source_name", "publisher", "publication", "newspaper", "site_name"),
        *("sitename", "site", "domain", "provider"),
    ),
    "record_id": ("id", "article_id", "record_id", "uuid", "guid", "_id", "doc_id", "document_id"),
}
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
    lowered = {str(key).lower(): value for key, value in record.items()}
    for name in NAMES[field]:
        if name in lowered:
            yield lowered[name]


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
