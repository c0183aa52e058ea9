"""Shows what `remove_furniture` takes out of real articles, for reading, and how often and how fast.

    python -m benchmarks.furniture INPUT.jsonl.gz [--sample 300 --seed N] [--field content_original] [--ends 150]

For each removed line, or a seeded random sample of them: the rule, the line between » and «, and the nearest lines
that hold text before and after it. Then a table of counts by rule and of milliseconds per article. `--ends` shows
instead the first three and last four lines of that many cleaned articles, to look for what was missed; `--recurring`
the lines that are found by their recurring in a source, with how often each is left out and in how many stories it is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from transforms.clean.furniture import Removed, remove_furniture
from transforms.clean.text import repair_text
from transforms.recurring.lines import find_candidates

CONTEXT = 90


class Shown(NamedTuple):
    """A removed line with what stood around it."""

    removed: Removed
    before: str
    after: str


def read_texts(path: Path, *, field: str) -> Iterator[str]:
    """The texts in `field` of a gzipped file of JSON lines; missing ones are empty."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line).get(field) or ""


def show_removed(text: str, removed: tuple[Removed, ...]) -> Iterator[Shown]:
    """Each removed line of a text with the nearest lines that hold text."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    place = {number: i for i, (number, _) in enumerate(lines)}
    for line in removed:
        i = place[line.line_number]
        before = lines[i - 1][1] if i > 0 else "(start)"
        after = lines[i + 1][1] if i + 1 < len(lines) else "(end)"
        yield Shown(line, before, after)


def show_ends(texts: list[str], *, count: int, seed: int) -> None:
    """Prints the first three and last four lines of some cleaned articles."""
    for text in random.Random(seed).sample(texts, min(count, len(texts))):
        cleaned, _ = remove_furniture(text)
        lines = [line for line in cleaned.split("\n") if line]
        ends = lines if len(lines) < 8 else [*lines[:3], "…", *lines[-4:]]
        print("-" * 20, *[line[: 2 * CONTEXT] for line in ends], sep="\n")


def show_recurring(path: Path, texts: list[str]) -> None:
    """Prints the lines that recur in a source, the most frequent first, and what it costs to look for them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        sources = [json.loads(line).get("source") or "" for line in lines]
    start = time.process_time()
    candidates = [find_candidates(text) for text in texts]
    seconds = time.process_time() - start
    stories, places = defaultdict(set), defaultdict(list)
    for source, text, found in zip(sources, texts, candidates, strict=True):
        for line, needed in found:
            stories[source, line].add(max(text.split("\n"), key=len))
            places[source, line].append(needed)
    left_out = {key: sum(len(stories[key]) >= needed for needed in places[key]) for key in stories}
    for (source, line), count in sorted(left_out.items(), key=lambda item: (-item[1], item[0])):
        if count:
            print(f"{count:5} of {len(stories[source, line]):4} {source}: {line}")
    print(f"{sum(left_out.values())} lines, {sum(map(bool, left_out.values()))} different ones, {len(texts)} articles")
    print(f"{sum(map(len, candidates)) / max(1, len(texts)):.2f} lines of an article are counted, ", end="")
    print(f"{1000 * seconds / max(1, len(texts)):.3f} ms per article")


def main() -> None:
    """Reads the arguments, cleans every text and prints the lists and tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--field", default="content_original")
    parser.add_argument("--sample", type=int, help="how many removed lines to show; all without it")
    parser.add_argument("--ends", type=int, help="show the ends of this many cleaned articles instead")
    parser.add_argument("--recurring", action="store_true", help="show lines that recur in a source instead")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    start = time.perf_counter()
    texts = [repair_text(text) for text in read_texts(options.input, field=options.field)]
    repaired = time.perf_counter() - start
    if options.ends:
        show_ends(texts, count=options.ends, seed=options.seed)
        return
    if options.recurring:
        show_recurring(options.input, [remove_furniture(text)[0] for text in texts])
        return

    start = time.perf_counter()
    results = [remove_furniture(text) for text in texts]
    cleaned = time.perf_counter() - start
    shown = [each for text, (_, removed) in zip(texts, results, strict=True) for each in show_removed(text, removed)]
    chosen = shown
    if options.sample is not None:
        chosen = random.Random(options.seed).sample(shown, min(options.sample, len(shown)))
    for i, (removed, before, after) in enumerate(chosen, start=1):
        print(f"{i} [{removed.rule}] …{before[-CONTEXT:]}\n    »{removed.line}«\n    {after[:CONTEXT]}…")

    characters = sum(map(len, texts))
    gone = characters - sum(len(text) for text, _ in results)
    print(f"\n{'rule':24}lines")
    for rule, count in Counter(each.removed.rule for each in shown).most_common():
        print(f"{rule:24}{count}")
    print(f"{len(shown)} lines and {gone / max(1, characters):.2%} of characters out of {len(texts)} articles")
    print(f"reading and repair_text {1000 * repaired / max(1, len(texts)):.3f} ms, remove_furniture", end=" ")
    print(f"{1000 * cleaned / max(1, len(texts)):.3f} ms per article")


if __name__ == "__main__":
    main()
