"""Identity: digests that are the same on every machine and in every run."""

from __future__ import annotations

import hashlib


def digest(*parts: str) -> str:
    """The first 128 bits of the parts' SHA-256, in hexadecimal."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def analysis_key(article_id: str, title: str | None, language: str | None) -> str:
    """The digest of all that an article's analysis hangs on but the models."""
    return digest(article_id, repr(title), repr(language))
