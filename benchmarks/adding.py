"""What a run reads that adds one article to a finished run: bytes by table, beside all bytes of that run's output.

    python -m benchmarks.adding ARTICLES.jsonl.gz [--articles 1000 9000]

The article that is added has a near copy among those that are there.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.requests import watch
from schemas.tables import COPY_TABLES, WRITTEN


def main() -> None:
    """Print a table: a row for each number of articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 9000])
    args = parser.parse_args()
    counts: Counter[str] = Counter()
    watch(counts)
    from pipeline.run import run  # noqa: PLC0415, see `watch`

    print(
        "| articles | output | read for copies | share | read of `articles` | of all else |\n"
        "|---:|---:|---:|---:|---:|---:|"
    )
    for articles in args.articles:
        with gzip.open(args.input, "rt", encoding="utf-8") as lines:
            records = list(itertools.islice(lines, articles))
        with tempfile.TemporaryDirectory() as folder:
            dump, output = Path(folder) / "dump", Path(folder) / "out"
            dump.mkdir()
            (dump / "a.jsonl").write_text("".join(records), encoding="utf-8")
            flags = ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet"]
            run(flags)
            size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
            (dump / "b.jsonl").write_text(near_copy(records[len(records) // 2]), encoding="utf-8")
            counts.clear()
            run([*flags, "--resume"])
            print(row(len(records), size, counts), flush=True)


def near_copy(record: str) -> str:
    """A record of almost the same text, a little shorter, at another address."""
    fields: dict[str, Any] = json.loads(record)
    text = fields["content_original"]
    text = text[: len(text) * 9 // 10]
    return json.dumps({**fields, "content_original": text, "url": "https://copies.example/1"}) + "\n"


def row(articles: int, size: int, counts: Counter[str]) -> str:
    """A row of the table."""
    read = {name: counts[f"bytes read of {name}"] for name in WRITTEN}
    copies = sum(read.pop(name) for name in COPY_TABLES)
    known = read.pop("articles")
    rest = counts["bytes read"] - copies - known
    return f"| {articles:,} | {size:,} | {copies:,} | {copies / size:.2%} | {known:,} | {rest:,} |"


if __name__ == "__main__":
    main()
