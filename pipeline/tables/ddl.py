"""The tables as other engines declare them, generated from `schemas.tables`: BigQuery, Spark, Trino and DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from pipeline.tables.runs import duckdb_type, quote, table_columns
from schemas.tables import TABLES, Column, Table

TIMESTAMP = "timestamp"
BIGQUERY_TYPES = {
    "string": "STRING",
    "int32": "INT64",
    "int64": "INT64",
    "float": "FLOAT64",
    "double": "FLOAT64",
    "bool": "BOOL",
    "binary": "BYTES",
    TIMESTAMP: "TIMESTAMP",
}
SPARK_TYPES = {
    "string": "STRING",
    "int32": "INT",
    "int64": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "binary": "BINARY",
    TIMESTAMP: "TIMESTAMP",
}
TRINO_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float": "REAL",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "binary": "VARBINARY",
    TIMESTAMP: "TIMESTAMP(6)",
}
# By what queries look rows up.
CLUSTER = {
    "articles": ("outlet", "canonical_id"),
    "sentences": ("article_id",),
    "mentions": ("entity_id", "article_id"),
    "entities": ("entity_id", "article_id"),
    "identities": ("identity_id", "entity_id"),
    "rejects": ("stage", "reason"),
}
KEYS = {
    "articles": ("article_id",),
    "sentences": ("article_id", "sentence_index"),
    "mentions": ("article_id", "mention_index"),
    "entities": ("article_id", "entity_id"),
    "identities": ("entity_id",),
}


def _type_name(column: Column, types: dict[str, str]) -> str:
    """The type of a column among those of an engine."""
    return types[TIMESTAMP if pa.types.is_timestamp(column.type) else str(column.type)]


def text(value: str) -> str:
    """A string literal for engines in which a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _described(table: Table) -> str:
    return f"{table.description} {table.partition.description}" if table.partition else table.description


def _lines(lines: list[str]) -> str:
    return "(\n  " + ",\n  ".join(lines) + "\n)"


def _bigquery_external(location: str, dataset: str) -> Iterator[str]:
    """Tables that read the run's files where they lie."""
    for table in TABLES.values():
        folder = f"{location}/{table.name}"
        columns = [
            f"{column.name} {_type_name(column, BIGQUERY_TYPES)} OPTIONS (description = {text(column.description)})"
            for column in table.columns
        ]
        yield (
            f"CREATE OR REPLACE EXTERNAL TABLE `{dataset}.{table.name}` {_lines(columns)}\n"
            f"{_partition_columns(table)}OPTIONS (\n  format = 'PARQUET',\n  uris = [{text(folder + '/*')}],\n"
            f"{_hive(table, folder)}  description = {text(_described(table))}\n)"
        )


def _bigquery_native(location: str, dataset: str) -> Iterator[str]:
    """Tables that BigQuery holds itself, partitioned by month of publication and clustered; and their loading."""
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, BIGQUERY_TYPES)}{'' if column.nullable else ' NOT NULL'} "
            f"OPTIONS (description = {text(column.description)})"
            for column in table.columns
        ]
        if table.partition:
            # The key comes from the folders' names, of which BigQuery promises no value.
            columns.append(f"{table.partition.name} STRING OPTIONS (description = {text(table.partition.description)})")
        if table.name in KEYS:
            columns.append(f"PRIMARY KEY ({', '.join(KEYS[table.name])}) NOT ENFORCED")
        partitions = "PARTITION BY TIMESTAMP_TRUNC(published_at, MONTH)\n" if table.name == "articles" else ""
        yield (
            f"CREATE TABLE IF NOT EXISTS `{dataset}.{table.name}` {_lines(columns)}\n{partitions}"
            f"CLUSTER BY {', '.join(CLUSTER[table.name])}\nOPTIONS (description = {text(_described(table))})"
        )
    for table in TABLES.values():
        folder = f"{location}/{table.name}"
        yield (
            f"LOAD DATA OVERWRITE `{dataset}.{table.name}`\nFROM FILES (\n  format = 'PARQUET',\n{_hive(table, folder)}"
            f"  uris = [{text(folder + '/*')}]\n)" + ("\n" + _partition_columns(table)).rstrip()
        )


