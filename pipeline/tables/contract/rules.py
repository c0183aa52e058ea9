"""What must hold of rows, as SQL: each rule selects `key` and `bad` for every row that it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import duckdb

from pipeline.tables.contract.finding import Finding, judge
from schemas.tables import TABLES, Table
from transforms.entities.labels import ONTONOTES
from transforms.runtime.outcome import PAYLOAD_LIMIT

SENTIMENT_LABELS = ("negative", "neutral", "positive")
# An entity's, whose mentions may differ or be too few.
ENTITY_LABELS = (*SENTIMENT_LABELS, "mixed", "unclear")
# Columns of −1…1 and of 0…1, in whatever table they stand.
SIGNED = ("sentiment", "sentiment_unquoted")
SENTIMENT_SHARES = ("negative_share", "neutral_share", "positive_share")
SHARES = ("language_confidence", "prominence", *SENTIMENT_LABELS, *SENTIMENT_SHARES)
COUNTS = ("source_offset", "char_count", "token_count", "sentence_count", "sentence_index", "mention_index")
KEYS = {
    "articles": ("article_id",),
    "sentences": ("article_id", "sentence_index"),
    "mentions": ("article_id", "mention_index"),
    "entities": ("article_id", "entity_id"),
    "identities": ("entity_id",),
}


class Rule(NamedTuple):
    """A rule: its group, what must hold, and the query that gives `key` (a string) and `bad` (a boolean) by row."""

    group: str
    check: str
    query: str


def apply_rule(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Finding:
    """Run a rule over a whole run."""
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (bad), min(key) FILTER (bad) FROM ({rule.query})"
    ).fetchone()
    checked, wrong, example = row or (0, 0, None)
    return judge(rule.group, rule.check, checked, wrong, example)


def all_rules() -> Iterator[Rule]:
    """The rules, those that the schema implies first."""
    for table in TABLES.values():
        yield from _key_rules(table)
        yield from _column_rules(table)
    yield from RELATIONS
    yield from IDENTITIES
    yield from PLACES
    yield from COPIES
    yield from VALUES


def _where(table: Table) -> str:
    """A row's key as a string."""
    columns = KEYS.get(table.name, ("source_file", "source_offset"))
    return " || ':' || ".join(f"{column}::VARCHAR" for column in columns)


def _key_rules(table: Table) -> Iterator[Rule]:
    if table.name in KEYS:
        key = ", ".join(KEYS[table.name])
        yield Rule(
            "keys",
            f"{table.name}: ({key}) is unique",
            f"SELECT {_where(table)} AS key, count(*) > 1 AS bad FROM {table.name} GROUP BY {key}",
        )


def _column_rules(table: Table) -> Iterator[Rule]:
    """What the columns' names and nullability promise."""
    names = {column.name for column in table.columns}
    required = [column.name for column in table.columns if not column.nullable]
    yield _every(table, "no NULL where none may stand", " OR ".join(f"{name} IS NULL" for name in required))
    tests = [f"{name} NOT BETWEEN -1 AND 1 OR isnan({name})" for name in SIGNED if name in names]
    tests += [f"{name} NOT BETWEEN 0 AND 1 OR isnan({name})" for name in SHARES if name in names]
    tests += [f"{name} < 0" for name in COUNTS if name in names]
    if tests:
        yield _every(table, "numbers are in their ranges", " OR ".join(tests))
    for score in SIGNED:
        label = f"{score}_label"
        if {score, label} <= names:
            known = ENTITY_LABELS if table.name == "entities" else SENTIMENT_LABELS
            wrong = f"({score} IS NULL) != ({label} IS NULL) OR {label} NOT IN {known}"
            yield _every(table, f"{label} stands where {score} does and is one of {len(known)}", wrong)
    if {"negative", "neutral", "positive"} <= names:
        # Numbers of 32 bits: their sum may be off by their last digits.
        yield _every(table, "probabilities of sentiment add up to 1", "abs(negative + neutral + positive - 1) > 1e-3")
    if "negative_share" in names:
        wrong = "abs(negative_share + neutral_share + positive_share - 1) > 1e-3 OR sentiment_error <= 0"
        wrong += (
            " OR (sentiment IS NULL) != (negative_share IS NULL) OR (sentiment IS NULL) != (sentiment_error IS NULL)"
        )
        yield _every(table, "shares of sentiment add up to 1, and stand with its error where it does", wrong)
    if {"label", "article_id"} <= names:
        yield _every(table, "label is one of OntoNotes' 18", f"label NOT IN {tuple(sorted(ONTONOTES))}")


