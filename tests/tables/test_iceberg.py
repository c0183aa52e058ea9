"""A run's files as Iceberg tables, in a catalog in a file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import cli
from schemas.tables import TABLES

catalogs = pytest.importorskip("pyiceberg.catalog", reason="needs the extra `iceberg`: make test-iceberg")


def flags(folder: Path) -> list[str]:
    return ["--iceberg", f"sqlite:///{folder / 'catalog.db'}", "--warehouse", str(folder)]


def open_table(folder: Path, name: str) -> Any:
    catalog = catalogs.load_catalog("newsbeam", uri=f"sqlite:///{folder / 'catalog.db'}", warehouse=folder.as_uri())
    return catalog.load_table(f"newsbeam.{name}")


def files(output: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in output.rglob("*.parquet")}


@pytest.fixture
def output(tmp_path: Path, sample: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "it's a run"))


def test_all_rows_are_there_and_no_file_is_rewritten(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(output)
    assert cli.main(["publish", str(output), *flags(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["rows"]
    for name, table in TABLES.items():
        found = open_table(tmp_path, name)
        rows = found.scan().to_arrow()
        written = pq.read_table(output / name, partitioning=None)
        assert rows.num_rows == written.num_rows == said[name]
        assert rows.column_names == [column.name for column in table.columns]
        assert {field.name: field.required for field in found.schema().fields} == {
            column.name: not column.nullable for column in table.columns
        }
    ids = open_table(tmp_path, "articles").scan().to_arrow()["article_id"].to_pylist()
    assert sorted(ids) == sorted(pq.read_table(output / "articles", partitioning=None)["article_id"].to_pylist())
    assert files(output) == before


def test_again_replaces_and_another_run_is_refused(
    output: Path, tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert cli.main(["publish", str(output), *flags(tmp_path)]) == 0
    manifest = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    articles = open_table(tmp_path, "articles")
    assert articles.scan().to_arrow().num_rows == manifest["ledger"]["articles"]
    assert articles.properties["newsbeam.run_id"] == manifest["run_id"]
    assert cli.main(["publish", str(sample), *flags(tmp_path)]) == 2
    assert "newsbeam.articles holds the rows of" in capsys.readouterr().err
    assert cli.main(["publish", str(sample), *flags(tmp_path), "--namespace", "other"]) == 0


def test_rows_that_the_ledger_does_not_tell_of_are_not_published(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    manifest["ledger"]["rejects"] += 1
    (output / "_run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert cli.main(["publish", str(output), *flags(tmp_path)]) == 2
    assert "by the ledger" in capsys.readouterr().err
    assert not (tmp_path / "catalog.db").exists()


def test_a_catalog_that_is_not_there_is_said_in_one_line(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["publish", str(output), "--iceberg", "no-such-catalog"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--iceberg no-such-catalog can't be opened" in said
