"""Ray Data: a pool of two actors that hold the models, blocks of articles between them.

`python -m benchmarks.peers.with_ray INPUT_DIR OUTPUT_DIR`
"""

from __future__ import annotations

import sys

import pyarrow as pa
import ray
from pyarrow import json

from benchmarks.peers.work import BATCH, FIELDS, SCHEMA, analyse, load


class AnalyseArticles:
    """An actor of the pool."""

    def __init__(self) -> None:
        load()

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The rows of a batch of records."""
        return pa.Table.from_pylist(list(analyse(batch.to_pylist())), SCHEMA)


def main() -> None:
    """Read, analyse, write."""
    source, output = sys.argv[1:]
    # One more than the actors, for reading and writing: with two, these would wait for an actor's end.
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False)
    # Left to itself the reader makes times of dates, file by file.
    columns = pa.schema([(field, pa.string()) for field in FIELDS])
    options = json.ParseOptions(explicit_schema=columns, unexpected_field_behavior="ignore")
    articles = ray.data.read_json(source, parse_options=options)
    # A batch is within a block, so blocks must be small for both actors to have work to the end.
    articles = articles.repartition(target_num_rows_per_block=BATCH)
    articles = articles.map_batches(AnalyseArticles, batch_format="pyarrow", batch_size=BATCH, concurrency=2)
    articles.write_parquet(f"{output}/articles", compression="zstd")


if __name__ == "__main__":
    main()
