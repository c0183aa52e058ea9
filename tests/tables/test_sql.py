"""SQL over runs: the views and their figures, several runs as one, odd paths, and every way of putting a query."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipeline import cli
from pipeline.options import UsageError
from pipeline.tables.ddl import DIALECTS, script
from pipeline.tables.runs import duckdb_type, find_run, open_runs
from pipeline.tables.scratch import temporary_folder
from pipeline.tables.views import VIEWS
from schemas.tables import TABLES
from sql.generate import FILES, contents
from tests.conftest import ROOT
from tests.made_run import make_run, make_world


def ask(run: Path | str, query: str, *more: str) -> list[tuple[object, ...]]:
    with open_runs([str(run), *more]) as (connection, _):
        return connection.execute(query).fetchall()


def test_authors_stand_one_by_one_and_none_is_lost(sample: Path) -> None:
    named = "SELECT authors FROM {} WHERE authors IS NOT NULL"
    for view, table in (("authors", "stories"), ("authors_with_copies", "articles")):
        expected = sorted(name for (names,) in ask(sample, named.format(table)) for name in str(names).split("; "))
        assert sorted(row[0] for row in ask(sample, f"SELECT author FROM {view}")) == expected  # type: ignore[type-var]


def test_names_come_first_and_ids_last(sample: Path) -> None:
    with open_runs([str(sample)]) as (connection, _):
        for view in VIEWS:
            if view.name in ("article_identities", "entity_names", "stories"):
                continue
            described = connection.execute(f"DESCRIBE {view.name}").fetchall()
            ids = [str(row[0]).endswith("_id") for row in described]
            assert ids == sorted(ids), view.name


def test_commands_of_the_prompt_can_be_piped_in(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = ".format csv\nSELECT 1 AS a;\n.columns languages\nSELECT\n.5 AS b;\n.quit\nSELECT 3;\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(script))
    assert cli.main(["sql", str(made)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["a", "1", "column_name,column_type"]
    assert lines[-2:] == ["b", "0.5"]


def test_every_view_has_rows_on_the_sample(sample: Path) -> None:
    with open_runs([str(sample)]) as (connection, _):
        for view in VIEWS:
            assert connection.execute(f"SELECT count(*) FROM {view.name}").fetchall()[0][0], view.name


def test_figures_of_views_are_those_of_the_tables(made: Path) -> None:
    with open_runs([str(made)]) as (connection, _):

        def one(query: str) -> object:
            return connection.execute(query).fetchall()[0][0]

        once = "SELECT sum(articles) FROM names"
        assert one(once) == one("SELECT count(*) FROM entities")
        assert one(once + "_with_copies") == one(
            "SELECT count(*) FROM articles a JOIN entities e ON e.article_id = a.canonical_id"
        )
        assert one("SELECT sum(articles) FROM people_by_day") == one(
            "SELECT sum(articles) FROM names WHERE label = 'PERSON'"
        )
        assert one("SELECT sum(articles) FROM timeline") == one(once)
        pairs = (
            "SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM entities "
            "WHERE label IN ('PERSON', 'ORG', 'GPE') GROUP BY article_id)"
        )
        assert one("SELECT sum(articles) FROM named_together") == one(pairs)
        assert one("SELECT sum(articles) FROM outlets") == one("SELECT count(*) FROM articles")
        assert one("SELECT sum(copies) FROM outlets") == one("SELECT count(duplicate) FROM articles")
        assert one("SELECT sum(printed - 1) FROM story_spread") == one("SELECT count(duplicate) FROM articles")
        assert one("SELECT sum(articles + rejects) FROM files") == one(
            "SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM rejects)"
        )
        assert one("SELECT sum(own_mentions + quoted_mentions) FROM own_voice") == one(
            "SELECT count(entity_id) FROM mentions"
        )
        assert one("SELECT sum(sentences) FROM speakers") == one("SELECT count(speaker) FROM sentences")
        assert one("SELECT count(*) FROM entity_names") == one("SELECT count(DISTINCT entity_id) FROM entities")


@pytest.mark.parametrize("name", ["it's", "a[b]*?", "day=2024-01-01", 'quo"te; DROP', "ünï çödé", "$(x)"])
def test_odd_paths(made: Path, tmp_path: Path, name: str) -> None:
    run = Path(shutil.copytree(made, tmp_path / name / "run"))
    with open_runs([str(run)]) as (connection, _):
        assert connection.execute("SELECT count(*) FROM stories").fetchall()[0][0] > 100
        columns = [row[0] for row in connection.execute("DESCRIBE articles").fetchall()]
    assert columns == [column.name for column in TABLES["articles"].columns] + ["run_id"]


def test_a_run_with_empty_tables_and_one_from_before_a_column(made: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    shutil.rmtree(run / "rejects")
    manifest = json.loads((run / "_run.json").read_text(encoding="utf-8"))
    del manifest["files"]["rejects"]
    (run / "_run.json").write_text(json.dumps(manifest), encoding="utf-8")
    for path in (run / "sentences").glob("*.parquet"):
        kept = ", ".join(column.name for column in TABLES["sentences"].columns if column.name != "speaker")
        duckdb.sql(f"COPY (SELECT {kept} FROM '{path}') TO '{path}.new' (FORMAT parquet)")
        path.with_suffix(".parquet.new").replace(path)
    with open_runs([str(run)]) as (connection, _):
        assert connection.execute("SELECT count(*) FROM rejects_by_cause").fetchall() == [(0,)]
        assert connection.execute("SELECT count(speaker), count(*) > 0 FROM sentences").fetchall() == [(0, True)]
        for name, table in TABLES.items():
            found = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall())
            assert {column.name: duckdb_type(column) for column in table.columns}.items() <= found.items()


def test_an_article_of_several_runs_is_seen_once(made: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path / "other", 60, make_world(8, 200))
    later = Path(shutil.copytree(made, tmp_path / "later"))
    manifest = json.loads((later / "_run.json").read_text(encoding="utf-8"))
    (later / "_run.json").write_text(json.dumps({**manifest, "run_id": "20260101T000000-later"}), encoding="utf-8")
    renamed = json.loads((other / "_run.json").read_text(encoding="utf-8"))
    (other / "_run.json").write_text(json.dumps({**renamed, "run_id": "20240101T000000-other"}), encoding="utf-8")
    for table in ("articles", "sentences", "mentions", "entities"):
        count = f"SELECT count(*) FROM {table}"
        alone = ask(made, count)[0][0] + ask(other, count)[0][0]
        assert ask(made, count, str(later), str(other))[0][0] == alone
    assert {row[0] for row in ask(made, "SELECT DISTINCT run_id FROM articles", str(later), str(other))} == {
        "20260101T000000-later",
        "20240101T000000-other",
    }
    # The same run named twice is one.
    assert ask(made, "SELECT count(*) FROM articles", str(made)) == ask(made, "SELECT count(*) FROM articles")


def test_remote_runs_are_fetched(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run behind a file system of Beam's that isn't local, as far as it is needed."""
    from apache_beam.io.localfilesystem import LocalFileSystem

    class Elsewhere(LocalFileSystem):
        @classmethod
        def scheme(cls) -> str:
            return "elsewhere"

        def _path(self, path: str) -> str:
            return path.removeprefix("elsewhere:/")

        def match(self, patterns, limits=None):  # type: ignore[no-untyped-def]
            found = super().match([self._path(pattern) for pattern in patterns], limits)
            for result in found:
                for item in result.metadata_list:
                    item.path = "elsewhere:/" + item.path
            return found

        def join(self, base: str, *paths: str) -> str:
            return "/".join((base.rstrip("/"), *paths))

        def exists(self, path: str) -> bool:
            return super().exists(self._path(path))

        def open(self, path, *args, **kwargs):  # type: ignore[no-untyped-def]
            return super().open(self._path(path), *args, **kwargs)

    told: list[str] = []
    with open_runs([f"elsewhere:/{made}"], tables=("articles",), tell=told.append) as (connection, _):
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == ask(
            made, "SELECT count(*) FROM articles"
        )
        assert connection.execute("SELECT count(*) FROM mentions").fetchall() == [(0,)]
    assert told
    assert all("/articles/" in line for line in told)


