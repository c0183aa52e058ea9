"""What a stage says of one record: kept or rejected, never both, and the router that sends each its way.

Expected bad data is a value. A stage's pure function returns `Outcome.keep(element)` or `Outcome.reject(reject)`;
`Decide` applies it, counts both sides and puts rejects on the tagged output `REJECTS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.records import Article, RawRecord, Reject

KEPT = "kept"
REJECTS = "rejects"
COUNTS = "counts"
# A reject holds this much of its payload; the rest is found by file and offset.
PAYLOAD_LIMIT = 64 * 1024

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Outcome(Generic[Kept]):
    """Either `kept` is set or `rejected` is."""

    kept: Kept | None = None
    rejected: Reject | None = None


def keep(element: Kept) -> Outcome[Kept]:
    """The outcome for a record that goes on."""
    return Outcome(kept=element)


def reject(  # noqa: PLR0913, the columns of a reject
    stage: str,
    reason: str,
    message: str,
    *,
    source_file: str,
    source_offset: int,
    payload: bytes,
    payload_size: int | None = None,
    retryable: bool = False,
    unit: str = "",
) -> Reject:
    """A reject. `payload` is the whole, or a part if `payload_size` says so: only a whole has a digest."""
    whole = payload_size is None or payload_size == len(payload)
    return Reject(
        source_file=source_file,
        source_offset=source_offset,
        stage=stage,
        reason=reason,
        message=message.encode("utf-8", "replace").decode(),
        retryable=retryable,
        payload_size=len(payload) if payload_size is None else payload_size,
        payload_sha256=hashlib.sha256(payload).hexdigest() if whole else None,
        payload=payload[:PAYLOAD_LIMIT],
        unit=unit,
    )


def reject_record(record: RawRecord, stage: str, reason: str, message: str) -> Outcome[Any]:
    """The outcome for a raw record that goes no further."""
    return Outcome(
        rejected=reject(
            stage,
            reason,
            message,
            source_file=record.source_file,
            source_offset=record.source_offset,
            payload=record.payload,
            unit=record.unit,
        )
    )


def reject_article(article: Article, stage: str, reason: str, message: str, *, retryable: bool = False) -> Outcome[Any]:
    """The outcome for an article that goes no further: its record as read, or its text where that was left behind."""
    rejected = reject(
        stage,
        reason,
        message,
        source_file=article.source_file,
        source_offset=article.source_offset,
        payload=article.raw or article.text.encode("utf-8", "replace"),
        payload_size=article.payload_size,
        retryable=retryable,
        unit=article.unit,
    )
    return Outcome(rejected=replace(rejected, article_id=article.article_id, content_hash=article.content_hash))


class CountRejects:
    """Counts rejects by reason in Beam's metrics (for the runner's page; the ledger counts what was written)."""

    def __init__(self) -> None:
        self._total = Metrics.counter("newsbeam", "rejects")
        self._by_reason: dict[str, Any] = {}

    def add(self, rejected: Reject) -> None:
        """Count one."""
        name = f"rejects_{rejected.stage}_{rejected.reason}"
        if name not in self._by_reason:
            self._by_reason[name] = Metrics.counter("newsbeam", name)
        self._by_reason[name].inc()
        self._total.inc()


class Decide(beam.DoFn):
    """Apply a function from an element to an `Outcome`: the kept on the main output, rejects on `REJECTS`."""

    def __init__(self, decide: Callable[..., Outcome[Any]], **kwargs: Any) -> None:
        self._decide = decide
        self._kwargs = kwargs

    def setup(self) -> None:
        """Make the counters where they count."""
        self._rejects = CountRejects()

    def process(self, element: Any) -> Iterator[Any]:
        """One element in, one element or one reject out."""
        outcome = self._decide(element, **self._kwargs)
        if outcome.rejected is None:
            yield outcome.kept
        else:
            self._rejects.add(outcome.rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, outcome.rejected)
