"""Initials in brackets: they are short for what stands before them, and of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.names.spans import Span

_INITIALS = re.compile(r"[A-Z][A-Za-z&-]{1,7}s?$")
_WORDS = re.compile(r"[^\W\d_]+")
# Code points before the brackets in which the words are looked for.
REACH = 120


def abbreviates(short: str, name: str) -> bool:
    """Whether `short` is made of the initials of `name`, with or without those of its small words."""
    letters = short.replace(".", "").replace("&", "")
    words = name.replace("-", " ").split()
    capitals = "".join(word[0] for word in words if word[0].isupper())
    initials = "".join(word[0] for word in words)
    return len(words) > 1 and letters.upper() in (capitals.upper(), initials.upper())


def follow_long_names(text: str, places: Mapping[str, Sequence[Span]], labels: dict[str, str]) -> dict[str, str]:
    """The labels of an article's names, with those of initials as the name before their brackets has it.

    Initials of words in lower case ("unmanned aerial systems (UAS)") are no name and lose theirs.

    Args:
        text: the article.
        places: name → its mentions, in order.
        labels: name → its label.
    """
    ends = {end: name for name, spans in places.items() for _, end, _ in spans}
    followed = dict(labels)
    for short in labels:
        if " " in short or not _INITIALS.match(short):
            continue
        for start, end, _ in places[short]:
            if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
                continue
            name = ends.get(start - 2)
            if name in labels and abbreviates(short, name):
                followed[short] = labels[name]
            elif name is None and is_of_small_words(text[max(0, start - REACH) : start - 1], short):
                del followed[short]
            break
    return followed


def is_of_small_words(before: str, short: str) -> bool:
    """Whether the text before initials spells them out in lower case: "…, unmanned aerial systems (" and "UAS"."""
    letters = short.rstrip("s").lower() if short[:-1].isupper() else short.lower()
    words = _WORDS.findall(before)[-len(letters) :]
    return "".join(word[0].lower() for word in words) == letters and sum(word.islower() for word in words) > 1
