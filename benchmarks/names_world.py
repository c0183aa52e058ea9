"""Names on newswire of all continents, and how often the surname of a person named in full is taken for another kind.

    python -m benchmarks.names_world [DATA]

The first is strict: a span counts where both ends and the kind are right, in the part of an article that was read.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.names import MODEL, recognize
from schemas.records import Document
from transforms.entities.engine import EntityModel, load_model
from transforms.names import resolve_document
from transforms.names.people import split_name

KINDS = {"GPE": "Location", "LOC": "Location", "PERSON": "Person", "ORG": "Organization"}
LEADING = re.compile(r"(?i)(the|an?)\s+(?=\S)")
POSSESSIVE = re.compile(r"['’]s?$")
SEED, COUNTED = 20261125, 600


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def found_spans(document: Document, first: int, last: int) -> set[tuple[int, int, str]]:
    """The people, organisations and places in text[first:last], without articles and possessives."""
    spans = set()
    text = document.article.text
    for mention in document.mentions or ():
        start, end = mention.start_char, mention.end_char
        if mention.label not in KINDS:
            continue
        if lead := LEADING.match(text, start, end):
            start = lead.end()
        if tail := POSSESSIVE.search(text[start:end]):
            end -= len(tail.group())
        if first <= start and end <= last:
            spans.add((start, end, KINDS[mention.label]))
    return spans


def print_world(data: Path, model: EntityModel) -> None:
    """Precision, recall and F1 of each kind and of all three."""
    articles = list(read_lines(data / "names-world" / "dev.jsonl.gz"))
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for article, document in zip(articles, recognize([part["text"] for part in articles], model), strict=True):
        want = {tuple(span) for span in article["spans"] if span[2] in KINDS.values()}
        got = found_spans(resolve_document(document), *article["annotated"])
        for spans, counter in ((want & got, right), (got, found), (want, true)):
            counter.update(span[2] for span in spans)
    print(f"\n{len(articles)} articles of newswire of all continents:\n\n| | P | R | F1 |\n|---|---:|---:|---:|")
    for name, kinds in [*((kind, [kind]) for kind in ("Person", "Organization", "Location")), ("all", list(true))]:
        hits, seen, all_of = (sum(counter[kind] for kind in kinds) for counter in (right, found, true))
        f1 = 2 * hits / (seen + all_of)
        print(f"| {name.lower()} | {hits / seen:.3f} | {hits / all_of:.3f} | {f1:.3f} |")


def another_kind(document: Document) -> bool:
    """Whether an article has a mention of the surname alone of a person named in full, as another kind."""
    text = document.article.text
    full = (split_name(entity.name) for entity in document.entities or () if entity.label == "PERSON")
    surnames = {words[-1] for words in full if len(words) > 1}
    return any(
        part.entity is not None and part.label != "PERSON" and text[part.start_char : part.end_char] in surnames
        for part in document.mentions or ()
    )


def print_surnames(data: Path, model: EntityModel) -> None:
    """In how many articles a surname is another kind."""
    texts = [record["content_original"] for record in read_lines(data / "articles" / "allsides-9k.jsonl.gz")]
    texts = random.Random(SEED).sample([text for text in texts if len(text) > 200], COUNTED)
    wrong = sum(another_kind(resolve_document(document)) for document in recognize(texts, model))
    print(f"\nA surname is another kind in {wrong} of {len(texts)} articles ({wrong / len(texts):.1%}).")


def main() -> None:
    """Print both."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data")
    model = load_model(MODEL)[0]
    print_world(data, model)
    print_surnames(data, model)


if __name__ == "__main__":
    main()
