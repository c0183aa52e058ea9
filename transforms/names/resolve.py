"""All steps on the names of one article, in order.

In English:

1. boundaries: every span is repaired (`repair`);
2. unseen: names that say themselves what they are, where the model saw none (`missed`);
3. kinds: one kind for all mentions of a name (`kinds`);
4. false: what is no name is dropped;
5. again: the article's names, and parts of its people's names, wherever else they stand (`missed`).

Then, in every language: which mentions name the same (`aliases`), where it lies (`places`), and how prominent it is.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.records import Entity, Mention, Sentence
from transforms.identity import digest
from transforms.names.aliases import canonical_names, person_parts
from transforms.names.countries import load_countries
from transforms.names.kinds import decide_kinds
from transforms.names.lexicon import COMPETITIONS, DAYS, EVENTS, NOT_NAMES
from transforms.names.missed import complete_people, find_again, find_unseen, mask
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import NOWHERE, load_gazetteer, locate
from transforms.names.repair import repair_spans
from transforms.names.spans import CORE, NAMES, VALUES, Span

STEPS = ("boundaries", "complete", "unseen", "kinds", "false", "again")
REMEMBERED = 1 << 15
# Words. A longer name is a headline that the model took for one.
LONGEST = 8
_TICKER = re.compile(r"[A-Z]{2,6}\.[A-Z]{1,2}$")
_LEAGUES = (["Champions", "League"], ["Nations", "League"], ["Europa", "League"])


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
    spans = [(mention.start_char, mention.end_char, mention.label) for mention in mentions]
    spans = resolve_spans(text, spans) if language == "en" else settle_kinds(text, spans)
    normal, labels = _agree(*_tally(text, spans), english=language == "en")
    firsts: dict[tuple[str, str], int] = {}
    names: list[tuple[str, str]] = []
    indices: dict[str, int] = {}
    found: list[Mention] = []
    drawn = {mention.start_char: mention for mention in mentions}
    starts = [sentence.start_char for sentence in sentences]
    for start, end, label in spans:
        if label in VALUES:
            found.append(drawn[start])
            continue
        sentence = max(0, bisect_right(starts, start) - 1)
        if end > sentences[sentence].end_char:
            continue
        name = text[start:end]
        index = indices.get(name)
        if index is None:
            entity = (normal[name], labels[name])
            index = indices[name] = firsts.setdefault((entity[0].casefold(), entity[1]), len(names))
            if index == len(names):
                names.append(entity)
        found.append(Mention(start, end, labels[name], sentence, entity=index))
    return Resolved(tuple(found), _make_entities(text, found, names, title))


def _tally(text: str, spans: Sequence[Span]) -> tuple[dict[str, str], dict[str, int]]:
    """Name → its label, and name → how often it is named."""
    labels: dict[str, str] = {}
    counts: dict[str, int] = {}
    for start, end, label in spans:
        if label not in VALUES:
            name = text[start:end]
            labels[name] = label
            counts[name] = counts.get(name, 0) + 1
    return labels, counts


def _agree(
    labels: Mapping[str, str], counts: Mapping[str, int], *, english: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Name → normal name, and name → label: one for all spellings of one normal name, that of most mentions."""
    normal = canonical_names(labels, english=english)
    if len({name.casefold() for name in normal.values()}) == len(labels):
        return normal, dict(labels)
    votes: dict[str, dict[str, int]] = {}
    for name, label in labels.items():
        tally = votes.setdefault(normal[name].casefold(), {})
        tally[label] = tally.get(label, 0) + counts[name]
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
    countries = load_countries()
    codes = {countries.codes.get(name) or countries.demonyms.get(name) for name, label in names if label in _LOCATED}
    folded = f" {' '.join(title.split())} ".casefold() if title and title.strip() else ""
    entities = []
    for (name, label), count, first, called in zip(names, counts, firsts, forms, strict=True):
        titled = any(_is_in(folded, form.casefold()) for form in called) if folded else None
        place = locate(name, label, codes) if label in _LOCATED else NOWHERE
        shown = prominence(count, most, first / len(text), titled)
        entities.append(Entity(entity_id(name, label), name, label, *place, shown))
    return tuple(entities)


