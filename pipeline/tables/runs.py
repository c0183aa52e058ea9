"""Finished runs, opened in DuckDB: every table as a view that always has all its columns, and the views over them.

A run's path never enters SQL: each run lies behind a link of a plain name, so that quotes, globs and `key=value`
folders in it mean nothing. Runs on remote storage are fetched first, as far as they are needed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems

from pipeline.options import UsageError
from pipeline.tables.views import VIEWS, view_statement
from schemas.tables import MANIFEST, TABLES, Column, Table
from transforms.read.files import is_remote, open_file
from transforms.runtime.errors import StorageError
from transforms.runtime.files import parquet_files
from transforms.runtime.storage import read_file

# pyarrow's types as DuckDB names them.
TYPES = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BLOB",
}
# Tables of which several runs may hold the same rows.
PER_ARTICLE = ("articles", "sentences", "mentions", "entities")
RUN = Column("run_id", pa.string(), nullable=False, description="The run that wrote the row: `run_id` of `_run.json`.")


@dataclass(frozen=True)
class Run:
    """A finished run: where it is, and the content of its `_run.json`."""

    output: str
    manifest: dict[str, Any]

    @property
    def run_id(self) -> str:
        """Its `run_id`."""
        return str(self.manifest["run_id"])


def find_run(output: str) -> Run:
    """The finished run in a directory, local or remote.

    Raises:
        UsageError: there is none.
    """
    place = output if is_remote(output) else str(Path(output).absolute())
    path = FileSystems.join(place, MANIFEST)
    try:
        if not is_remote(place) and not Path(place).is_dir():
            raise UsageError(f"no such directory: {output}")
        if not FileSystems.exists(path):
            raise UsageError(f"no finished run in {output}: it has no {MANIFEST}")
        manifest = json.loads(read_file(path))
    except (StorageError, OSError, ValueError, ImportError) as error:
        raise UsageError(f"{MANIFEST} of {output} can't be read: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("run_id"), str):
        raise UsageError(f"{MANIFEST} of {output} is not a run's")
    return Run(place, manifest)


def duckdb_type(column: Column) -> str:
    """The DuckDB type of a column."""
    return "TIMESTAMP WITH TIME ZONE" if pa.types.is_timestamp(column.type) else TYPES[column.type]


def table_columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table as a reader of its folders sees them, the key of the folders among them."""
    return (*table.columns, table.partition) if table.partition else table.columns


@contextlib.contextmanager
def open_runs(
    outputs: Sequence[str], *, tables: Sequence[str] = tuple(TABLES), tell: Callable[[str], None] | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Run]]]:
    """A DuckDB connection with the tables of one or more runs and the views over them, and the runs.

    Each table has a column `run_id` beside its own. Of an article that several runs hold, the rows of the run that
    started last are seen.

    Args:
        outputs: directories of finished runs.
        tables: those that are needed; of a remote run only these are fetched.
        tell: is called with what is waited for.

    Raises:
        UsageError: one isn't a finished run.
    """
    found = (find_run(output) for output in outputs)
    runs = [run for _, run in sorted({run.run_id: run for run in found}.items())]
    with tempfile.TemporaryDirectory(prefix="newsbeam-") as folder:
        for index, run in enumerate(runs):
            _link(run, Path(folder) / str(index), tables, tell)
        with contextlib.closing(connect(str(Path(folder) / "spill"))) as connection:
            for table in TABLES.values():
                _create_table(connection, table, runs, Path(folder))
            if len(runs) > 1:
                _keep_newest(connection)
            for view in VIEWS:
                connection.execute(view_statement(view))
            yield connection, runs


def connect(spill: str) -> duckdb.DuckDBPyConnection:
    """An empty DuckDB database in memory, in UTC; what doesn't fit into memory goes to the folder `spill`."""
    connection = duckdb.connect(config={"temp_directory": spill, "autoinstall_known_extensions": "false"})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _link(run: Run, target: Path, tables: Sequence[str], tell: Callable[[str], None] | None) -> None:
    if not is_remote(run.output):
        target.symlink_to(run.output, target_is_directory=True)
        return
    for table in tables:
        for path, size in parquet_files(FileSystems.join(run.output, table)):
            if tell:
                tell(f"fetching {path} ({size / (1 << 20):,.1f} MiB)")
            local = target / path[len(run.output) :].lstrip("/")
            local.parent.mkdir(parents=True, exist_ok=True)
            with open_file(path) as source, local.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, runs: Sequence[Run], folder: Path) -> None:
    """The view of a table over all runs. A run without rows in it, or from before a column, gives NULL there."""
    columns = (*table_columns(table), RUN)
    empty = ", ".join(f"CAST(NULL AS {duckdb_type(column)}) AS {column.name}" for column in columns)
    parts = [f"(SELECT {empty} LIMIT 0)"]
    for index, run in enumerate(runs):
        place = folder / str(index) / table.name
        if next(place.rglob("*.parquet"), None) is None:
            continue
        files = quote(f"{place}/**/*.parquet")
        hive = f"hive_partitioning = true, hive_types = {{{table.partition.name}: VARCHAR}}" if table.partition else ""
        options = ", ".join(filter(None, ("union_by_name = true", hive or "hive_partitioning = false")))
        found = {
            row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM read_parquet({files}, {options})").fetchall()
        }
        chosen = ", ".join(column.name for column in columns if column.name in found)
        parts.append(f"(SELECT {chosen}, {quote(run.run_id)} AS run_id FROM read_parquet({files}, {options}))")
    name = f"every_{table.name}" if len(runs) > 1 and table.name in PER_ARTICLE else table.name
    connection.execute(f"CREATE VIEW {name} AS {' UNION ALL BY NAME '.join(parts)}")


def _keep_newest(connection: duckdb.DuckDBPyConnection) -> None:
    """Put views over the tables that show an article once: as the newest run has it (an id begins with the time)."""
    connection.execute(
        "CREATE TABLE newest AS SELECT article_id, max(run_id) AS run_id FROM every_articles GROUP BY article_id"
    )
    for name in PER_ARTICLE:
        connection.execute(
            f"CREATE VIEW {name} AS SELECT * FROM every_{name} SEMI JOIN newest USING (article_id, run_id)"
        )


def quote(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
