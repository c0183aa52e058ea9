"""Figures of a run that a person looks at: shares of NULL, age, and how it differs from an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from pipeline.tables.contract.finding import BREACH, OK, WARNING, Finding, judge
from pipeline.tables.runs import Run
from schemas.tables import TABLES

# Beyond these a difference from an earlier run is a breach. Shares are compared by their difference, means by their
# ratio. Real dumps of one source, cut into months, differ by less.
SHARE_DRIFT = 0.10
MEAN_DRIFT = 0.25
SENTIMENT_DRIFT = 0.10
# Fewer rows than this say too little for drift.
ENOUGH = 100
# As `pipeline.chains.LATEST`: a date from later than that was never the article's.
LATEST = timedelta(days=2)

# Figure → (rows that it is of, value), as SQL.
SHARES = {
    "rejects among records": "SELECT count(*), avg(r) FROM (SELECT 0 AS r FROM articles "
    "UNION ALL SELECT 1 FROM rejects)",
    "copies among articles": "SELECT count(*), avg((duplicate IS NOT NULL)::INT) FROM articles",
    "articles read for names": "SELECT count(*), avg((sentence_count IS NOT NULL)::INT) FROM stories",
    "mentions of an entity": "SELECT count(*), avg((entity_id IS NOT NULL)::INT) FROM mentions",
    "negative sentences": "SELECT count(*), avg((sentiment_label = 'negative')::INT) FROM sentences",
    "positive sentences": "SELECT count(*), avg((sentiment_label = 'positive')::INT) FROM sentences",
    "people among mentions": "SELECT count(*), avg((label = 'PERSON')::INT) FROM mentions",
}
MEANS = {
    "characters of an article": "SELECT count(*), avg(char_count) FROM articles",
    "sentences of an article": "SELECT count(*), avg(sentence_count) FROM stories WHERE sentence_count IS NOT NULL",
    "mentions of a sentence": "SELECT (SELECT count(*) FROM sentences), "
    "(SELECT count(*) FROM mentions) / nullif((SELECT count(*) FROM sentences), 0)",
    "mentions of an entity in an article": "SELECT count(*), avg(mention_count) FROM entities",
}
SENTIMENTS = {
    "sentiment of articles": "SELECT count(*), avg(sentiment) FROM articles WHERE sentiment IS NOT NULL",
    "sentiment of entities": "SELECT count(*), avg(sentiment) FROM entities WHERE sentiment IS NOT NULL",
}


@dataclass(frozen=True)
class Measures:
    """Figures of a run: name → (rows that it is of, value); shares of NULL by `table.column`; languages' shares."""

    shares: Mapping[str, tuple[int, float | None]]
    means: Mapping[str, tuple[int, float | None]]
    sentiments: Mapping[str, tuple[int, float | None]]


def measure(connection: duckdb.DuckDBPyConnection) -> Measures:
    """Measure an opened run."""
    shares = {**_ask(connection, SHARES), **_null_shares(connection)}
    total = connection.execute("SELECT count(*) FROM articles").fetchall()[0][0]
    for language, count in connection.execute(
        "SELECT coalesce(language, 'unknown'), count(*) FROM articles GROUP BY 1"
    ).fetchall():
        shares[f"articles in `{language}`"] = (total, count / total)
    return Measures(shares, _ask(connection, MEANS), _ask(connection, SENTIMENTS))


def _ask(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> dict[str, tuple[int, float | None]]:
    return {name: connection.execute(query).fetchall()[0] for name, query in queries.items()}


def _null_shares(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, float | None]]:
    """The share of NULL in every column that may hold one."""
    found: dict[str, tuple[int, float | None]] = {}
    for table in TABLES.values():
        columns = [column.name for column in table.columns if column.nullable]
        if columns:
            asked = ", ".join(f"avg(({column} IS NULL)::INT)" for column in columns)
            rows, *values = connection.execute(f"SELECT count(*), {asked} FROM {table.name}").fetchall()[0]
            found |= {f"NULL in {table.name}.{c}": (rows, v) for c, v in zip(columns, values, strict=True)}
    return found


def check_nulls(connection: duckdb.DuckDBPyConnection, limits: Mapping[str, float]) -> Iterator[Finding]:
    """Show the shares of NULL; beyond its limit (`table.column` → share) one is a breach."""
    for name, (rows, share) in _null_shares(connection).items():
        limit = limits.get(name.removeprefix("NULL in "))
        over = limit is not None and share is not None and share > limit
        shown = "" if share is None else f"{share:.1%}" + (f", limit {limit:.1%}" if limit is not None else "")
        yield Finding("nulls", name, BREACH if over else OK, rows, round(rows * (share or 0)), shown)


def check_freshness(run: Run, connection: duckdb.DuckDBPyConnection, max_age: float | None) -> Iterator[Finding]:
    """Hold dates to the time of the run: none from after it, the newest at most `max_age` days old (None: any age)."""
    started = datetime.fromisoformat(str(run.manifest.get("started_at")))
    rows, newest, late = connection.execute(
        "SELECT count(published_at), max(epoch(published_at)), count(*) FILTER (epoch(published_at) > ?) FROM articles",
        [(started + LATEST).timestamp()],
    ).fetchall()[0]
    yield judge("freshness", "articles: none is from later than two days after the run's start", rows, late)
    if newest is None:
        yield Finding(
            "freshness", "articles: age of the newest", BREACH if max_age is not None else OK, 0, 0, "no dates"
        )
        return
    age = (started.timestamp() - newest) / 86400
    old = max_age is not None and age > max_age
    shown = f"{age:,.1f} days before the run" + (f", limit {max_age:g}" if max_age is not None else "")
    yield Finding("freshness", "articles: age of the newest", BREACH if old else OK, rows, int(old), shown)


def check_drift(now: Measures, before: Measures) -> Iterator[Finding]:
    """Compare a run with an earlier one. Figures of fewer than `ENOUGH` rows on a side are shown, never a breach."""
    for kind, limit in (("shares", SHARE_DRIFT), ("means", MEAN_DRIFT), ("sentiments", SENTIMENT_DRIFT)):
        new, old = getattr(now, kind), getattr(before, kind)
        for name in sorted({*new, *old}):
            yield _drift(name, new.get(name, (0, 0.0)), old.get(name, (0, 0.0)), limit, ratio=kind == "means")


def _drift(
    name: str, new: tuple[int, float | None], old: tuple[int, float | None], limit: float, *, ratio: bool
) -> Finding:
    (rows, value), (rows_before, value_before) = new, old
    if value is None or value_before is None:
        changed = (value is None) != (value_before is None)
        return Finding("drift", name, WARNING if changed else OK, rows, 0, f"{value_before} → {value}")
    distance = abs(value - value_before)
    if ratio:
        distance /= max(abs(value_before), 1e-9)
    status = OK if distance <= limit else BREACH if min(rows, rows_before) >= ENOUGH else WARNING
    return Finding("drift", name, status, rows, int(status != OK), f"{value_before:.3f} → {value:.3f}")
