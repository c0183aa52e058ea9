"""Sentences with their names, as newsbeam's own chain finds them (sentences, the engine, names).

    python -m training.sentiment_sentences DATA WORK

Writes, as JSON lines, `gold.jsonl.gz` and `held.jsonl.gz` of the labelled sentences of news, `headlines.jsonl.gz`, and
`candidates.jsonl.gz`, sentences of articles that wait for a label. No sentence of a held-out article is among these,
none of an article whose names are for the card, and each only once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from schemas.records import Mention, Sentence
from training.sentiment_chain import MODEL, resolve
from training.sentiment_data import CLASSES, Target, mask_spans, read_newsmtsc, read_sentfin, split
from training.sentiment_random import is_for_card
from transforms.entities.engine import load_model
from transforms.sentiment.model import TARGETS, MaskedArticle

# Sentences of candidates: characters, and how many names of one.
SHORTEST, LONGEST, NAMES = 15, 700, 6
LONGEST_TEXT = 25_000  # characters of their article
PLAIN = 0.15  # share of sentences without a name among the candidates
ALONE = 0.3  # share of the labelled sentences in which only the target is masked


def candidates(
    articles: Sequence[tuple[str, str]], model: Any, held: set[str], rng: random.Random
) -> Iterator[dict[str, Any]]:
    """Sentences of articles (ID, text): `article`, `text`, `names` (spans), `entities` (each name's number in the
    article), `targets`, the first mentions of entities.
    """
    seen = set(held)
    for (article, _), document in zip(articles, resolve([text for _, text in articles], model), strict=True):
        text = document.article.text
        names = defaultdict(list)
        for mention in document.mentions or ():
            if mention.label in TARGETS:
                names[mention.sentence_index].append(mention)
        for index, part in enumerate(document.sentences or ()):
            sentence = text[part.start_char : part.end_char]
            fits = SHORTEST <= len(sentence) <= LONGEST and (names[index] or rng.random() < PLAIN)
            if not fits or folded(sentence) in seen:
                continue
            seen.add(folded(sentence))
            first: dict[int | None, int] = {}
            for place, mention in enumerate(names[index]):
                first.setdefault(mention.entity, place)
            yield {
                "article": article,
                "text": sentence,
                "names": [(m.start_char - part.start_char, m.end_char - part.start_char) for m in names[index]],
                "entities": [mention.entity for mention in names[index]],
                "targets": sorted(rng.sample(list(first.values()), min(NAMES, len(first)))),
            }


def read_unkept(data: Path, known: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """IDs and texts of the articles none of whose names is for the card, but the `known` addresses; each text once."""
    texts = {}
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            text, url = record["content_original"], record["url"]
            if text and len(text) > 500 and url not in known and not is_for_card(url):
                texts[folded(text[:500])] = (record["ID"], text)
    return sorted(texts.values())


def folded(text: str) -> str:
    """A text's letters and digits, small."""
    return re.sub(r"\W+", "", text).casefold()


def labelled_sentences(
    targets: Iterable[Target], model: Any, rng: random.Random | None, alone: float
) -> Iterator[dict[str, Any]]:
    """Labelled targets by sentence, with the sentence's other names, in a share `alone` of the sentences without."""
    grouped: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        grouped[target.text].append(target)
    for (text, parts), document in zip(grouped.items(), resolve(list(grouped), model), strict=True):
        others = [(m.start_char, m.end_char) for m in document.mentions or () if m.label in TARGETS]
        waiting = parts
        while waiting:
            chosen: list[Target] = []
            for part in waiting:
                if all(part.end <= other.start or part.start >= other.end for other in chosen):
                    chosen.append(part)
            waiting = [part for part in waiting if part not in chosen]
            spans = sorted((part.start, part.end) for part in chosen)
            repeated = [span for part in chosen for span in mask_spans(text, part.start, part.end)[1:]]
            if rng is None or rng.random() >= alone:
                repeated = others + repeated
            for start, end in repeated:
                if all(end <= begin or start >= stop for begin, stop in spans):
                    spans.append((start, end))
            spans.sort()
            yield {
                "text": text,
                "names": spans,
                "targets": [spans.index((part.start, part.end)) for part in chosen],
                "classes": [np.eye(len(CLASSES))[part.polarity].tolist() for part in chosen],
                "mood": list(parts[0].mood),
            }


def as_readings(targets: Sequence[Target], entities: Any) -> tuple[list[MaskedArticle], list[list[int]], np.ndarray]:
    """Labelled sentences as readings, of each the indices of its labelled names, and all their classes in order."""
    readings, places, truth = [], [], []
    for record in labelled_sentences(targets, entities, None, 0):
        mentions = [Mention(start, end, "PERSON", 0) for start, end in record["names"]]
        readings.append(MaskedArticle(record["text"], (Sentence(0, len(record["text"])),), mentions))
        places.append(record["targets"])
        truth += [int(np.argmax(row)) for row in record["classes"]]
    return readings, places, np.array(truth)


def write(records: Iterable[dict[str, Any]], path: Path) -> int:
    """Write records as JSON lines; how many."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    return count


def find_names(data: Path, work: Path) -> None:
    """Write all files."""
    rng = random.Random(1)
    model = load_model(MODEL)[0]
    train, held = split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))
    headlines, held_headlines = split(list(read_sentfin(data / "sentfin" / "SEntFiN.csv")))
    print("gold", write(labelled_sentences(train, model, rng, ALONE), work / "gold.jsonl.gz"), flush=True)
    print("held", write(labelled_sentences(held, model, None, 0), work / "held.jsonl.gz"), flush=True)
    print("headlines", write(labelled_sentences(headlines, model, rng, ALONE), work / "headlines.jsonl.gz"), flush=True)
    alone = labelled_sentences(held_headlines, model, None, 0)
    print("held headlines", write(alone, work / "held-headlines.jsonl.gz"), flush=True)
    kept = {folded(part.text) for part in held}
    articles = [article for article in read_unkept(data) if len(article[1]) < LONGEST_TEXT]
    found = candidates(articles, model, kept, rng)
    print("candidates", write(found, work / "candidates.jsonl.gz"), flush=True)


def main() -> None:
    """Find the names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    args = parser.parse_args()
    find_names(args.data, args.work)


if __name__ == "__main__":
    main()
