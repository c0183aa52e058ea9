"""Contents on which the stages failed although other articles are copies of them: noted for a run without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from schemas.files import Failure
from schemas.records import Reject
from transforms.runtime.files import read_json, write_json
from transforms.runtime.storage import join

FAILURES = "failed.json"


class OrphansError(Exception):
    """A rejected article has copies: the run isn't finished and must go on without it."""


def record_failures(orphaned: Sequence[Reject], rejects: Iterable[Reject], folder: str) -> None:
    """Stop a run that would leave orphans, and write down which contents failed for it to go on without.

    Raises:
        OrphansError: where there are any.
    """
    if orphaned:
        failures = {item.content_hash: Failure(item.stage, item.reason, item.message) for item in rejects}
        write_json(join(folder, FAILURES), failures)
        raise OrphansError(f"{len(orphaned)} articles that have copies were rejected; --resume goes on without them")


def read_failures(folder: str) -> Mapping[str, Failure]:
    """The contents that failed in a run, by its working directory; empty where it noted none."""
    content = read_json(join(folder, FAILURES))
    return {key: Failure(*value) for key, value in content.items()} if isinstance(content, dict) else {}
