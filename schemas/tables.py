"""The output tables: every column's name, type, nullability and meaning, in one place.

`docs/tables.md`, the Parquet metadata and every view over the tables come from here. A table's `row` is the record of
`schemas.records` whose fields are its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from schemas import records, rows

TIMESTAMP = pa.timestamp("us", tz="UTC")
MANIFEST = "_run.json"
# The folder of rows without a value of the partition key. Not Hive's own word for NULL: Arrow can't open a table in
# which that is the only folder, and a dump of texts without dates is one.
NULL_PARTITION = "unknown"


@dataclass(frozen=True)
class Column:
    """A column: a name, a pyarrow type, whether NULL may stand in it, and what it says."""

    name: str
    type: pa.DataType
    nullable: bool
    description: str


MONTH, YEAR, NONE = "month", "year", "none"


@dataclass(frozen=True)
class Table:
    """A table: what one row is, its columns in order, and the one that it is laid out by, "" for none.

    `group_rows`: how many rows are read at a time at least, by whoever reads only some.
    """

    name: str
    description: str
    row: type
    columns: tuple[Column, ...]
    time: str = ""
    group_rows: int = 1 << 18

    @property
    def schema(self) -> pa.Schema:
        """The pyarrow schema, each field with its `description` in the metadata."""
        fields = [
            pa.field(column.name, column.type, nullable=column.nullable, metadata={"description": column.description})
            for column in self.columns
        ]
        return pa.schema(fields, metadata={"table": self.name, "description": self.description})


def required(name: str, type_: pa.DataType, description: str) -> Column:
    """A column in which NULL never stands."""
    return Column(name, type_, nullable=False, description=description)


def optional(name: str, type_: pa.DataType, description: str) -> Column:
    """A column in which NULL says "not known"."""
    return Column(name, type_, nullable=True, description=description)


ARTICLE_ID = required("article_id", pa.string(), "The article: `articles.article_id`.")
ARTICLE_TIME = optional(
    "article_time", TIMESTAMP, "The article's `published_at`, by which rows are sorted, and queries skip what is older."
)
# The keys of folders (Hive style), where a run is laid out by them.
PARTITIONS = {
    MONTH: required("month", pa.string(), "Month of publication in UTC, `YYYY-MM`, or `unknown` without a date."),
    YEAR: required("year", pa.string(), "Year of publication in UTC, `YYYY`, or `unknown` without a date."),
}
SENTIMENT_LABEL = optional(
    "sentiment_label",
    pa.string(),
    "`negative`, `neutral` or `positive`: neutral nearer to 0 than the engine's threshold, `sentiment.neutral` in "
    "`_run.json`. NULL where `sentiment` is.",
)

ARTICLES = Table(
    "articles",
    "One row per article kept, copies included.",
    rows.ArticleRow,
    (
        required(
            "article_id",
            pa.string(),
            "Key. The digest of the record's identity (its url, else its own id, else nothing) and `content_hash`: the "
            "same on every machine and in every run.",
        ),
        optional("url", pa.string(), "The article's address as the dump gives it."),
        optional("source", pa.string(), "The outlet as the dump names it, else the host of `url`."),
        optional(
            "domain",
            pa.string(),
            "The registrable domain of `url` (`nytimes.com` of `www.nytimes.com`). NULL where it has none.",
        ),
        optional(
            "outlet",
            pa.string(),
            "One name for an outlet, however articles spell it: learned from which sources and hosts stand together in "
            "the dump. NULL where an article tells neither.",
        ),
        required(
            "source_file", pa.string(), "The dump file it was read from; `archive.zip/member` for one in an archive."
        ),
        required(
            "source_offset",
            pa.int64(),
            "Where its record begins in that file, in bytes; in a compressed file, in bytes of the unpacked content; "
            "in a Parquet file, the number of its row from 0.",
        ),
        optional("title", pa.string(), "Headline."),
        optional("authors", pa.string(), "Authors, separated by `; `."),
        optional(
            "published_at",
            TIMESTAMP,
            "Time of publication in UTC. Without a zone in the dump it is taken as UTC, without a time of day as "
            "midnight. NULL where the dump gives none, or one that is impossible or has to be guessed at.",
        ),
        optional(
            "modified_at",
            TIMESTAMP,
            "Time of the last change in UTC, read as `published_at` is. NULL where none is stated that is later.",
        ),
        optional("language", pa.string(), "ISO 639 code of the language of `text`; NULL where it isn't known."),
        optional("language_confidence", pa.float32(), "0…1: how sure the identification of `language` is."),
        required("text", pa.string(), "The article's text, cleaned. All offsets count its Unicode code points."),
        optional(
            "furniture",
            pa.string(),
            "The lines of `text` that recur in other articles of its source and belong to none (an invitation to "
            "subscribe, a byline, who the writer is), one a line, in their order. No sentence is made of them, and no "
            "name is looked for in them. NULL where there are none.",
        ),
        required("char_count", pa.int32(), "Length of `text` in Unicode code points."),
        optional("token_count", pa.int32(), "Number of the language model's tokens; NULL where none ran."),
        optional("sentence_count", pa.int32(), "Number of sentences; NULL where no model of its language ran."),
        required("content_hash", pa.string(), "Digest of `text`. Equal digests are equal texts."),
        required(
            "canonical_id",
            pa.string(),
            "The article that stands for all its copies, itself where it isn't one. Sentences, mentions and entities "
            "are stored under this id.",
        ),
        optional(
            "duplicate",
            pa.string(),
            "For a copy `exact`, if its text is the canonical article's, or `near`, if it is nearly that; NULL for an "
            "article that isn't one.",
        ),
        optional(
            "sentiment",
            pa.float32(),
            "−1 (negative) … 1 (positive). NULL where no model of its language ran, and for copies.",
        ),
        SENTIMENT_LABEL,
    ),
    time="published_at",
)

SENTENCES = Table(
    "sentences",
    "One row per sentence of an article that isn't a copy, where a model of its language ran.",
    rows.SentenceRow,
    (
        ARTICLE_ID,
        required("sentence_index", pa.int32(), "Place among the article's sentences, from 0."),
        required("start_char", pa.int32(), "Where it begins in `articles.text`, in code points from 0."),
        required("end_char", pa.int32(), "Where it ends (exclusive)."),
        optional("sentiment", pa.float32(), "−1 (negative) … 1 (positive); 0 is neutral."),
        SENTIMENT_LABEL,
        required("quoted", pa.bool_(), "Whether it lies inside a quotation, wholly or mostly."),
        optional(
            "speaker",
            pa.string(),
            "Who is quoted in it, where the text says so plainly: the normal name, as in `entities.name`.",
        ),
        optional(
            "speaker_id", pa.string(), "The speaker's `entities.entity_id`, where they are an entity of the article."
        ),
        ARTICLE_TIME,
    ),
    time="article_time",
)

MENTIONS = Table(
    "mentions",
    "One row per occurrence of a name, number or date in an article that isn't a copy.",
    rows.MentionRow,
    (
        ARTICLE_ID,
        required("mention_index", pa.int32(), "Place among the article's mentions, from 0."),
        required("sentence_index", pa.int32(), "The sentence that it stands in: `sentences.sentence_index`."),
        required("start_char", pa.int32(), "Where it begins in `articles.text`, in code points from 0."),
        required("end_char", pa.int32(), "Where it ends (exclusive)."),
        required(
            "text", pa.string(), "The name as the text has it, without a leading article, a title or a possessive."
        ),
        required(
            "label",
            pa.string(),
            "One of OntoNotes' 18 labels: PERSON, ORG, GPE, LOC, NORP, FAC and so on; one for all mentions of a name.",
        ),
        optional("entity_id", pa.string(), "What it names: `entities.entity_id`. NULL for numbers, amounts and dates."),
        optional(
            "sentiment",
            pa.float32(),
            "−1 (negative) … 1 (positive): how it is spoken of here, `positive` − `negative`. NULL for numbers, "
            "amounts and dates.",
        ),
        optional(
            "sentiment_label",
            pa.string(),
            "`negative`, `neutral` or `positive`: the likeliest of the three. NULL where `sentiment` is.",
        ),
        optional("negative", pa.float32(), "0…1: probability that it is spoken of badly. NULL with a word list."),
        optional("neutral", pa.float32(), "0…1: probability that it is spoken of neither badly nor well."),
        optional("positive", pa.float32(), "0…1: probability that it is spoken of well."),
        required("quoted", pa.bool_(), "Whether it stands inside a quotation: somebody's words, not the outlet's."),
        ARTICLE_TIME,
    ),
    time="article_time",
)

ENTITIES = Table(
    "entities",
    "One row per article and entity named in it.",
    rows.EntityRow,
    (
        ARTICLE_ID,
        required("entity_id", pa.string(), "One id for one name and kind, in all articles and runs."),
        required(
            "name",
            pa.string(),
            "The normal name: in full where the article gives it in full, one name for a country or a well-known "
            "organisation in all articles.",
        ),
        required("label", pa.string(), "The kind, an OntoNotes label: PERSON, ORG, GPE and so on."),
        required("mention_count", pa.int32(), "How often the article names it."),
        required("first_char", pa.int32(), "Where it is first named, in code points of `articles.text`."),
        required(
            "prominence",
            pa.float32(),
            "0…1, the mean of: log(1 + its mentions) / log(1 + those of the article's most named entity); how early "
            "it is first named, 1 − first_char / char_count; and 1 if the title names it, else 0. Without a title the "
            "mean of the first two.",
        ),
        optional(
            "sentiment",
            pa.float32(),
            "−1 (negative) … 1 (positive): how the article speaks of it, over its mentions that have a sentiment.",
        ),
        optional(
            "sentiment_label",
            pa.string(),
            "`negative`, `neutral` or `positive`; `mixed` where it is spoken of both badly and well; `unclear` where "
            "one of these may be so, and its mentions are too few to say. NULL where `sentiment` is.",
        ),
        required("sentiment_count", pa.int32(), "How many of its mentions have a sentiment."),
        optional(
            "negative_share",
            pa.float32(),
            "0…1: what share of them speaks badly of it, the mean of their `negative`. NULL where `sentiment` is.",
        ),
        optional("neutral_share", pa.float32(), "0…1: what share of them speaks neither badly nor well of it."),
        optional("positive_share", pa.float32(), "0…1: what share of them speaks well of it."),
        optional(
            "sentiment_spread", pa.float32(), "Standard deviation of the sentiment over them; 0 for a single one."
        ),
        optional(
            "sentiment_error",
            pa.float32(),
            "Standard error of `sentiment`, from the shares and how many mentions there are: what lies within two of "
            "it isn't told apart. NULL where `sentiment` is.",
        ),
        optional(
            "sentiment_unquoted",
            pa.float32(),
            "As `sentiment`, of the mentions outside quotations: the outlet's own voice. NULL without any.",
        ),
        optional(
            "sentiment_unquoted_label",
            pa.string(),
            "As `sentiment_label`, of these mentions; NULL where `sentiment_unquoted` is.",
        ),
        optional(
            "country_code",
            pa.string(),
            "ISO 3166-1 alpha-2 code of the country that it is or lies in, for a nationality the one it points at; "
            "NULL where not known.",
        ),
        optional(
            "latitude",
            pa.float64(),
            "Degrees north, for cities; NULL where more than one may be meant, and for countries and regions.",
        ),
        optional("longitude", pa.float64(), "Degrees east, as `latitude`."),
        ARTICLE_TIME,
    ),
    time="article_time",
)

IDENTITIES = Table(
    "identities",
    "One row per entity of the run: which entities of different articles are the same person, body or place. Decided "
    "over all articles, anew with every run, so that `entity_id` stays as it is while a dump grows. Count by "
    "`identity_id`.",
    rows.IdentityRow,
    (
        required("entity_id", pa.string(), "Key: `entities.entity_id`."),
        required("name", pa.string(), "Its name, as most articles have it."),
        required("label", pa.string(), "Its kind, as in `entities`."),
        required(
            "identity_id",
            pa.string(),
            "Who or what it is: the `entity_id` that stands for all of its names, often its own.",
        ),
        required("identity_name", pa.string(), "The one name of all entities of this `identity_id`."),
        required("identity_label", pa.string(), "Their one kind."),
        required("confidence", pa.float32(), "0…1: how sure it is that the entity is this identity; 1 for its own."),
        required(
            "basis",
            pa.string(),
            "Why: `name`, it stands for itself; `known`, names that the world knows as one's; `spelling`, spellings of "
            "one name; `short`, what those whom articles say in full are called by; `kind`, the name as another kind.",
        ),
        required("article_count", pa.int64(), "In how many articles the entity is named, copies aside."),
        required("mention_count", pa.int64(), "How often."),
    ),
)

REJECTS = Table(
    "rejects",
    "One row per record or file that did not become an article.",
    rows.RejectRow,
    (
        required(
            "source_file", pa.string(), "The dump file it comes from; `archive.zip/member` for one in an archive."
        ),
        required(
            "source_offset",
            pa.int64(),
            "Where it begins in that file, in bytes; in a compressed file, in bytes of the unpacked content; in a "
            "Parquet file, the number of its row from 0.",
        ),
        required("stage", pa.string(), "The stage that rejected it."),
        required("reason", pa.string(), "The named reason, one word joined by underscores."),
        required("message", pa.string(), "What was wrong, for a person."),
        required("retryable", pa.bool_(), "Whether another try may do better (a failing disk, a newer version)."),
        required("payload_size", pa.int64(), "Its full size in bytes."),
        optional("payload_sha256", pa.string(), "SHA-256 of the whole; NULL where it was never read to its end."),
        required("payload", pa.binary(), "The bytes themselves, cut at 64 KiB."),
    ),
)

TABLES = {table.name: table for table in (ARTICLES, SENTENCES, MENTIONS, ENTITIES, IDENTITIES, REJECTS)}

# Bodies on their way between the two halves of a run; never part of what a run leaves behind.
CHECKPOINT = Table(
    "staged",
    "Cleaned articles, in files while their copies are looked for.",
    records.Article,
    (
        required("source_file", pa.string(), "As in `articles`."),
        required("source_offset", pa.int64(), "As in `articles`."),
        required("payload_size", pa.int64(), "Size of the raw record in bytes."),
        optional("record_id", pa.string(), "The record's own id."),
        optional("url", pa.string(), "As in `articles`."),
        optional("source", pa.string(), "As in `articles`."),
        optional("title", pa.string(), "As in `articles`."),
        optional("authors", pa.string(), "As in `articles`."),
        optional("published_at", TIMESTAMP, "As in `articles`."),
        optional("modified_at", TIMESTAMP, "As in `articles`."),
        required("text", pa.string(), "As in `articles`."),
        required("content_hash", pa.string(), "As in `articles`."),
        required("article_id", pa.string(), "As in `articles`."),
        optional("language", pa.string(), "As in `articles`."),
        optional("language_confidence", pa.float64(), "As in `articles`."),
        required("canonical_id", pa.string(), "Empty until copies are known."),
        optional("duplicate", pa.string(), "Empty until copies are known."),
        required("attempt_id", pa.string(), "The attempt at reading that it came from: `_reads.unit`."),
        optional("sketch", pa.binary(), "What near copies are found by; NULL without one."),
        optional("shingles", pa.int32(), "Number of shingles in the sketch."),
    ),
)

# What a later run needs to know of the files that were read; its name keeps it out of what query engines read.
READS = Table(
    "_reads",
    "One row per file that was read (part of one, while a run lasts), or member of an archive.",
    rows.ReadRow,
    (
        required("input_file", pa.string(), "The file of the dump."),
        required("digest", pa.string(), "Digest of its content; empty where it couldn't be read."),
        required("size", pa.int64(), "Its size in bytes; −1 where it isn't a regular file."),
        required("label", pa.string(), "Which part of it: format, start and stop."),
        required("unit", pa.string(), "The reading: one try at one part."),
        required("source_file", pa.string(), "The file, or the member of it, as in `articles`."),
        required("records", pa.int64(), "Records found, broken ones included."),
        required("skipped", pa.string(), "What was passed over, by reason, as a JSON object."),
    ),
)

# Which articles the parts beside it have the analysis of, while a run lasts.
ANALYSES = Table(
    "_analyses",
    "One row per article that has been analysed.",
    rows.AnalysisRow,
    (
        ARTICLE_ID,
        required("key", pa.string(), "Digest of all that the analysis hangs on but the models."),
        optional("token_count", pa.int32(), "As in `articles`."),
        optional("sentence_count", pa.int32(), "As in `articles`."),
        optional("sentiment", pa.float32(), "As in `articles`."),
        SENTIMENT_LABEL,
    ),
)

# What identities are decided by, for a later run that adds to the tables.
NAME_COUNTS = Table(
    "_names",
    "One row per month, entity, and form that articles call it by. Rows of the same add up.",
    rows.NameCountRow,
    (
        required("month", pa.string(), "Month of publication, `YYYY-MM`; empty without a date."),
        required("entity_id", pa.string(), "As in `entities`."),
        optional("name", pa.string(), "Its name; NULL where `form` says more."),
        optional("label", pa.string(), "Its kind; NULL where `form` says more."),
        optional("form", pa.string(), "What articles call it; NULL in the rows that count the entity itself."),
        required("articles", pa.int64(), "In how many articles."),
        required("mentions", pa.int64(), "How often; 0 of a form."),
    ),
)

# What is known of texts, for a later run that looks for copies of them without reading them again.
FIRST_PUBLISHED = optional(
    "published_at", TIMESTAMP, "When the first article of this text was published; of several rows the earliest counts."
)
CONTENT_HASH = required("content_hash", pa.binary(16), "`articles.content_hash`, as bytes.")
CONTENTS = Table(
    "_copies",
    "One row per text of articles. Rows of the same add up.",
    rows.ContentRow,
    (
        CONTENT_HASH,
        FIRST_PUBLISHED,
        required("char_count", pa.int32(), "As in `articles`."),
        optional("bands", pa.binary(128), "What tells which texts to compare it with; NULL of a short one."),
        required("lines", pa.binary(), "Its lines that may be page furniture, as digests."),
    ),
    time="published_at",
    group_rows=1 << 14,
)
SKETCHES = Table(
    "_sketches",
    "One row per text of articles that is long enough for near copies: what it is compared by. Rows may be repeated.",
    rows.SketchRow,
    (
        CONTENT_HASH,
        FIRST_PUBLISHED,
        required("sketch", pa.binary(), "The number of its shingles, and its sketch."),
    ),
    time="published_at",
    group_rows=128,
)
NEAR_PAIRS = Table(
    "_pairs",
    "One row per two texts that were compared and are near copies. Rows may be repeated.",
    rows.NearPairRow,
    (
        required("content_hash", pa.binary(16), "The one, as bytes."),
        required("other_hash", pa.binary(16), "The other."),
    ),
)
COPY_TABLES = (CONTENTS.name, SKETCHES.name, NEAR_PAIRS.name)

# What a finished run keeps beside the tables for a later one. Of those of copies there are none without copies.
KEPT = {table.name: table for table in (READS, NAME_COUNTS, CONTENTS, SKETCHES, NEAR_PAIRS)}
# All that a run writes by rows.
WRITTEN = {**TABLES, **KEPT, ANALYSES.name: ANALYSES}


def tables_page() -> Iterator[str]:
    """The lines of `docs/tables.md`."""
    yield "# The tables"
    yield ""
    yield "Generated from `schemas/tables.py` by `make docs`; a test holds the two together."
    for table in TABLES.values():
        yield ""
        yield f"## {table.name}"
        yield ""
        yield table.description
        if table.time:
            yield f"Its files are sorted by `{table.time}`, and lie in folders by it where a run is large."
        yield ""
        yield "| column | type | NULL | meaning |"
        yield "|---|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {column.type} | {'yes' if column.nullable else 'no'} | {column.description} |"


if __name__ == "__main__":
    print("\n".join(tables_page()))  # noqa: T201
