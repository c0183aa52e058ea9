"""Immutable records that flow between the stages, and the rows that end in the tables.

The rows (`…Row`) carry exactly the columns of their table in `schemas.tables`, in the same order; a test holds the two
together. Offsets are Unicode code points, times are aware UTC datetimes, sentiment is −1…1 or None for "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class InputFile:
    """A file that the input patterns matched: its path or URL, and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class FileRange:
    """A part of a file for one worker: all records that begin in bytes `start` (incl.) to `stop` (excl.) of `path`.

    `file_format` names what its records are; empty: what is inside (a packed file, an archive) tells. Of a Parquet file
    `start` and `stop` count row groups. `stop` is −1 where only reading tells the end. `size` is that of the whole file
    in bytes, `digest` that of its content, and `charset` the encoding that its first bytes tell of, where a record by
    itself might not tell it. `source_file` is the file of the dump, another than `path` where a worker put its records
    down for others to read; `start` then counts such blocks. `date_order` as in `RawRecord`.
    """

    path: str
    file_format: str
    start: int
    stop: int
    source_file: str
    size: int
    charset: str | None = None
    digest: str = ""
    date_order: str = ""


class Page(NamedTuple):
    """What extraction found in a web page; None and empty for what the page doesn't state.

    `text` has a blank line between paragraphs. `published_at` holds times of publication as the page writes them, the
    likeliest first. `url` is the page's canonical one, `source` the name of its site, `language` an ISO 639 code.
    """

    text: str
    title: str | None = None
    authors: str | None = None
    published_at: tuple[str, ...] = ()
    url: str | None = None
    source: str | None = None
    language: str | None = None
    charset: str | None = None


@dataclass(frozen=True)
class RawRecord:
    """One record as it lies in the dump.

    `source_offset` counts bytes of the file as unpacked, or rows of a Parquet file. `payload` is the record's bytes, or
    what stands for them: a row of a table as a JSON object. `charset` is the encoding that was declared for it or told
    from the file's first bytes; it may be wrong. `url` and `fetched_at` (an ISO 8601 time) are what an archive of web
    pages says of the record.
    `page` holds what extraction found in a record that is one. `unit` names the reading that it came from: one try at
    one range of a file. `date_order` is that of day and month in dates like 05/03/2024, as others of the file show it:
    `dmy`, `mdy`, or "".
    """

    source_file: str
    source_offset: int
    file_format: str
    payload: bytes
    charset: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    page: Page | None = None
    unit: str = ""
    date_order: str = ""

    @property
    def html(self) -> bytes | None:
        """The page, where the record is one: it goes through extraction first."""
        return self.payload if self.file_format == "html" else None


class Selection(NamedTuple):
    """What of a file is read: the records and rejects of these places (source file and offset), or all but these."""

    places: frozenset[tuple[str, int]]
    others: bool = False

    def has(self, source_file: str, source_offset: int) -> bool:
        """Whether something there is read."""
        return ((source_file, source_offset) in self.places) != self.others


