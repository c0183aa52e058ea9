"""Exact copies: articles of one content, and records that came twice.

Of the articles of one content, the senior one stands for all: earliest published, then longest, then least id. A record
of the same identity and content as another is `repeated`, and its stage of origin rejects it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from schemas.files import CANONICAL, EXACT, NEAR, REPEATED, CheckpointedArticle, CopyDecision

FIRST_DAY = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# When it was published, and by how much it is shorter than the longest: both ascend.
AGE = struct.Struct(">QI")
UNDATED = (1 << 64) - 1
LONGEST = (1 << 32) - 1


def seniority(article: CheckpointedArticle) -> bytes:
    """The order in which articles come: earliest published, longest, least id. Articles of one id are equal in it."""
    return pack_seniority(article.published_at, article.char_count, article.article_id)


def pack_seniority(published: datetime | None, char_count: int, article_id: str) -> bytes:
    """The seniority of an article of these."""
    time = UNDATED if published is None else (published - FIRST_DAY) // MICROSECOND
    return AGE.pack(time, LONGEST - char_count) + article_id.encode()


def time_of(senior: bytes) -> datetime | None:
    """When the article of a seniority was published."""
    time, _ = AGE.unpack_from(senior)
    return None if time == UNDATED else FIRST_DAY + time * MICROSECOND


def second_of(senior: bytes) -> int:
    """The same in seconds since the year 1; of one without a date a number far beyond."""
    time, _ = AGE.unpack_from(senior)
    return int(time) // 1_000_000


def senior_id(senior: bytes) -> str:
    """The id of the article of a seniority."""
    return senior[AGE.size :].decode()


def _order(article: CheckpointedArticle) -> tuple[bytes, str, tuple[str, int]]:
    """As `seniority`; among articles of one id by what they say."""
    return seniority(article), article.rank, article.place


def judge_copies(
    articles: Iterable[CheckpointedArticle],
    *,
    first: str = "",
    near: bool = False,
    alone: bool = False,
    lines: bytes = b"",
) -> Iterator[tuple[str, CopyDecision]]:
    """The decision on each of a group of articles of equal content, with the file that holds its body.

    Args:
        articles: articles of one `content_hash`; all of one id are among them.
        first: id of the article that stands for this content; the senior one's if it is empty.
        near: whether that one's content is another, a near copy of which this is.
        alone: let every article stand for itself; a repeated record is one nonetheless.
        lines: as in `CopyDecision`.
    """
    seen: set[str] = set()
    for article in sorted(articles, key=_order):
        first = first or article.article_id
        if article.article_id in seen:
            yield article.path, CopyDecision(article.index, REPEATED, article.article_id)
        elif alone or article.article_id == first:
            decision = CopyDecision(article.index, CANONICAL, article.article_id, article.key)
            yield article.path, replace(decision, lines=lines, outlet=article.outlet)
        else:
            kind = NEAR if near else EXACT
            yield article.path, CopyDecision(article.index, kind, first, lines=lines, outlet=article.outlet)
        seen.add(article.article_id)
