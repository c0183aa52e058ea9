"""The tables as other engines declare them, generated from `schemas.tables`: BigQuery, Spark, Trino and DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from pipeline.tables.runs import duckdb_type, quote
from schemas.tables import NONE, PARTITIONS, TABLES, Column, Table

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


def _key(table: Table, partition_by: str) -> Column | None:
    """The key of a table's folders in a run that is laid out so."""
    return PARTITIONS.get(partition_by) if table.time else None


def _columns(table: Table, partition_by: str) -> tuple[Column, ...]:
    """The columns of a table as a reader of its folders sees them, their key among them."""
    key = _key(table, partition_by)
    return (*table.columns, key) if key else table.columns


def _lines(lines: list[str]) -> str:
    return "(\n  " + ",\n  ".join(lines) + "\n)"


def _bigquery_external(location: str, dataset: str, partition_by: str) -> Iterator[str]:
    """Tables that read the run's files where they lie."""
    for table in TABLES.values():
        folder = f"{location}/{table.name}"
        columns = [
            f"{column.name} {_type_name(column, BIGQUERY_TYPES)} OPTIONS (description = {text(column.description)})"
            for column in table.columns
        ]
        yield (
            f"CREATE OR REPLACE EXTERNAL TABLE `{dataset}.{table.name}` {_lines(columns)}\n"
            f"{_partition_columns(table, partition_by)}OPTIONS (\n  format = 'PARQUET',\n"
            f"  uris = [{text(folder + '/*')}],\n"
            f"{_hive(table, partition_by, folder)}  description = {text(table.description)}\n)"
        )


def _bigquery_native(location: str, dataset: str, _: str) -> Iterator[str]:
    """Tables that BigQuery holds itself, partitioned by month of publication and clustered; and their loading.

    Folders by month or year add nothing to that: it partitions by the time in the rows.
    """
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, BIGQUERY_TYPES)}{'' if column.nullable else ' NOT NULL'} "
            f"OPTIONS (description = {text(column.description)})"
            for column in table.columns
        ]
        if table.name in KEYS:
            columns.append(f"PRIMARY KEY ({', '.join(KEYS[table.name])}) NOT ENFORCED")
        partitions = f"PARTITION BY TIMESTAMP_TRUNC({table.time}, MONTH)\n" if table.time else ""
        yield (
            f"CREATE TABLE IF NOT EXISTS `{dataset}.{table.name}` {_lines(columns)}\n{partitions}"
            f"CLUSTER BY {', '.join(CLUSTER[table.name])}\nOPTIONS (description = {text(table.description)})"
        )
    for table in TABLES.values():
        folder = f"{location}/{table.name}"
        yield (
            f"LOAD DATA OVERWRITE `{dataset}.{table.name}`\nFROM FILES (\n  format = 'PARQUET',\n"
            f"  uris = [{text(folder + '/*')}]\n)"
        )


def _partition_columns(table: Table, partition_by: str) -> str:
    key = _key(table, partition_by)
    return f"WITH PARTITION COLUMNS ({key.name} STRING)\n" if key else ""


def _hive(table: Table, partition_by: str, folder: str) -> str:
    return f"  hive_partition_uri_prefix = {text(folder)},\n" if _key(table, partition_by) else ""


def spark(location: str, dataset: str, partition_by: str) -> Iterator[str]:
    """Tables over the run's files, for Spark and Databricks."""
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, SPARK_TYPES)} COMMENT {text(column.description)}"
            for column in _columns(table, partition_by)
        ]
        key = _key(table, partition_by)
        partitions = f"PARTITIONED BY ({key.name})\n" if key else ""
        yield (
            f"CREATE TABLE IF NOT EXISTS {dataset}.{table.name} {_lines(columns)}\nUSING PARQUET\n{partitions}"
            f"COMMENT {text(table.description)}\nLOCATION {text(f'{location}/{table.name}')}"
        )
        if key:
            yield f"MSCK REPAIR TABLE {dataset}.{table.name}"


def trino(location: str, dataset: str, partition_by: str) -> Iterator[str]:
    """Tables over the run's files in a Hive catalog named `hive`, for Trino and Athena.

    Trino's Hive tables know no time zone: `published_at` is UTC. They need `hive.timestamp-precision=MICROSECONDS`.
    """
    for table in TABLES.values():
        columns = [
            f"{column.name} {_type_name(column, TRINO_TYPES)} COMMENT {quote(column.description)}"
            for column in _columns(table, partition_by)
        ]
        options = ["format = 'PARQUET'", f"external_location = {quote(f'{location}/{table.name}')}"]
        if key := _key(table, partition_by):
            options.append(f"partitioned_by = ARRAY[{quote(key.name)}]")
        yield (
            f"CREATE TABLE IF NOT EXISTS hive.{dataset}.{table.name} {_lines(columns)}\n"
            f"COMMENT {quote(table.description)}\nWITH {_lines(options)}"
        )
        if key:
            yield f"CALL hive.system.sync_partition_metadata({quote(dataset)}, {quote(table.name)}, 'FULL')"


def _duckdb_views(location: str, _: str, partition_by: str) -> Iterator[str]:
    """Views over the run's files with their comments. They need a file in every table; `newsbeam sql` does not."""
    yield "SET TimeZone = 'UTC'"
    for table in TABLES.values():
        options = "hive_partitioning = false"
        if key := _key(table, partition_by):
            options = f"hive_partitioning = true, hive_types = {{{key.name}: VARCHAR}}"
        columns = [
            f"CAST({column.name} AS {duckdb_type(column)}) AS {column.name}" for column in _columns(table, partition_by)
        ]
        yield (
            f"CREATE OR REPLACE VIEW {table.name} AS\nSELECT\n  " + ",\n  ".join(columns) + "\n"
            f"FROM read_parquet({quote(f'{location}/{table.name}/**/*.parquet')}, {options})"
        )
        yield f"COMMENT ON VIEW {table.name} IS {quote(table.description)}"
        for column in _columns(table, partition_by):
            yield f"COMMENT ON COLUMN {table.name}.{column.name} IS {quote(column.description)}"


# What `--ddl` knows: dialect → the statements for a location, a dataset (or schema) and folders by month, year or none.
DIALECTS: dict[str, Callable[[str, str, str], Iterator[str]]] = {
    "duckdb": _duckdb_views,
    "bigquery": _bigquery_external,
    "bigquery-native": _bigquery_native,
    "spark": spark,
    "trino": trino,
}


def script(dialect: str, location: str, dataset: str, partition_by: str = NONE) -> str:
    """The statements of a dialect, each ended by a semicolon, for a run whose tables are laid out so."""
    statements = DIALECTS[dialect](location.rstrip("/"), dataset, partition_by)
    return "\n\n".join(f"{statement};" for statement in statements) + "\n"
