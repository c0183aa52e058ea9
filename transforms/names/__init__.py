"""Names: an article's mentions as the model gave them → mentions with true boundaries and kinds, and their entities.

In: documents with mentions. Out: the same with `mentions` repaired, each pointing at one of `entities`; documents
without mentions pass as they are. Nothing is rejected.

Only English articles have boundaries repaired and missed names found; in other languages a name has one kind in an
article, white space is folded, and places are looked up by the names that the gazetteer has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.records import Document
from transforms.names.countries import load_countries
from transforms.names.evidence import load_evidence, load_known
from transforms.names.places import load_gazetteer
from transforms.names.resolve import Resolved, resolve_names
from transforms.runtime.casing import settle_case
from transforms.runtime.outcome import Outcome, keep
from transforms.runtime.words import load_words

__all__ = ["ResolveNames", "Resolved", "resolve_document", "resolve_names"]

STAGE = "names"


def resolve_document(document: Document) -> Document:
    """The document with its names resolved; as it is where no model looked for any."""
    if document.mentions is None or not document.sentences:
        return document
    article = document.article
    text = settle_case(article.text) if article.language == "en" else article.text
    resolved = resolve_names(
        text, document.mentions, document.sentences, title=article.title, language=article.language
    )
    return replace(document, mentions=resolved.mentions, entities=resolved.entities)


class ResolveNames:
    """The stage."""

    name = STAGE
    seconds: float | None = None

    def setup(self) -> None:
        """Load the tables of names."""
        for load in (load_countries, load_gazetteer, load_evidence, load_known, load_words):
            load()

    def process(self, batch: Sequence[Document]) -> list[Outcome[Document]]:
        """Each document with its entities."""
        return [keep(resolve_document(document)) for document in batch]
