"""Names without what differs from one newspaper to the next."""

from __future__ import annotations

from functools import lru_cache

from transforms.names.countries import fold_marks

REMEMBERED = 1 << 14


def plain(name: str) -> str:
    """A name without accents."""
    return name if name.isascii() else fold_marks(name)


@lru_cache(REMEMBERED)
def fold(name: str) -> str:
    """A name without case, accents, points and a leading article: what two spellings of it share."""
    return " ".join(plain(name).casefold().replace(".", "").split()).removeprefix("the ")
