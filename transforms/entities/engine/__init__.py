"""The engine: spaCy's own entities, several times faster.

`load_model` gives a model for an installed spaCy pipeline. It runs the pipeline's `ner` on arrays where it knows its
make, and spaCy itself where it doesn't; the answers are the same. Explained in docs/engine.md.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType

from transforms.entities.engine.pieces import FAST, EntityModel, Piece, Recognized, Span

__all__ = ["FAST", "EntityModel", "Piece", "Recognized", "Span", "load_model"]


def load_model(name: str) -> tuple[EntityModel, str]:
    """As `load.load_model`. spaCy is loaded by this call, so not by those who only describe a model."""
    with _without_commands():
        from transforms.entities.engine import load  # noqa: PLC0415

    return load.load_model(name)


@contextlib.contextmanager
def _without_commands() -> Iterator[None]:
    """Import spaCy without its command line, which brings web clients and takes longer than all the rest of it."""
    names = ("spacy.cli", "spacy.cli.info")
    absent = [name for name in names if "spacy" not in sys.modules]
    for name in absent:
        module = ModuleType(name)
        module.__dict__.update(__path__=[], info=None)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
