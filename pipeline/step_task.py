"""What a child does for `steps`; it loads no more than the stages that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.files import ModelRun
from schemas.records import Article, RawRecord, Reject
from transforms.runtime.stage import Begin, Stage, run_stages

PARSE, CLEAN = "parse", "clean"


@dataclass(frozen=True)
class Steps:
    """How far a record came: the article as parsed, as cleaned, and the reject that ended it."""

    parsed: Article | None = None
    cleaned: Article | None = None
    reject: Reject | None = None


def _sendable(article: Article) -> Article:
    """An article without its record, in texts that UTF-8 can hold: half a character becomes a question mark."""
    texts = {
        name: value.encode("utf-8", "replace").decode()
        for name in ("text", "title", "url", "source", "authors", "record_id")
        if (value := getattr(article, name)) is not None
    }
    return replace(article, raw=b"", **texts)


class StepTask:
    """The first stages of a run, up to one of them."""

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        self._stages = stages

    def setup(self) -> list[ModelRun]:
        """Set the stages up."""
        for stage in self._stages:
            stage.setup()
        return []

    def run(self, request: RawRecord, begin: Begin) -> Iterator[Steps]:
        """How far the record comes."""
        found: dict[str, Article] = {}
        element: RawRecord | Article = request
        for stage in self._stages:
            (outcome,) = run_stages((stage,), [element], begin)
            if outcome.kept is None:
                yield Steps(found.get(PARSE), reject=outcome.rejected)
                return
            element = outcome.kept
            if isinstance(element, Article):
                found[stage.name] = _sendable(element)
        yield Steps(found.get(PARSE), found.get(CLEAN))
