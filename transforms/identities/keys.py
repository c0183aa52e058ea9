"""Who is looked at together: an entity's records, each under the key by which those like it find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from transforms.identities.bodies import decide_bodies
from transforms.identities.folding import fold
from transforms.identities.names import body_key, known_person, person_name
from transforms.identities.people import decide_people
from transforms.identities.records import Bearer, Body, Count, Link, Member, Own, Use, total
from transforms.identities.shorts import decide_name

PERSON = "PERSON"
SHAPES: dict[str, Any] = {Own.__name__: Own, Use.__name__: Use, Bearer.__name__: Bearer}
OWN = Own.__name__
Record = tuple[str, str, tuple[Any, ...]]


def records_of(count: Count) -> Iterator[Record]:
    """(What a record is, its key, its values) for all that an entity can be compared by."""
    yield Own.__name__, fold(count.name), Own(count.entity_id, count.name, count.label, count.months)
    for form, months in count.forms:
        yield Use.__name__, fold(form), Use(count.entity_id, count.name, count.label, count.articles, months)
    if count.label == PERSON:
        yield from _person(count)
    if count.label in ("ORG", "NORP"):
        body = Body(count.entity_id, count.name, count.label, count.articles)
        key, known = body_key(count.name, count.label)
        if known or count.label == "ORG":
            yield Body.__name__, key, body


def _person(count: Count) -> Iterator[Record]:
    known = known_person(count.name)
    name = person_name(known or count.name)
    full = tuple((fold(form), total(months)) for form, months in count.forms if " " in form)
    member = Member(count.entity_id, count.name, count.articles, full)
    if name is None:
        if known:
            yield Member.__name__, fold(known), member
        return
    yield Bearer.__name__, name.given, Bearer(count.entity_id, count.articles, given=True)
    yield Bearer.__name__, name.last, Bearer(count.entity_id, count.articles, given=False)
    yield Member.__name__, name.last, member
    if not name.middle and not known and name.given != name.last:
        yield Member.__name__, name.given, member


def decide(kind: str, key: str, records: Sequence[Record]) -> Iterator[Link]:
    """What follows from all records of one key: those of people, of bodies, or of one name; nothing of a lone name."""
    if kind == Member.__name__:
        members = [Member(*values) for _, _, values in records]
        if len(members) > 1 or known_person(members[0].name):
            yield from decide_people(members, key)
    elif kind == Body.__name__:
        yield from decide_bodies([Body(*values) for _, _, values in records])
    elif len(records) > 1:
        found: dict[str, list[Any]] = {Own.__name__: [], Use.__name__: [], Bearer.__name__: []}
        for shape, _, values in sorted(records):
            found[shape].append(SHAPES[shape](*values))
        yield from decide_name(key, *found.values())


def group_of(kind: str) -> str:
    """Which records are looked at together: one name's, in whatever way it is borne, or one kind's."""
    return kind if kind in (Member.__name__, Body.__name__) else OWN
