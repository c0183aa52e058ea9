"""The figures of a run that its page shows, asked of DuckDB: plain values, ready to be written as JSON.

Everything counts a story once (the views without `_with_copies`); what counts copies says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import duckdb

from pipeline.tables.results import plain
from pipeline.tables.runs import Run
from transforms.sentiment.aggregate import ENOUGH

KINDS = {"PERSON": "People", "ORG": "Organisations", "GPE": "Places"}
MOST_NAMED = 12
OUTLETS = 16
LINKS = 70
LINKED = 40
CITIES = 200
REASONS = 14
# Bytes of a reject that are shown.
EXCERPT = 240
# A span of at most this many days is drawn by this unit: some forty periods, so that each holds enough to go by.
UNITS = ((40, "day"), (280, "week"), (1220, "month"), (3660, "quarter"), (14600, "year"), (146000, "decade"))
LONGEST = "century"
# Dates outside these quantiles don't stretch the axis of a large run.
QUANTILES = (0.002, 0.998)
MANY = 1000


# Mean tone over articles, the mentions behind it, and its standard error.
TONE = (
    "avg(sentiment) AS sentiment, coalesce(sum(sentiment_count), 0) AS n, sqrt((var_pop(sentiment) "
    "+ avg(sentiment_error * sentiment_error)) / nullif(count(sentiment), 0)) AS error"
)


class Span(NamedTuple):
    """A run's time: the unit to draw by, first and last day, where each period begins, then where the last ends."""

    unit: str = "day"
    first: str | None = None
    last: str | None = None
    periods: tuple[str, ...] = ()


def cut_span(connection: duckdb.DuckDBPyConnection, first: datetime, last: datetime) -> Span:
    """The time from a first to a last moment, in some forty periods or fewer."""
    unit = next((name for days, name in UNITS if (last - first).days < days), LONGEST)
    starts = connection.execute(
        "SELECT strftime(range, '%Y-%m-%d') FROM "
        f"range(date_trunc('{unit}', ?::TIMESTAMP), ?::TIMESTAMP + INTERVAL 2 {unit}, INTERVAL 1 {unit})",
        [first.replace(tzinfo=None), last.replace(tzinfo=None)],
    ).fetchall()
    periods = tuple(start for (start,) in starts)
    after = next(place for place, start in enumerate(periods) if start > _day(last))
    return Span(unit, _day(first), _day(last), periods[: after + 1])


