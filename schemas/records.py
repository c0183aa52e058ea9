"""Immutable records that flow between the stages.

Offsets are Unicode code points, times are aware UTC datetimes, sentiment is −1…1 or None for "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Page(NamedTuple):
    """What extraction found in a web page; None and empty for what the page doesn't state.

    `text` has a blank line between paragraphs. `published_at` and `modified_at` hold times of publication and of the
    last change as the page writes them, the likeliest first. `url` is the page's canonical one, `source` the name of
    its site, `language` an ISO 639 code. `no_article` says what the page is where it is no article.
    """

    text: str
    title: str | None = None
    authors: str | None = None
    published_at: tuple[str, ...] = ()
    modified_at: tuple[str, ...] = ()
    url: str | None = None
    source: str | None = None
    language: str | None = None
    charset: str | None = None
    no_article: str | None = None


@dataclass(frozen=True)
class RawRecord:
    """One record as it lies in the dump.

    `source_offset` counts bytes of the file as unpacked, or rows of a Parquet file. `payload` is the record's bytes, or
    what stands for them: a row of a table as a JSON object. `charset` is the encoding that was declared for it or found
    in the file's first bytes; it may be wrong. `url` and `fetched_at` (an ISO 8601 time) are what an archive of web
    pages says of the record. `page` holds what extraction found in a record that is one. `attempt_id` names the reading
    that it came from: one attempt at one range of a file. `date_order` is that of day and month in dates like
    05/03/2024, as others of the file show it: `dmy`, `mdy`, or "".
    """

    source_file: str
    source_offset: int
    file_format: str
    payload: bytes
    charset: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    page: Page | None = None
    attempt_id: str = ""
    date_order: str = ""

    @property
    def html(self) -> bytes | None:
        """The page, where the record is one: it goes through extraction first."""
        return self.payload if self.file_format == "html" else None


@dataclass(frozen=True)
class Skipped:
    """Something in a dump that was never meant to be an article (a request, a picture's address): why, one word."""

    reason: str


class LeftOut(NamedTuple):
    """An article that the run isn't asked for: its file, the attempt at reading that it came from, and why."""

    source_file: str
    attempt_id: str
    reason: str


@dataclass(frozen=True)
class Article:
    """One article on its way. Fields after `text` but `modified_at` are filled by the stage that their name tells.

    `raw` is the record as read, for a reject to show; it is left behind when the article is staged. `date_problem` says
    why `published_at` is None, until then: `missing`, `ambiguous`, `unreadable`, `placeholder` or `future`. `furniture`
    holds the lines of `text` that recur in its source, in which nothing is looked for, one a line. `partition_by` is
    how its run lays tables out, once that is known.
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
    modified_at: datetime | None = None
    attempt_id: str = ""
    raw: bytes = b""
    date_problem: str = ""
    furniture: str | None = None
    outlet: str | None = None
    partition_by: str = ""


class SketchedArticle(NamedTuple):
    """A cleaned article and its text's sketch (bytes, number of shingles), None where it has none.

    `lines` are those that may be furniture, as `recurring.lines` packs them.
    """

    article: Article
    sketch: tuple[bytes, int] | None
    lines: bytes = b""


class Analysis(NamedTuple):
    """What `articles` says of an analysed article: the columns of these names."""

    token_count: int | None
    sentence_count: int | None
    sentiment: float | None
    sentiment_label: str | None


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
    """How an article speaks of an entity: the score over its mentions, their number and standard deviation, what share
    of them is of each class, how far the score may be off, a label, and score and label of those outside quotations.
    """

    sentiment: float | None = None
    mentions: int = 0
    spread: float | None = None
    shares: Stance | None = None
    error: float | None = None
    label: str | None = None
    unquoted: float | None = None
    unquoted_label: str | None = None


@dataclass(frozen=True)
class Document:
    """An article with what the models found in it. `sentences` is None where no model of its language ran.

    `text` is the whole text where its furniture is blotted out of the article's; None where the two are the same.

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
    text: str | None = None


@dataclass(frozen=True)
class Reject:
    """A record or file that did not become an article: where it stopped, why, and what it held.

    `payload` is what there was, cut at a limit; `payload_size` its full size in bytes and `payload_sha256` the digest
    of the whole, None where it was never read to its end. `attempt_id` is that of the record, the last two are those of
    the article, where it had come so far.
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
    attempt_id: str = ""
    article_id: str = ""
    content_hash: str = ""
