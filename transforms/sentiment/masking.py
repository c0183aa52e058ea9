"""Sentences as the encoder of `accurate` reads them: word pieces, the target masked.

What is masked is never shown to the encoder, so that no score can hang on what the target is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

MASK = "[MASK]"
LENGTH = 128  # word pieces; a longer sentence is cut around its target
# A sentence of many more characters is cut around its target before its pieces are counted.
CHARS = 1200


class Encoded(NamedTuple):
    """A sentence as word pieces, and where its target stands among them (0, the start, without one)."""

    ids: list[int]
    target: int


def encode(tokenizer: Any, text: str, spans: Sequence[tuple[int, int]]) -> Encoded:
    """A sentence with `spans` masked, the first of which is the target; plain without any.

    Args:
        tokenizer: a `tokenizers.Tokenizer` that puts a piece before and one behind every sentence.
        text: the sentence.
        spans: half-open, apart from one another: the target's, then other mentions of the same.
    """
    masked, place = mask_text(text, spans)
    if len(masked) > CHARS:
        first = max(0, min(place - CHARS // 2, len(masked) - CHARS))
        masked, place = masked[first : first + CHARS], place - first
    encoding = tokenizer.encode(masked)
    ids: list[int] = encoding.ids
    target = 0
    if spans:
        target = next(i for i, (start, end) in enumerate(encoding.offsets) if start == place and end > start)
    if len(ids) > LENGTH:
        first = min(max(1, target - LENGTH // 2), len(ids) - LENGTH + 1)
        ids = [ids[0], *ids[first : first + LENGTH - 2], ids[-1]]
        target = target - first + 1 if spans else 0
    return Encoded(ids, target)


def mask_text(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """The text with a mask for each span, and where the first span's mask begins (0 without one)."""
    parts, at, length, place = [], 0, 0, 0
    for start, end in sorted(spans):
        parts += [text[at:start], MASK]
        length += start - at
        if (start, end) == spans[0]:
            place = length
        length += len(MASK)
        at = end
    return "".join([*parts, text[at:]]), place
