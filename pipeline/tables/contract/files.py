"""The files of a run and its `_run.json`: schemas, counts and the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipeline.tables.contract.finding import WARNING, Finding, judge
from pipeline.tables.runs import Run
from schemas.tables import NULL_PARTITION, TABLES, Table
from transforms.read.files import open_file
from transforms.runtime.files import parquet_files
from transforms.runtime.layout import FORMATS, folder_of_path
from transforms.runtime.run_files import published_parts
from transforms.runtime.storage import join

KEYS = ("run_id", "started_at", "finished_at", "ledger", "articles", "rejects", "tables", "models", "options")


def check_files(run: Run) -> Iterator[Finding]:
    """Hold the Parquet files to the schemas and to what `_run.json` says of them. Reads no rows."""
    missing = [key for key in KEYS if key not in run.manifest]
    yield judge("files", "_run.json tells all that it must", len(KEYS), len(missing), ", ".join(missing) or None)
    try:
        parts = published_parts(run.output, run.manifest)
    except (TypeError, ValueError) as error:
        yield judge("files", "_run.json lists files of tables", 1, 1, str(error))
        return
    for table in TABLES.values():
        yield from _check_table(run, table, {part.path for part in parts if part.table == table.name})


def _check_table(run: Run, table: Table, listed: set[str]) -> Iterator[Finding]:
    there = dict(parquet_files(join(run.output, table.name)))
    missing, others = sorted(listed - there.keys()), sorted(there.keys() - listed)
    example = missing[0] if missing else None
    yield judge("files", f"{table.name}: the files that _run.json lists are there", len(listed), len(missing), example)
    if others:
        # A run that is being published has them, too, for a moment.
        check = f"{table.name}: who reads by a glob sees files that _run.json doesn't list"
        yield Finding("files", check, WARNING, len(there), len(others), others[0])
    paths = {path: size for path, size in there.items() if path in listed}
    wrong: list[str] = []
    rows = 0
    for path in sorted(paths):
        with open_file(path) as stream:
            try:
                parquet = pq.ParquetFile(stream)
            except (OSError, ValueError):
                wrong.append(f"{path}: no Parquet file, or not a whole one")
                continue
            rows += parquet.metadata.num_rows
            if difference := _difference(table, parquet) or _misplaced(table, parquet, folder_of_path(path)):
                wrong.append(f"{path}: {difference}")
    example = wrong[0] if wrong else None
    yield judge("files", f"{table.name}: every file has the table's columns and types", len(paths), len(wrong), example)
    stated = run.manifest.get("tables", {}).get(table.name, {})
    found = {"rows": rows, "files": len(paths), "bytes": sum(paths.values())}
    off = [
        f"{name}: {stated.get(name)} stated, {found[name]} found" for name in found if stated.get(name) != found[name]
    ]
    yield judge(
        "files", f"{table.name}: rows, files and bytes are those that _run.json tells", 3, len(off), off or None
    )


def _difference(table: Table, parquet: pq.ParquetFile) -> str:
    """What sets a file's schema apart from its table's; empty where nothing does."""
    found = {field.name: field for field in parquet.schema_arrow}
    for field in table.schema:
        other = found.pop(field.name, None)
        if other is None:
            return f"no column {field.name}"
        if other.type != field.type:
            return f"{field.name} is {other.type}, not {field.type}"
        if other.nullable and not field.nullable:
            return f"{field.name} may be NULL"
    return f"unknown column {next(iter(found))}" if found else ""


def _misplaced(table: Table, parquet: pq.ParquetFile, folder: str) -> str:
    """What is wrong with the times in a file of a partition, by its own statistics; empty where nothing is."""
    by, _, value = folder.partition("=")
    if not folder or not parquet.metadata.num_rows:
        return ""
    column = parquet.schema_arrow.get_field_index(table.time)
    groups = (parquet.metadata.row_group(index).column(column) for index in range(parquet.metadata.num_row_groups))
    for found in (group.statistics for group in groups):
        times = [found.min, found.max] if found.has_min_max else [None]
        labels = {f"{time:{FORMATS[by]}}" if time else NULL_PARTITION for time in times}
        labels |= {NULL_PARTITION} if found.null_count else set()
        if labels != {value}:
            return f"times of {', '.join(sorted(labels))} in the folder {folder}"
    return ""


def check_ledger(run: Run, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Hold the ledger to what is written: in total, by reason, by kind of copy and, where it says so, by file."""
    counted = connection.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM rejects)"
    ).fetchone() or (0, 0)
    stated = run.manifest.get("ledger", {})
    ledger = {name: stated.get(name, -1) for name in ("records", "articles", "rejects")}
    # What was left out, as the run was asked to, is in no table.
    written = ledger["records"] - stated.get("left_out", 0)
    balanced = written == sum(counted) and (ledger["articles"], ledger["rejects"]) == counted
    example = None if balanced else f"stated {ledger}, found {counted[0]} articles and {counted[1]} rejects"
    yield judge("ledger", "records read = articles + rejects, as written", ledger["records"], not balanced, example)
    yield from _check_lines(run, connection)
    yield _compare(
        "rejects by stage and reason are those that _run.json tells",
        run.manifest.get("rejects", {}),
        connection.execute("SELECT stage || '.' || reason, count(*) FROM rejects GROUP BY ALL").fetchall(),
    )
    yield _compare(
        "articles and copies are those that _run.json tells",
        run.manifest.get("articles", {}),
        connection.execute("SELECT coalesce(duplicate, 'canonical'), count(*) FROM articles GROUP BY ALL").fetchall(),
    )


def _check_lines(run: Run, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Hold the ledger's lines, one for each input file that `_run.json` lists, to the rows of that file.

    A member of an archive (`archive.zip/member`) counts for the archive.
    """
    lines = {line["file"]: line for line in run.manifest.get("ledger", {}).get("files", [])}
    if not lines:
        return
    found: dict[str, Counter[str]] = {name: Counter() for name in lines}
    cursor = connection.execute("SELECT source_file, articles, copies, rejects FROM files")
    while batch := cursor.fetchmany(10_000):
        for source_file, *counts in batch:
            name = source_file
            while name and name not in lines:
                name = name.rpartition("/")[0]
            if name:
                found[name].update(dict(zip(("articles", "copies", "rejects"), map(int, counts), strict=True)))
    off = [name for name, line in lines.items() if not _balances(line, found[name])]
    example = f"{off[0]}: stated {lines[off[0]]}, found {dict(found[off[0]])}" if off else None
    yield judge("ledger", "the same for every input file that _run.json lists", len(lines), len(off), example)


def _balances(line: Mapping[str, Any], found: Mapping[str, int]) -> bool:
    written = all(line[name] == found[name] for name in ("articles", "copies", "rejects"))
    return written and line["records"] == line["articles"] + line["rejects"] + line.get("left_out", 0)


def _compare(check: str, stated: Mapping[str, int], found: list[tuple[Any, ...]]) -> Finding:
    expected, counted = Counter(stated), Counter(dict(found))
    off = [
        f"{key}: {expected[key]} stated, {counted[key]} found"
        for key in expected | counted
        if expected[key] != counted[key]
    ]
    return judge("ledger", check, len(expected | counted), len(off), off[0] if off else None)