def _partition_columns(table: Table) -> str:
    return f"WITH PARTITION COLUMNS ({table.partition.name} STRING)\n" if table.partition else ""


def _hive(table: Table, folder: str) -> str:
    return f"  hive_partition_uri_prefix = {text(folder)},\n" if table.partition else ""


def spark(location: str, dataset: str) -> Iterator[str]:
    """Tables over the run's files, for Spark and Databricks."""
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, SPARK_TYPES)} COMMENT {text(column.description)}"
            for column in table_columns(table)
        ]
        partitions = f"PARTITIONED BY ({table.partition.name})\n" if table.partition else ""
        yield (
            f"CREATE TABLE IF NOT EXISTS {dataset}.{table.name} {_lines(columns)}\nUSING PARQUET\n{partitions}"
            f"COMMENT {text(table.description)}\nLOCATION {text(f'{location}/{table.name}')}"
        )
        if table.partition:
            yield f"MSCK REPAIR TABLE {dataset}.{table.name}"


def trino(location: str, dataset: str) -> Iterator[str]:
    """Tables over the run's files in a Hive catalog named `hive`, for Trino and Athena.

    Trino's Hive tables know no time zone: `published_at` is UTC. They need `hive.timestamp-precision=MICROSECONDS`.
    """
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, TRINO_TYPES)} COMMENT {quote(column.description)}"
            for column in table_columns(table)
        ]
        options = ["format = 'PARQUET'", f"external_location = {quote(f'{location}/{table.name}')}"]
        if table.partition:
            options.append(f"partitioned_by = ARRAY[{quote(table.partition.name)}]")
        yield (
            f"CREATE TABLE IF NOT EXISTS hive.{dataset}.{table.name} {_lines(columns)}\n"
            f"COMMENT {quote(table.description)}\nWITH {_lines(options)}"
        )
        if table.partition:
            yield f"CALL hive.system.sync_partition_metadata({quote(dataset)}, {quote(table.name)}, 'FULL')"


def _duckdb_views(location: str, _dataset: str) -> Iterator[str]:
    """Views over the run's files with their comments. They need a file in every table; `newsbeam sql` does not."""
    yield "SET TimeZone = 'UTC'"
    for table in TABLES.values():
        options = "hive_partitioning = false"
        if table.partition:
            options = f"hive_partitioning = true, hive_types = {{{table.partition.name}: VARCHAR}}"
        columns = [f"CAST({column.name} AS {duckdb_type(column)}) AS {column.name}" for column in table_columns(table)]
        yield (
            f"CREATE OR REPLACE VIEW {table.name} AS\nSELECT\n  " + ",\n  ".join(columns) + "\n"
            f"FROM read_parquet({quote(f'{location}/{table.name}/**/*.parquet')}, {options})"
        )
        yield f"COMMENT ON VIEW {table.name} IS {quote(table.description)}"
        for column in table_columns(table):
            yield f"COMMENT ON COLUMN {table.name}.{column.name} IS {quote(column.description)}"


# What `--ddl` knows: dialect → the statements for a location and a dataset (or schema).
DIALECTS: dict[str, Callable[[str, str], Iterator[str]]] = {
    "duckdb": _duckdb_views,
    "bigquery": _bigquery_external,
    "bigquery-native": _bigquery_native,
    "spark": spark,
    "trino": trino,
}


def script(dialect: str, location: str, dataset: str) -> str:
    """The statements of a dialect, each ended by a semicolon."""
    return "\n\n".join(f"{statement};" for statement in DIALECTS[dialect](location.rstrip("/"), dataset)) + "\n"
