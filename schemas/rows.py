"""The rows that end in the tables: a NamedTuple a table, its columns in order.

They carry exactly the columns of their table in `schemas.tables`; a test holds the two together. Offsets are Unicode
code points, times are aware UTC datetimes, sentiment is −1…1 or None for "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class TableRows:
    """Rows on their way to a table."""

    table: str
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class RowSet:
    """Rows that belong together: written at once or not at all.

    `attempt_id` as in `RawRecord`, where known; `partition_by` as in `Article`, where the tables are laid out by time.
    """

    tables: tuple[TableRows, ...]
    attempt_id: str = ""
    partition_by: str = ""


@dataclass(frozen=True)
class TableBatch:
    """Rows on their way to a table as an Arrow IPC stream."""

    table: str
    content: bytes


@dataclass(frozen=True)
class BatchSet:
    """Batches that belong together, as the rows of a `RowSet` do, and with the same `partition_by`."""

    batches: tuple[TableBatch, ...]
    partition_by: str = ""


class ArticleRow(NamedTuple):
    """A row of `articles`."""

    article_id: str
    url: str | None
    source: str | None
    domain: str | None
    outlet: str | None
    source_file: str
    source_offset: int
    title: str | None
    authors: str | None
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    language_confidence: float | None
    text: str
    furniture: str | None
    char_count: int
    token_count: int | None
    sentence_count: int | None
    content_hash: str
    canonical_id: str
    duplicate: str | None
    sentiment: float | None
    sentiment_label: str | None


class SentenceRow(NamedTuple):
    """A row of `sentences`."""

    article_id: str
    sentence_index: int
    start_char: int
    end_char: int
    sentiment: float | None
    sentiment_label: str | None
    quoted: bool
    speaker: str | None
    speaker_id: str | None
    article_time: datetime | None = None


class MentionRow(NamedTuple):
    """A row of `mentions`."""

    article_id: str
    mention_index: int
    sentence_index: int
    start_char: int
    end_char: int
    text: str
    label: str
    entity_id: str | None
    sentiment: float | None
    sentiment_label: str | None
    negative: float | None
    neutral: float | None
    positive: float | None
    quoted: bool
    article_time: datetime | None = None


class EntityRow(NamedTuple):
    """A row of `entities`."""

    article_id: str
    entity_id: str
    name: str
    label: str
    mention_count: int
    first_char: int
    prominence: float
    sentiment: float | None
    sentiment_label: str | None
    sentiment_count: int
    negative_share: float | None
    neutral_share: float | None
    positive_share: float | None
    sentiment_spread: float | None
    sentiment_error: float | None
    sentiment_unquoted: float | None
    sentiment_unquoted_label: str | None
    country_code: str | None
    latitude: float | None
    longitude: float | None
    article_time: datetime | None = None


class IdentityRow(NamedTuple):
    """A row of `identities`."""

    entity_id: str
    name: str
    label: str
    identity_id: str
    identity_name: str
    identity_label: str
    confidence: float
    basis: str
    article_count: int
    mention_count: int


class RejectRow(NamedTuple):
    """A row of `rejects`."""

    source_file: str
    source_offset: int
    stage: str
    reason: str
    message: str
    retryable: bool
    payload_size: int
    payload_sha256: str | None
    payload: bytes


# The label of a row of `_reads` that counts the articles of a reading which the run wasn't asked for.
LEFT_OUT = "left_out"


class ReadRow(NamedTuple):
    """A row of `_reads`: what one reading of (a part of) a file found, in the file or one member of it.

    Labelled `LEFT_OUT` it says how many of the records that were found became articles that the run isn't asked for,
    by reason in `skipped`; file, digest and size are not said again.
    """

    input_file: str
    digest: str
    size: int
    label: str
    unit: str
    source_file: str
    records: int
    skipped: str


class NameCountRow(NamedTuple):
    """A row of `_names`: in how many articles of a month an entity is named (`form` None), or is called by a form."""

    month: str
    entity_id: str
    name: str | None
    label: str | None
    form: str | None
    articles: int
    mentions: int


class AnalysisRow(NamedTuple):
    """A row of `_analyses`: that an article has been analysed, and what its row in `articles` says of it."""

    article_id: str
    key: str
    token_count: int | None
    sentence_count: int | None
    sentiment: float | None
    sentiment_label: str | None


class ContentRow(NamedTuple):
    """A row of `_copies`: a text, and what tells which others may be copies of it."""

    content_hash: bytes
    published_at: datetime | None
    char_count: int
    bands: bytes | None
    lines: bytes


class SketchRow(NamedTuple):
    """A row of `_sketches`: a text, and what it is compared by."""

    content_hash: bytes
    published_at: datetime | None
    sketch: bytes


class NearPairRow(NamedTuple):
    """A row of `_pairs`: two texts that are near copies."""

    content_hash: bytes
    other_hash: bytes
