"""A prompt for SQL: statements end with `;`, names complete with Tab, and history stays between sessions."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipeline.tables.results import write_result
from pipeline.tables.views import VIEWS
from schemas.tables import TABLES

HELP = """Statements end with `;` and may take several lines.
  .views          tables and views
  .columns NAME   the columns of one
  .format NAME    table, csv, json or jsonl
  .quit           leave, as Ctrl-D does"""
QUIT = (".quit", ".exit")
KEYWORDS = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "BY",
    "ORDER",
    "LIMIT",
    "JOIN",
    "USING",
    "HAVING",
    "DESC",
    "COUNT",
    "AVG",
    "SUM",
    "DISTINCT",
    "WITH",
]
HISTORY = 1000


def prompt(connection: duckdb.DuckDBPyConnection, names: Sequence[str], form: str) -> None:
    """Read statements from the terminal and run them until the end of input."""
    print(f"DuckDB {duckdb.__version__} on {', '.join(names)}. .help for help, Ctrl-D to leave.")  # noqa: T201
    with _editing(_words(connection)):
        pending = ""
        while True:
            try:
                line = input("newsbeam> " if not pending else "     ...> ")
            except EOFError:
                print()  # noqa: T201
                return
            except KeyboardInterrupt:
                print()  # noqa: T201
                pending = ""
                continue
            if not pending and line.strip().startswith("."):
                if line.strip() in QUIT:
                    return
                form = command(connection, line.split(), form)
                continue
            pending += line + "\n"
            if pending.rstrip().endswith(";") or not pending.strip():
                _run(connection, pending, form)
                pending = ""


def split_script(text: str) -> Iterator[str]:
    """The SQL and the commands of the prompt in a text, each command by itself; no statement has one in its middle."""
    pending = ""
    for line in text.splitlines(keepends=True):
        if line.startswith(".") and (not pending.strip() or pending.rstrip().endswith(";")):
            yield pending
            pending = ""
            if line.strip() in QUIT:
                return
            yield line
        else:
            pending += line
    yield pending


def command(connection: duckdb.DuckDBPyConnection, words: list[str], form: str) -> str:
    """Do what a command of the prompt asks for. Returns the format of results from now on."""
    known = {**{name: table.description for name, table in TABLES.items()}, **{v.name: v.description for v in VIEWS}}
    if words[0] == ".views":
        print("\n".join(f"{name:28}{what}" for name, what in known.items()))  # noqa: T201
    elif words[0] == ".columns" and len(words) == 2 and words[1] in known:
        _run(connection, f"SELECT column_name, column_type FROM (DESCRIBE {words[1]})", form)
    elif words[0] == ".format" and len(words) == 2 and words[1] in ("table", "csv", "json", "jsonl"):
        return words[1]
    else:
        print(HELP)  # noqa: T201
    return form


def _run(connection: duckdb.DuckDBPyConnection, text: str, form: str) -> None:
    try:
        for statement in connection.extract_statements(text):
            cursor = connection.execute(statement)
            if cursor.description:
                write_result(cursor, form, sys.stdout)
    except duckdb.Error as error:
        print(error, file=sys.stderr)  # noqa: T201
    except KeyboardInterrupt:
        connection.interrupt()
        print("interrupted", file=sys.stderr)  # noqa: T201


def _words(connection: duckdb.DuckDBPyConnection) -> list[str]:
    columns = connection.execute("SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    return sorted({*KEYWORDS, *TABLES, *(view.name for view in VIEWS), *(row[0] for row in columns)})


@contextlib.contextmanager
def _editing(words: Sequence[str]) -> Iterator[None]:
    """Line editing with completion and history, where the platform has readline."""
    try:
        import readline  # noqa: PLC0415
    except ImportError:
        yield
        return

    def complete(start: str, index: int) -> str | None:
        found = [word for word in words if word.lower().startswith(start.lower())]
        return found[index] if index < len(found) else None

    history = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "newsbeam" / "sql_history"
    with contextlib.suppress(OSError):
        history.parent.mkdir(parents=True, exist_ok=True)
        readline.read_history_file(history)
    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n,;().=<>")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_history_length(HISTORY)
        with contextlib.suppress(OSError):
            readline.write_history_file(history)
