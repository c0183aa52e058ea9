"""What a name means where it stands alone: whom the articles that say it in full call by it.

"Obama" is Barack Obama in an article that never says Barack, if nine in ten of those that say who is meant mean him. A
month in which others are meant counts as much as the name stands alone in it. A name that isn't sure stands for itself.
A name of another kind ("Trump" as an organisation) is the person, or the body, if nearly all articles have it as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from transforms.identities.folding import fold
from transforms.identities.known import INSTITUTIONS
from transforms.identities.names import body_key, is_short_for, is_variant, known_person, person_name
from transforms.identities.records import KIND, SHORT, Bearer, Link, Own, Use, total
from transforms.names.people import short_forms
from transforms.runtime.words import is_common

PERSON, ORG = "PERSON", "ORG"
SURE = 0.9
SURE_OF_KIND = 0.95
# Articles on somebody whom nobody has named in full yet: of a name that others in the corpus bear, and of any other.
UNSEEN, UNSEEN_OF_RARE = 1.0, 0.2
# What somebody of the same given name counts, whom no article calls by it alone.
BEARING = 0.1
# How many articles of a month weigh as much as all others together.
STEADY = 10.0
# What a body is called without: "Quinnipiac" is the university.
CALLED_WITHOUT = frozenset(("university", "college", "institute", "institution", "foundation", "news"))
# A word that stands for less says nothing of its kind.
ENOUGH = 10


class _Meant(NamedTuple):
    """Who is meant, how surely."""

    entity_id: str
    name: str
    label: str
    confidence: float


def decide_name(key: str, own: Sequence[Own], uses: Sequence[Use], bearers: Sequence[Bearer]) -> Iterator[Link]:
    """Links from the entities that are called by the key alone, or that are another kind than they should be."""
    if not uses and len({entity.label for entity in own}) < 2:
        return
    meant: dict[str, _Meant] = {}
    for label, candidates in ((PERSON, _people(key, uses)), (ORG, _bodies(key, uses))):
        alone = [entity for entity in own if entity.label == label]
        found = _decide(alone, candidates, bearers if label == PERSON else ())
        if found is None:
            continue
        meant[label] = found
        for entity in alone:
            if entity.entity_id != found.entity_id:
                yield Link(entity.entity_id, found.entity_id, found.name, label, found.confidence, SHORT)
    yield from _decide_kind(key, own, uses, meant)


def _people(key: str, uses: Sequence[Use]) -> list[list[Use]]:
    """Those who are called by the key in short, all names of one person together."""
    groups: list[list[Use]] = []
    for use in sorted(uses, key=lambda use: (-total(use.months), use.entity_id)):
        name = person_name(known_person(use.name) or use.name)
        if use.label != PERSON or name is None or not _is_short(key, use.name):
            continue
        for group in groups:
            other = person_name(known_person(group[0].name) or group[0].name)
            if other and is_variant(name, other):
                group.append(use)
                break
        else:
            groups.append([use])
    return groups


def _is_short(key: str, name: str) -> bool:
    forms = short_forms(name)
    return any(fold(form) == key for form in (*forms.surnames, *forms.given))


def _bodies(key: str, uses: Sequence[Use]) -> list[list[Use]]:
    """The organisations that are called by the key in short, all spellings of one together."""
    groups: dict[tuple[str, str], list[Use]] = defaultdict(list)
    if " " not in key and is_common(key):
        return []
    for use in sorted(uses, key=lambda use: (-total(use.months), use.entity_id)):
        if use.label == ORG and _is_short_body(key, fold(use.name)):
            groups[body_key(use.name, ORG)].append(use)
    return list(groups.values())


def _is_short_body(key: str, name: str) -> bool:
    """Whether a body may be called by the key: its initials, its name without what it is, or some words of it."""
    if " " in key:
        return len(name.split()) > len(key.split())
    first, _, rest = name.partition(" ")
    return is_short_for(key, name) or (first == key and rest in CALLED_WITHOUT)


def _decide(alone: Sequence[Own], groups: Sequence[list[Use]], bearers: Sequence[Bearer]) -> _Meant | None:
    """The one of the groups that the name means, if that is sure."""
    if not groups:
        return None
    by_month = [Counter[str]() for _ in groups]
    for counter, group in zip(by_month, groups, strict=True):
        for use in group:
            counter.update(dict(use.months))
    sizes = [counter.total() for counter in by_month]
    best = max(range(len(groups)), key=sizes.__getitem__)
    members = {use.entity_id for use in groups[best]}
    namesakes = [bearer for bearer in bearers if bearer.entity_id not in members]
    others = UNSEEN if namesakes or not bearers else UNSEEN_OF_RARE
    if any(bearer.given for bearer in bearers if bearer.entity_id in members):
        others += BEARING * sum(bearer.articles for bearer in namesakes if bearer.given)
    steady = sizes[best] / sum(sizes)
    seen = sum(sizes) / (sum(sizes) + others)
    confidence = seen * _over_months(alone, by_month[best], sum(by_month, Counter()), steady)
    if confidence < SURE:
        return None
    first = min(groups[best], key=lambda use: (-use.articles, len(use.name), use.entity_id))
    return _Meant(first.entity_id, first.name, first.label, confidence)


def _over_months(alone: Sequence[Own], best: Counter[str], everybody: Counter[str], steady: float) -> float:
    """What share of all who are called so is the best, in the months in which the name stands alone.

    `steady`: what it is over all months.
    """
    months: Counter[str] = Counter()
    for entity in alone:
        months.update(dict(entity.months))
    if not months:
        return steady
    shares = {month: (best[month] + STEADY * steady) / (everybody[month] + STEADY) for month in months}
    return sum(articles * shares[month] for month, articles in months.items()) / months.total()


def _decide_kind(key: str, own: Sequence[Own], uses: Sequence[Use], meant: dict[str, _Meant]) -> Iterator[Link]:
    """Links from the kinds that few articles have the name as to the one that nearly all have it as."""
    articles: Counter[str] = Counter()
    for label, months in [(entity.label, entity.months) for entity in own] + [(use.label, use.months) for use in uses]:
        articles[label] += total(months)
    if not articles:
        return
    label = min(articles, key=lambda label: (-articles[label], label))
    share = articles[label] / articles.total()
    if share < SURE_OF_KIND or articles[label] < ENOUGH or not _tells_kind(key, label):
        return
    target = meant.get(label)
    if not target and (" " in key or label == ORG):
        target = _most_usual([entity for entity in own if entity.label == label])
    if target is None:
        return
    for entity in own:
        if entity.label != label:
            confidence = share * target.confidence
            yield Link(entity.entity_id, target.entity_id, target.name, target.label, confidence, KIND)


def _tells_kind(key: str, label: str) -> bool:
    """Whether a name is of one kind, so that what is called another is the same thing.

    Names of two words are; so are surnames that no body of the table has, and the bodies of the table.
    """
    if " " in key:
        return True
    known = (key, "") in INSTITUTIONS
    return label == ORG if known else label == PERSON and not is_common(key)


def _most_usual(own: Sequence[Own]) -> _Meant | None:
    first = min(own, key=lambda entity: (-total(entity.months), entity.entity_id), default=None)
    return first and _Meant(first.entity_id, first.name, first.label, 1.0)
