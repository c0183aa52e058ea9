"""Entities: tokens a second of newsbeam's engine and of spaCy's `nlp.pipe`, in turn on the same articles, on one core.

    python -m benchmarks.ner ARTICLES.jsonl.gz [--articles N] [--minutes N] [--old PYTHON]

Each side is a process of its own on the same core, with one thread. Blocks of 200 articles go to one after the other,
so that a slower minute of the machine is a slower minute of all. Each side gets the batch size that is best for it on
the first block. Entities are compared one by one. `--old` names a Python with another spaCy, such as 3.7.5. After some
`--minutes` it ends with the block that it is at, and the table says how many articles that were.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import machine

BLOCK = 200
SIZES = {"newsbeam": (16, 64), "spacy": (8, 30, 128)}


class Side:
    """A worker process and what it did."""

    def __init__(self, name: str, kind: str, python: str) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
        core = min(os.sched_getaffinity(0))
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.ner_worker", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        os.sched_setaffinity(self._process.pid, {core})
        self.kind = kind
        self.name = f"{name} (spaCy {self._read()['spacy']})"
        self.size = 0
        self.seconds = 0.0
        self.tokens = 0
        self.resident = 0

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"a side ended with status {self._process.wait()}")
        return json.loads(line)

    def ask(self, texts: Sequence[str], size: int) -> dict[str, Any]:
        """Have the texts done in batches of `size`."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([size, texts]) + "\n")
        self._process.stdin.flush()
        return self._read()

    def choose(self, texts: Sequence[str]) -> None:
        """Warm up, and find the best batch size."""
        self.ask(texts, SIZES[self.kind][0])
        self.size = min(SIZES[self.kind], key=lambda size: self.ask(texts, size)["seconds"])

    def measure(self, texts: Sequence[str]) -> list[list[Any]]:
        """The entities of a block, its time added up."""
        reply = self.ask(texts, self.size)
        self.seconds += reply["seconds"]
        self.tokens += reply["tokens"]
        self.resident = reply["resident"]
        return reply["entities"]


def blocks(path: Path, articles: int | None) -> Iterator[list[str]]:
    """The texts of an articles file, block by block."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [text for line in lines if (text := json.loads(line)["content_original"]) and text.strip()][:articles]
    for first in range(0, len(texts), BLOCK):
        yield texts[first : first + BLOCK]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--old", default="", help="a Python with another spaCy and the model")
    args = parser.parse_args()
    sides = [Side("newsbeam's engine", "newsbeam", sys.executable), Side("nlp.pipe", "spacy", sys.executable)]
    sides += [Side("nlp.pipe", "spacy", args.old)] if args.old else []
    compared = differing = articles = 0
    end = time.monotonic() + 60 * args.minutes
    for number, texts in enumerate(blocks(args.input, args.articles)):
        if not number:
            for side in sides:
                side.choose(texts)
        answers = [side.measure(texts) for side in sides]
        articles += len(texts)
        for ours, theirs in zip(answers[0], answers[1], strict=True):
            compared += len(theirs)
            differing += len({tuple(span) for span in ours} ^ {tuple(span) for span in theirs})
        print(f"{articles} articles", *(f"{side.tokens / side.seconds:,.0f}" for side in sides), file=sys.stderr)
        if time.monotonic() > end:
            break
    print(f"{machine()}; one core, {articles:,} articles\n")
    print("| | batch | tokens | tokens a second | engine is faster by | resident MB |\n|---|---:|---:|---:|---:|---:|")
    ours = sides[0].tokens / sides[0].seconds
    for side in sides:
        rate = side.tokens / side.seconds
        numbers = f"{side.size} | {side.tokens:,} | {rate:,.0f} | {ours / rate:.2f} × | {side.resident / 1e6:,.0f}"
        print(f"| {side.name} | {numbers} |")
    print(f"\nEntities: {compared:,} of spaCy's, {differing} different.")


if __name__ == "__main__":
    main()