_LOCATED = frozenset(("GPE", "LOC", "NORP"))


def _is_in(title: str, name: str) -> bool:
    """Whether a title has `name` as whole words; both are case-folded, the title has a space around it."""
    at = title.find(name)
    return at > 0 and not (title[at - 1].isalnum() or title[at + len(name)].isalnum())


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


def settle_kinds(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with one label for all mentions of a name: that of most."""
    votes: dict[str, Counter[str]] = {}
    for start, end, label in spans:
        if label not in VALUES:
            votes.setdefault(" ".join(text[start:end].split()), Counter())[label] += 1
    best = {name: max(sorted(tally), key=tally.__getitem__) for name, tally in votes.items()}
    return [
        (start, end, label if label in VALUES else best[" ".join(text[start:end].split())])
        for start, end, label in spans
    ]


def resolve_spans(text: str, spans: Sequence[Span], steps: Collection[str] = STEPS) -> list[Span]:
    """The spans of an article, in order, after the steps named.

    Args:
        text: the article.
        spans: what the model found, in order and apart from one another.
        steps: which of `STEPS` to take, for measuring them.
    """
    if "boundaries" in steps:
        spans = repair_spans(text, spans)
    if "complete" in steps:
        spans = complete_people(text, spans)
    masked = mask(text, spans)
    if "unseen" in steps:
        unseen = find_unseen(text, masked, spans)
        if unseen:
            spans = sorted([*spans, *unseen])
            masked = mask(masked, unseen)
    if "kinds" not in steps:
        return list(spans)
    labels = decide_kinds(text, group(text, spans))
    if "false" in steps:
        labels = {name: label for name, label in labels.items() if not is_false(text, name, label)}
    kept = []
    for span in spans:
        if span[2] in NAMES:
            label = labels.get(text[span[0] : span[1]])
            if label:
                kept.append((span[0], span[1], label))
        else:
            kept.append(span)
    if "again" in steps:
        found = find_again(masked, names_to_find(labels))
        if found:
            kept += found
            kept.sort()
    return kept


def group(text: str, spans: Sequence[Span]) -> dict[str, list[Span]]:
    """Name → its mentions; without amounts and times."""
    places: dict[str, list[Span]] = {}
    for span in spans:
        if span[2] in NAMES:
            name = text[span[0] : span[1]]
            if name in places:
                places[name].append(span)
            else:
                places[name] = [span]
    return places


def names_to_find(labels: Mapping[str, str]) -> dict[str, str]:
    """What to look for again: names of the core kinds and peoples, and the words that people are called by."""
    wanted = {name: label for name, label in labels.items() if label in CORE or label == "NORP"}
    spotted = load_gazetteer().spotted
    for name, label in list(wanted.items()):
        if label == "PERSON" and " " in name:
            for part in person_parts(name):
                if part not in NOT_NAMES and part not in spotted and part not in ORGANISATIONS:
                    wanted.setdefault(part, label)
    return wanted


def is_false(text: str, name: str, label: str) -> bool:
    """Whether what the model took for a person, an organisation or a place is none."""
    if label not in CORE:
        return False
    if " " in name:
        words = name.split()
        if words[-1] in (EVENTS if label == "ORG" else COMPETITIONS):
            return True
        return words[-2:] in _LEAGUES or len(words) > LONGEST
    if name in EVENTS or _TICKER.match(name):
        return True
    if name in NOT_NAMES or name in DAYS or len(name) == 1 or (name[-1].isdigit() and label != "ORG"):
        return True
    if name.isupper() or name in load_gazetteer().spotted or name in ORGANISATIONS:
        return False
    return f" {name.lower()} " in text
