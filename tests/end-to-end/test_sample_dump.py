"""The whole job on the sample dump, by its command, and the tables that it leaves."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.tables.runs import open_runs
from schemas.tables import KEPT, TABLES
from tests.conftest import DUMP, ROOT, hold_to_contract, newsbeam

EXPECTED = json.loads((DUMP.parent / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def finished(sample_run: tuple[Path, str]) -> tuple[Path, str]:
    return sample_run


@pytest.fixture
def output(sample: Path) -> Path:
    return sample


def rows(output: Path, sql: str) -> list[tuple[Any, ...]]:
    """SQL over the run; `{articles}` and so on stand for the tables."""
    tables = {name: f"read_parquet('{output}/{name}/**/*.parquet')" for name in TABLES}
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection.execute(sql.format(**tables)).fetchall()


def by_file(output: Path, what: str) -> Counter[tuple[str, ...]]:
    found = rows(output, f"SELECT source_file{', reason' if what == 'rejects' else ''} FROM {{{what}}}")
    return Counter((str(Path(row[0]).relative_to(DUMP)), *row[1:]) for row in found)


def test_every_file_gives_the_articles_and_rejects_that_are_planted_in_it(output: Path) -> None:
    articles, rejects = by_file(output, "articles"), by_file(output, "rejects")
    # Which of the two equal records is the repeated one is told by the place alone; both files count together.
    twice = set(EXPECTED["repeated_records"][0]["files"])
    for file, expected in EXPECTED["files"].items():
        found = {key[1]: count for key, count in rejects.items() if key[0] == file}
        if file not in twice:
            assert found == expected["rejects"], file
            assert articles[(file,)] == expected["articles"], file
    assert sum(articles.values()) == EXPECTED["totals"]["articles"]
    reasons: Counter[str] = Counter()
    for (_, reason), count in rejects.items():
        reasons[reason] += count
    assert reasons == EXPECTED["totals"]["rejects"]


def test_the_contract_holds(output: Path) -> None:
    hold_to_contract(output)


def test_the_ledger_is_that_of_the_written_tables(output: Path) -> None:
    manifest = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    total = EXPECTED["totals"]
    ledger = manifest["ledger"]
    assert ledger["records"] == total["records"]
    assert ledger["articles"] == total["articles"] == ledger["canonical"] + ledger["copies"]
    assert ledger["rejects"] == sum(total["rejects"].values())
    assert ledger["file_count"] == total["files"] == len(ledger["files"])
    for line in ledger["files"]:
        planted = EXPECTED["files"][str(Path(line["file"]).relative_to(DUMP))]
        assert line["records"] == planted["records"] == line["articles"] + line["rejects"]
    for name, described in manifest["tables"].items():
        files = list((output / name).rglob("*.parquet"))
        assert described["files"] == len(files)
        assert described["rows"] == sum(pq.read_metadata(file).num_rows for file in files)
        assert described["bytes"] == sum(file.stat().st_size for file in files)
    assert sum(manifest["rejects"].values()) == manifest["ledger"]["rejects"]
    assert manifest["models"]["en"]["sha256"]
    assert manifest["models"]["en"]["engine"] == ["newsbeam"]


@pytest.mark.parametrize("table", TABLES)
def test_files_carry_the_schema_zstd_and_rows(output: Path, table: str) -> None:
    files = list((output / table).rglob("*.parquet"))
    assert files
    for file in files:
        parquet = pq.ParquetFile(file)
        assert parquet.schema_arrow.equals(TABLES[table].schema, check_metadata=True)
        assert parquet.metadata.num_rows
        assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"


def test_offsets_verify_in_sql(output: Path) -> None:
    for table, text in (("mentions", "m.text"), ("sentences", "substring(a.text, m.start_char + 1, 1)")):
        wrong = f"""SELECT count(*) FILTER (
            substring(a.text, m.start_char + 1, {"m.end_char - m.start_char" if table == "mentions" else "1"}) != {text}
            OR m.end_char <= m.start_char OR m.end_char > a.char_count), count(*)
            FROM {{{table}}} m JOIN {{articles}} a USING (article_id)"""
        bad, total = rows(output, wrong)[0]
        assert bad == 0
        assert total > 500


def test_keys_are_unique_and_lead_somewhere(output: Path) -> None:
    assert rows(output, "SELECT article_id FROM {articles} GROUP BY 1 HAVING count(*) > 1") == []
    for table in ("sentences", "mentions", "entities"):
        assert rows(output, f"SELECT 1 FROM {{{table}}} ANTI JOIN {{articles}} USING (article_id)") == []
    assert rows(output, "SELECT 1 FROM {mentions} ANTI JOIN {sentences} USING (article_id, sentence_index)") == []
    assert (
        rows(
            output,
            "SELECT 1 FROM {mentions} m ANTI JOIN {entities} USING (article_id, entity_id) WHERE entity_id NOTNULL",
        )
        == []
    )
    assert (
        rows(
            output,
            "SELECT 1 FROM {articles} a ANTI JOIN {articles} c "
            "ON a.canonical_id = c.article_id AND c.duplicate IS NULL",
        )
        == []
    )


def test_counts_agree_between_tables(output: Path) -> None:
    wrong = """SELECT a.article_id FROM {articles} a
        WHERE coalesce(sentence_count, 0) != (SELECT count(*) FROM {sentences} s WHERE s.article_id = a.article_id)"""
    assert rows(output, wrong) == []
    wrong = """SELECT 1 FROM {entities} e WHERE mention_count !=
        (SELECT count(*) FROM {mentions} m WHERE (m.article_id, m.entity_id) = (e.article_id, e.entity_id))"""
    assert rows(output, wrong) == []


def test_dates_are_those_stated_or_null(output: Path) -> None:
    found = dict(
        rows(output, "SELECT url, strftime(published_at, '%Y-%m-%dT%H:%M:%SZ') FROM {articles} WHERE url NOTNULL")
    )
    expected = {**EXPECTED["published_at"], **dict.fromkeys(EXPECTED["published_at_null"])}
    assert found == expected


def test_a_small_run_is_one_file_a_table_sorted_by_time(output: Path) -> None:
    for table in TABLES:
        assert [path.parent.name for path in (output / table).rglob("*.parquet")] == [table]
    times = pq.read_table(output / "articles", columns=["published_at"])["published_at"].to_pylist()
    assert times == sorted(times, key=lambda time: (time is None, time))
    for table in ("sentences", "mentions", "entities"):
        own = f"SELECT 1 FROM {{{table}}} JOIN {{articles}} a USING (article_id)"
        assert rows(output, f"{own} WHERE article_time IS DISTINCT FROM a.published_at") == []
    assert pq.read_table(output / "articles").num_rows == EXPECTED["totals"]["articles"]


def test_copies_point_at_the_earliest(output: Path) -> None:
    copies = rows(
        output,
        "SELECT url, duplicate, canonical_id = article_id FROM {articles} WHERE url IN {copies} "
        "ORDER BY published_at, article_id".replace("{copies}", str(tuple(EXPECTED["exact_copies"][0]))),
    )
    assert [row[1:] for row in copies] == [(None, True), ("exact", False), ("exact", False)]
    assert rows(output, "SELECT 1 FROM {articles} WHERE duplicate NOTNULL AND sentiment NOTNULL") == []
    near = rows(
        output,
        "SELECT copy.url, original.url FROM {articles} AS copy JOIN {articles} AS original "
        "ON copy.canonical_id = original.article_id WHERE copy.duplicate = 'near'",
    )
    site = "https://corvane-newswire.example/2024/06/12/elbe-crest-dresden"
    assert near == [("https://northern-ledger.example/world/2024/06/12/elbe-flood-dresden-crest", site)]
    assert len(rows(output, "SELECT 1 FROM {articles} WHERE duplicate NOTNULL")) == 3


def test_languages(output: Path) -> None:
    found = dict(rows(output, "SELECT url, language FROM {articles} WHERE url NOTNULL"))
    assert {url: found[url] for url in EXPECTED["language"]} == EXPECTED["language"]
    assert (
        rows(output, "SELECT 1 FROM {articles} WHERE duplicate IS NULL AND (language = 'en') != (sentiment NOTNULL)")
        == []
    )


def test_furniture_is_gone_and_prose_is_not(output: Path) -> None:
    texts = dict(rows(output, "SELECT url, text FROM {articles}"))
    for url, lines in EXPECTED["furniture"].items():
        left = set(lines) & set(texts[url].split("\n"))
        assert not left, (url, left)
    for url, lines in EXPECTED["kept"].items():
        assert all(line in texts[url] for line in lines)


def test_damaged_encodings_are_repaired(output: Path) -> None:
    texts = dict(
        rows(output, "SELECT url, coalesce(title, '') || ' ' || coalesce(authors, '') || ' ' || text FROM {articles}")
    )
    for url, wanted in EXPECTED["repaired"].items():
        assert [part for part in wanted["contains"] if part not in texts[url]] == [], url
        assert [part for part in wanted["lacks"] if part in texts[url]] == [], url


def test_rejects_lead_back_to_the_raw_bytes(output: Path) -> None:
    found = rows(output, "SELECT source_file, source_offset, payload, payload_size, reason FROM {rejects}")
    plain = [row for row in found if row[0].endswith(".jsonl") and row[4] not in ("empty_file", "repeated_record")]
    assert len(plain) >= 6
    for file, offset, payload, size, _ in plain:
        assert Path(file).read_bytes()[offset : offset + size] == payload


def test_articles_lead_back_to_the_raw_bytes(output: Path) -> None:
    found = rows(output, "SELECT source_file, source_offset, url FROM {articles} WHERE source_file LIKE '%.jsonl'")
    for file, offset, url in found:
        assert url.encode() in Path(file).read_bytes()[offset:].split(b"\n", 1)[0]


def test_the_summary_tells_what_happened(finished: tuple[Path, str]) -> None:
    output, shown = finished
    total = EXPECTED["totals"]
    assert f"{total['records']} records = {total['articles']} articles" in shown
    assert "malformed_json" in shown
    assert "crawl-2024-04.jsonl" in shown
    assert "and 12 more files" in shown
    assert "People" in shown
    assert "Norway" in shown
    # What it says to type next works as it stands there.
    command, path, flag, query = shlex.split(shown[shown.index("newsbeam sql") :].splitlines()[0])[1:]
    assert (command, path, flag) == ("sql", str(output), "-c")
    with open_runs([path]) as (connection, _):
        assert len(connection.execute(query).fetchall()) == 20
    assert f"newsbeam report {output}" in shown


def test_the_summary_gives_no_tone_on_a_handful(finished: tuple[Path, str]) -> None:
    shown = finished[1]
    rows = re.findall(r"^  .+?  +\d+  +(\d+)  +(too few mentions|[+−]\d\.\d\d ± \d\.\d\d)", shown, re.MULTILINE)
    assert len(rows) == 15
    assert {tone == "too few mentions" for mentions, tone in rows if int(mentions) < 10} == {True}
    assert not [tone for mentions, tone in rows if int(mentions) >= 10 and tone == "too few mentions"]


def test_nothing_else_is_left_behind(output: Path) -> None:
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *TABLES}


def test_the_query_of_the_readme_runs(output: Path) -> None:
    (query,) = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    found = duckdb.sql(query.replace("out/sample", str(output))).fetchall()
    assert len(found) == 10
    assert all(n > 0 and -1 <= tone <= 1 and give_or_take > 0 for _, _, n, tone, give_or_take in found)
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]


def test_a_finished_run_is_not_overwritten_unasked(output: Path) -> None:
    before = (output / "_run.json").read_bytes()
    again = newsbeam("run", "--input", str(DUMP), "--output", str(output))
    assert again.returncode == 2
    assert again.stderr.startswith("newsbeam: --output holds a finished run")
    assert again.stderr.count("\n") == 1
    assert (output / "_run.json").read_bytes() == before


def test_two_processes_write_the_same_tables(output: Path, tmp_path: Path) -> None:
    other = tmp_path / "two"
    done = newsbeam("run", "--input", str(DUMP), "--output", str(other), "--workers", "2", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""
    for table in TABLES:
        everything = f"SELECT * FROM {{{table}}} ORDER BY ALL"
        assert rows(other, everything) == rows(output, everything)


def test_sentiment_is_toward_names_and_adds_up(output: Path) -> None:
    assert rows(output, "SELECT 1 FROM {mentions} WHERE (entity_id NOTNULL) != (sentiment NOTNULL)") == []
    probable = "abs(negative + neutral + positive - 1) < 1e-4 AND abs(positive - negative - sentiment) < 1e-4"
    likeliest = (
        "CASE WHEN neutral >= greatest(negative, positive) THEN 'neutral' "
        "WHEN negative > positive THEN 'negative' ELSE 'positive' END"
    )
    assert rows(
        output,
        f"SELECT count(*) > 500, bool_and({probable}), bool_and(sentiment_label = {likeliest}) "
        "FROM {mentions} WHERE sentiment NOTNULL",
    ) == [(True, True, True)]
    differing = rows(
        output,
        """SELECT e.name FROM {entities} e JOIN (
             SELECT article_id, entity_id, count(sentiment) AS n, avg(sentiment) AS mean,
               stddev_pop(sentiment) AS spread, avg(sentiment) FILTER (NOT quoted) AS unquoted,
               avg(negative) AS negative, avg(neutral) AS neutral, avg(positive) AS positive
             FROM {mentions} WHERE entity_id NOTNULL GROUP BY ALL
           ) m USING (article_id, entity_id)
           WHERE e.sentiment_count != m.n OR abs(e.sentiment - m.mean) > 1e-4
             OR abs(e.sentiment_spread - m.spread) > 1e-3 OR (e.sentiment_unquoted NOTNULL) != (m.unquoted NOTNULL)
             OR abs(e.sentiment_unquoted - m.unquoted) > 1e-4 OR abs(e.negative_share - m.negative) > 1e-4
             OR abs(e.neutral_share - m.neutral) > 1e-4 OR abs(e.positive_share - m.positive) > 1e-4""",
    )
    assert differing == []


def test_quotations_have_speakers_that_are_entities(output: Path) -> None:
    ((quoted, spoken),) = rows(output, "SELECT count(*) FILTER (quoted), count(speaker_id) FROM {sentences}")
    assert quoted > 20
    assert spoken > 10
    unknown = (
        "SELECT s.speaker FROM {sentences} s ANTI JOIN {entities} e ON s.article_id = e.article_id "
        "AND s.speaker_id = e.entity_id AND s.speaker = e.name WHERE s.speaker NOTNULL OR s.speaker_id NOTNULL"
    )
    assert rows(output, unknown) == []
    assert rows(output, "SELECT count(*) > 10 FROM {mentions} WHERE quoted") == [(True,)]


def test_the_manifest_names_the_model_of_sentiment(output: Path) -> None:
    sentiment = json.loads((output / "_run.json").read_text())["sentiment"]
    assert sentiment["engine"] == "fast"
    card = json.loads((ROOT / "transforms" / "sentiment" / "fast_model" / "model.json").read_text())
    assert sentiment["sha256"] == card["sha256"]
    assert sentiment["neutral"] == card["neutral"]
