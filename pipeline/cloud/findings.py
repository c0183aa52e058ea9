"""What preflight finds: something that is fine, a note, or a problem with what to do about it."""

from __future__ import annotations

from typing import NamedTuple

FINE, NOTE, PROBLEM = "fine", "note", "problem"


class Finding(NamedTuple):
    """`level`: fine, note or problem. `what` was found; `todo`: what mends a problem."""

    level: str
    what: str
    todo: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether the job shouldn't be sent with this."""
        return self.level == PROBLEM


def fine(what: str) -> Finding:
    """All is well with this."""
    return Finding(FINE, what)


def note(what: str) -> Finding:
    """Worth knowing, but no reason to stop."""
    return Finding(NOTE, what)


def problem(what: str, todo: str) -> Finding:
    """A reason to stop, and what to do about it."""
    return Finding(PROBLEM, what, todo)