def test_what_is_no_run(tmp_path: Path) -> None:
    for make, message in (
        (None, "no such directory"),
        ("", "no finished run"),
        ("[", "can't be read"),
        ("{}", "not a run"),
    ):
        output = tmp_path / f"run{make}"
        if make is not None:
            output.mkdir()
        if make:
            (output / "_run.json").write_text(make, encoding="utf-8")
        with pytest.raises(UsageError, match=message):
            ask(output, "SELECT 1")


def test_sql_in_the_place_of_a_directory_is_told_its_flag() -> None:
    with pytest.raises(UsageError, match="SQL is given with -c"):
        find_run("select 1")


def test_the_command_in_every_format(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = (
        "SELECT name, articles, last_day, sentiment, NULL AS nothing FROM names ORDER BY articles DESC, name LIMIT 3"
    )

    def out(*args: str) -> str:
        assert cli.main(["sql", str(made), *args]) == 0
        return capsys.readouterr().out

    found = json.loads(out("-c", query, "--json"))
    assert len(found) == 3
    assert found[0]["nothing"] is None
    assert [json.loads(line) for line in out("-c", query, "--format", "jsonl").splitlines()] == found
    rows = list(csv.DictReader(io.StringIO(out("-c", query, "--format", "csv"))))
    assert [row["name"] for row in rows] == [row["name"] for row in found]
    table = out("-c", query)
    assert table.split()[:5] == ["name", "articles", "last_day", "sentiment", "nothing"]
    assert found[0]["name"] in table
    assert json.loads(out("-c", "SELECT 1 AS one WHERE false", "--json")) == []
    name = found[0]["name"]
    bound = out("-c", "SELECT count(*) AS n FROM names WHERE name = $who", "-p", f"who={name}", "--json")
    assert json.loads(bound) == [{"n": 1}]
    injected = out("-c", "SELECT count(*) AS n FROM names WHERE name = $who", "-p", "who=' OR 1=1 --", "--json")
    assert json.loads(injected) == [{"n": 0}]
    assert {view.name for view in VIEWS} <= {row["name"] for row in json.loads(out("--views", "--json"))}


def test_what_comes_out_of_articles_gives_a_terminal_no_orders(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sql", str(made), "-c", "SELECT '\x1b[31m[bold]red\x07\u202e' AS x"]) == 0
    shown = capsys.readouterr().out
    assert "[bold]red" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT * FROM nowhere", "SELECT $x"])
def test_wrong_sql_is_one_line(made: Path, capsys: pytest.CaptureFixture[str], query: str) -> None:
    assert cli.main(["sql", str(made), "-c", query, "--json"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("newsbeam: SQL: ")
    assert told.err.count("\n") == 1
    assert json.loads(told.out)["exit_status"] == 2


def test_statements_from_standard_input(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 1 AS a; SELECT 2 AS b;"))
    assert cli.main(["sql", str(made), "--format", "csv"]) == 0
    assert capsys.readouterr().out == "a\n1\nb\n2\n"


def test_the_prompt(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pipeline.tables.prompt import prompt

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    lines = iter([".help", ".format csv", "SELECT 40 +", "2 AS x;", "SELEC;", ".columns speakers", ".views", ".quit"])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    with open_runs([str(made)]) as (connection, _):
        prompt(connection, ["run"], "table")
    shown = capsys.readouterr()
    assert "x\n42\n" in shown.out
    assert "speaker_id,VARCHAR" in shown.out
    assert "story_spread" in shown.out
    assert "syntax error" in shown.err


def test_generated_files_are_those_of_the_schemas() -> None:
    for path, content in contents().items():
        assert (ROOT / "sql" / path).read_text(encoding="utf-8") == content, f"{path}: run make sql"


# What sqlglot doesn't know of a dialect, and what stands for it while it looks at the rest.
UNKNOWN = {
    "bigquery": (("WITH PARTITION COLUMNS (month STRING)", ""), ("LOAD DATA OVERWRITE", "LOAD DATA INTO")),
    "trino": (("CALL hive.system.", "SELECT "),),
    "spark": (("MSCK REPAIR TABLE", "REFRESH TABLE"),),
}


@pytest.mark.parametrize("path", sorted(contents()))
def test_generated_statements_parse_in_their_dialect(path: str) -> None:
    dialect = path.split("/", maxsplit=1)[0]
    content = contents()[path]
    for old, new in UNKNOWN.get(dialect, ()):
        content = content.replace(old, new)
    trees = [tree for tree in sqlglot.parse(content, read=dialect) if tree]
    made = [tree for tree in trees if isinstance(tree, exp.Create)]
    names = {tree.find(exp.Table).name.split(".")[-1] for tree in made}
    if path.endswith("views.sql"):
        assert names == {view.name for view in VIEWS}
    else:
        assert names == set(TABLES)
        for tree in made if dialect != "duckdb" else ():
            table = TABLES[tree.find(exp.Table).name.split(".")[-1]]
            columns = [column.name for column in tree.this.expressions if isinstance(column, exp.ColumnDef)]
            assert columns[: len(table.columns)] == [column.name for column in table.columns]
    others = [tree for tree in trees if not isinstance(tree, exp.Create)]
    assert all(isinstance(tree, (exp.Set, exp.Comment, exp.LoadData, exp.Refresh, exp.Select)) for tree in others)


def test_duckdb_runs_the_generated_files(made: Path) -> None:
    connection = duckdb.connect()
    connection.execute(script("duckdb", str(made), ""))
    connection.execute((ROOT / "sql/duckdb/views.sql").read_text(encoding="utf-8"))
    with open_runs([str(made)]) as (ours, _):
        for view in VIEWS:
            query = f"SELECT count(*) FROM {view.name}"
            assert connection.execute(query).fetchall() == ours.execute(query).fetchall()
    comments = connection.execute("SELECT comment FROM duckdb_columns() WHERE column_name = 'speaker'").fetchall()
    assert any(row[0] and "quoted" in row[0] for row in comments)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_ddl_of_a_run_quotes_its_place(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], dialect: str
) -> None:
    run = Path(shutil.copytree(made, tmp_path / "it's"))
    assert cli.main(["sql", str(run), "--ddl", dialect, "--dataset", "news"]) == 0
    shown = capsys.readouterr().out
    assert dialect in FILES
    assert ("it\\'s" if dialect.startswith(("bigquery", "spark")) else "it''s") in shown
    assert cli.main(["sql", str(run), "--ddl", dialect, "--dataset", "x`; DROP"]) == 2


def test_a_spreadsheet_calculates_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT unnest(['=1+1', '+1', '-1', '@x', '\tx', 'a=1', '']) AS text, -1 AS number, NULL AS nothing"
    assert cli.main(["sql", str(made), "--format", "csv", "-c", query]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == [
        "text,number,nothing",
        *(f"{cell},-1," for cell in ("'=1+1", "'+1", "'-1", "'@x", "'\tx", "a=1", "")),
    ]


def test_a_broken_file_is_named_in_words(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Path(shutil.copytree(made, tmp_path / "run"))
    broken = min((run / "mentions").glob("*.parquet"))
    broken.write_bytes(broken.read_bytes()[:1000])
    assert cli.main(["sql", str(run), "-c", "SELECT 1"]) == 2
    told = capsys.readouterr().err
    assert f"{broken} is no Parquet file, or not a whole one" in told
    assert told.count("\n") == 1
    broken.unlink()
    assert cli.main(["sql", str(run), "-c", "SELECT 1"]) == 2
    assert broken.name in capsys.readouterr().err


def test_what_a_killed_process_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = f"""if True:
        import os, signal, tempfile
        tempfile.tempdir = {str(tmp_path)!r}
        from pipeline.tables.scratch import temporary_folder
        with temporary_folder() as folder:
            (folder / "spill").mkdir()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    (left,) = tmp_path.iterdir()
    with temporary_folder() as mine:
        assert not left.exists()
        with temporary_folder() as other:
            assert (mine.exists(), other.exists()) == (True, True)
    assert list(tmp_path.iterdir()) == []