def _every(table: Table, check: str, wrong: str) -> Rule:
    query = f"SELECT {_where(table)} AS key, coalesce({wrong}, false) AS bad FROM {table.name}"
    return Rule("values", f"{table.name}: {check}", query)


RELATIONS = (
    *(
        Rule(
            "keys",
            f"{child}: article_id leads to an article that is no copy",
            f"SELECT c.article_id AS key, a.article_id IS NULL OR a.duplicate IS NOT NULL AS bad "
            f"FROM {child} c LEFT JOIN articles a USING (article_id)",
        )
        for child in ("sentences", "mentions", "entities")
    ),
    Rule(
        "keys",
        "mentions: sentence_index leads to a sentence in which the mention begins",
        "SELECT m.article_id || ':' || m.mention_index AS key, s.article_id IS NULL "
        "OR m.start_char NOT BETWEEN s.start_char AND s.end_char AS bad "
        "FROM mentions m LEFT JOIN sentences s USING (article_id, sentence_index)",
    ),
    Rule(
        "keys",
        "mentions: entity_id leads to an entity of the article, of the same kind",
        "SELECT m.article_id || ':' || m.mention_index AS key, e.article_id IS NULL OR e.label != m.label AS bad "
        "FROM mentions m LEFT JOIN entities e USING (article_id, entity_id) WHERE m.entity_id IS NOT NULL",
    ),
    Rule(
        "keys",
        "entities: mention_count and first_char are those of their mentions",
        "SELECT e.article_id || ':' || e.entity_id AS key, coalesce(m.found, 0) != e.mention_count "
        "OR m.first_char != e.first_char AS bad FROM entities e LEFT JOIN (SELECT article_id, entity_id, "
        "count(*) AS found, min(start_char) AS first_char FROM mentions GROUP BY ALL) m USING (article_id, entity_id)",
    ),
    Rule(
        "keys",
        "entities: sentiment_count is that of their mentions with a sentiment, and its spread is no less than 0",
        "SELECT e.article_id || ':' || e.entity_id AS key, coalesce(m.found, 0) != e.sentiment_count "
        "OR (e.sentiment_count = 0) != (e.sentiment IS NULL) OR coalesce(e.sentiment_spread < 0, false) AS bad "
        "FROM entities e LEFT JOIN (SELECT article_id, entity_id, count(sentiment) AS found FROM mentions "
        "GROUP BY ALL) m USING (article_id, entity_id)",
    ),
    Rule(
        "keys",
        "sentences: speaker_id leads to an entity of the article, and stands only beside a speaker",
        "SELECT s.article_id || ':' || s.sentence_index AS key, e.article_id IS NULL OR s.speaker IS NULL AS bad "
        "FROM sentences s LEFT JOIN entities e ON e.article_id = s.article_id AND e.entity_id = s.speaker_id "
        "WHERE s.speaker_id IS NOT NULL",
    ),
    Rule(
        "keys",
        "articles: sentence_count is that of their sentences, which are numbered from 0",
        "SELECT a.article_id AS key, coalesce(a.sentence_count, 0) != coalesce(s.found, 0) "
        "OR s.found != s.highest + 1 AS bad FROM stories a LEFT JOIN (SELECT article_id, count(*) AS found, "
        "max(sentence_index) AS highest FROM sentences GROUP BY ALL) s USING (article_id)",
    ),
)

