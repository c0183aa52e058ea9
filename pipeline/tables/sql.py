"""The command `newsbeam sql`: SQL over the tables of one or more runs, in DuckDB."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.options import UsageError
from pipeline.tables.ddl import DIALECTS, script
from pipeline.tables.prompt import command, prompt, split_script
from pipeline.tables.results import FORMATS, write_result
from pipeline.tables.runs import find_run, open_runs
from pipeline.tables.views import VIEWS
from pipeline.usage import DONE, command_parser, make_console
from schemas.tables import NONE, TABLES

EXAMPLES = {
    "newsbeam sql out/sample": "a prompt; the tables and views are there, .help tells more",
    'newsbeam sql out/sample -c "FROM names ORDER BY articles DESC LIMIT 10"': "one query, as a table",
    "newsbeam sql out/2024-* -c \"FROM people_by_day WHERE name = $who\" -p who='Xi Jinping' --format csv": "several "
    "runs as one, a bound value, CSV",
    "newsbeam sql out/sample < questions.sql": "the statements of a file",
    "newsbeam sql gs://bucket/tables --ddl bigquery --dataset news": "statements that declare the tables in BigQuery",
}


def sql_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam sql --help`."""
    parser = command_parser(
        "sql",
        "Open DuckDB on the tables of finished runs, with views over them in place.",
        EXAMPLES,
        notes="Views ending in _with_copies count a story every time that it was printed, those without once. Of an\n"
        "article that several runs hold, the newest run's rows are seen. Times are UTC. A run on remote storage is\n"
        "fetched first.",
    )
    parser.add_argument("output", nargs="+", metavar="OUTPUT", help="Directories of finished runs, local or gs://.")
    parser.add_argument("-c", "--command", metavar="SQL", help="Run this and end. Statements are separated by `;`.")
    parser.add_argument(
        "-p", "--param", action="append", default=[], metavar="NAME=VALUE", help="The value of $NAME in the SQL."
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="Of results. Default: %(default)s.")
    parser.add_argument("--views", action="store_true", help="List tables and views and end.")
    parser.add_argument(
        "--ddl", choices=tuple(DIALECTS), help="Print the statements that declare the tables elsewhere."
    )
    parser.add_argument("--dataset", default="newsbeam", metavar="NAME", help="For --ddl. Default: %(default)s.")
    return parser


def sql(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: no finished run, or SQL that DuckDB can't run.
    """
    options = sql_parser().parse_args(list(argv))
    form = "json" if options.json else options.format
    if options.ddl:
        if not options.dataset.replace("_", "").replace("-", "").replace(".", "").isalnum():
            raise UsageError(f"--dataset can't be {options.dataset!r}: letters, digits, `_`, `-` and `.` only")
        run = find_run(options.output[0])
        sys.stdout.write(script(options.ddl, run.output, options.dataset, run.manifest.get("partition_by", NONE)))
        return DONE
    params = dict(_param(pair) for pair in options.param)
    with open_runs(options.output, tell=_tell) as (connection, runs):
        if options.views:
            _list_views(connection, form)
        elif options.command is not None:
            _run_statements(connection, options.command, params, form)
        elif not sys.stdin.isatty():
            for piece in split_script(sys.stdin.read()):
                if piece.startswith("."):
                    form = command(connection, piece.split(), form)
                else:
                    _run_statements(connection, piece, params, form)
        else:
            prompt(connection, [Path(run.output).name for run in runs], form)
    return DONE


def _run_statements(connection: duckdb.DuckDBPyConnection, text: str, params: dict[str, str], form: str) -> None:
    """Run statements and write the results of those that have one to standard output.

    Raises:
        UsageError: what DuckDB says of one.
    """
    try:
        for statement in connection.extract_statements(text):
            needed = {name: params[name] for name in statement.named_parameters if name in params}
            cursor = connection.execute(statement, needed) if needed else connection.execute(statement)
            if statement.expected_result_type and cursor.description:
                write_result(cursor, form, sys.stdout)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {' '.join(str(error).split())[:600]}") from error


def _param(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not (equals and name.isidentifier()):
        raise UsageError(f"--param: `{pair}` isn't NAME=VALUE")
    return name, value


def _tell(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr)  # noqa: T201


def _list_views(connection: duckdb.DuckDBPyConnection, form: str) -> None:
    described = {
        **{table.name: table.description for table in TABLES.values()},
        **{v.name: v.description for v in VIEWS},
    }
    if form == "table":
        _show_views(described, make_console())
        return
    connection.execute("CREATE TEMP TABLE listed (name VARCHAR, description VARCHAR)")
    connection.executemany("INSERT INTO listed VALUES (?, ?)", list(described.items()))
    write_result(connection.execute("FROM listed"), form, sys.stdout)


def _show_views(described: dict[str, str], console: Console) -> None:
    """Print names with what they say."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name, description in described.items():
        table.add_row(Text(name, style="bold"), Text(description))
    console.print(table)
