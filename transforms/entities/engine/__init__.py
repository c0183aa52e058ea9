"""The engine: spaCy's own entities, several times faster.

`load_model` gives a model for an installed spaCy pipeline. It runs the pipeline's `ner` on arrays where it knows its
make, and spaCy itself where it doesn't; the answers are the same. Explained in docs/engine.md.
"""

from transforms.entities.engine.load import FAST, load_model
from transforms.entities.engine.pieces import EntityModel, Piece, Recognized, Span

__all__ = ["FAST", "EntityModel", "Piece", "Recognized", "Span", "load_model"]
