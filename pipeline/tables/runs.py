"""Finished runs, opened in DuckDB: every table as a view that always has all its columns, and the views over them.

A run's path never enters SQL: its files lie behind links of plain names, so that quotes, globs and `key=value` folders
in it mean nothing. They are those that `_run.json` lists, so that nothing is seen of another run that is being
published meanwhile. Runs on remote storage are fetched first, as far as they are needed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.access import check_access
from pipeline.options import UsageError
from pipeline.tables.scratch import temporary_folder
from pipeline.tables.views import VIEWS, view_statement
from schemas.files import Part
from schemas.tables import MANIFEST, TABLES, Column, Table
from transforms.read.files import is_remote, open_file
from transforms.runtime.errors import StorageError
from transforms.runtime.files import exists
from transforms.runtime.run_files import published_parts
from transforms.runtime.storage import join, read_file

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
# Of several runs that have decided who an entity is, the one that names it in most articles counts.
IDENTITIES = """
CREATE TABLE identities AS
WITH chosen AS (
  FROM every_identities
  QUALIFY row_number() OVER (PARTITION BY entity_id ORDER BY article_count DESC, run_id DESC) = 1
)
SELECT c.* REPLACE (
  coalesce(o.identity_id, c.identity_id) AS identity_id,
  coalesce(o.identity_name, c.identity_name) AS identity_name,
  coalesce(o.identity_label, c.identity_label) AS identity_label
) FROM chosen c LEFT JOIN chosen o ON o.entity_id = c.identity_id
"""
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


class BrokenRunError(UsageError):
    """A finished run whose files aren't what its `_run.json` says."""


class _Snapshot(NamedTuple):
    """A run, and by table where its files are on this machine."""

    run: Run
    files: Mapping[str, Sequence[Path]]


def find_run(output: str) -> Run:
    """The finished run in a directory, local or remote.

    Raises:
        UsageError: there is none.
    """
    check_access([output])
    place = output if is_remote(output) else str(Path(output).absolute())
    path = join(place, MANIFEST)
    try:
        if not is_remote(place) and not Path(place).is_dir():
            hint = "; SQL is given with -c" if " " in output.strip() else ""
            raise UsageError(f"no such directory: {output}{hint}")
        if not exists(path):
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
        BrokenRunError: a file of one is missing, or no Parquet file.
    """
    with temporary_folder() as folder:
        found = (_take(output, folder / str(number), tables, tell) for number, output in enumerate(outputs))
        snapshots = [shot for _, shot in sorted({shot.run.run_id: shot for shot in found}.items())]
        with contextlib.closing(connect(str(folder / "spill"))) as connection:
            for table in TABLES.values():
                _create_table(connection, table, snapshots)
            if len(snapshots) > 1:
                _keep_newest(connection)
            for view in VIEWS:
                connection.execute(view_statement(view))
            yield connection, [shot.run for shot in snapshots]


def connect(spill: str) -> duckdb.DuckDBPyConnection:
    """An empty DuckDB database in memory, in UTC; what doesn't fit into memory goes to the folder `spill`."""
    connection = duckdb.connect(config={"temp_directory": spill, "autoinstall_known_extensions": "false"})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _take(output: str, folder: Path, tables: Sequence[str], tell: Callable[[str], None] | None) -> _Snapshot:
    """A finished run as it is now, its files under plain names in `folder`. Should it be replaced meanwhile, the next.

    Raises:
        UsageError: there is none.
        BrokenRunError: a file that it lists isn't there.
    """
    while True:
        run = find_run(output)
        try:
            return _Snapshot(run, _fetch(run, folder, tables, tell))
        except (FileNotFoundError, StorageError) as error:
            if find_run(output).run_id == run.run_id:
                raise BrokenRunError(f"{run.output}: {' '.join(str(error).split())[:300]}") from error
            shutil.rmtree(folder)


def _fetch(run: Run, folder: Path, tables: Sequence[str], tell: Callable[[str], None] | None) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {name: [] for name in tables}
    for part in _parts(run):
        if part.table not in found:
            continue
        local = folder / part.table / f"{len(found[part.table])}-{part.path.rpartition('/')[2]}"
        local.parent.mkdir(parents=True, exist_ok=True)
        found[part.table].append(local)
        if not is_remote(part.path):
            _link(part.path, local)
            continue
        if tell:
            tell(f"fetching {part.path} ({part.size / (1 << 20):,.1f} MiB)")
        with open_file(part.path) as source, local.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    return found


def _parts(run: Run) -> list[Part]:
    try:
        return published_parts(run.output, run.manifest)
    except (TypeError, ValueError) as error:
        raise BrokenRunError(f"{MANIFEST} of {run.output} lists what is no file of a run: {error}") from error


def _link(path: str, local: Path) -> None:
    """A file under another name: one that stays whole should the run be replaced, where the disk allows it."""
    try:
        local.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:
        local.symlink_to(Path(path).resolve(strict=True))


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table, snapshots: Sequence[_Snapshot]) -> None:
    """The view of a table over all runs. A run from before a column, or whose table isn't needed, gives NULL there."""
    columns = (*table.columns, RUN)
    empty = ", ".join(f"CAST(NULL AS {duckdb_type(column)}) AS {column.name}" for column in columns)
    parts = [f"(SELECT {empty} LIMIT 0)"]
    for shot in snapshots:
        if not (files := shot.files.get(table.name)):
            continue
        listed = ", ".join(quote(str(path)) for path in files)
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        except duckdb.Error as error:
            raise _broken(shot, table) or error from error
        found = {row[0] for row in described}
        chosen = ", ".join(column.name for column in columns if column.name in found)
        parts.append(f"(SELECT {chosen}, {quote(shot.run.run_id)} AS run_id FROM {source})")
    several = len(snapshots) > 1 and table.name in (*PER_ARTICLE, "identities")
    name = f"every_{table.name}" if several else table.name
    connection.execute(f"CREATE VIEW {name} AS {' UNION ALL BY NAME '.join(parts)}")


def _broken(shot: _Snapshot, table: Table) -> BrokenRunError | None:
    """What to say of a run with a file that is no Parquet file, or half of one."""
    parts = [part for part in _parts(shot.run) if part.table == table.name]
    for part, local in zip(parts, shot.files[table.name], strict=True):
        try:
            pq.read_schema(local)
        except (OSError, pa.ArrowException):
            return BrokenRunError(f"{part.path} is no Parquet file, or not a whole one; see newsbeam check")
    return None


def _keep_newest(connection: duckdb.DuckDBPyConnection) -> None:
    """Put views over the tables that show an article once: as the newest run has it (an id begins with the time)."""
    connection.execute(
        "CREATE TABLE newest AS SELECT article_id, max(run_id) AS run_id FROM every_articles GROUP BY article_id"
    )
    for name in PER_ARTICLE:
        connection.execute(
            f"CREATE VIEW {name} AS SELECT * FROM every_{name} SEMI JOIN newest USING (article_id, run_id)"
        )
    connection.execute(IDENTITIES)


def quote(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
