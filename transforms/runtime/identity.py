"""Identity: digests that are the same on every machine and in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import xxhash


def digest(*parts: str) -> str:
    """The first 128 bits of the parts' SHA-256, in hexadecimal."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def line_digest(line: str) -> int:
    """A line of a text as a number of 64 bits."""
    return xxhash.xxh64_intdigest(line.encode("utf-8", "surrogatepass"))


def outlet_digest(source: str, host: str) -> int:
    """Whose furniture an article may have: its outlet's, else that of the host of its address; "" without one."""
    return line_digest(source.casefold() or host)


def analysis_key(article_id: str, title: str | None, language: str | None, time: datetime | None) -> str:
    """The digest of all that the rows of an article's analysis hang on but the models and furniture."""
    return digest(article_id, repr(title), repr(language), f"{time:%Y-%m-%dT%H:%M:%S.%f}" if time else "")


def furnished_key(key: str, lines: Iterable[int]) -> str:
    """An `analysis_key` with what no analysis was made of, lines given by `line_digest`."""
    left_out = sorted(set(lines))
    return digest(key, repr(left_out)) if left_out else key


def digest_lines(furniture: str | None) -> frozenset[int]:
    """The digests of lines in one text; none of None."""
    return frozenset(map(line_digest, furniture.split("\n"))) if furniture else frozenset()
