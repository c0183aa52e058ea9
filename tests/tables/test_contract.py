"""The contract: a run that keeps it, and runs in which one thing is wrong, each told by the check that is for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import cli
from pipeline.options import UsageError
from pipeline.tables.contract import BREACH, OK, WARNING, Finding, Limits, check_run
from pipeline.tables.contract.rules import all_rules, apply_rule
from pipeline.tables.contract.texts import check_texts
from pipeline.tables.runs import open_runs
from schemas.tables import TABLES
from transforms.runtime.identity import digest

Row = dict[str, Any]


def rewrite(run: Path, table: str, change: Callable[[list[Row]], None], schema: pa.Schema | None = None) -> None:
    """Change the rows of the first file of a table."""
    path = min((run / table).rglob("*.parquet"))
    rows = pq.ParquetFile(path).read().to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema or TABLES[table].schema), path)


def breaches(run: Path, limits: Limits | None = None) -> set[str]:
    return {finding.check for finding in check_run(str(run), limits) if finding.status == BREACH}


def put(index: int, **values: Any) -> Callable[[list[Row]], None]:
    def change(rows: list[Row]) -> None:
        rows[index].update(values)

    return change


def test_a_whole_run_keeps_it(made: Path) -> None:
    assert breaches(made) == set()


# Check → the SQL that breaks it.
BROKEN = {
    "articles: (article_id) is unique": "INSERT INTO articles FROM articles LIMIT 1",
    "sentences: (article_id, sentence_index) is unique": "INSERT INTO sentences FROM sentences LIMIT 1",
    "mentions: (article_id, mention_index) is unique": "INSERT INTO mentions FROM mentions LIMIT 1",
    "entities: (article_id, entity_id) is unique": "INSERT INTO entities FROM entities LIMIT 1",
    "identities: (entity_id) is unique": "INSERT INTO identities FROM identities LIMIT 1",
    **{
        f"{table}: no NULL where none may stand": f"UPDATE {table} SET {column} = NULL WHERE rowid = 0"
        for table, column in (
            ("articles", "text"),
            ("sentences", "quoted"),
            ("mentions", "label"),
            ("entities", "name"),
            ("identities", "basis"),
            ("rejects", "reason"),
        )
    },
    "articles: numbers are in their ranges": "UPDATE articles SET language_confidence = 1.01 WHERE rowid = 0",
    "sentences: numbers are in their ranges": "UPDATE sentences SET sentiment = 'nan' WHERE rowid = 0",
    "mentions: numbers are in their ranges": "UPDATE mentions SET sentiment = -1.5 WHERE rowid = 0",
    "entities: numbers are in their ranges": "UPDATE entities SET prominence = -0.1 WHERE rowid = 0",
    "rejects: numbers are in their ranges": "UPDATE rejects SET source_offset = -1 WHERE rowid = 0",
    **{
        f"{table}: sentiment_label stands where sentiment does and is one of {count}": f"UPDATE {table} SET {change}"
        for table, count, change in (
            ("articles", 3, "sentiment_label = NULL"),
            ("sentences", 3, "sentiment_label = 'mixed' WHERE rowid = 0"),
            ("mentions", 3, "sentiment = NULL WHERE rowid = 0"),
            ("entities", 5, "sentiment_label = '' WHERE rowid = 0"),
        )
    },
    "entities: sentiment_unquoted_label stands where sentiment_unquoted does and is one of 5": "UPDATE entities "
    "SET sentiment_unquoted = NULL, sentiment_unquoted_label = 'neutral' WHERE rowid = 0",
    "entities: shares of sentiment add up to 1, and stand with its error where it does": "UPDATE entities "
    "SET negative_share = 0.5, neutral_share = 0.5, positive_share = 0.5",
    "mentions: probabilities of sentiment add up to 1": "UPDATE mentions "
    "SET negative = 0.5, neutral = 0.5, positive = 0.5",
    "mentions: label is one of OntoNotes' 18": "UPDATE mentions SET label = 'PER' WHERE rowid = 0",
    "entities: label is one of OntoNotes' 18": "UPDATE entities SET label = '' WHERE rowid = 0",
    **{
        f"{table}: article_id leads to an article that is no copy": f"UPDATE {table} SET article_id = "
        "(SELECT article_id FROM articles WHERE duplicate = 'exact' LIMIT 1) WHERE rowid = 0"
        for table in ("sentences", "mentions", "entities")
    },
    "mentions: sentence_index leads to a sentence in which the mention begins": "UPDATE mentions SET sentence_index = "
    "sentence_index + 1 WHERE rowid = 0",
    "mentions: entity_id leads to an entity of the article, of the same kind": "DELETE FROM entities WHERE rowid = 0",
    "entities: mention_count and first_char are those of their mentions": "UPDATE entities SET first_char = 1 + "
    "first_char WHERE rowid = 0",
    "entities: sentiment_count is that of their mentions with a sentiment, and its spread is no less than 0": "UPDATE "
    "entities SET sentiment_count = 0 WHERE rowid = 0",
    "sentences: speaker_id leads to an entity of the article, and stands only beside a speaker": "UPDATE sentences "
    "SET speaker_id = 'nobody', speaker = 'Nobody' WHERE rowid = 0",
    "identities: every entity has a row of its name's kind, with its articles and mentions": "UPDATE identities SET "
    "mention_count = mention_count + 1 WHERE rowid = 0",
    "identities: identity_id leads to an entity that is its own identity, of this name and kind": "UPDATE identities "
    "SET identity_id = (SELECT max(entity_id) FROM identities), basis = 'short' WHERE rowid = (SELECT min(rowid) FROM "
    "identities WHERE entity_id != (SELECT max(entity_id) FROM identities))",
    "identities: basis is one of 5 words, and confidence is 1 where an entity stands for itself": "UPDATE identities "
    "SET confidence = 0.5 WHERE rowid = 0",
    "articles: sentence_count is that of their sentences, which are numbered from 0": "UPDATE sentences SET "
    "sentence_index = 99 WHERE sentence_index = 3",
    "articles, rejects: every row has a place in the dump of its own": "UPDATE rejects SET source_offset = "
    "(SELECT min(source_offset) FROM articles) WHERE rowid = 0",
    "entities: coordinates are on the globe and come in pairs, countries are ISO codes": "UPDATE entities SET "
    "country_code = 'Fr' WHERE rowid = 0",
    "articles: a copy's canonical article exists and is no copy; any other is its own": "UPDATE articles SET "
    "canonical_id = article_id WHERE duplicate = 'exact'",
    "articles: duplicate is `exact` or `near`, and copies have no sentiment of their own": "UPDATE articles SET "
    "duplicate = 'similar' WHERE duplicate = 'exact'",
    **{
        f"{table}: article_time is the article's published_at": f"UPDATE {table} SET article_time = '2001-01-01' WHERE "
        "rowid = 0"
        for table in ("sentences", "mentions", "entities")
    },
    "articles: furniture is lines of the text": "UPDATE articles SET furniture = 'Sign up.' WHERE rowid = 0",
    "sentences: they follow one another and do not overlap": "UPDATE sentences SET start_char = 0 WHERE rowid = 1",
    "entities: mention_count is 1 or more, entity_id has one kind everywhere": "UPDATE entities SET label = 'LAW' "
    "WHERE rowid = (SELECT min(rowid) FROM entities WHERE entity_id IN (SELECT entity_id FROM entities GROUP BY 1 "
    "HAVING count(*) > 1))",
    "rejects: stage and reason are words, the payload is cut where it must be and has its digest": "UPDATE rejects "
    "SET payload_sha256 = 'wrong' WHERE rowid = 0",
}
BROKEN_TEXTS = {
    "mentions: text[start_char:end_char] is the mention, in code points": "UPDATE mentions SET text = 'Somebody Else' "
    "WHERE rowid = 0",
    "articles: char_count and content_hash are those of text": "UPDATE articles SET text = upper(text) WHERE rowid = 0",
    "sentences: [start_char, end_char) lies in the text and begins and ends at no space": "UPDATE sentences SET "
    "end_char = 1 + end_char WHERE rowid = 0",
}


@pytest.fixture(scope="module")
def tables(made: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A run in tables that can be changed, and changed back."""
    with open_runs([str(made)]) as (connection, _):
        for table in TABLES:
            connection.execute(f"CREATE TABLE changeable AS FROM {table}")
            connection.execute(f"DROP VIEW {table}")
            connection.execute(f"ALTER TABLE changeable RENAME TO {table}")
        yield connection


