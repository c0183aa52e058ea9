"""Orphans: copies of an article that was rejected after they had been found to be its copies.

A model can fail on the article that stands for a cluster. Its copies must not point at what isn't there, nor be lost
with it: another of them has to stand for all, and be analysed. So the run notes which contents failed and stops short
of publishing; it then goes on from what it has, without these. In: decisions, and rejects of analysed articles. Out:
those rejects that leave orphans, if any do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.files import CopyDecision
from schemas.records import Reject


def _canonical(item: tuple[str, CopyDecision]) -> Iterator[str]:
    if item[1].kind in ("exact", "near"):
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
    """(Decisions, late rejects) → the rejects that articles point at as their canonical one."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, collections: tuple[Any, beam.PCollection[Reject]]) -> beam.PCollection[Reject]:
        """Join by the canonical article's id."""
        decisions, rejects = collections
        copies = (
            decisions
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
