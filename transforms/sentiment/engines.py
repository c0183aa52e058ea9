"""The engines by name: what loads each, and what `_run.json` says of it."""

from __future__ import annotations

import importlib.util
from importlib import metadata
from typing import Any

from transforms.sentiment.fast import FOLDER, FastSentiment
from transforms.sentiment.files import read_card, read_model
from transforms.sentiment.model import SentimentModel

FAST, ACCURATE, VADER = "fast", "accurate", "vader"
ENGINES = (FAST, ACCURATE, VADER)
# What the extras of these names bring.
LIBRARIES = {ACCURATE: ("onnxruntime", "tokenizers"), VADER: ("vaderSentiment",)}


def load_engine(name: str, path: str | None = None) -> SentimentModel:
    """An engine, ready to score. `path`: the directory of `accurate`'s model, local or `gs://`.

    Raises:
        ImportError: a library that it needs isn't installed.
        ModelFileError: its model is missing or damaged.
        ValueError: there is no such engine, or `accurate` without a path.
    """
    if name == FAST:
        return FastSentiment()
    if name == VADER:
        from transforms.sentiment.vader import VaderModel  # noqa: PLC0415, reads its word list when imported

        return VaderModel()
    if name == ACCURATE and path:
        from transforms.sentiment.accurate import AccurateModel  # noqa: PLC0415

        return AccurateModel(path, FastSentiment())
    raise ValueError(f"no engine of sentiment: {name} {path or 'without a model'}")


def missing_libraries(name: str) -> list[str]:
    """The libraries that an engine needs and that aren't installed."""
    return [part for part in LIBRARIES.get(name, ()) if importlib.util.find_spec(part) is None]


def describe_engine(name: str, path: str | None = None) -> dict[str, Any]:
    """What `_run.json` says of an engine: its name, its model's name, version and digests.

    The model's files are read and compared with their digests.

    Raises:
        ModelFileError: one is missing or damaged.
    """
    if name == VADER:
        from transforms.sentiment.vader import VaderModel  # noqa: PLC0415

        return {
            "engine": name,
            "model": "VADER",
            "version": metadata.version("vaderSentiment"),
            "neutral": VaderModel.neutral,
        }
    folder = FOLDER if name == FAST or not path else path
    card = read_card(folder)
    read_model(folder, card)
    found = {"engine": name, "model": card["name"], "version": card["version"], "sha256": card["sha256"]}
    found["neutral"] = float(card["neutral"])
    return {**found, "path": path, "screen": describe_engine(FAST)} if name == ACCURATE else found
