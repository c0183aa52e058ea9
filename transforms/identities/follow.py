"""Links to links: an entity that others are taken for stays what it is, unless it is a spelling of another one.

So one look at everybody's own links and at those that lead to him is enough for links to lead to their ends, in any
order and without a circle: who is pointed at loses his own links but for spellings, which lead to one that has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.identities.records import KNOWN, SPELLING, Link

FIRM = (KNOWN, SPELLING)
# The basis of a link that says only: the guesses of this entity itself don't count.
STAYS = "stays"


def best_link(links: Sequence[Link]) -> Link | None:
    """The one of an entity's links that counts: a spelling before a guess, then the surest; None without one."""
    stays = any(link.basis == STAYS for link in links)
    counting = [link for link in links if link.basis in FIRM or not stays]
    return min(counting, key=_order, default=None)


def _order(link: Link) -> tuple[bool, float, str, str]:
    return link.basis not in FIRM, -link.confidence, link.identity_id, link.basis


def follow(own: Sequence[Link], to_it: Sequence[Link]) -> Iterator[Link]:
    """The links that lead to an entity, led further where it has a firm one of its own, and what its own come to.

    Args:
        own: the entity's own links.
        to_it: those of other entities to it.
    """
    chosen = best_link(own)
    firm = chosen if chosen and chosen.basis in FIRM else None
    if chosen and chosen.identity_id == chosen.entity_id:
        yield chosen
    if chosen and to_it and not firm:
        yield Link(chosen.entity_id, chosen.entity_id, "", "", 0.0, STAYS)
    for link in to_it:
        if not firm:
            yield link
            continue
        sure = 1.0 if firm.identity_id == firm.entity_id else firm.confidence
        yield Link(link.entity_id, firm.identity_id, firm.name, firm.label, link.confidence * sure, link.basis)
