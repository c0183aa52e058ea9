"""Have the tuned encoders label the names of articles, as names come.

    python -m training.sentiment_label WORK [--device cpu|cuda]

Reads `WORK/candidates.jsonl.gz`, `WORK/unseen.npz` and the encoders of some folds, writes `WORK/labelled.jsonl.gz`:
candidates with `classes`, one row a target, and `mood`, the mean over the sentence's rows; both are means of the
encoders' probabilities. `article` stays, so that no student learns from what it is judged by.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import sentiment_encoder as encoder
from training.sentiment_examples import read_labelled
from training.sentiment_prior import fit_prior
from transforms.sentiment.masking import Encoded, encode

TEACHERS = (1, 2, 3)  # the folds; more add little


def masks(record: dict[str, Any], target: int) -> list[tuple[int, int]]:
    """The spans of a target: its own first, then those of the same entity."""
    same = record["entities"][target]
    others = [i for i, entity in enumerate(record["entities"]) if entity is not None and entity == same and i != target]
    return [tuple(record["names"][i]) for i in (target, *others)]


def passes(tokenizer: encoder.Tokenizer, record: dict[str, Any]) -> list[Encoded]:
    """A sentence once for each target, or once as it is."""
    spans = [masks(record, target) for target in record["targets"]] or [[]]
    return [encode(tokenizer, record["text"], one) for one in spans]


def labels(work: Path, encoded: Sequence[Encoded], device: str) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, 3) toward targets and of sentences, as names come."""
    unseen = np.load(work / "unseen.npz")
    prior = fit_prior(unseen["names"], unseen["truth"])
    aimed, whole = 0.0, 0.0
    for fold in TEACHERS:
        model = encoder.load_encoder(work, torch.load(work / f"fold-{fold}.pt")).to(device)
        first, second = encoder.predict(model, encoded)
        aimed, whole = aimed + prior.apply(first) / len(TEACHERS), whole + prior.apply(second) / len(TEACHERS)
        print(f"part {fold}: {len(encoded)} labelled", flush=True)
    return np.round(aimed, 4), np.round(whole, 4)


def main() -> None:
    """Label."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    records = read_labelled(args.work / "candidates.jsonl.gz")
    tokenizer = encoder.read_tokenizer(args.work)
    rows = [passes(tokenizer, record) for record in records]
    aimed, whole = labels(args.work, [one for row in rows for one in row], args.device)
    at = 0
    with gzip.open(args.work / "labelled.jsonl.gz", "wt", encoding="utf-8") as out:
        for record, row in zip(records, rows, strict=True):
            here = slice(at, at + len(row))
            classes = aimed[here].tolist() if record["targets"] else []
            kept = {key: record[key] for key in ("article", "text", "names", "targets")}
            labelled = {**kept, "classes": classes, "mood": whole[here].mean(0).tolist()}
            out.write(json.dumps(labelled, ensure_ascii=False) + "\n")
            at += len(row)


if __name__ == "__main__":
    main()
