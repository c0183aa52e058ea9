"""Names of one article resolved: the spans repaired and completed, which of them name the same, where that lies, how
prominent it is.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.records import Entity, Mention, Sentence
from transforms.names.aliases import canonical_names
from transforms.names.evidence import before
from transforms.names.lexicon import KIN
from transforms.names.persons import Use
from transforms.names.places import NOWHERE, locate
from transforms.names.spans import VALUES, Span
from transforms.names.steps import resolve_spans, settle_kinds
from transforms.names.surroundings import named_countries, read_regions
from transforms.runtime.identity import digest

REMEMBERED = 1 << 15


class Resolved(NamedTuple):
    """An article's mentions, in order, each with the place of its entity in `entities`, in order of first mention."""

    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]


def resolve_names(
    text: str, mentions: Sequence[Mention], sentences: Sequence[Sentence], *, title: str | None, language: str | None
) -> Resolved:
    """An article's names, repaired, completed and resolved.

    Args:
        text: the article.
        mentions: what the model found, in order and apart from one another.
        sentences: all sentences, in order. No name that comes out crosses the end of one.
        title: headline, for prominence.
        language: ISO 639 code of `text`.
    """
    spans: list[Span] = [mention[:3] for mention in mentions]
    spans = resolve_spans(text, spans) if language == "en" else settle_kinds(text, spans)
    starts = [sentence.start_char for sentence in sentences]
    inside = [max(0, bisect_right(starts, start) - 1) for start, _, _ in spans]
    placed = [
        (*span, place)
        for span, place in zip(spans, inside, strict=True)
        if span[2] in VALUES or span[1] <= sentences[place].end_char
    ]
    tally = _tally(text, [(start, end, label) for start, end, label, _ in placed])
    normal, labels = _agree(*tally, english=language == "en")
    firsts: dict[tuple[str, str], int] = {}
    names: list[tuple[str, str]] = []
    indices: dict[str, int] = {}
    found: list[Mention] = []
    drawn = {mention.start_char: mention for mention in mentions if mention.label in VALUES}
    for start, end, label, sentence in placed:
        if label in VALUES:
            found.append(drawn[start])
            continue
        name = text[start:end]
        index = indices.get(name)
        if index is None:
            entity = (normal[name], labels[name])
            index = indices[name] = firsts.setdefault((entity[0].casefold(), entity[1]), len(names))
            if index == len(names):
                names.append(entity)
        found.append(Mention(start, end, labels[name], sentence, None, index))
    return Resolved(tuple(found), _make_entities(text, found, names, title))


def _tally(text: str, spans: Sequence[Span]) -> tuple[dict[str, str], dict[str, Use]]:
    """Name → its label, and name → how the article uses it."""
    labels: dict[str, str] = {}
    uses: dict[str, Use] = {}
    for start, end, label in spans:
        if label not in VALUES:
            name = text[start:end]
            use = uses.get(name)
            labels[name] = label
            if label == "PERSON" and " " not in name:
                kin = before(text, start) in KIN or (use is not None and use.kin)
            else:
                kin = False
            uses[name] = Use(use.times + 1 if use else 1, use.first if use else start, kin)
    return labels, uses


def _agree(
    labels: Mapping[str, str], uses: Mapping[str, Use], *, english: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Name → normal name, and name → label: one for all spellings of one normal name, that of most mentions."""
    normal = canonical_names(labels, uses, english=english)
    if len({name.casefold() for name in normal.values()}) == len(labels):
        return normal, dict(labels)
    votes: dict[str, dict[str, int]] = {}
    for name, label in labels.items():
        tally = votes.setdefault(normal[name].casefold(), {})
        tally[label] = tally.get(label, 0) + uses[name].times
    best = {folded: max(sorted(tally), key=tally.__getitem__) for folded, tally in votes.items()}
    return normal, {name: best[normal[name].casefold()] for name in labels}


def _make_entities(
    text: str, mentions: Sequence[Mention], names: Sequence[tuple[str, str]], title: str | None
) -> tuple[Entity, ...]:
    """The entities of the names (normal name, label), which the mentions point at."""
    forms: list[set[str]] = [{name} for name, _ in names]
    counts = [0] * len(names)
    firsts = [0] * len(names)
    for mention in reversed(mentions):
        entity = mention.entity
        if entity is not None:
            counts[entity] += 1
            firsts[entity] = mention.start_char
            forms[entity].add(text[mention.start_char : mention.end_char])
    most = max(counts, default=1)
    regions = read_regions(text, mentions, names)
    codes = named_countries(names, regions)
    folded = f" {' '.join(title.split())} ".casefold() if title and title.strip() else ""
    entities = []
    for index, ((name, label), count, first, called) in enumerate(zip(names, counts, firsts, forms, strict=True)):
        titled = _is_titled(folded, called) if folded else None
        place = locate(name, label, codes, regions.get(index)) if label in _LOCATED else NOWHERE
        shown = prominence(count, most, first / len(text), titled)
        entities.append(Entity(entity_id(name, label), name, label, *place, shown))
    return tuple(entities)


_LOCATED = frozenset(("GPE", "LOC", "NORP"))


def _is_titled(title: str, names: Iterable[str]) -> bool:
    """Whether a title has one of `names` as whole words; it is case-folded and has a space around it."""
    for name in names:
        form = name.casefold()
        if form in title:
            at = title.find(form)
            if at > 0 and not (title[at - 1].isalnum() or title[at + len(form)].isalnum()):
                return True
    return False


def prominence(count: int, most: int, lead: float, titled: bool | None) -> float:
    """How prominent an entity is in an article, 0…1.

    Args:
        count: its mentions.
        most: those of the article's most named entity.
        lead: where it is first named: the share of the text before that.
        titled: whether the title names it; None without a title.
    """
    parts = [math.log1p(count) / math.log1p(most), 1 - lead]
    if titled is not None:
        parts.append(float(titled))
    return sum(parts) / len(parts)


@lru_cache(REMEMBERED)
def entity_id(name: str, label: str) -> str:
    """The id of a normal name and kind: the same for all spellings that differ by case alone."""
    return digest("entity", label, name.casefold())
