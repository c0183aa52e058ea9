"""Organisations under several spellings, and those that the world calls by several names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.identities.folding import fold
from transforms.identities.names import body_key
from transforms.identities.records import KNOWN, SPELLING, Body, Link

ORG = "ORG"
SPELLED = 0.97


def decide_bodies(bodies: Sequence[Body]) -> Iterator[Link]:
    """Links from all spellings of one body to the one that stands for all.

    Members ("Republicans") are the body where the corpus names that as well.
    """
    known = min((name for body in bodies if (name := body_key(body.name, body.label)[1])), default="")
    if all(body.label != ORG for body in bodies):
        known = ""
    first = min(bodies, key=lambda body: (*_is_other(body, known), -body.articles, len(body.name), body.entity_id))
    for body in bodies:
        if body is not first or (known and fold(known) != fold(first.name)):
            basis = KNOWN if known and fold(body.name) != fold(known) else SPELLING
            yield Link(body.entity_id, first.entity_id, known or first.name, first.label, SPELLED, basis)


def _is_other(body: Body, known: str) -> tuple[bool, bool]:
    """Whether it isn't called as the world calls it, and whether it is no organisation but its members."""
    return fold(body.name) != fold(known), body.label != ORG
