"""Every table of every run opens with the same glob or folder in the engines that people have, empty ones too."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline.run import run
from schemas.tables import TABLES
from tests.faults.conftest import record


@pytest.fixture(scope="module", params=["month", "none"])
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run without a reject, one of its articles without a date."""
    folder = tmp_path_factory.mktemp("globs")
    (folder / "dump.jsonl").write_text("".join([record(1), record(2), record(3, date=None)]), encoding="utf-8")
    flags = ["--partition_by", request.param, "--workers", "1", "--quiet"]
    assert run([str(folder / "dump.jsonl"), str(folder / "out"), *flags]) == 0
    return folder / "out"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_opens_everywhere_with_as_many_rows(output: Path, table: str) -> None:
    glob = f"{output}/{table}/**/*.parquet"
    (rows,) = duckdb.connect().execute("SELECT count(*) FROM read_parquet(?)", [glob]).fetchall()[0]
    assert rows == {"articles": 3, "rejects": 0}.get(table, rows)
    assert pq.read_table(output / table).num_rows == rows
    found = ds.dataset(output / table, format="parquet", partitioning="hive")
    assert found.count_rows() == rows
    assert found.schema.names[: len(TABLES[table].columns)] == [column.name for column in TABLES[table].columns]


@pytest.mark.parametrize("table", TABLES)
def test_pandas_and_polars_too(output: Path, table: str) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert len(pandas.read_parquet(output / table)) == polars.read_parquet(f"{output}/{table}/**/*.parquet").height