def test_every_rule_is_broken_here() -> None:
    assert set(BROKEN) == {rule.check for rule in all_rules()}


@pytest.mark.parametrize("check", [*BROKEN, *BROKEN_TEXTS], ids=range(len(BROKEN) + len(BROKEN_TEXTS)))
def test_what_is_wrong_is_told(tables: duckdb.DuckDBPyConnection, check: str) -> None:
    def found() -> Finding:
        if check in BROKEN_TEXTS:
            return next(finding for finding in check_texts(tables) if finding.check == check)
        return apply_rule(tables, next(rule for rule in all_rules() if rule.check == check))

    before = found()
    assert (before.status, before.wrong) == (OK, 0)
    assert before.checked or "probabilities" in check or "speaker" in check
    tables.execute("BEGIN")
    try:
        tables.execute({**BROKEN, **BROKEN_TEXTS}[check])
        after = found()
    finally:
        tables.execute("ROLLBACK")
    assert after.status == BREACH
    assert after.wrong
    assert after.example


def test_the_ledger_is_held_to_what_is_written(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    rewrite(run, "rejects", put(0, reason="other_reason"))
    rewrite(run, "articles", put(0, published_at=datetime(2031, 1, 1, tzinfo=UTC)))
    manifest = json.loads((run / "_run.json").read_text(encoding="utf-8"))
    manifest["ledger"]["records"] += 1
    manifest["articles"]["near"] = 1
    (run / "_run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert {
        "records read = articles + rejects, as written",
        "rejects by stage and reason are those that _run.json tells",
        "articles and copies are those that _run.json tells",
        "rejects: rows, files and bytes are those that _run.json tells",
        "articles: none is from later than two days after the run's start",
    } <= breaches(run)


def test_the_ledger_of_each_file(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    check = "the same for every input file that _run.json lists"
    (counts,) = duckdb.sql(
        f"SELECT count(*), count(duplicate) FROM read_parquet('{run}/articles/**/*.parquet')"
    ).fetchall()
    (rejects,) = duckdb.sql(f"SELECT count(*) FROM read_parquet('{run}/rejects/*.parquet')").fetchall()

    def tell(**over: int) -> set[str]:
        manifest = json.loads((run / "_run.json").read_text(encoding="utf-8"))
        line = {"file": "dump.jsonl", "records": counts[0] + rejects[0], "articles": counts[0], "copies": counts[1]}
        manifest["ledger"]["files"] = [{**line, "rejects": rejects[0], **over}]
        (run / "_run.json").write_text(json.dumps(manifest), encoding="utf-8")
        return breaches(run)

    assert tell() == set()
    assert tell(records=1) == {check}
    assert tell(copies=0) == {check}


def test_types_and_columns_are_told(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    schema = TABLES["rejects"].schema
    index = schema.get_field_index("payload_size")
    wrong = schema.set(index, pa.field("payload_size", pa.float64(), nullable=False))
    rewrite(run, "rejects", put(0, payload_size=1.0), wrong)
    rewrite(run, "entities", put(0), pa.schema([field for field in TABLES["entities"].schema if field.name != "label"]))
    found = breaches(run)
    assert "rejects: every file has the table's columns and types" in found
    assert "entities: every file has the table's columns and types" in found
    assert "entities: no NULL where none may stand" in found


def test_a_file_that_is_none_and_a_bare_manifest(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    min((run / "mentions").rglob("*.parquet")).write_bytes(b"no Parquet")
    assert "mentions: every file has the table's columns and types" in breaches(run)
    (run / "_run.json").write_text('{"run_id": "x"}', encoding="utf-8")
    (first, *_) = check_run(str(run))
    assert (first.check, first.status) == ("_run.json tells all that it must", BREACH)
    (run / "_run.json").unlink()
    with pytest.raises(UsageError, match="no finished run"):
        breaches(run)


def test_code_points_not_graphemes_nor_bytes(made: Path, tmp_path: Path) -> None:
    """Offsets behind a family of four, a combining accent and a flag are still those of the names."""
    run = Path(shutil.copytree(made, tmp_path / "run"))
    before = pq.read_table(run / "mentions").to_pylist()[0]
    wide = "👨‍👩‍👧‍👦 e\u0301 🏴󠁧󠁢󠁥󠁮󠁧󠁿 "

    def widen(rows: list[Row]) -> None:
        for row in rows:
            if row["article_id"] == before["article_id"]:
                row["text"] = wide + row["text"]
                row["char_count"] += len(wide)
                row["content_hash"] = digest(row["text"])

    def shift(rows: list[Row]) -> None:
        for row in rows:
            if row["article_id"] == before["article_id"]:
                row["start_char"] += len(wide)
                row["end_char"] += len(wide)

    for path in (run / "articles").rglob("*.parquet"):
        rows = pq.ParquetFile(path).read().to_pylist()
        widen(rows)
        pq.write_table(pa.Table.from_pylist(rows, TABLES["articles"].schema), path)
    rewrite(run, "mentions", shift)
    rewrite(run, "sentences", shift)
    assert not [
        check for check in breaches(run) if "code points" in check or "content_hash" in check or "space" in check
    ]


def test_limits_and_drift(made: Path, sample: Path) -> None:
    limits = Limits(max_age=0.5, max_null={"articles.authors": 0.5, "articles.published_at": 0.5})
    assert breaches(made, limits) == {"articles: age of the newest", "NULL in articles.authors"}
    assert breaches(made, Limits(against=str(made), max_age=1000)) == set()
    assert {"mentions of an entity", "NULL in entities.latitude"} <= breaches(made, Limits(against=str(sample)))


def test_the_command_tells_by_status_and_as_json(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(made)]) == 0
    assert "The contract holds" in capsys.readouterr().out
    run = Path(shutil.copytree(made, tmp_path / "run"))
    rewrite(run, "mentions", put(0, text="\x1b[31mred"))
    assert cli.main(["check", str(run)]) == 3
    assert "text[start_char:end_char] is the mention" in " ".join(capsys.readouterr().out.split())
    assert cli.main(["check", str(run), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["breaches"] == len([finding for finding in told["findings"] if finding["status"] == "breach"]) >= 1
    assert cli.main(["check", str(tmp_path / "none")]) == 2
    assert cli.main(["check", str(made), "--max_null", "articles.text=0.1"]) == 2


def test_a_file_in_the_wrong_folder_and_one_that_is_not_listed(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    manifest = json.loads((run / "_run.json").read_text(encoding="utf-8"))
    path, *counts = manifest["files"]["mentions"][0]
    moved = run / "mentions" / "month=2024-02" / Path(path).name
    moved.parent.mkdir()
    shutil.copy(run / path, moved)
    others = [found.check for found in check_run(str(run)) if found.status == WARNING]
    assert "mentions: who reads by a glob sees files that _run.json doesn't list" in others
    (run / path).unlink()
    manifest["files"]["mentions"][0] = [str(moved.relative_to(run)), *counts]
    (run / "_run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert breaches(run) == {"mentions: every file has the table's columns and types"}
    moved.unlink()
    assert {"mentions: the files that _run.json lists are there", "the tables can be read"} <= breaches(run)
