"""datatrove: a step of one's own between its reader and its writer, two tasks in two processes.

`python -m benchmarks.peers.with_datatrove INPUT_DIR OUTPUT_DIR`. A task gets whole files, so the input is two of them.
"""

from __future__ import annotations

import sys
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter

from benchmarks.peers.work import SCHEMA, analyse


class AnalyseArticles(PipelineStep):
    """Documents with what `work.analyse` finds as their metadata."""

    name = "Names and sentiment"
    type = "Annotator"

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """One document for each of `data`."""
        records = ({"ID": one.id, "date": one.metadata["date"], "content_original": one.text} for one in data)
        for row in analyse(records):
            yield Document(text=row.pop("text"), id=row.pop("id"), metadata=row)


def as_row(_: ParquetWriter, document: Document) -> dict[str, Any]:
    """A document as the columns of the table."""
    return {"id": document.id, "text": document.text, **document.metadata}


def main() -> None:
    """Read, analyse, write."""
    source, output = sys.argv[1:]
    steps = [
        JsonlReader(source, text_key="content_original", id_key="ID"),
        AnalyseArticles(),
        ParquetWriter(f"{output}/articles", adapter=as_row, schema=SCHEMA, compression="zstd"),
    ]
    LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir=f"{output}/logs").run()


if __name__ == "__main__":
    main()
