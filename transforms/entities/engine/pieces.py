"""What goes into a model of entities and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

# What runs a model, where the engine does.
FAST = "newsbeam"


class Piece(NamedTuple):
    """A run of text for the model, with the places in it where sentences begin, in order."""

    text: str
    sentence_starts: tuple[int, ...]


class Span(NamedTuple):
    """What the model found in a piece: half-open code-point offsets and a label."""

    start_char: int
    end_char: int
    label: str


class Recognized(NamedTuple):
    """The model's answer on a piece. No span is white space alone."""

    spans: tuple[Span, ...]
    token_count: int


class EntityModel(Protocol):
    """What finds names. Loaded once a process; the same answer for a piece whatever else is in its batch."""

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        """One answer per piece, in their order. May raise on a piece that it can't take."""


class UnsupportedError(Exception):
    """Why a pipeline is not one that the engine can run, in words for the user."""
