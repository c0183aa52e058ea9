"""What holds for any bytes: they end as articles and rejects, each at a place of its own, and nothing is invented."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from schemas.records import Article, RawRecord, Reject, Skipped
from transforms.assemble.rows import assemble_rows, reject_rows
from transforms.clean import clean_article
from transforms.dedupe.sketch import sketch_text
from transforms.parse import parse_record
from transforms.read import formats
from transforms.read.content import Reading, read_content
from transforms.read.packing import BombError, Budget
from transforms.read.source import ByteStream
from transforms.sentences import segment_article

LATEST = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = 1 << 20
CHUNK = 700


def check_file(content: bytes, name: str = "dump", file_format: str = "") -> list[str]:
    """Read, parse and clean a file of this content; returns what came of it, in words.

    Raises:
        AssertionError: something doesn't hold.
    """
    came = []
    places = set()
    for found in _read(content, name, file_format):
        if isinstance(found, Skipped):
            continue
        place = found.source_file, found.source_offset
        assert place not in places, f"two of one place: {place}"
        places.add(place)
        if isinstance(found, Reject):
            reject_rows(found)
            came.append(found.reason)
            continue
        if found.file_format == formats.JSONL and found.source_file == name and content.isascii():
            assert content[found.source_offset :].startswith(found.payload), "an offset that doesn't verify"
        came.append(check_record(found))
    return came


def _read(content: bytes, name: str, file_format: str) -> Iterator[RawRecord | Reject | Skipped]:
    chunks = (content[start : start + CHUNK] for start in range(0, len(content), CHUNK))
    reading = Reading(file_format, LIMIT, Budget(len(content)))
    try:
        yield from read_content(ByteStream(name, chunks), reading, file=io.BytesIO(content), size=len(content))
    except BombError:
        return


def check_record(record: RawRecord) -> str:
    """Parse a record and clean its article; a page is left to extraction, which may be killed."""
    if record.html is not None:
        return "page"
    outcome = parse_record(record, latest=LATEST, mapping={})
    if outcome.kept is None:
        assert outcome.rejected is not None
        reject_rows(outcome.rejected)
        return outcome.rejected.reason
    return check_article(outcome.kept)


def check_article(article: Article) -> str:
    """Clean an article and all that follows without a model."""
    outcome = clean_article(article, min_chars=1)
    if outcome.kept is None:
        assert outcome.rejected is not None
        return outcome.rejected.reason
    cleaned = outcome.kept
    cleaned.text.encode()
    # Ligatures are spelt out.
    assert _size(cleaned.text) <= _size(unicodedata.normalize("NFKC", article.text)), "text that wasn't there"
    again = clean_article(replace(cleaned, raw=b""), min_chars=1).kept
    assert again is not None, "cleaning twice rejects"
    assert (again.text, again.title, again.article_id) == (cleaned.text, cleaned.title, cleaned.article_id)
    document = segment_article(replace(cleaned, language="en", canonical_id=cleaned.article_id), languages=("en",))
    end = 0
    for sentence in document.sentences or ():
        assert end <= sentence.start_char < sentence.end_char <= len(cleaned.text)
        assert not cleaned.text[end : sentence.start_char].strip(), "text outside of all sentences"
        end = sentence.end_char
    assert not cleaned.text[end:].strip()
    sketch = sketch_text(cleaned.text)
    assert sketch is None or sketch == sketch_text(again.text)
    assert next(assemble_rows(document)).table == "articles"
    return "article"


def _size(text: str) -> int:
    """Characters but white space; a control character may have been a letter before it was decoded wrongly."""
    return sum(not character.isspace() or "\x80" <= character <= "\x9f" for character in text)
