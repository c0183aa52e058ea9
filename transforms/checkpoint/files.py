"""What lies in a file of checkpointed articles, or of the published table, and what is told of it to find copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow.parquet as pq

from schemas.files import CheckpointedArticle
from schemas.records import Article
from schemas.tables import CHECKPOINT
from transforms.runtime.hosts import host_of
from transforms.runtime.identity import analysis_key, digest, outlet_digest

# A file of checkpointed articles is one worker's portion of the second half: small enough to spread evenly.
MAX_ARTICLES = 256
SKETCH = ("sketch", "shingles")
COLUMNS = tuple(name for name in CHECKPOINT.schema.names if name not in SKETCH)
# What the published table has of a checkpointed article; the rest is only needed before.
KNOWN = (
    *("source_file", "source_offset", "url", "source", "title", "authors", "published_at"),
    *("content_hash", "article_id", "language"),
)
PUBLISHED = (*KNOWN, "modified_at", "text", "language_confidence", "canonical_id", "duplicate")
# What may be furniture in a text, packed.
Packer = Callable[[str], bytes]


def checkpointed_article(
    article: Article, path: str, index: int, sketch: tuple[bytes, int] | None, lines: bytes
) -> CheckpointedArticle:
    """What is needed of an article to find its copies; its body is in row `index` of `path`."""
    said = (article.title, article.authors, article.source, article.language)
    spelling = spelling_of(article.source, article.url)
    return CheckpointedArticle(
        article_id=article.article_id,
        content_hash=article.content_hash,
        path=path,
        index=index,
        published_at=article.published_at,
        char_count=len(article.text),
        rank=digest(repr(said)),
        place=(article.source_file, article.source_offset),
        sketch=sketch and (bytes(sketch[0]), sketch[1]),
        key=analysis_key(article.article_id, article.title, article.language, article.published_at),
        lines=lines,
        spelling=spelling,
        outlet=outlet_digest(*spelling),
    )


def spelling_of(source: str | None, url: str | None) -> tuple[str, str]:
    """How an article tells its outlet: source and host, "" without one."""
    return source or "", (host_of(url) if url else None) or ""


def is_published(file: pq.ParquetFile) -> bool:
    """Whether a file is one of the published table, not of checkpointed articles."""
    return "char_count" in file.schema_arrow.names


def articles_of(file: pq.ParquetFile) -> Iterator[tuple[Article, tuple[bytes, int] | None]]:
    """The articles of a file, in their order, with their sketches if it has any."""
    more: dict[str, Any] = {"payload_size": 0, "record_id": None} if is_published(file) else {}
    columns = [*(PUBLISHED if more else COLUMNS), *(() if more else SKETCH)]
    for batch in file.iter_batches(batch_size=MAX_ARTICLES, columns=columns):
        for row in batch.to_pylist():
            minima, shingles = (row.pop(name, None) for name in SKETCH)
            yield Article(**row, **more), (minima, shingles) if minima else None
