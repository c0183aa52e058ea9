"""Who speaks, on quotations drawn at random: how many speakers that are given are right, and how many are given.

python -m benchmarks.speakers [DATA]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.names import MODEL, recognize
from benchmarks.names_world import read_lines
from schemas.records import Document
from transforms.entities.engine import EntityModel, load_model
from transforms.names import resolve_document
from transforms.sentiment.quotes import find_quotes
from transforms.sentiment.speakers import find_speakers

NOBODY = ("?", "-")


def read_texts(data: Path, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(set, article) → text, of those wanted."""
    texts = {}
    for name, path, key, field in (
        ("allsides-9k", data / "articles" / "allsides-9k.jsonl.gz", "ID", "content_original"),
        ("names-world", data / "names-world" / "dev.jsonl.gz", "id", "text"),
    ):
        for record in read_lines(path):
            if (name, record[key]) in wanted:
                texts[name, record[key]] = record[field]
    return texts


def speaker_of(document: Document, quotations: list[dict[str, Any]]) -> list[tuple[str, set[str]] | None]:
    """Of each quotation the speaker that is given, by name and by what the article calls them."""
    text, sentences, mentions = document.article.text, document.sentences or (), document.mentions or ()
    voices = find_speakers(text, sentences, find_quotes(text), mentions)
    given: list[tuple[str, set[str]] | None] = []
    for quotation in quotations:
        shared = [min(part.end_char, quotation["end"]) - max(part.start_char, quotation["start"]) for part in sentences]
        best = max(shared, default=0)
        voice = voices[shared.index(best)] if best > 0 else None
        if voice is None:
            given.append(None)
            continue
        forms = {text[part.start_char : part.end_char] for part in mentions if part.entity == voice}
        given.append(((document.entities or ())[voice].name, forms))
    return given


def is_right(name: str, forms: set[str], truth: str) -> bool:
    """Whether a speaker is the one whom two readers named."""
    same = name in truth or truth in name or name.rsplit(maxsplit=1)[-1] == truth.rsplit(maxsplit=1)[-1]
    return truth not in NOBODY and (same or truth in forms)


def print_speakers(data: Path, model: EntityModel) -> None:
    """Precision, recall and F1."""
    quotations: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in read_lines(data / "quotes" / "dev.jsonl.gz"):
        quotations[record["set"], record["article"]].append(record)
    texts = read_texts(data, set(quotations))
    right = given = true = 0
    for key, document in zip(texts, recognize(list(texts.values()), model), strict=True):
        found = speaker_of(resolve_document(document), quotations[key])
        for quotation, speaker in zip(quotations[key], found, strict=True):
            true += quotation["speaker"] not in NOBODY
            given += speaker is not None
            right += speaker is not None and is_right(*speaker, quotation["speaker"])
    precision, recall = right / given, right / true
    f1 = 2 * precision * recall / (precision + recall)
    print(f"\nSpeakers of {true} quotations: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}.")


def main() -> None:
    """Print it."""
    print_speakers(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data"), load_model(MODEL)[0])


if __name__ == "__main__":
    main()
