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
- `not_an_article`: a post that was never published, or something of a blog that is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from schemas.records import Article, Page, RawRecord
from transforms.parse import fields
from transforms.parse.dates import MISSING, DateReading, read_date
from transforms.parse.elements import parse_element
from transforms.parse.objects import is_unpublished, read_fields, read_text
from transforms.parse.plain import read_plain
from transforms.runtime.decoding import Decoded, decode, looks_binary
from transforms.runtime.hosts import host_of
from transforms.runtime.outcome import Outcome, keep, reject_record

STAGE = "parse"
TEXTS = frozenset(("text", "wet"))
XML = "xml"
STORY = ".story"
ARCHIVES = frozenset((".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".lz4", ".tbz2", ".txz"))


def parse_record(
    record: RawRecord, *, latest: datetime, mapping: Mapping[str, str], order: str = "", by_folder: bool = False
) -> Outcome[Article]:
    """Decode a record and find the parts of the article in it.

    Args:
        record: its `payload` is a line of JSON or a whole text, in any encoding.
        latest: no article was published after this; see `dates.parse_date`.
        mapping: fields of the record to read instead of the usual ones; see `fields.parse_mapping`.
        order: that of day and month in dates like 05/03/2024, `dmy` or `mdy`; "" goes by what the file shows.
        by_folder: the outlet of an article that names none is the folder that its file lies in.
    """
    outcome = _parse(record, latest, mapping, order)
    article = outcome.kept
    if by_folder and article is not None and not article.source:
        return keep(replace(article, source=_folder_of(record.source_file)))
    return outcome


def _folder_of(source_file: str) -> str | None:
    """The name of the folder that a file lies in; of an archive's member that in the archive, else the archive's."""
    folders = PurePosixPath(source_file).parents
    return next((folder.name for folder in folders if folder.suffix.lower() not in ARCHIVES), None) or None


def _parse(record: RawRecord, latest: datetime, mapping: Mapping[str, str], order: str) -> Outcome[Article]:
    if record.page is not None:
        return keep(_from_page(record, record.page, latest))
    if looks_binary(record.payload):
        return reject_record(record, STAGE, "binary", "bytes that are no text in any encoding")
    decoded = decode(record.payload, record.charset)
    if decoded is None:
        return reject_record(record, STAGE, "undecodable", "no encoding makes sense of these bytes")
    if record.file_format in TEXTS:
        return keep(_from_text(record, decoded.text, latest, order))
    content = _read_element(record, decoded) if record.file_format == XML else _read_json(record, decoded)
    if isinstance(content, Outcome):
        return content
    return _parse_object(record, content, latest, mapping, order or record.date_order)


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
    text = decoded.text
    if text.endswith(("},", "},\r")):
        # A line of an array.
        text = text.rstrip("\r,")
    try:
        content = json.loads(text, strict=False)
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
    record: RawRecord, content: Mapping[str, Any], latest: datetime, mapping: Mapping[str, str], order: str
) -> Outcome[Article]:
    if record.file_format == XML:
        # An element's text has been chosen already.
        mapping = {"text": "text", **mapping}
    if why := is_unpublished(content):
        return reject_record(record, STAGE, "not_an_article", why)
    text = read_text(content, mapping)
    if text is None:
        return reject_record(record, STAGE, "no_text_field", fields.no_text_message(content, mapping)[:500])
    found = read_fields(content, text, url=record.url, latest=latest, mapping=mapping, order=order)
    known = {name: value for name, value in found._asdict().items() if name != "text"}
    return keep(_article(record, found.text, **known))


def _from_text(record: RawRecord, text: str, latest: datetime, order: str) -> Article:
    found = read_plain(text, story=record.source_file.lower().endswith(STORY))
    url = record.url or found.url
    known = read_fields(found.fields, found.text, url=url, latest=latest, mapping={}, order=order)._asdict()
    return _article(record, known.pop("text"), **{**known, "title": found.title})


def _from_page(record: RawRecord, page: Page, latest: datetime) -> Article:
    published, modified = _first_date(page.published_at, latest), _first_date(page.modified_at, latest)
    later = modified.moment and (not published.moment or modified.moment > published.moment)
    return _article(
        record,
        page.text,
        title=page.title,
        url=page.url,
        source=page.source or (host_of(page.url) if page.url else None),
        authors=page.authors,
        published_at=published.moment,
        modified_at=modified.moment if later else None,
        date_problem=published.problem,
    )


def _first_date(values: Iterable[str], latest: datetime) -> DateReading:
    """What is read of the first of some times that can be read, else of the first."""
    readings = [read_date(value, latest=latest) for value in values]
    return next((reading for reading in readings if reading.moment), next(iter(readings), MISSING))


def _article(record: RawRecord, text: str, *, title: str | None, **known: Any) -> Article:
    empty: dict[str, Any] = dict.fromkeys(("record_id", "url", "source", "authors", "published_at"))
    empty["date_problem"] = MISSING.problem
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


class ParseRecords:
    """The stage; arguments as those of `parse_record`."""

    name = STAGE
    seconds: float | None = None

    def __init__(
        self, latest: datetime, mapping: Mapping[str, str] | None = None, order: str = "", *, by_folder: bool = False
    ) -> None:
        self._latest, self._mapping, self._order, self._by_folder = latest, dict(mapping or {}), order, by_folder

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[RawRecord]) -> list[Outcome[Article]]:
        """One outcome a record."""
        arguments: dict[str, Any] = {
            "latest": self._latest,
            "mapping": self._mapping,
            "order": self._order,
            "by_folder": self._by_folder,
        }
        return [parse_record(record, **arguments) for record in batch]
