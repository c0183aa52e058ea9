"""Peak memory of a whole run, over ever more articles.

    python -m benchmarks.memory ARTICLES.jsonl.gz [--articles 10000 100000] [--flags="--workers 2"]

The articles of the file are taken again and again; from the second pass on every third long word is spelt anew, other
ones each time, so that none is a copy of another. Prints the peak of all processes together (each shared page once).
"""

import argparse
import gzip
import json
import re
import shlex
import sys
import tempfile
import zlib
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import machine, measure

LONG = re.compile(r"\w{5,}")
# Articles in a file of the dump.
FILE_ARTICLES = 2000


def spell_anew(text: str, number: int) -> str:
    """Every third long word with the pass's number in it; none in the first pass."""

    def change(found: re.Match[str]) -> str:
        word = found.group()
        return f"{word[:4]}{number}{word[4:]}" if (zlib.crc32(word.encode()) + number) % 3 == 0 else word

    return LONG.sub(change, text) if number else text


def articles(path: Path) -> Iterator[str]:
    """Lines of JSON without end."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for number in count():
        for place, record in enumerate(records):
            text = spell_anew(record["content_original"], number)
            yield json.dumps({"id": f"{number}-{place}", "title": record.get("title"), "text": text}) + "\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--flags", default="--workers 2")
    args = parser.parse_args()
    print(f"{machine()}\n\n| articles | of them copies | wall s | peak memory MB | beside the first |")
    print("|---:|---:|---:|---:|---:|", flush=True)
    first = 0
    for number in args.articles:
        with tempfile.TemporaryDirectory() as folder:
            stream = islice(articles(args.input), number)
            for start in range(0, number, FILE_ARTICLES):
                with gzip.open(Path(folder) / f"{start}.jsonl.gz", "wt", encoding="utf-8", compresslevel=1) as file:
                    file.writelines(islice(stream, FILE_ARTICLES))
            output = Path(folder) / "out"
            command = [sys.executable, "-m", "pipeline", "run", "--input", f"{folder}/*.gz", "--output", str(output)]
            found = measure([*command, "--quiet", *shlex.split(args.flags)], log=f"{folder}/log")
            copies = sum(pq.read_table(output / "articles", columns=["duplicate"])["duplicate"].is_valid().to_pylist())
            first = first or found.memory
            beside = f"{found.memory / first:.2f} ×"
            print(f"| {number:,} | {copies:,} | {found.wall:.1f} | {found.memory / 1e6:,.0f} | {beside} |", flush=True)


if __name__ == "__main__":
    main()
