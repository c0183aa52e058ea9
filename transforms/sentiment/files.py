"""Model files: read from the package, a local directory or `gs://`, and checked against the digest beside them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from transforms.runtime.storage import join, read_file
from transforms.sentiment.prior import read_priors

CARD = "model.json"
HERE = Path(__file__).parent


class ModelFileError(Exception):
    """A model's file is missing or isn't the one that its card describes; the message says which and what to do."""


def read_card(folder: str) -> dict[str, Any]:
    """The card of a directory's model: `name`, `version`, `neutral`, the `sha256` of its files by name, and `prior`.

    Raises:
        ModelFileError: there is none, or it isn't one.
    """
    try:
        card: dict[str, Any] = json.loads(_read(folder, CARD))
        if not isinstance(card["sha256"], dict):
            raise TypeError("sha256 isn't an object")
        card["neutral"] = float(card["neutral"])
        card["name"], card["version"] = str(card["name"]), str(card["version"])
        read_priors(card)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"{folder}/{CARD} isn't a sentiment model's card: {error}") from error
    return card


def read_model(folder: str, card: dict[str, Any]) -> dict[str, bytes]:
    """The files that a card names, by name.

    Raises:
        ModelFileError: one is missing, or differs from its digest.
    """
    found = {}
    for name, expected in card["sha256"].items():
        content = _read(folder, name)
        digest = hashlib.sha256(content).hexdigest()
        if digest != expected:
            raise ModelFileError(f"{folder}/{name} is damaged: its SHA-256 is {digest}, its card says {expected}")
        found[name] = content
    return found


def _read(folder: str, name: str) -> bytes:
    if not name or "/" in name or "\\" in name:
        raise ModelFileError(f"{folder}/{CARD} names a file outside of its directory: {name}")
    path = join(folder, name)
    try:
        return read_file(path)
    except (OSError, ValueError, ImportError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelFileError(f"the sentiment model can't be read: {path}: {reason}") from error
    except Exception as error:
        # The storage clients raise their own kinds.
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise ModelFileError(f"the sentiment model can't be read: {path}: {reason}") from error
