"""The engines by name, and what `_run.json` says of each."""

from __future__ import annotations

from typing import Any

from transforms.sentiment.model import SentimentModel

VADER = "vader"
ENGINES = (VADER,)


def load_engine(name: str, path: str | None = None) -> SentimentModel:
    """An engine, ready to score."""
    from transforms.sentiment.vader import VaderModel  # noqa: PLC0415, its word list takes a while to read

    return VaderModel()


def describe_engine(name: str, path: str | None = None) -> dict[str, Any]:
    """What `_run.json` says of an engine: its name, and its model's version and digest."""
    return {"engine": name}