class Scope(NamedTuple):
    """What of the input is read.

    Args:
        known: path of a file → the labels of its parts that have been read before; None for all of it.
        only: path of a file → what of it is read, where not all is.
        records: what is taken as if it had been read, and is counted already.
    """

    known: Mapping[str, frozenset[str] | None] = {}
    only: Mapping[str, Selection] = {}
    records: tuple[RawRecord, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """Something in a dump that was never meant to be an article (a request, a picture's address): why, one word."""

    reason: str


@dataclass(frozen=True)
class Article:
    """One article on its way. Fields after `text` are filled by the stage that their name tells.

    `raw` is the record as read, for a reject to show; it is left behind when the article is staged.
    """

    source_file: str
    source_offset: int
    payload_size: int
    record_id: str | None
    url: str | None
    source: str | None
    title: str | None
    authors: str | None
    published_at: datetime | None
    text: str
    content_hash: str = ""
    article_id: str = ""
    language: str | None = None
    language_confidence: float | None = None
    canonical_id: str = ""
    duplicate: str | None = None
    unit: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class StagedArticle:
    """What is needed of an article to find its copies, and where its body was put down (`path`, row `index`).

    `rank` orders articles of the same content by what they say of themselves, so that the choice among them does not
    hang on file names or on the order of reading while there is anything else to choose by. `sketch` is that of its
    text, where near copies are looked for and it is long enough to have any. `key` names what its analysis hangs on.
    """

    article_id: str
    content_hash: str
    path: str
    index: int
    published_at: datetime | None
    char_count: int
    rank: str
    place: tuple[str, int]
    sketch: tuple[bytes, int] | None = None
    key: str = ""


class Analysis(NamedTuple):
    """What `articles` says of an analysed article: the columns of these names."""

    token_count: int | None
    sentence_count: int | None
    sentiment: float | None
    sentiment_label: str | None


@dataclass(frozen=True)
class Verdict:
    """What became of a staged article: `role` is `canonical`, `exact`, `near` or `repeated`.

    `key` is a canonical article's; `known` its analysis, where an earlier run has made it.
    """

    index: int
    role: str
    canonical_id: str
    key: str = ""
    known: Analysis | None = None


class Sentence(NamedTuple):
    """A sentence's place in its article; `sentiment` once a model has scored it.

    `quoted`: it lies inside a quotation, wholly or mostly. `speaker` is the place of who is quoted in it among the
    document's entities.
    """

    start_char: int
    end_char: int
    sentiment: float | None = None
    quoted: bool = False
    speaker: int | None = None


class Stance(NamedTuple):
    """How something is spoken of: the probabilities of the three classes."""

    negative: float
    neutral: float
    positive: float


class Mention(NamedTuple):
    """An occurrence of a name: place, OntoNotes label, and the sentence that it begins in.

    `entity` is the place of what it names among the document's entities; None for amounts and times, and before names
    are resolved. `sentiment` is toward what it names, `stance` the probabilities behind it. `quoted`: it stands inside
    a quotation.
    """

    start_char: int
    end_char: int
    label: str
    sentence_index: int
    sentiment: float | None = None
    entity: int | None = None
    stance: Stance | None = None
    quoted: bool = False


class Entity(NamedTuple):
    """What mentions of a document name.

    `name` is normal: the same in all articles as far as one can tell; `label` OntoNotes'; `country_code` ISO 3166-1
    alpha-2; latitude and longitude in degrees north and east; `prominence` 0…1.
    """

    entity_id: str
    name: str
    label: str
    country_code: str | None
    latitude: float | None
    longitude: float | None
    prominence: float


class Mood(NamedTuple):
    """How an article speaks of an entity: the score over its mentions, their number and standard deviation, and the
    score of those outside quotations.
    """

    sentiment: float | None = None
    mentions: int = 0
    spread: float | None = None
    unquoted: float | None = None


@dataclass(frozen=True)
class Document:
    """An article with what the models found in it. `sentences` is None where no model of its language ran.

    `known` is set instead of all else where an earlier run has made the analysis; its rows are written already.
    `moods` has one entry per entity, in their order; it is empty where no model of sentiment ran. `neutral`: a score
    that lies nearer to 0 is neutral; it depends on the engine.
    """

    article: Article
    sentences: tuple[Sentence, ...] | None = None
    mentions: tuple[Mention, ...] | None = None
    entities: tuple[Entity, ...] = ()
    token_count: int | None = None
    sentiment: float | None = None
    known: Analysis | None = None
    moods: tuple[Mood, ...] = ()
    neutral: float = 0.05


@dataclass(frozen=True)
class Reject:
    """A record or file that did not become an article: where it stopped, why, and what it held.

    `payload` is what there was, cut at a limit; `payload_size` its full size in bytes and `payload_sha256` the digest
    of the whole, None where it was never read to its end. `unit` is that of the record (see `RawRecord`), the last two
    are those of the article, where it had come so far.
    """

    source_file: str
    source_offset: int
    stage: str
    reason: str
    message: str
    retryable: bool
    payload_size: int
    payload_sha256: str | None
    payload: bytes
    unit: str = ""
    article_id: str = ""
    content_hash: str = ""


@dataclass(frozen=True)
class ModelRun:
    """What ran a language's model on a worker: `newsbeam`, or `spaCy: ` and why the engine couldn't."""

    language: str
    engine: str


@dataclass(frozen=True)
class TableRows:
    """Rows on their way to a table."""

    table: str
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class RowSet:
    """Rows that belong together: they are put down at once or not at all. `unit` as in `RawRecord`, where known."""

    tables: tuple[TableRows, ...]
    unit: str = ""


@dataclass(frozen=True)
class Part:
    """A Parquet file that a worker put down. `partition` is the value of the table's partition key ("" without one)."""

    table: str
    partition: str
    path: str
    rows: int
    size: int


@dataclass(frozen=True)
class FileLedger:
    """What became of the records of a file: `records` = `articles` + `rejects`, `articles` = `canonical` + `copies`."""

    file: str
    records: int = 0
    articles: int = 0
    canonical: int = 0
    copies: int = 0
    rejects: int = 0


class ArticleRow(NamedTuple):
    """A row of `articles`."""

    article_id: str
    url: str | None
    source: str | None
    source_file: str
    source_offset: int
    title: str | None
    authors: str | None
    published_at: datetime | None
    language: str | None
    language_confidence: float | None
    text: str
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
    sentiment_spread: float | None
    sentiment_unquoted: float | None
    sentiment_unquoted_label: str | None
    country_code: str | None
    latitude: float | None
    longitude: float | None


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


class ReadRow(NamedTuple):
    """A row of `_reads`: what one reading of (a part of) a file found, in the file or one member of it."""

    input_file: str
    digest: str
    size: int
    label: str
    unit: str
    source_file: str
    records: int
    skipped: str


class AnalysisRow(NamedTuple):
    """A row of `_analyses`: that an article has been analysed, and what its row in `articles` says of it."""

    article_id: str
    key: str
    token_count: int | None
    sentence_count: int | None
    sentiment: float | None
    sentiment_label: str | None
