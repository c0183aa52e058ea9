"""spaCy itself as a model of entities: what the engine falls back to, and is checked against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.entities.engine.pieces import Piece, Recognized, Span

SOURCES = frozenset(("tok2vec", "transformer"))


class SpacyModel:
    """An installed spaCy pipeline, reduced to what its entities need."""

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
    """An installed pipeline with its `ner`, what that listens to, and whatever else sets entities.

    Raises:
        ValueError: no such pipeline is installed, or it has no `ner`.
    """
    return spacy.load(name, exclude=unneeded_components(name))


def unneeded_components(name: str) -> list[str]:
    """The components of an installed pipeline that its entities don't need.

    Raises:
        ValueError: no such pipeline is installed, or it has no `ner`.
    """
    try:
        config = spacy.util.load_config(spacy.util.get_package_path(name) / _data_folder(name) / "config.cfg")
    except (ImportError, OSError, ValueError) as error:
        raise ValueError(f"there is no spaCy pipeline `{name}` installed: pip install {name}") from error
    pipeline = config["nlp"]["pipeline"]
    if "ner" not in pipeline:
        raise ValueError(f"the spaCy pipeline `{name}` has no `ner` component: it has {', '.join(pipeline)}")
    components = config["components"]
    # Making a pipeline is what registers spaCy's components.
    language = type(spacy.blank(config["nlp"]["lang"]))
    listens = components["ner"].get("model", {}).get("tok2vec", {}).get("@architectures", "")
    needed = SOURCES if "Listener" in listens else frozenset()
    return [part for part in pipeline if part not in needed and not sets_entities(components[part], language)]


def sets_entities(component: dict[str, Any], language: type[Language]) -> bool:
    """Whether a component of a pipeline's configuration may write to a document's entities; an unknown one may."""
    factory = component.get("factory", "")
    return not language.has_factory(factory) or "doc.ents" in language.get_factory_meta(factory).assigns


def _data_folder(name: str) -> str:
    meta = spacy.util.get_model_meta(spacy.util.get_package_path(name))
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"
