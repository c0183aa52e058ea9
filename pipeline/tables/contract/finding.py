"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, BREACH = "ok", "warning", "breach"


@dataclass(frozen=True)
class Finding:
    """The answer of one check.

    Attributes:
        group: what kind of check it is: files, ledger, keys, values, text, freshness, nulls or drift.
        check: what must hold, for a person.
        status: `OK`, `WARNING` (look at it) or `BREACH` (the contract is broken).
        checked: how many rows or files were looked at.
        wrong: how many of them are not as they must be.
        example: the key of one of them, or the figures compared.
    """

    group: str
    check: str
    status: str
    checked: int
    wrong: int = 0
    example: str = ""


def judge(group: str, check: str, checked: int, wrong: int, example: object = None) -> Finding:
    """A finding that is a breach where anything is wrong."""
    return Finding(group, check, BREACH if wrong else OK, checked, wrong, "" if example is None else str(example)[:300])
