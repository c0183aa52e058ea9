"""Full names that are one person's: middle names left out, initials, accents, short given names, words turned round.

In: everybody of one last word. An initial may be left out. A whole middle name ("John Quincy Adams"), and a given name
that is only short for the other ("Steve King"), make two people, unless articles call one by the other's name or nobody
else has that last word; so do names that are often in the news and never one for the other. A name that could be
either of two people's ("George Bush") is the one's who is named far more often than the other, or its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.identities.folding import fold
from transforms.identities.names import PersonName, given_key, is_variant, known_person, person_name
from transforms.identities.records import KNOWN, SPELLING, Link, Member

PERSON = "PERSON"
# So sure must the corpus be of whom a name means.
SURE = 0.9
# A longer name that so many times fewer articles have is a slip of somebody's.
RARE = 20
# Who is named in as many articles is called by all of his names somewhere.
OFTEN = 20
# How many times as many articles must have a word as a last name than as a given name for names to be turned round.
TURNED = 10
SPELLED = 0.97


def decide_people(members: Sequence[Member], last: str) -> Iterator[Link]:
    """Which of those whose last word is `last`, or whose first word it is, are one person."""
    names = {member.entity_id: _parts(member) for member in members}
    proper = [member for member in members if names[member.entity_id].last == last]
    groups = _group(proper, names)
    _add_turned(groups, [member for member in members if names[member.entity_id].last != last], names)
    for group in groups:
        yield from _links(group)


def _parts(member: Member) -> PersonName:
    name = known_person(member.name) or member.name
    return person_name(name) or PersonName("", (), fold(name), "")


def _group(members: Sequence[Member], names: Mapping[str, PersonName]) -> list[list[Member]]:
    """People, the longest names first: a shorter one joins the one person that it can be a name of."""
    by_given: dict[str, list[list[Member]]] = {}
    # Nobody else has the last word of his name.
    alone = len({given_key(names[member.entity_id]) for member in members}) == 1
    for member in sorted(members, key=lambda m: (-len(names[m.entity_id].middle), -m.articles, m.entity_id)):
        groups = by_given.setdefault(given_key(names[member.entity_id]), [])
        possible = [group for group in groups if all(_may_be_one(member, other, names) for other in group)]
        fitting = [group for group in possible if all(_is_one(member, other, names, alone) for other in group)]
        best = max(fitting, key=_articles, default=None)
        others = [group for group in possible if group is not best and RARE * _articles(group) > member.articles]
        if best and _articles(best) * (1 - SURE) >= SURE * sum(map(_articles, others)):
            best.append(member)
        else:
            groups.append([member])
    return [group for groups in by_given.values() for group in groups]


def _articles(group: Sequence[Member]) -> int:
    return sum(member.articles for member in group)


def _may_be_one(one: Member, two: Member, names: Mapping[str, PersonName]) -> bool:
    return is_variant(names[one.entity_id], names[two.entity_id])


def _is_one(one: Member, two: Member, names: Mapping[str, PersonName], alone: bool) -> bool:
    """Whether two variants are one person's, for all that the corpus says; `alone`: nobody else has the last word."""
    first, second = names[one.entity_id], names[two.entity_id]
    if first.given == second.given and first.middle == second.middle:
        return True
    if known_person(one.name) != known_person(two.name) and not (first.middle and second.middle):
        # The table has all that one of them is called.
        return False
    called = _called(one, two.name) + _called(two, one.name)
    if any(len(word) > 1 for word in {*first.middle} ^ {*second.middle}):
        return alone or called > 2
    if first.given != second.given:
        return alone or called > 0
    return called > 0 or min(one.articles, two.articles) < OFTEN


def _called(member: Member, name: str) -> int:
    """How many articles call somebody by another's name."""
    folded = fold(name)
    return sum(articles for form, articles in member.forms if form == folded)


def _add_turned(groups: Sequence[list[Member]], turned: Sequence[Member], names: Mapping[str, PersonName]) -> None:
    """Add names of two words whose last word stands first ("Trump Donald") to the person whom they turn round.

    Not where the first word is a given name as well ("Thomas James").
    """
    if sum(map(_articles, groups)) < TURNED * _articles(turned):
        return
    for member in turned:
        fitting = [group for group in groups if names[group[0].entity_id].given == names[member.entity_id].last]
        best = max(fitting, key=_articles, default=None)
        if best and _articles(best) >= TURNED * member.articles:
            best.append(member)


def _links(group: Sequence[Member]) -> Iterator[Link]:
    """From all members to the one whose name is most usual, or that of the world."""
    known = min((name for member in group if (name := known_person(member.name))), default="")
    first = min(group, key=lambda m: (fold(m.name) != fold(known), -m.articles, len(m.name), m.name, m.entity_id))
    for member in group:
        basis = KNOWN if known_person(member.name) else SPELLING
        if member is not first or (known and known != first.name):
            yield Link(member.entity_id, first.entity_id, known or first.name, PERSON, SPELLED, basis)
