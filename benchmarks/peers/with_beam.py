"""Beam's RunInference with a handler for spaCy, as its documentation shows one, on the local runner with two processes.

`python -m benchmarks.peers.with_beam INPUT_DIR OUTPUT_DIR`
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.ml.inference.base import ModelHandler, RunInference
from apache_beam.options.pipeline_options import PipelineOptions
from spacy.language import Language

from benchmarks.peers.work import BATCH, SCHEMA, analyse, load


class SpacyHandler(ModelHandler[dict[str, Any], dict[str, Any], Language]):
    """Rows of records; `analyse` takes the model, which Beam knows by this handler, from where `load` keeps it."""

    def load_model(self) -> Language:
        """The pipeline, once a process."""
        return load()[0]

    def run_inference(
        self, batch: Sequence[dict[str, Any]], model: Language, inference_args: dict[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """One row for each record."""
        return analyse(batch)

    def batch_elements_kwargs(self) -> dict[str, Any]:
        """As many as `nlp.pipe` takes at once."""
        return {"min_batch_size": BATCH, "max_batch_size": BATCH}


def main() -> None:
    """Read, analyse, write."""
    source, output = sys.argv[1:]
    # Not the runner's own choice, which may want to download another one.
    options = PipelineOptions(
        runner="apache_beam.runners.portability.fn_api_runner.FnApiRunner",
        direct_num_workers=2,
        direct_running_mode="multi_processing",
    )
    write = beam.io.WriteToParquet(f"{output}/articles/part", SCHEMA, codec="zstd", file_name_suffix=".parquet")
    with beam.Pipeline(options=options) as pipeline:
        (
            pipeline
            | "Read" >> beam.io.ReadFromText(f"{source}/*.jsonl")
            | "Parse" >> beam.Map(json.loads)
            | "Spread" >> beam.Reshuffle()
            | "Analyse" >> RunInference(SpacyHandler())
            | "Write" >> write
        )


if __name__ == "__main__":
    main()
