"""Spark with spaCy: `local[2]`, the models once a Python worker, Arrow batches through `mapInArrow`.

`python -m benchmarks.peers.with_spark INPUT_DIR OUTPUT_DIR`
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from benchmarks.peers.work import BATCH, FIELDS, SCHEMA, analyse


def analyse_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of a partition's records, batch by batch."""
    for batch in batches:
        yield pa.RecordBatch.from_pylist(list(analyse(batch.to_pylist())), SCHEMA)


def main() -> None:
    """Read, analyse, write."""
    source, output = sys.argv[1:]
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
        .config("spark.sql.parquet.compression.codec", "zstd")
        .getOrCreate()
    )
    records = spark.read.schema(", ".join(f"{field} string" for field in FIELDS)).json(source)
    articles = records.repartition(2).mapInArrow(analyse_batches, from_arrow_schema(SCHEMA))
    articles.write.parquet(f"{output}/articles")
    spark.stop()


if __name__ == "__main__":
    main()
