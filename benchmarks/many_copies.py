"""What exact copies of one text cost where there are very many: a cookie wall in place of articles.

    python -m benchmarks.many_copies [--copies 1000000]

Copies are looked for among that many articles of one text, and a few of others, without reading or analysing any.
"""

from __future__ import annotations

import argparse
import resource
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import apache_beam as beam

from benchmarks.measure import machine
from benchmarks.scale import ALL, counted, used
from pipeline.local.runner import local_runner
from schemas.files import CANONICAL, CheckpointedArticle, CopyDecision
from transforms.dedupe import NEAR
from transforms.dedupe.copies import SHARE, JudgeCopies
from transforms.dedupe.sketch import sketch_text
from transforms.runtime.identity import digest

WALL = "We and our partners store and access personal data on your device, such as cookies, if you let us. " * 8
TEXTS = [" ".join(f"{word}{number}" for word in WALL.split()) for number in range(100)]
START = datetime(2020, 1, 1, tzinfo=UTC)
AT_ONCE = 10_000


def articles(first: int) -> Iterator[CheckpointedArticle]:
    """Some articles of one text; one in a hundred is of another."""
    sketches = [sketch_text(text) for text in (WALL, *TEXTS)]
    hashes = [digest(text) for text in (WALL, *TEXTS)]
    for number in range(first, first + AT_ONCE):
        which = 1 + number // 100 % 100 if number % 100 == 0 else 0
        sketch = sketches[which]
        yield CheckpointedArticle(
            digest(str(number)), hashes[which], f"checkpoints/{number // 256}", number % 256,
            START + timedelta(minutes=number), len(WALL), digest("r"), ("dump.jsonl", 6000 * number),
            sketch=sketch and tuple(sketch), key=digest("k"), lines=bytes(26), spelling=("Courier", "courier.example"),
        )  # fmt: skip


def _kind(decision: tuple[str, CopyDecision]) -> str:
    return decision[1].kind


def _check(counted: tuple[str, int], copies: int) -> None:
    """Stop where something else comes out than went in."""
    kind, count = counted
    stand = min(1 + copies // 100, 101)
    if count != (stand if kind == CANONICAL else copies - stand):
        raise ValueError(f"{count} of {copies} articles are {kind}")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    print(
        f"{machine()}\n\n| articles | processor µs an article | bytes shuffled an article | largest group | peak MB |"
    )
    print("|---:|---:|---:|---:|---:|")
    for copies in parser.parse_args().copies:
        shuffled: Counter[str] = Counter()
        before = used()
        with counted(shuffled), beam.Pipeline(runner=local_runner(1)) as pipeline:
            made = pipeline | beam.Create(range(0, copies, AT_ONCE)) | beam.Reshuffle() | beam.FlatMap(articles)
            judged = made | JudgeCopies(NEAR, 6000 * copies)
            _ = judged.decisions | beam.Map(_kind) | beam.combiners.Count.PerElement() | beam.Map(_check, copies)
        seconds = used() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        largest = copies // (copies // SHARE + 1)
        costs = f"{seconds / copies * 1e6:.0f} | {shuffled[ALL] / copies:.0f} | {largest:,} | {peak:,}"
        print(f"| {copies:,} | {costs} |", flush=True)


if __name__ == "__main__":
    main()
