"""From mentions to entities, from sentences to the article."""

from __future__ import annotations

import math
from collections.abc import Sequence

from schemas.records import Mention, Mood, Sentence, Stance

# The share of an entity's mentions from which on an article speaks of it badly, or well: nearly twice as much as
# of names at random. Chosen on articles whose main figure readers have judged (PerSenT's development half).
NEGATIVE, POSITIVE = 0.3, 0.07
# How names drawn at random from news are spoken of, to two readers.
RANDOM = Stance(0.15, 0.81, 0.04)
# How many mentions must be expected to be so for a label; with less it is unclear, down to what is nothing to go by.
EVIDENCE, HINT = 0.5, 0.25
# Over articles, nothing is ranked or called by its tone on fewer mentions.
ENOUGH = 10
# Spoken of both badly and well, each above its share: mixed unless one is this many times as far above.
CLEARER = 1.5


def entity_moods(mentions: Sequence[Mention], entities: int, neutral: float) -> tuple[Mood, ...]:
    """How an article speaks of each of its entities, in their order.

    All numbers are plain means over the entity's mentions that have a sentiment, which every reader of the tables can
    compute again from `mentions`. Without any, each is None. `neutral`: the engine's, for one without probabilities.
    """
    found: list[list[Mention]] = [[] for _ in range(entities)]
    for mention in mentions:
        if mention.entity is not None and mention.sentiment is not None:
            found[mention.entity].append(mention)
    return tuple(_mood(one, neutral) if one else Mood() for one in found)


def _mood_of_one(mention: Mention, neutral: float) -> Mood:
    """How an article speaks of an entity that it mentions once, as it does most."""
    score = mention.sentiment or 0.0
    shares = mention.stance or _certain(score, neutral)
    label = mood_label(shares, 1)
    unquoted = (None, None) if mention.quoted else (score, label)
    return Mood(score, 1, 0.0, shares, standard_error(shares, 1), label, *unquoted)


def _mood(mentions: Sequence[Mention], neutral: float) -> Mood:
    """How an article speaks of an entity by its mentions, of which there is one at least."""
    if len(mentions) == 1:
        return _mood_of_one(mentions[0], neutral)
    scores = [part.sentiment or 0.0 for part in mentions]
    stances = [part.stance or _certain(part.sentiment or 0.0, neutral) for part in mentions]
    count = len(scores)
    mean, shares = _mean(scores), _shares(stances)
    label = mood_label(shares, count)
    unquoted: float | None = mean
    unquoted_label: str | None = label
    plain = [index for index, part in enumerate(mentions) if not part.quoted]
    if len(plain) < count:
        unquoted, unquoted_label = None, None
        if plain:
            unquoted = _mean([scores[index] for index in plain])
            unquoted_label = mood_label(_shares([stances[index] for index in plain]), len(plain))
    spread = math.sqrt(sum([(score - mean) ** 2 for score in scores]) / count)
    error = standard_error(shares, count)
    return Mood(mean, count, spread, shares, error, label, unquoted, unquoted_label)


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _shares(stances: Sequence[Stance]) -> Stance:
    """What share of mentions is expected to be of each class; without probabilities, what share is labelled so."""
    return Stance(*map(_mean, zip(*stances, strict=True))) if len(stances) > 1 else stances[0]


def _certain(score: float, neutral: float) -> Stance:
    return Stance(float(score <= -neutral), float(-neutral < score < neutral), float(score >= neutral))


def standard_error(shares: Stance, count: int) -> float:
    """How far the mean score may lie from what more mentions of the same kind would show, 0…1.

    Mentions are taken for draws from these shares: what is not sure of each of them and what differs between them both
    count, and a mention like one of a name at random is added, so that a few that agree aren't taken for certainty.
    """
    negative, _, positive = shares
    negative = (negative * count + RANDOM.negative) / (count + 1)
    positive = (positive * count + RANDOM.positive) / (count + 1)
    return math.sqrt((positive + negative - (positive - negative) ** 2) / count)


def mood_label(shares: Stance, count: int) -> str:
    """How an entity is spoken of, in a word.

    `negative` or `positive` where enough of its mentions are so, `mixed` where both and neither stands out, `neutral`
    where neither; `unclear` where a share is large enough, and the mentions too few to say.
    """
    badly, well = shares.negative / NEGATIVE, shares.positive / POSITIVE
    if badly < 1 and well < 1:
        return "neutral"
    negative = badly >= 1 and shares.negative * count >= EVIDENCE
    positive = well >= 1 and shares.positive * count >= EVIDENCE
    if negative and positive:
        if badly < well * CLEARER and well < badly * CLEARER:
            return "mixed"
        return "negative" if badly > well else "positive"
    if negative or positive:
        return "negative" if negative else "positive"
    hint = (badly >= 1 and shares.negative * count >= HINT) or (well >= 1 and shares.positive * count >= HINT)
    return "unclear" if hint else "neutral"


def mean_error(scores: Sequence[float], errors: Sequence[float]) -> float:
    """Standard error of the mean of an entity's scores in several articles, each with its own error; not of none."""
    mean = sum(scores) / len(scores)
    between = sum((score - mean) ** 2 for score in scores) / len(scores)
    within = sum(error * error for error in errors) / len(errors)
    return math.sqrt((between + within) / len(scores))


def article_sentiment(sentences: Sequence[Sentence]) -> float | None:
    """The mean over an article's sentences, weighted by their length; None without a score."""
    scored = [(part.sentiment, part.end_char - part.start_char) for part in sentences if part.sentiment is not None]
    total = sum(length for _, length in scored)
    return sum(score * length for score, length in scored) / total if total else None
