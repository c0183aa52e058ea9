"""What the world knows: people called by one name, and bodies, parties and clubs that go by several.

Only what is so in news everywhere; the rest the corpus decides. A row of the two tables is the name that stands for
all, then its other forms, with `=` between; behind a bar the kind that a form must have, where its words mean more.
"""

from __future__ import annotations

from importlib import resources

from transforms.identities.folding import fold
from transforms.names.organisations import ORGANISATIONS, WEAK

# Words that begin or end the name of a body of the state: "U.S. Department of Justice" is the Department of Justice.
BODIES = frozenset(
    (
        *(
            "department",
            "house",
            "senate",
            "congress",
            "supreme",
            "army",
            "navy",
            "air",
            "marine",
            "marines",
            "capitol",
        ),
        *("treasury", "postal", "secret", "coast", "fish", "customs", "immigration", "citizenship", "agency", "census"),
    )
)


def _rows(table: str) -> list[list[str]]:
    content = resources.files(__package__).joinpath(table).read_text(encoding="utf-8")
    return [row.split("=") for row in content.splitlines()]


PEOPLE: dict[str, str] = {fold(form): row[0] for row in _rows("known_people.txt") for form in row}
"""Every form of a person's name, folded → the name that stands for all."""


def _bodies() -> dict[tuple[str, str], str]:
    found = {(fold(form), ""): name for form, name in ORGANISATIONS.items() if form not in WEAK}
    for row in _rows("known_bodies.txt"):
        for form in row:
            written, _, label = form.partition("|")
            found[fold(written), label] = row[0]
    return found


INSTITUTIONS: dict[tuple[str, str], str] = _bodies()
"""A form, folded, and the kind that it must have ("" for any) → the name that stands for all."""
