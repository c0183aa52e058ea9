"""Parsing: one raw record in, one article or one reject out.

A record of format `text` or `wet` is a whole article; one with a `page` a web page whose fields extraction has found;
one of format `xml` an element (see `elements`); any other an object in JSON. The fields of elements and objects are
found by their usual names or by a mapping (see `fields`). Reasons for a reject:

- `binary`: no text in any encoding (NULs, control characters, the first bytes of a picture or archive).
- `undecodable`: no encoding makes sense of the bytes.
- `malformed_xml`: an element of which nothing can be made.
- `malformed_json`: a line that is no JSON, or nested too deeply to be read.
- `not_an_object`: JSON, but a list, a string or a number.
- `no_text_field`: none of the fields that hold an article's text is there, or none that is holds text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from schemas.records import Article, Page, RawRecord
from transforms.parse import fields
from transforms.parse.dates import parse_date
from transforms.parse.elements import parse_element
from transforms.runtime.decoding import Decoded, decode, looks_binary
from transforms.runtime.outcome import Outcome, keep, reject_record

STAGE = "parse"
TEXTS = frozenset(("text", "wet"))
XML = "xml"
# A first line up to this long (in characters), followed by a blank one and without a full stop, is a headline.
MAX_HEADLINE = 160


def parse_record(record: RawRecord, *, latest: datetime, mapping: Mapping[str, str]) -> Outcome[Article]:
    """Decode a record and find the parts of the article in it.

    Args:
        record: its `payload` is a line of JSON or a whole text, in any encoding.
        latest: no article was published after this; see `dates.parse_date`.
        mapping: fields of the record to read instead of the usual ones; see `fields.parse_mapping`.
    """
    if record.page is not None:
        return keep(_from_page(record, record.page, latest))
    if looks_binary(record.payload):
        return reject_record(record, STAGE, "binary", "bytes that are no text in any encoding")
    decoded = decode(record.payload, record.charset)
    if decoded is None:
        return reject_record(record, STAGE, "undecodable", "no encoding makes sense of these bytes")
    if record.file_format in TEXTS:
        host = host_of(record.url) if record.url else None
        return keep(_article(record, decoded.text, title=_headline(decoded.text), url=record.url, source=host))
    content = _read_element(record, decoded) if record.file_format == XML else _read_json(record, decoded)
    if isinstance(content, Outcome):
        return content
    return _parse_object(record, content, latest, mapping)


def fields_of(record: RawRecord) -> Mapping[str, Any] | None:
    """The fields of a record that has any; None for a text, a page and what can't be read."""
    decoded = None if record.html is not None or record.file_format in TEXTS else decode(record.payload, record.charset)
    if decoded is None:
        return None
    content = _read_element(record, decoded) if record.file_format == XML else _read_json(record, decoded)
    return None if isinstance(content, Outcome) else content


def _read_element(record: RawRecord, decoded: Decoded) -> Outcome[Article] | Mapping[str, Any]:
    content = parse_element(decoded.text)
    if content is None:
        return reject_record(record, STAGE, "malformed_xml", "nothing can be made of this element")
    return content


def _read_json(record: RawRecord, decoded: Decoded) -> Outcome[Article] | Mapping[str, Any]:
    try:
        content = json.loads(decoded.text, strict=False)
    except RecursionError:
        return reject_record(record, STAGE, "malformed_json", "nested too deeply")
    except ValueError as error:
        if decoded.guessed:
            return reject_record(record, STAGE, "undecodable", "no encoding makes these bytes JSON")
        return reject_record(record, STAGE, "malformed_json", str(error))
    if not isinstance(content, dict):
        return reject_record(record, STAGE, "not_an_object", f"JSON of type {type(content).__name__}")
    return fields.unwrap(content)


def _parse_object(
    record: RawRecord, content: Mapping[str, Any], latest: datetime, mapping: Mapping[str, str]
) -> Outcome[Article]:
    found = list(fields.candidates(content, "text", mapping))
    bodies = [body for value in found if (body := fields.as_body(value)) is not None]
    if not bodies:
        why = f"holds {type(found[0]).__name__}, not text" if found else f"fields are {', '.join(map(str, content))}"
        return reject_record(record, STAGE, "no_text_field", why[:500])
    text = next((body for body in bodies if body.strip()), "")
    return keep(_from_object(record, content, text, latest, mapping))


def _from_object(
    record: RawRecord, content: Mapping[str, Any], text: str, latest: datetime, mapping: Mapping[str, str]
) -> Article:
    def first(name: str) -> str | None:
        values = fields.candidates(content, name, mapping)
        return next((found for value in values if (found := fields.as_text(value))), None)

    dates = (parse_date(value, latest=latest) for value in fields.candidates(content, "published_at", mapping))
    url = first("url") or record.url
    return _article(
        record,
        text,
        title=first("title"),
        url=url,
        record_id=first("record_id"),
        source=first("source") or (host_of(url) if url else None),
        authors=first("authors"),
        published_at=next((date for date in dates if date), None),
    )


def _from_page(record: RawRecord, page: Page, latest: datetime) -> Article:
    published_at = _first_date(page.published_at, latest)
    modified_at = _first_date(page.modified_at, latest)
    return _article(
        record,
        page.text,
        title=page.title,
        url=page.url,
        source=page.source or (host_of(page.url) if page.url else None),
        authors=page.authors,
        published_at=published_at,
        modified_at=modified_at if modified_at and (not published_at or modified_at > published_at) else None,
    )


def _first_date(values: Iterable[str], latest: datetime) -> datetime | None:
    """The first of some times that can be read."""
    return next((date for value in values if (date := parse_date(value, latest=latest))), None)


def _article(record: RawRecord, text: str, *, title: str | None, **known: Any) -> Article:
    empty: dict[str, Any] = dict.fromkeys(("record_id", "url", "source", "authors", "published_at"))
    return Article(
        source_file=record.source_file,
        source_offset=record.source_offset,
        payload_size=len(record.payload),
        text=text,
        title=title,
        attempt_id=record.attempt_id,
        raw=record.payload,
        **{**empty, **known},
    )


def host_of(url: str) -> str | None:
    """The host of a URL without `www.`, or None where there is none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _headline(text: str) -> str | None:
    first, newline, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not newline or not 0 < len(first) <= MAX_HEADLINE or first[-1] in ".,;:":
        return None
    return first if rest.startswith(("\n", "\r\n")) and len(rest.strip()) > len(first) else None


class ParseRecords:
    """The stage; arguments as those of `parse_record`."""

    name = STAGE
    seconds: float | None = None

    def __init__(self, latest: datetime, mapping: Mapping[str, str] | None = None) -> None:
        self._latest, self._mapping = latest, dict(mapping or {})

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[RawRecord]) -> list[Outcome[Article]]:
        """One outcome a record."""
        return [parse_record(record, latest=self._latest, mapping=self._mapping) for record in batch]
