"""Which model finds the entities: the engine if it answers as spaCy does, else spaCy."""

from __future__ import annotations

import logging

from transforms.entities.engine.fast import ArrayModel
from transforms.entities.engine.pieces import FAST, EntityModel, Piece, UnsupportedError
from transforms.entities.engine.reference import SpacyModel, load_pipeline

# What the two are compared on at the start: names, numbers, special cases, white space, other scripts, sentence starts.
PROBES = (
    "Angela Merkel met Emmanuel Macron in Paris on Monday. They spoke about the European Union for 3 hours.",
    "The U.S. Supreme Court ruled 5-4 on Tuesday that Apple Inc. owes $1.2 billion, Reuters reported at 4:30 p.m. ET.",
    "Sen. Susan Collins (R-Maine) and Rep. Alexandria Ocasio-Cortez (D-N.Y.) don't agree; “we'll see,” she said.\n\n"
    "NAIROBI, Kenya —  Forty-two people died near Mombasa, the Red Cross said.\tSir John Smith's team won 3–1 vs Ajax!",
    "Президент России Владимир Путин прибыл в Пекин. 習近平在北京會見了他。 Le président français est à Berlin :-) 🎉",
    "One",
    " \n ",
    "",
)


def load_model(name: str) -> tuple[EntityModel, str]:
    """The model of a spaCy pipeline, and what runs it: `newsbeam`, or `spaCy` and the reason.

    Args:
        name: an installed package, or a directory, local or `gs://`.

    Raises:
        ValueError: there is no such pipeline, or it has no `ner`.
    """
    nlp = load_pipeline(name)
    try:
        # The engine keeps the vocabulary in a memory zone, so spaCy answers first.
        expected = SpacyModel(nlp).recognize(probes())
        fast = ArrayModel(nlp)
        if fast.recognize(probes()) == expected:
            return fast, FAST
        reason = "the engine's answers differ from spaCy's"
    except UnsupportedError as unsupported:
        reason = str(unsupported)
    except Exception as error:
        # A future spaCy whose insides are others must not stop the run.
        reason = f"the engine can't read it: {type(error).__name__}: {error}"
    logging.getLogger(__name__).warning("spaCy itself runs %s, several times slower: %s", name, reason)
    # Loaded anew, since the engine may have left the first one inside a memory zone.
    return SpacyModel(load_pipeline(name)), f"spaCy: {reason}"


def probes() -> list[Piece]:
    """The pieces that the engine and spaCy are compared on, with every third word's end taken for a sentence's."""
    pieces = []
    for text in PROBES:
        starts = [index + 1 for index, char in enumerate(text) if char == " "]
        pieces += [Piece(text, ()), Piece(text, tuple(starts[::3]))]
    return pieces
