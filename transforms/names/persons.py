"""Which of an article's names mean the same person.

Full names that differ by initials, middle names or short given names are one. A surname stands for the person of that
surname whom the article introduced before; for several, for the one named in full far more often than the others, or
else for itself. A given name refers back only: what stands before the full name, or behind "son" or "wife", is somebody
else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transforms.names.people import fold_name, same_person, short_forms, split_name
from transforms.runtime.words import is_common

# How many times as often as any other of that surname a person must be named in full to be the one that it means.
DOMINANCE = 3
# Full names of one article that are compared with each other; a text of more is a list.
MOST = 400


class Use(NamedTuple):
    """How an article uses a name: how often, where first, and whether ever as that of somebody's kin ("son Jack")."""

    times: int
    first: int
    kin: bool = False


def resolve_people(uses: Mapping[str, Use]) -> dict[str, str]:
    """Name of a person in the text → the name of the entity, for all names of people in an article."""
    full = [name for name in uses if len(split_name(name)) > 1]
    groups = _merge(sorted(full, key=lambda name: (-len(split_name(name)), uses[name].first, name)), uses)
    names = {member: _best(group, uses) for group in groups for member in group}
    meant = _index(groups)
    for name in uses:
        if name not in names:
            group = _refer(name, uses, meant)
            names[name] = _best(group, uses) if group else name
    return names


def _merge(full: Sequence[str], uses: Mapping[str, Use]) -> list[list[str]]:
    """Full names, the longest first, in groups of one person each."""
    groups: list[list[str]] = []
    by_word: dict[str, list[int]] = {}
    for name in full[:MOST]:
        words = fold_name(name)
        near = sorted({index for word in words for index in by_word.get(word, ())})
        like = [index for index in near if any(_is_one(name, member) for member in groups[index])]
        if len(like) == 1:
            groups[like[0]].append(name)
            place = like[0]
        else:
            place = len(groups)
            groups.append([name])
        for word in words:
            by_word.setdefault(word, []).append(place)
    groups += [[name] for name in full[MOST:]]
    return groups


def _is_one(name: str, longer: str) -> bool:
    return same_person(name, longer) or name in short_forms(longer).surnames


def _best(group: Sequence[str], uses: Mapping[str, Use]) -> str:
    """The name of the entity: the full name that stands most often in the text, of two the shorter."""
    longer = [name for name in group if not is_common(split_name(name)[0])]
    whole = [name for name in longer if not any(name in short_forms(other).surnames for other in longer)] or group
    return min(whole, key=lambda name: (-uses[name].times, len(name), name))


class _Meant(NamedTuple):
    """Short form, as it is compared → the groups that bear it as a surname, and those as a given name."""

    surnames: dict[tuple[str, ...], list[list[str]]]
    given: dict[tuple[str, ...], list[list[str]]]


def _index(groups: Sequence[list[str]]) -> _Meant:
    meant = _Meant({}, {})
    for group in groups:
        for forms, table in (
            ({form for name in group for form in short_forms(name).surnames}, meant.surnames),
            ({form for name in group for form in short_forms(name).given}, meant.given),
        ):
            for key in {fold_name(form) for form in forms}:
                table.setdefault(key, []).append(group)
    return meant


def _refer(name: str, uses: Mapping[str, Use], meant: _Meant) -> list[str] | None:
    """Whom a short name means."""
    key = fold_name(name)
    bearers = meant.surnames.get(key)
    if bearers:
        return _leading(bearers, uses, uses[name].first)
    if uses[name].kin:
        return None
    before = [group for group in meant.given.get(key, ()) if _introduced(group, uses) < uses[name].first]
    return before[0] if len(before) == 1 else None


def _introduced(group: Sequence[str], uses: Mapping[str, Use]) -> int:
    return min(uses[name].first for name in group)


def _leading(groups: Sequence[list[str]], uses: Mapping[str, Use], at: int) -> list[str] | None:
    """The one of those of a surname whom it means at its first mention."""
    if len(groups) == 1:
        return groups[0]
    before = [group for group in groups if _introduced(group, uses) < at]
    if len(before) == 1:
        return before[0]
    most, second = sorted((sum(uses[name].times for name in group) for group in groups), reverse=True)[:2]
    if most >= DOMINANCE * second:
        return max(groups, key=lambda group: sum(uses[name].times for name in group))
    return None
