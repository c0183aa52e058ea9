"""From mentions to entities, from sentences to the article."""

from __future__ import annotations

import math
from collections.abc import Sequence

from schemas.records import Mention, Mood, Sentence


def entity_moods(mentions: Sequence[Mention], entities: int) -> tuple[Mood, ...]:
    """How an article speaks of each of its entities, in their order.

    The score is the plain mean over the entity's mentions that have one, which every reader of the tables can compute
    again from `mentions`; the spread is their standard deviation; the unquoted score is the mean over the mentions
    outside quotations. Without any, each is None.
    """
    found: list[list[tuple[float, bool]]] = [[] for _ in range(entities)]
    for mention in mentions:
        if mention.entity is not None and mention.sentiment is not None:
            found[mention.entity].append((mention.sentiment, mention.quoted))
    return tuple(_mood(scores) for scores in found)


def _mood(scores: Sequence[tuple[float, bool]]) -> Mood:
    if not scores:
        return Mood()
    if len(scores) == 1:
        score, quoted = scores[0]
        return Mood(score, 1, 0.0, None if quoted else score)
    mean = sum(score for score, _ in scores) / len(scores)
    spread = math.sqrt(sum((score - mean) ** 2 for score, _ in scores) / len(scores))
    plain = [score for score, quoted in scores if not quoted]
    return Mood(mean, len(scores), spread, sum(plain) / len(plain) if plain else None)


def article_sentiment(sentences: Sequence[Sentence]) -> float | None:
    """The mean over an article's sentences, weighted by their length; None without a score."""
    scored = [(part.sentiment, part.end_char - part.start_char) for part in sentences if part.sentiment is not None]
    total = sum(length for _, length in scored)
    return sum(score * length for score, length in scored) / total if total else None
