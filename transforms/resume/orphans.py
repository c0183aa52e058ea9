"""Orphans: copies of an article that was rejected after they had been told to be its copies.

A model can fail on the article that stands for a cluster. Its copies must not point at what isn't there, nor be lost
with it: another of them has to stand for all, and be analysed. So the run puts down which contents failed and stops
short of publishing; it then goes on from what it has, without these. In: verdicts, and rejects of analysed articles.
Out: those rejects that leave orphans, if any do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from schemas.files import Verdict
from schemas.records import Article, Reject
from transforms.runtime.files import read_json, write_json
from transforms.runtime.outcome import reject_article

FAILED = "failed.json"


class Failure(NamedTuple):
    """Why no article of a content is kept: the stage, reason and message of the one that was tried."""

    stage: str
    reason: str
    message: str


class OrphansError(Exception):
    """A rejected article has copies: the run isn't finished and must go on without it."""


def reject_content(article: Article, failure: Failure) -> Reject:
    """The reject of an article whose content has failed before."""
    outcome = reject_article(article, *failure, retryable=True)
    assert outcome.rejected is not None  # noqa: S101, it is a reject
    return outcome.rejected


def note_failures(orphaned: Sequence[Reject], rejects: Iterable[Reject], folder: str) -> None:
    """Stop a run that would leave orphans, and put down which contents failed for it to go on without.

    Raises:
        OrphansError: where there are any.
    """
    if orphaned:
        failures = {item.content_hash: Failure(item.stage, item.reason, item.message) for item in rejects}
        write_json(FileSystems.join(folder, FAILED), failures)
        raise OrphansError(f"{len(orphaned)} articles that have copies were rejected; --resume goes on without them")


def read_failures(folder: str) -> Mapping[str, Failure]:
    """The contents that failed in a run, by its working directory; empty where it put none down."""
    content = read_json(FileSystems.join(folder, FAILED))
    return {key: Failure(*value) for key, value in content.items()} if isinstance(content, dict) else {}


def _canonical(item: tuple[str, Verdict]) -> Iterator[str]:
    if item[1].role in ("exact", "near"):
        yield item[1].canonical_id


def _keyed(rejected: Reject) -> tuple[str, Reject]:
    return rejected.article_id, rejected


def _one(article_id: str) -> tuple[str, None]:
    return article_id, None


def _orphaned(joined: tuple[str, dict[str, Any]]) -> Iterator[Reject]:
    if any(True for _ in joined[1]["copies"]):
        yield from joined[1]["rejects"]


@dataclass
class FindOrphans(beam.PTransform):
    """(Verdicts, late rejects) → the rejects that articles point at as their canonical one."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: tuple[Any, beam.PCollection[Reject]]) -> beam.PCollection[Reject]:
        """Join by the canonical article's id."""
        verdicts, rejects = collections
        copies = (
            verdicts
            | "Canonical" >> beam.FlatMap(_canonical).with_output_types(str)
            | "Once" >> beam.Distinct()
            | "One" >> beam.Map(_one).with_output_types(tuple[str, None])
        )
        keyed = rejects | "ByArticle" >> beam.Map(_keyed).with_output_types(tuple[str, Reject])
        return (
            {"copies": copies, "rejects": keyed}
            | "Join" >> beam.CoGroupByKey()
            | "Orphaned" >> beam.FlatMap(_orphaned).with_output_types(Reject)
        )
