"""Exact copies: articles of one content, and records that came twice.

Of the articles of one content, the senior one stands for all: earliest published, then longest, then least id. A record
of the same identity and content as another is `repeated`, and its stage of origin rejects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.files import CheckpointedArticle, CopyDecision

CANONICAL, EXACT, NEAR, REPEATED = "canonical", "exact", "near", "repeated"


def seniority(article: CheckpointedArticle) -> tuple[bool, str, int, str, str, tuple[str, int]]:
    """The order in which articles come: earliest published, longest, then by what they say."""
    published = article.published_at
    return (
        published is None,
        published.isoformat() if published else "",
        -article.char_count,
        article.article_id,
        article.rank,
        article.place,
    )


def judge_copies(
    articles: Iterable[CheckpointedArticle], *, first: str = "", alone: bool = False
) -> Iterator[tuple[str, CopyDecision]]:
    """The decision on each of a group of articles of equal content, with the file that holds its body.

    Args:
        articles: all articles of one `content_hash`.
        first: id of the article that this content is a near copy of; empty if it is none.
        alone: let every article stand for itself; a repeated record is one nonetheless.
    """
    canonical_id = first
    senior = ""
    seen: set[str] = set()
    for article in sorted(articles, key=seniority):
        senior = senior or article.article_id
        canonical_id = canonical_id or senior
        if article.article_id in seen:
            yield article.path, CopyDecision(article.index, REPEATED, article.article_id)
        elif alone or article.article_id == canonical_id:
            decision = CopyDecision(article.index, CANONICAL, article.article_id, article.key, lines=article.lines)
            yield article.path, decision
        else:
            kind = NEAR if first and article.article_id == senior else EXACT
            yield article.path, CopyDecision(article.index, kind, canonical_id, lines=article.lines)
        seen.add(article.article_id)
