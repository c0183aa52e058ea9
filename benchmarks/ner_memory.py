"""Memory of a process that finds entities, over many articles with ever new words.

    python -m benchmarks.ner_memory ARTICLES.jsonl.gz [--articles 100000]

The articles of the file are taken again and again; in each pass every tenth long word, other ones each time, is spelt
anew. Prints resident memory at 10,000 articles and every further 10,000.
"""

import argparse
import gzip
import itertools
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.ner_worker import MODEL, resident
from transforms.entities.engine.load import load_model
from transforms.entities.engine.pieces import Piece
from transforms.sentences.segment import split_sentences

BATCH = 30
STEP = 10_000
LONG = re.compile(r"\w{7,}")


def spell_anew(text: str, number: int) -> str:
    """Every tenth long word with the pass's number in it; none in the first pass."""
    if not number:
        return text

    def change(found: re.Match[str]) -> str:
        word = found.group()
        return f"{word[:4]}{number}{word[4:]}" if (zlib.crc32(word.encode()) + number) % 10 == 0 else word

    return LONG.sub(change, text)


def articles(path: Path) -> Iterator[str]:
    """Articles without end."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["content_original"] for line in lines]
    for number in itertools.count():
        yield from (spell_anew(text, number) for text in texts)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    args = parser.parse_args()
    model, engine = load_model(MODEL)
    print(f"engine: {engine}\n\n| articles | resident MB | beside {STEP:,} |\n|---:|---:|---:|")
    stream = articles(args.input)
    first = 0
    with threadpool_limits(1):
        for done in range(BATCH, args.articles + BATCH, BATCH):
            texts = itertools.islice(stream, BATCH)
            model.recognize([Piece(text, tuple(start for start, _ in split_sentences(text))) for text in texts])
            if done % STEP < BATCH:
                now = resident()
                first = first or now
                print(f"| {done:,} | {now / 1e6:,.0f} | {now / first - 1:+.1%} |", flush=True)


if __name__ == "__main__":
    main()
