"""An article's fields out of a record's object: JSON, a row, an element of XML, a document of an export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from transforms.parse import fields
from transforms.parse.authors import clean_authors
from transforms.parse.dates import MISSING, DateReading, read_date
from transforms.parse.markup import line_of, plain_breaks
from transforms.parse.names import MAYBE_URLS, PLAIN_PARTS, plain_name
from transforms.parse.values import as_body, as_source, first_text, is_url
from transforms.runtime.hosts import host_of

# NewsAPI and its kin cut a text at 200 characters and say how many are missing.
CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\s?\d+ ?(?:chars?|characters|words)\]\s*$")
# A post that was never published.
STATUS = ("status", "post_status", "wp_status", "_status")
UNPUBLISHED = frozenset(("draft", "auto-draft", "trash", "pending", "private", "inherit"))
DAY = timedelta(days=1)


class Fields(NamedTuple):
    """What a record says of its article; `date_problem` as `dates.DateReading.problem`."""

    text: str
    title: str | None
    url: str | None
    record_id: str | None
    source: str | None
    authors: str | None
    published_at: datetime | None
    date_problem: str


def read_text(record: Mapping[str, Any], mapping: Mapping[str, str]) -> str | None:
    """The fullest text of a record, "" where its fields for one are empty, None where it has none."""
    if "text" in mapping:
        found = [
            ("", body) for value in fields.candidates(record, "text", mapping) if (body := as_body(value)) is not None
        ]
    else:
        names = list(fields.usual_names(record, "text")) or fields.long_parts(record)
        found = [(name, body) for name in names if (body := as_body(record[name])) is not None]
    found = [(name, body) for name, body in found if body.strip()] or found[:1]
    if not found:
        return None
    text = plain_breaks(fields.fullest(found)[1])
    whole = CUT.sub("", text) if text.endswith("]") or text.rstrip().endswith("]") else text
    if whole != text:
        parts = [as_body(value) or "" for name, value in record.items() if plain_name(str(name)) in PLAIN_PARTS]
        return max([whole, *parts], key=len)
    return text


def read_fields(
    record: Mapping[str, Any], text: str, *, url: str | None, latest: datetime, mapping: Mapping[str, str], order: str
) -> Fields:
    """Find everything but the text.

    Args:
        record: the object, unwrapped.
        text: its text.
        url: where it was fetched from, where the record doesn't say.
        latest: no article was published after this.
        mapping: fields of the record to read instead of the usual ones.
        order: that of day and month in its dates, as `dates.read_date` takes it.
    """
    url = _read_url(record, mapping) or url
    source = read_source(record, mapping) or (host_of(url) if url else None)
    title = next((found for value in fields.candidates(record, "title", mapping) if (found := _title(value))), None)
    people = (clean_authors(value, source=source) for value in fields.candidates(record, "authors", mapping))
    identities = fields.candidates(record, "record_id", mapping)
    reading = _read_published(record, latest=latest, mapping=mapping, order=order)
    return Fields(
        text=text,
        title=title,
        url=url,
        record_id=next((found for value in identities if (found := first_text(value))), None),
        source=source,
        authors=next((names for names in people if names), None),
        published_at=reading.moment,
        date_problem=reading.problem,
    )


def _title(value: Any) -> str | None:
    text = first_text(value)
    return (line_of(text) or None) if text else None


def read_source(record: Mapping[str, Any], mapping: Mapping[str, str]) -> str | None:
    """The outlet of a record: the first name, else the host of the first address."""
    values = [(as_source(value), first_text(value)) for value in fields.candidates(record, "source", mapping)]
    named = [(name, text) for name, text in values if name and text]
    return next((name for name, text in named if not is_url(text)), named[0][0] if named else None)


def _read_url(record: Mapping[str, Any], mapping: Mapping[str, str]) -> str | None:
    """The address of a record's article: the first that looks like one, else the first that is called one."""
    texts = [text for value in fields.candidates(record, "url", mapping) if (text := first_text(value))]
    if found := next((text for text in texts if is_url(text)), None):
        return found
    if "url" not in mapping:
        for name in MAYBE_URLS:
            for key in record:
                if plain_name(str(key)) == name and (text := first_text(record[key])) and is_url(text):
                    return text
    return texts[0] if texts else None


def _read_published(
    record: Mapping[str, Any], *, latest: datetime, mapping: Mapping[str, str], order: str
) -> DateReading:
    """When a record's article was published: its likeliest date, with the time that another gives for that day."""
    problem = MISSING
    best: DateReading | None = None
    for value in fields.candidates(record, "published_at", mapping):
        reading = read_date(value, latest=latest, order=order)
        if reading.moment is None:
            problem = reading if problem is MISSING else problem
        elif best is None:
            best = reading
            if not reading.whole_day:
                break
        elif best.moment is not None and not reading.whole_day and abs(reading.moment - best.moment) < DAY:
            return reading
    if best is not None:
        return best
    return _from_parts(record, latest) if "published_at" not in mapping and problem is MISSING else problem


def _from_parts(record: Mapping[str, Any], latest: datetime) -> DateReading:
    """A date from columns `year`, `month` and `day`."""
    plain = {plain_name(str(key)): value for key, value in record.items()}
    parts = [first_text(plain.get(name)) for name in ("year", "month", "day")]
    if not all(parts):
        return MISSING
    year, month, day = parts
    form = "-" if str(month).isdigit() else " "
    return read_date(form.join(map(str, (year, month, day))), latest=latest)


def is_unpublished(record: Mapping[str, Any]) -> str | None:
    """Why a record is no article: a draft, or something of a blog that isn't a post; None for an article."""
    for name in STATUS:
        if isinstance(record.get(name), str) and record[name].strip().lower() in UNPUBLISHED:
            return f"its `{name}` is {record[name].strip().lower()}"
    kind = record.get("posttype") or record.get("post_type")
    if isinstance(kind, str) and kind.strip().lower() in ("attachment", "nav_menu_item", "revision", "custom_css"):
        return f"a {kind.strip().lower()} of a blog, no post"
    return None
