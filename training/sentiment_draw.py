"""Draw names from articles, to be read and labelled: half as they come, half where praise or blame is likely.

    python -m training.sentiment_draw DATA OUT ACCURATE [--articles N] [--names N] [--files N]

Writes `OUT/pool-NN.jsonl` for readers, who see the sentence with the name marked and its neighbours and nothing of the
models, and `OUT/pool-key.jsonl`: of each name its article's ID, its span in `content_original`, its kind, the models'
scores, and with which `chance` it was drawn, so that shares of all names can be had from the drawn ones.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from schemas.records import Document, Mention
from training.sentiment_chain import BATCH, MODEL, resolve
from training.sentiment_data import read_newsmtsc, split
from training.sentiment_random import read_random
from training.sentiment_sentences import folded, read_unkept
from transforms.entities.engine import load_model
from transforms.sentiment.accurate import AccurateModel
from transforms.sentiment.fast import FastSentiment
from transforms.sentiment.model import TARGETS, MaskedArticle, masked_article

AROUND = 160  # characters of the sentences before and behind
# Of the names that `fast` has looked at, so many times as many as are wanted are read by `accurate`.
ROUNDS = 3
# Praise is three times as rare as blame.
PRAISE = 3.0
SPARE = 60  # so many names more are drawn than wanted, since how many there are is left to chance


class Candidate(NamedTuple):
    """A mention of an article: what its readers see, where it stands, and the reading of its sentence alone."""

    article: str
    start: int
    end: int
    kind: str
    before: str
    marked: str
    after: str
    fast: tuple[float, float, float]
    reading: MaskedArticle
    place: int


def read_texts(data: Path, count: int, rng: random.Random) -> list[tuple[str, str]]:
    """IDs and texts of articles drawn at random, none of which has a name that is read already or kept for the card."""
    texts = read_unkept(data, frozenset(part.article for part in read_random(data)))
    return rng.sample(texts, min(count, len(texts)))


def candidates(articles: Sequence[tuple[str, str]], entities: Any, held: set[str]) -> Iterator[Candidate]:
    """All mentions of the articles that get a tone, but those in sentences `held` out."""
    fast = FastSentiment()
    for at in range(0, len(articles), BATCH):
        batch = articles[at : at + BATCH]
        documents = list(resolve([text for _, text in batch], entities))
        scores = fast.score([masked_article(one) for one in documents])
        for (article, _), document, found in zip(batch, documents, scores, strict=True):
            for index, mention in enumerate(document.mentions or ()):
                if mention.label in TARGETS and found.stances[index] is not None:
                    one = candidate(article, document, mention, tuple(found.stances[index]))
                    if folded(one.marked) not in held:
                        yield one


def candidate(article: str, document: Document, mention: Mention, fast: tuple[float, float, float]) -> Candidate:
    """A mention as its readers see it."""
    text, sentences = document.article.text, document.sentences or ()
    index = mention.sentence_index
    here = sentences[index]
    around = [
        text[sentences[i].start_char : sentences[i].end_char] if 0 <= i < len(sentences) else ""
        for i in (index - 1, index + 1)
    ]
    name = text[mention.start_char : mention.end_char]
    parts = (text[here.start_char : mention.start_char], "[[", name, "]]", text[mention.end_char : here.end_char])
    inside = [part._replace(sentence_index=0) for part in document.mentions or () if part.sentence_index == index]
    inside = [part for part in inside if part.label in TARGETS]
    place = next(i for i, part in enumerate(inside) if part.start_char == mention.start_char)
    reading = MaskedArticle(text, (here,), inside)
    return Candidate(
        article, mention.start_char, mention.end_char, mention.label,
        around[0][-AROUND:], "".join(parts), around[1][:AROUND], fast, reading, place,
    )  # fmt: skip


def chances(weights: NDArray[np.float64], wanted: int) -> NDArray[np.float64]:
    """With which chance each is drawn, in proportion to its weight and at most 1, so that about `wanted` are."""
    low, high = 0.0, wanted / weights[weights > 0].min()
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1, middle * weights).sum() < wanted else (low, middle)
    return np.minimum(1, high * weights)


def draw(found: Sequence[Candidate], folder: str, names: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    """The drawn names: half of them with the same chance each, half by what the models make of them."""
    even = names // 2
    plain = set(rng.sample(range(len(found)), even))
    fast = np.array([one.fast for one in found])
    first = chances(0.01 + fast[:, 0] + PRAISE * fast[:, 2], ROUNDS * (names - even))
    looked = [i for i in range(len(found)) if i not in plain and rng.random() < first[i]]
    model = AccurateModel(folder)
    scored = {}
    for i in [*looked, *sorted(plain)]:
        (scores,) = model.score([found[i].reading])
        scored[i] = tuple(scores.stances[found[i].place])
    # Proportional to the root: what looks a little like praise is where the models miss it.
    weights = {i: math.sqrt(row[0]) + PRAISE * math.sqrt(row[2]) for i, row in scored.items()}
    second = dict(zip(looked, chances(np.array([weights[i] for i in looked]), SPARE + names - even), strict=True))
    kept = [i for i in looked if rng.random() < second[i]]
    likely = rng.sample(kept, min(len(kept), names - even))
    scale = max(second[i] / weights[i] for i in looked)
    for half, chosen in (("even", sorted(plain)), ("likely", sorted(likely))):
        for i in chosen:
            chance = first[i] * min(1.0, scale * weights[i]) * len(likely) / len(kept)
            yield {"at": i, "half": half, "chance": even / len(found), "likely": chance, "accurate": scored[i]}


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("accurate")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--names", type=int, default=2400)
    parser.add_argument("--files", type=int, default=16)
    args = parser.parse_args()
    threadpool_limits(1)
    rng = random.Random(22)
    articles = read_texts(args.data, args.articles, rng)
    _, targets = split(list(read_newsmtsc(args.data / "newsmtsc" / "train.jsonl")))
    held = {folded(part.text) for part in targets}
    found = list(candidates(articles, load_model(MODEL)[0], held))
    print(f"{len(articles)} articles, {len(found)} names", flush=True)
    drawn = list(draw(found, args.accurate, args.names, rng))
    rng.shuffle(drawn)
    write_pool(found, drawn, args.out, math.ceil(len(drawn) / args.files))


def write_pool(found: Sequence[Candidate], drawn: Sequence[dict[str, Any]], out: Path, size: int) -> None:
    """Write the readers' files and the key."""
    with (out / "pool-key.jsonl").open("w", encoding="utf-8") as key:
        for number, one in enumerate(drawn):
            part = found[one["at"]]
            record = {"n": number, "article": part.article, "start": part.start, "end": part.end, "kind": part.kind}
            scores = {
                name: [round(float(p), 4) for p in row]
                for name, row in (("fast", part.fast), ("accurate", one["accurate"]))
            }
            rest = {"half": one["half"], **{kind: float(f"{one[kind]:.4g}") for kind in ("chance", "likely")}, **scores}
            key.write(json.dumps({**record, **rest}) + "\n")
    for first in range(0, len(drawn), size):
        with (out / f"pool-{first // size + 1:02}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(first, min(first + size, len(drawn))):
                part = found[drawn[number]["at"]]
                seen = {"n": number, "prev": part.before, "sent": part.marked, "next": part.after}
                file.write(json.dumps(seen, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
