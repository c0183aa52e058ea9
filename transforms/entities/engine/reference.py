"""spaCy itself as a model of entities: what the engine falls back to, and is checked against."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.entities.engine.pieces import Piece, Recognized, Span
from transforms.entities.engine.pipelines import SOURCES, open_pipeline, split_components, without_age_warning
from transforms.entities.engine.vectors import MappedVectors, can_map


class SpacyModel:
    """A spaCy pipeline, reduced to what its entities need."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        """See `EntityModel`."""
        # Outside a memory zone the vocabulary keeps every word it ever saw.
        with self._nlp.memory_zone():
            docs = (make_doc(self._nlp, piece) for piece in pieces)
            return [read_doc(doc) for doc in self._nlp.pipe(docs, batch_size=max(1, len(pieces)))]


def make_doc(nlp: Language, piece: Piece) -> Doc:
    """A piece's tokens, with its sentences' starts marked."""
    doc = nlp.make_doc(piece.text)
    starts = set(piece.sentence_starts)
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return doc


def read_doc(doc: Doc) -> Recognized:
    """What spaCy found in a document."""
    spans = tuple(Span(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents if ent.text.strip())
    return Recognized(spans, len(doc))


def load_pipeline(name: str) -> Language:
    """A pipeline with its `ner`, what that listens to, and whatever else sets entities.

    Args:
        name: an installed package, or a directory, local or `gs://`.

    Raises:
        ValueError: there is no such pipeline, or it has no `ner`.
    """
    with open_pipeline(name) as folder, without_age_warning():
        needed, unneeded = split_components(folder, name)
        # The words of the vectors, tens of megabytes: what these two components do needs none of them.
        plain = SOURCES.union(("ner",)).issuperset(needed)
        # What is fetched from elsewhere is gone once it is loaded.
        mapped = plain and "://" not in name and can_map(folder / "vocab")
        spared = [*(["strings"] if plain else []), *(["vectors"] if mapped else [])]
        nlp = spacy.load(folder, exclude=[*unneeded, *spared])
        if mapped:
            nlp.vocab.vectors = MappedVectors(folder / "vocab")
        return nlp
