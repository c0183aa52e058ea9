"""Have the encoder label sentences of articles.

    python -m training.sentiment_label WORK MODEL [--limit N] [--processes N]

Reads `WORK/candidates.jsonl.gz` and the directory of an exported encoder, writes `WORK/labelled*.jsonl.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from transforms.sentiment.accurate import AccurateModel
from transforms.sentiment.masking import encode
from transforms.sentiment.prior import Prior

CHUNK = 1024


class Labeller:
    """A process's own encoder."""

    model: AccurateModel

    @classmethod
    def load(cls, folder: str) -> None:
        """Load it."""
        cls.model = AccurateModel(folder)

    @classmethod
    def label(cls, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Candidates with `classes`, one row per target, and `mood`: the mean over the sentence's rows."""
        encoded, owners = [], []
        for index, record in enumerate(records):
            for target in record["targets"] or [None]:
                encoded.append(encode(cls.model.tokenizer, record["text"], masks(record, target)))
                owners.append(index)
        aimed, whole = (Prior().apply(logits) for logits in cls.model.run(encoded))
        of = np.array(owners)
        found = []
        for index, record in enumerate(records):
            rows = of == index
            classes = np.round(aimed[rows], 4).tolist() if record["targets"] else []
            mood = np.round(whole[rows].mean(0), 4).tolist()
            kept = {key: record[key] for key in ("text", "names", "targets")}
            found.append({**kept, "classes": classes, "mood": mood})
        return found


def masks(record: dict[str, Any], target: int | None) -> list[tuple[int, int]]:
    """The spans of a target: its own first, then those of the same entity."""
    if target is None:
        return []
    same = record["entities"][target]
    others = [i for i, entity in enumerate(record["entities"]) if entity == same and i != target]
    return [tuple(record["names"][i]) for i in (target, *others)]


def main() -> None:
    """Label."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--limit", type=int, default=100_000, help="sentences")
    parser.add_argument("--skip", type=int, default=0, help="sentences that an earlier run has labelled")
    parser.add_argument("--output", default="labelled.jsonl.gz", help="name of the file in WORK")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    with gzip.open(args.work / "candidates.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    random.Random(2).shuffle(records)
    records = records[args.skip : args.limit]
    chunks = [records[at : at + CHUNK] for at in range(0, len(records), CHUNK)]
    started, count = time.monotonic(), 0
    pool = ProcessPoolExecutor(args.processes, initializer=Labeller.load, initargs=(str(args.model),))
    with pool, gzip.open(args.work / args.output, "wt", encoding="utf-8") as out:
        for labelled in pool.map(Labeller.label, chunks):
            out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in labelled)
            count += len(labelled)
            print(f"{count} sentences, {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
