"""spaCy itself as a model of entities: what the engine falls back to, and is checked against."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.entities.engine.pieces import Piece, Recognized, Span
from transforms.entities.engine.pipelines import CONFIG, PipelineInfo, open_pipeline, read_info, without_age_warning

SOURCES = frozenset(("tok2vec", "transformer"))


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
        needed, unneeded = _split_components(folder, name)
        # The words of the vectors, tens of megabytes: what these two components do needs none of them.
        strings = ["strings"] if SOURCES.union(("ner",)).issuperset(needed) else []
        return spacy.load(folder, exclude=[*unneeded, *strings])


def describe_model(name: str) -> PipelineInfo:
    """The name, version and digest of a pipeline.

    Raises:
        ValueError: there is no such pipeline, it has no `ner`, or it is the default's package with other weights.
    """
    with open_pipeline(name) as folder:
        needed, _ = _split_components(folder, name)
        return read_info(folder, name, needed)


def _split_components(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """The components of a pipeline that its entities need, and the others.

    Raises:
        ValueError: it has no `ner`.
    """
    try:
        config = spacy.util.load_config(folder / CONFIG)
    except (OSError, ValueError) as error:
        raise ValueError(f"there is no spaCy pipeline in {name}: its {CONFIG} can't be read: {error}") from error
    pipeline = config["nlp"]["pipeline"]
    if "ner" not in pipeline:
        raise ValueError(f"the spaCy pipeline `{name}` has no `ner` component: it has {', '.join(pipeline)}")
    components = config["components"]
    # Making a pipeline is what registers spaCy's components.
    language = type(spacy.blank(config["nlp"]["lang"]))
    listens = components["ner"].get("model", {}).get("tok2vec", {}).get("@architectures", "")
    sources = SOURCES if "Listener" in listens else frozenset()
    needed = [part for part in pipeline if part in sources or _sets_entities(components[part], language)]
    return needed, [part for part in pipeline if part not in needed]


def _sets_entities(component: dict[str, Any], language: type[Language]) -> bool:
    """Whether a component of a pipeline's configuration may write to a document's entities; an unknown one may."""
    factory = component.get("factory", "")
    return not language.has_factory(factory) or "doc.ents" in language.get_factory_meta(factory).assigns
