"""What a stage says of one element: kept, rejected, or left out because nobody asked for it.

Expected bad data is a value. A stage returns `keep(element)` or one of the rejects below for each element; what it
raises instead becomes a reject as well (see `stage`), and so does what ends its process (see `guard`). Reasons that any
stage may give, all of them worth another try:

- `failed`: an error that the stage doesn't know of.
- `timeout`: no result within the limit.
- `out_of_memory`: more than the limit, or than there is.
- `crashed`: it ended the process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar

from schemas.files import FileRange
from schemas.records import Article, Document, LeftOut, RawRecord, Reject

KEPT, REJECTS = "kept", "rejects"
# What a step has to be written that goes no further: rejects, documents that need no analysis, rows.
WRITTEN = "written"
# The reasons that any stage may give.
FAILED, TIMEOUT, OUT_OF_MEMORY, CRASHED = "failed", "timeout", "out_of_memory", "crashed"
# A reject holds this much of its payload; the rest is found by file and offset.
PAYLOAD_LIMIT = 64 * 1024

Kept = TypeVar("Kept")


class Failed(NamedTuple):
    """Why nothing came of an element: one of the four reasons, and what happened."""

    reason: str
    message: str


@dataclass(frozen=True)
class Outcome(Generic[Kept]):
    """One of the three is set."""

    kept: Kept | None = None
    rejected: Reject | None = None
    left_out: LeftOut | None = None


def keep(element: Kept) -> Outcome[Kept]:
    """The outcome for an element that goes on."""
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
    attempt_id: str = "",
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
        attempt_id=attempt_id,
    )


def reject_record(record: RawRecord, stage: str, reason: str, message: str, *, retryable: bool = False) -> Outcome[Any]:
    """The outcome for a raw record that goes no further."""
    return Outcome(
        rejected=reject(
            stage,
            reason,
            message,
            source_file=record.source_file,
            source_offset=record.source_offset,
            payload=record.payload,
            retryable=retryable,
            attempt_id=record.attempt_id,
        )
    )


def reject_article(article: Article, stage: str, reason: str, message: str, *, retryable: bool = False) -> Outcome[Any]:
    """The outcome for an article that goes no further."""
    return Outcome(rejected=reject_of_article(article, stage, reason, message, retryable=retryable))


def reject_of_article(article: Article, stage: str, reason: str, message: str, *, retryable: bool = False) -> Reject:
    """The reject of an article: its record as read, or its text where that was left behind."""
    rejected = reject(
        stage,
        reason,
        message,
        source_file=article.source_file,
        source_offset=article.source_offset,
        payload=article.raw or article.text.encode("utf-8", "replace"),
        payload_size=article.payload_size,
        retryable=retryable,
        attempt_id=article.attempt_id,
    )
    return replace(rejected, article_id=article.article_id, content_hash=article.content_hash)


def reject_failed(element: FileRange | RawRecord | Article | Document, stage: str, failed: Failed) -> Reject:
    """The reject of an element that a stage failed on, worth another try."""
    if isinstance(element, FileRange):
        place = {"source_file": element.source_file, "source_offset": max(element.start, 0)}
        return reject(stage, *failed, **place, payload=b"", payload_size=element.size, retryable=True)  # type: ignore[arg-type]
    if isinstance(element, RawRecord):
        return reject_record(element, stage, *failed, retryable=True).rejected  # type: ignore[return-value]
    return reject_of_article(_article_of(element), stage, *failed, retryable=True)


def _article_of(element: Article | Document) -> Article:
    """The article, its text whole."""
    if isinstance(element, Article):
        return element
    return replace(element.article, text=element.text) if element.text else element.article


def describe_error(error: BaseException) -> Failed:
    """Why a stage gave nothing, from what it raised."""
    reason = OUT_OF_MEMORY if isinstance(error, MemoryError) else FAILED
    return Failed(reason, f"{type(error).__name__}: {error}"[:500])