IDENTITIES = (
    Rule(
        "keys",
        "identities: every entity has a row of its name's kind, with its articles and mentions",
        "SELECT e.entity_id AS key, i.entity_id IS NULL OR i.label != e.label OR i.article_count != e.articles "
        "OR i.mention_count != e.mentions AS bad FROM (SELECT entity_id, min(label) AS label, count(*) AS articles, "
        "sum(mention_count) AS mentions FROM entities GROUP BY entity_id) e LEFT JOIN identities i USING (entity_id)",
    ),
    Rule(
        "keys",
        "identities: identity_id leads to an entity that is its own identity, of this name and kind",
        "SELECT i.entity_id AS key, o.entity_id IS NULL OR o.identity_id != o.entity_id "
        "OR o.identity_name != i.identity_name OR o.identity_label != i.identity_label AS bad "
        "FROM identities i LEFT JOIN identities o ON o.entity_id = i.identity_id",
    ),
    Rule(
        "values",
        "identities: basis is one of 5 words, and confidence is 1 where an entity stands for itself",
        "SELECT entity_id AS key, basis NOT IN ('name', 'known', 'spelling', 'short', 'kind') "
        "OR confidence NOT BETWEEN 0 AND 1 OR (basis = 'name' AND (confidence != 1 OR identity_id != entity_id)) "
        "AS bad "
        "FROM identities",
    ),
)

PLACES = (
    *(
        Rule(
            "values",
            f"{table}: article_time is the article's published_at",
            "SELECT a.article_id AS key, article_time IS DISTINCT FROM published_at AS bad FROM (SELECT DISTINCT "
            f"article_id, article_time FROM {table}) t JOIN articles a USING (article_id)",
        )
        for table in ("sentences", "mentions", "entities")
    ),
    Rule(
        "keys",
        "articles, rejects: every row has a place in the dump of its own",
        "SELECT source_file || ':' || source_offset AS key, count(*) > 1 AS bad FROM (SELECT source_file, "
        "source_offset FROM articles UNION ALL SELECT source_file, source_offset FROM rejects) GROUP BY "
        "source_file, source_offset",
    ),
    Rule(
        "values",
        "entities: coordinates are on the globe and come in pairs, countries are ISO codes",
        "SELECT article_id || ':' || entity_id AS key, (latitude IS NULL) != (longitude IS NULL) "
        "OR coalesce(latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180, false) "
        "OR coalesce(NOT regexp_full_match(country_code, '[A-Z]{2}'), false) AS bad FROM entities",
    ),
)

COPIES = (
    Rule(
        "copies",
        "articles: a copy's canonical article exists and is no copy; any other is its own",
        "SELECT a.article_id AS key, c.article_id IS NULL OR c.duplicate IS NOT NULL "
        "OR (a.duplicate IS NULL) != (a.article_id = a.canonical_id) AS bad "
        "FROM articles a LEFT JOIN articles c ON c.article_id = a.canonical_id",
    ),
    Rule(
        "copies",
        "articles: duplicate is `exact` or `near`, and copies have no sentiment of their own",
        "SELECT article_id AS key, duplicate NOT IN ('exact', 'near') OR sentiment IS NOT NULL AS bad "
        "FROM articles WHERE duplicate IS NOT NULL",
    ),
)

VALUES = (
    Rule(
        "values",
        "articles: furniture is lines of the text",
        "SELECT article_id AS key, coalesce(NOT list_has_all(string_split(text, chr(10)), "
        "string_split(furniture, chr(10))), false) AS bad FROM articles",
    ),
    Rule(
        "values",
        "sentences: they follow one another and do not overlap",
        "SELECT article_id || ':' || sentence_index AS key, start_char < coalesce(lag(end_char) OVER (PARTITION BY "
        "article_id ORDER BY sentence_index), 0) OR end_char <= start_char AS bad FROM sentences",
    ),
    Rule(
        "values",
        "entities: mention_count is 1 or more, entity_id has one kind everywhere",
        "SELECT entity_id AS key, min(mention_count) < 1 OR min(label) != max(label) AS bad "
        "FROM entities GROUP BY entity_id",
    ),
    Rule(
        "values",
        "rejects: stage and reason are words, the payload is cut where it must be and has its digest",
        "SELECT source_file || ':' || source_offset AS key, NOT regexp_full_match(stage || '.' || reason, "
        f"'[a-z0-9_]+[.][a-z0-9_]+') OR octet_length(payload) > least(payload_size, {PAYLOAD_LIMIT}) "
        "OR coalesce(octet_length(payload) = payload_size AND sha256(payload) != payload_sha256, false) AS bad "
        "FROM rejects",
    ),
)
