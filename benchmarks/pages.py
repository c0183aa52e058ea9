"""The two sets of web pages with their true articles, as they lie in a directory of data."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

SETS = {"aeb": "html-aeb", "wcxb": "html-wcxb"}


class TruePage(NamedTuple):
    """A page's bytes and what is true of it; None where the set doesn't say."""

    name: str
    html: bytes
    url: str | None
    body: str
    title: str | None
    published_on: str | None


def load_pages(data: Path, name: str) -> list[TruePage]:
    """The pages of a set, in the order of their names."""
    folder = data / SETS[name]
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        TruePage(
            key,
            gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()),
            known.get("url"),
            known.get("articleBody") or known.get("main_content") or "",
            known.get("title"),
            known.get("publish_date"),
        )
        for key, known in sorted(truth.items())
    ]


def fold_of(name: str, folds: int) -> int:
    """Which of so many parts a page belongs to, by a digest of its name."""
    return hashlib.sha256(name.encode()).digest()[0] % folds
