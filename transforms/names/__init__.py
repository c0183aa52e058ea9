"""Names: an article's mentions as the model gave them → mentions with true boundaries and kinds, and their entities.

In: documents with mentions. Out: the same with `mentions` repaired, each pointing at one of `entities`; documents
without mentions pass as they are. Reasons for a reject:

- `names_failed`: an article's names could not be resolved.

Only English articles have boundaries repaired and missed names found; in other languages a name has one kind in an
article, white space is folded, and places are looked up by the names that the gazetteer has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam

from schemas.records import Document
from transforms.names.countries import load_countries
from transforms.names.evidence import load_evidence
from transforms.names.places import load_gazetteer
from transforms.names.resolve import Resolved, resolve_names
from transforms.runtime.guard import UNGUARDED, Guard, Guarded
from transforms.runtime.outcome import KEPT, REJECTS, CountRejects, reject_article

__all__ = ["ResolveNames", "Resolved", "resolve_document", "resolve_names"]

STAGE = "names"


def resolve_document(document: Document) -> Document:
    """The document with its names resolved; as it is where no model looked for any."""
    if document.mentions is None or not document.sentences:
        return document
    article = document.article
    resolved = resolve_names(
        article.text, document.mentions, document.sentences, title=article.title, language=article.language
    )
    return replace(document, mentions=resolved.mentions, entities=resolved.entities)


class _ResolveNames(beam.DoFn):
    """Documents → documents, the poisonous ones rejected."""

    def setup(self) -> None:
        self._rejects = CountRejects()
        for load in (load_countries, load_gazetteer, load_evidence):
            load()

    def process(self, document: Document) -> Iterator[Any]:
        try:
            resolved = resolve_document(document)
        except MemoryError:
            raise
        except Exception as error:
            message = f"{type(error).__name__}: {error}"[:500]
            rejected = reject_article(document.article, STAGE, "names_failed", message, retryable=True).rejected
            if rejected:
                self._rejects.add(rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, rejected)
        else:
            yield resolved


@dataclass
class ResolveNames(beam.PTransform):
    """Documents → documents with entities (`kept`) and rejects (`rejects`)."""

    guard: Guard = UNGUARDED

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """One in, one out."""
        resolve = Guarded(_ResolveNames(), STAGE, self.guard)
        return documents | "Resolve" >> beam.ParDo(resolve).with_outputs(REJECTS, main=KEPT)
