"""The result of a query, written row by row as a table, CSV, JSON or JSON lines."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.usage import printable

FORMATS = ("table", "csv", "json", "jsonl")
# A table on a screen; the other formats are without end.
TABLE_ROWS = 1000
CELL_CHARS = 200
BATCH = 2048
# How texts begin that spreadsheets would calculate.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Cursor(Protocol):
    """What is needed of a DuckDB connection that has run a query."""

    @property
    def description(self) -> Any: ...

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]: ...


def plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, bytes as text, NaN and infinities as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def guarded(value: Any) -> Any:
    """A value for a spreadsheet, which would take a text that begins like a formula for one: with `'` before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_result(cursor: _Cursor, form: str, stream: TextIO) -> None:
    """Write all rows of a query in one of `FORMATS`."""
    names = [column[0] for column in cursor.description]
    if form == "table":
        _write_table(names, cursor, stream)
    elif form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([guarded(plain(value)) for value in row] for row in rows(cursor))
    elif form == "jsonl":
        for row in rows(cursor):
            stream.write(_object(names, row) + "\n")
    else:
        _write_json(names, cursor, stream)


def rows(cursor: _Cursor) -> Iterator[tuple[Any, ...]]:
    """All rows of a query, fetched in batches."""
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _object(names: Sequence[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(names, map(plain, row), strict=True)), ensure_ascii=False)


def _write_json(names: Sequence[str], cursor: _Cursor, stream: TextIO) -> None:
    before = "[\n "
    for row in rows(cursor):
        stream.write(before + _object(names, row))
        before = ",\n "
    stream.write("[]\n" if before[0] == "[" else "\n]\n")


def cell(value: Any) -> str:
    """A value in a table on a screen: one line, and no more than a screen can show."""
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").removesuffix(".") if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        return str(value)
    shown = printable(str(plain(value)).replace("\r", " ").replace("\n", " "))
    return shown if len(shown) <= CELL_CHARS else shown[: CELL_CHARS - 1] + "…"


def _write_table(names: Sequence[str], cursor: _Cursor, stream: TextIO) -> None:
    found = cursor.fetchmany(TABLE_ROWS + 1)
    shown = found[:TABLE_ROWS]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], (int, float, Decimal)) for row in shown)
        table.add_column(
            Text(printable(name)), justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis"
        )
    for row in shown:
        table.add_row(*(Text(cell(value), style="dim" if value is None else "") for value in row))
    # A pipe has no width at which a line would have to be cut.
    console = Console(file=stream, width=None if stream.isatty() else 100_000, highlight=False)
    console.print(table)
    if len(found) > TABLE_ROWS:
        console.print(f"… the first {TABLE_ROWS:,} rows; --format csv or json gives all")
    elif console.is_terminal:
        console.print(f"{len(found):,} row{'' if len(found) == 1 else 's'}", style="dim")
