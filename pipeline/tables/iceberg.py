"""The command `newsbeam publish --iceberg`: a finished run's files as Iceberg tables, added where they lie."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.errors import UsageError
from pipeline.tables.runs import Run, find_run
from pipeline.usage import DONE, command_parser, print_json
from schemas.files import Part
from schemas.tables import TABLES, Table
from transforms.read.files import is_remote
from transforms.runtime.parquet import open_columns
from transforms.runtime.run_files import published_parts

# Properties of the tables: whose files they hold, and which run's.
OUTPUT, RUN_ID = "newsbeam.output", "newsbeam.run_id"
OWN_CATALOG = "newsbeam"
EXAMPLES = {
    "newsbeam publish out/sample --iceberg sqlite:///catalog.db": "a catalog in a file, tables in the namespace "
    "newsbeam",
    "newsbeam publish gs://bucket/tables --iceberg https://catalog.example --namespace news.daily": "a REST catalog",
    "newsbeam publish out/sample --iceberg prod -p token=…": "the catalog `prod` of ~/.pyiceberg.yaml",
}


def publish_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam publish --help`."""
    parser = command_parser(
        "publish",
        "Make the tables of a finished run Iceberg tables. Its files are added where they lie, none is rewritten.",
        EXAMPLES,
        notes="Each table of the namespace holds one run's rows: those of the last that was published there. A run\n"
        "that replaces files which a catalog knows must be published again. Needs the extra:\n"
        "pip install 'newsbeam[iceberg]'.",
    )
    parser.add_argument("output", metavar="OUTPUT", help="Directory of a finished run, local or gs://.")
    parser.add_argument(
        "--iceberg",
        required=True,
        metavar="CATALOG",
        help="The address of an Iceberg catalog (https://…, sqlite:///FILE, postgresql://…), or the name of one that "
        "PyIceberg is configured with.",
    )
    parser.add_argument("--namespace", default="newsbeam", metavar="NAME", help="Of the tables. Default: %(default)s.")
    parser.add_argument(
        "--warehouse", metavar="DIR", help="Where the catalog keeps what it writes. Default: as it is configured."
    )
    parser.add_argument(
        "-p", "--property", action="append", default=[], metavar="NAME=VALUE", help="A property of the catalog."
    )
    return parser


def publish(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: no finished run, no such catalog, tables of another run's directory, or files that don't hold the
            rows that the ledger tells of.
    """
    options = publish_parser().parse_args(list(argv))
    run = find_run(options.output)
    parts = published_parts(run.output, run.manifest)
    check_rows(run, parts)
    catalog = _open_catalog(options)
    counts = {
        name: _publish_table(catalog, f"{options.namespace}.{name}", table, run, [p for p in parts if p.table == name])
        for name, table in TABLES.items()
    }
    if options.json:
        print_json({"run_id": run.run_id, "namespace": options.namespace, "rows": counts})
    else:
        for name, rows in counts.items():
            print(f"{options.namespace}.{name:12} {rows:>12,} rows")  # noqa: T201
    return DONE


def check_rows(run: Run, parts: Sequence[Part]) -> None:
    """Hold the rows that files say they hold to those that the run's ledger and counts tell of.

    Raises:
        UsageError: they differ, or a file is missing.
    """
    found = dict.fromkeys(TABLES, 0)
    for part in parts:
        if part.table not in found:
            continue
        try:
            with open_columns(part.path) as file:
                found[part.table] += file.metadata.num_rows
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"{part.path} can't be read: {' '.join(str(error).split())[:200]}") from error
    stated = {name: table["rows"] for name, table in run.manifest["tables"].items() if name in found}
    stated |= {name: run.manifest["ledger"][name] for name in ("articles", "rejects")}
    for name, rows in stated.items():
        if found[name] != rows:
            raise UsageError(f"{name} has {found[name]:,} rows, but {rows:,} by the ledger; see newsbeam check")


def _open_catalog(options: argparse.Namespace) -> Any:
    try:
        from pyiceberg.catalog import load_catalog  # noqa: PLC0415, an extra
    except ImportError as error:
        raise UsageError("publish --iceberg needs PyIceberg: pip install 'newsbeam[iceberg]'") from error
    properties = dict(_properties(options))
    try:
        if "://" in options.iceberg:
            catalog = load_catalog(OWN_CATALOG, uri=options.iceberg, **properties)
        else:
            catalog = load_catalog(options.iceberg, **properties)
        catalog.create_namespace_if_not_exists(options.namespace)
    except Exception as error:  # every catalog has errors of its own
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        raise UsageError(f"--iceberg {options.iceberg} can't be opened: {reason}") from error
    return catalog


def _properties(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    if options.warehouse:
        yield "warehouse", _address(options.warehouse)
    for pair in options.property:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"--property: `{pair}` isn't NAME=VALUE")
        yield name, value


def _address(path: str) -> str:
    # As it is: Iceberg's readers take what is escaped in an address of a file literally.
    return path if is_remote(path) else f"file://{Path(path).absolute()}"


def _publish_table(catalog: Any, identifier: str, table: Table, run: Run, parts: Sequence[Part]) -> int:
    """Make a table hold these files and no others, in one commit. Returns its rows.

    Raises:
        UsageError: it holds what another directory's run published, or other rows than were added.
    """
    from pyiceberg.expressions import AlwaysTrue  # noqa: PLC0415, an extra

    schema = _schema_of(table)
    existing = catalog.create_table_if_not_exists(identifier, schema=schema)
    snapshot = existing.current_snapshot()
    before = existing.properties.get(OUTPUT)
    if (snapshot or before) and before != run.output:
        raise UsageError(f"{identifier} holds the rows of {before or 'somebody else'}; name another --namespace")
    said: Mapping[str, str] = {RUN_ID: run.run_id}
    with existing.transaction() as transaction:
        with transaction.update_schema() as update:
            update.union_by_name(schema)
        transaction.set_properties({OUTPUT: run.output, **said})
        if snapshot:
            # Whole files go, so that none is rewritten.
            transaction.delete(AlwaysTrue())
        transaction.add_files(
            [_address(part.path) for part in parts], snapshot_properties=said, check_duplicate_files=False
        )
    rows = int(catalog.load_table(identifier).current_snapshot().summary["total-records"])
    if rows != (expected := sum(part.rows for part in parts)):
        raise UsageError(f"{identifier} has {rows:,} rows now, not {expected:,}; publish again")
    return rows


def _schema_of(table: Table) -> pa.Schema:
    """A table's schema, what its columns say where Iceberg looks for it."""
    return pa.schema(
        pa.field(column.name, column.type, nullable=column.nullable, metadata={"doc": column.description})
        for column in table.columns
    )