class Figures:
    """Figures of one opened run.

    Args:
        connection: DuckDB with the run's tables and views.
        run: the run.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, run: Run) -> None:
        self._connection = connection
        self._run = run
        # What many figures start from is computed once.
        # In these an `entity_id` is that of the identity.
        connection.execute(
            "CREATE TEMP TABLE named_once AS "
            "SELECT * EXCLUDE (url, title, identity_id), identity_id AS entity_id FROM named"
        )
        connection.execute(
            "CREATE TEMP VIEW identity_mentions AS SELECT m.* REPLACE (i.identity_id AS entity_id) "
            "FROM mentions m JOIN identities i USING (entity_id)"
        )
        connection.execute("CREATE TEMP TABLE names_once AS " + _over("named_once"))
        # A score that lies nearer to 0 is neutral; without a word on it, VADER's own limit.
        self.neutral = float((run.manifest.get("sentiment") or {}).get("neutral", 0.05))
        self.span = self._span()

    def make(self, statement: str) -> None:
        """Run a statement that makes a table for later queries."""
        self._connection.execute(statement)

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query as JSON has them."""
        cursor = self._connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]

    def _span(self) -> Span:
        """The time to draw, in periods of the unit that suits it."""
        first, last, lowest, highest, count = self._connection.execute(
            f"SELECT quantile_disc(published_at, {QUANTILES[0]}), quantile_disc(published_at, {QUANTILES[1]}), "
            "min(published_at), max(published_at), count(published_at) FROM articles"
        ).fetchall()[0]
        if not count:
            return Span()
        if count < MANY:
            first, last = lowest, highest
        return cut_span(self._connection, first, last)

    def overview(self) -> dict[str, Any]:
        """The numbers at the top."""
        (totals,) = self.rows(
            "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM stories) AS stories, "
            "(SELECT count(*) FROM rejects) AS rejects, (SELECT count(DISTINCT outlet) FROM articles) AS outlets, "
            "(SELECT count(DISTINCT language) FROM articles) AS languages, "
            "(SELECT count(*) FROM names_once) AS entities, "
            "(SELECT count(*) FROM mentions) AS mentions, (SELECT count(*) FROM sentences) AS sentences, "
            "(SELECT count(*) FROM articles WHERE published_at IS NULL) AS undated"
        )
        return {**totals, **self.span._asdict()}

    def flow(self) -> dict[str, Any]:
        """The ledger as a flow: what came in and what became of it."""
        (kept,) = self.rows(
            "SELECT count(*) FILTER (duplicate IS NULL AND sentence_count IS NOT NULL) AS read, "
            "count(*) FILTER (duplicate IS NULL AND sentence_count IS NULL) AS unread, "
            "count(*) FILTER (duplicate = 'exact') AS exact, count(*) FILTER (duplicate = 'near') AS near FROM articles"
        )
        rejects = self.rows(
            "SELECT reason, count(*) AS rejects FROM rejects GROUP BY reason ORDER BY rejects DESC, reason"
        )
        manifest = self._run.manifest
        left_out = manifest["ledger"].get("left_out", 0)
        return {**kept, "rejects": rejects, "skipped": manifest.get("skipped", {}), "left_out": left_out}

    def most_named(self) -> dict[str, list[dict[str, Any]]]:
        """The most named of each kind."""
        return {
            label: self.rows(
                "SELECT entity_id AS id, name, articles, mentions, sentiment, n, error FROM names_once WHERE label = ? "
                "ORDER BY articles DESC, mentions DESC, name LIMIT ?",
                [label, MOST_NAMED],
            )
            for label in KINDS
        }

    def usual(self) -> float | None:
        """The mean tone of all names that are people, organisations or places: what any one can be compared with."""
        (row,) = self.rows(
            f"SELECT avg(sentiment) AS tone FROM named_once WHERE label IN {tuple(KINDS)} AND sentiment IS NOT NULL"
        )
        return row["tone"] if row["tone"] is None else round(row["tone"], 4)

    def together(self) -> dict[str, Any]:
        """Who is named with whom: the strongest links between people and organisations."""
        links = self.rows(
            "WITH most AS (SELECT entity_id FROM names_once WHERE label IN ('PERSON', 'ORG') "
            "ORDER BY articles DESC, mentions DESC, name LIMIT ?), "
            "chosen AS (SELECT article_id, entity_id FROM named_once SEMI JOIN most USING (entity_id)) "
            "SELECT a.entity_id AS source, b.entity_id AS target, count(*) AS articles FROM chosen a "
            "JOIN chosen b ON a.article_id = b.article_id AND a.entity_id < b.entity_id "
            "GROUP BY ALL ORDER BY articles DESC, source, target LIMIT ?",
            [LINKED, LINKS],
        )
        # Named together once says nothing.
        links = [link for link in links if link["articles"] > 1]
        ids = sorted({link[end] for link in links for end in ("source", "target")})
        nodes = self.rows(
            "SELECT entity_id AS id, name, label, articles, sentiment, n, error FROM names_once "
            "WHERE list_contains(?, entity_id) ORDER BY articles DESC, name",
            [ids],
        )
        return {"nodes": nodes, "links": links}

    def places(self) -> dict[str, Any]:
        """Countries and cities with the number of articles that name them."""
        countries = self.rows(
            f"SELECT p.country_code AS code, count(DISTINCT n.article_id) AS articles, {TONE} "
            "FROM named_once n JOIN entity_names p USING (entity_id) WHERE p.country_code IS NOT NULL "
            "AND n.label IN ('GPE', 'LOC', 'NORP', 'FAC') GROUP BY 1 ORDER BY articles DESC, code"
        )
        cities = self.rows(
            "SELECT n.name, p.country_code AS code, round(p.latitude, 2) AS latitude, "
            "round(p.longitude, 2) AS longitude, "
            "n.articles, n.sentiment, n.n, n.error FROM names_once n JOIN entity_names p USING (entity_id) "
            "WHERE p.latitude IS NOT NULL ORDER BY n.articles DESC, n.name LIMIT ?",
            [CITIES],
        )
        return {"countries": countries, "cities": cities}

    def outlets(self) -> list[dict[str, Any]]:
        """Outlets side by side."""
        return self.rows(
            "SELECT outlet AS source, articles, copies, sentiment, sentiment_articles AS n, sentiment_error AS error, "
            "strftime(first_published, '%Y-%m-%d') AS first, "
            "strftime(last_published, '%Y-%m-%d') AS last FROM outlets WHERE outlet IS NOT NULL "
            "ORDER BY articles DESC, source LIMIT ?",
            [OUTLETS],
        )

    def voices(self) -> dict[str, Any]:
        """Who gets to speak, and the tone of the most named in the outlets' own voice and in quotations."""
        speakers = self.rows(
            "SELECT speaker AS name, speaker_id AS id, articles, sentences, sentences AS n, sentiment, "
            "sentiment_error AS error FROM speakers "
            "ORDER BY sentences DESC, articles DESC, speaker LIMIT ?",
            [MOST_NAMED],
        )
        for speaker in speakers:
            speaker["id"] = speaker["id"] or speaker["name"]
        tones = self.rows(
            "WITH most AS (SELECT entity_id, name, articles, mentions FROM names_once WHERE label IN ('PERSON', 'ORG') "
            "ORDER BY articles DESC, mentions DESC, name LIMIT 60) "
            "SELECT b.entity_id AS id, b.name, count(*) FILTER (NOT m.quoted) AS own_mentions, "
            "count(*) FILTER (m.quoted) AS quoted_mentions, avg(m.sentiment) FILTER (NOT m.quoted) AS own, "
            "avg(m.sentiment) FILTER (m.quoted) AS quoted, "
            "stddev_samp(m.sentiment) FILTER (NOT m.quoted) / sqrt(own_mentions) AS own_error, "
            "stddev_samp(m.sentiment) FILTER (m.quoted) / sqrt(quoted_mentions) AS quoted_error "
            "FROM most b JOIN identity_mentions m USING (entity_id) WHERE m.sentiment IS NOT NULL "
            "GROUP BY b.entity_id, b.name, b.articles, b.mentions "
            "HAVING count(*) FILTER (m.quoted) >= ? AND count(*) FILTER (NOT m.quoted) >= ? "
            "ORDER BY b.articles DESC, b.mentions DESC, b.name LIMIT ?",
            [ENOUGH, ENOUGH, MOST_NAMED],
        )
        return {"speakers": speakers, "tones": tones}

    def languages(self) -> list[dict[str, Any]]:
        """Languages with their articles, and how many of these were read for names."""
        return self.rows("SELECT * FROM languages ORDER BY articles DESC, language LIMIT 12")

    def spread(self) -> list[dict[str, Any]]:
        """The stories that were printed most often."""
        return self.rows(
            "SELECT title, outlet AS source, printed, outlets, round(hours, 1) AS hours FROM story_spread "
            "ORDER BY printed DESC, outlets DESC, canonical_id LIMIT 12"
        )

    def rejects(self) -> list[dict[str, Any]]:
        """Rejects by cause, with one of each to look at."""
        return self.rows(
            "SELECT stage, reason, count(*) AS rejects, bool_or(retryable) AS retryable, "
            "arg_min(source_file, source_file || source_offset) AS file, "
            "arg_min(source_offset, source_file || source_offset) AS offset, "
            "arg_min(message, source_file || source_offset) AS message, "
            "arg_min(payload_size, source_file || source_offset) AS size, "
            f"arg_min(payload[1:{EXCERPT}], source_file || source_offset) AS payload "
            "FROM rejects GROUP BY ALL ORDER BY rejects DESC, reason LIMIT ?",
            [REASONS],
        )

    def speed(self) -> dict[str, Any]:
        """How long the run took, and what it took."""
        manifest = self._run.manifest
        started, finished = (datetime.fromisoformat(manifest[key]) for key in ("started_at", "finished_at"))
        return {
            "run_id": manifest["run_id"],
            "version": manifest.get("newsbeam"),
            "started": manifest["started_at"],
            "seconds": max((finished - started).total_seconds(), 1.0),
            "records": manifest["ledger"]["records"],
            "bytes": {name: table["bytes"] for name, table in manifest["tables"].items()},
            "rows": {name: table["rows"] for name, table in manifest["tables"].items()},
            "models": [
                {
                    "language": language,
                    "name": model["name"],
                    "version": model["version"],
                    "engine": model.get("engine"),
                }
                for language, model in manifest["models"].items()
            ],
            "sentiment": manifest.get("sentiment"),
            **manifest.get("performance", {}),
        }


def _over(named: str) -> str:
    """The view `names` over a table that stands for `named`."""
    return (
        "SELECT entity_id, name, label, count(*) AS articles, sum(mention_count) AS mentions, "
        f"{TONE}, count(DISTINCT outlet) AS outlets FROM {named} GROUP BY ALL"
    )


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
