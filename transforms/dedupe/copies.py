"""Copies: which articles say the same, which of them stands for all, and which records came twice.

In: `CheckpointedArticle`s, the small part of an article that this needs; no text goes through the shuffle. Out: (file
of checkpointed articles, `CopyDecision` on a row of it) for every article. Copies are `exact` where their text is their
canonical article's, `near` where it is nearly so. A content that very many articles have is judged in shares.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
import xxhash
from apache_beam.pvalue import AsDict, TaggedOutput

from schemas.files import NOTHING_STORED, CheckpointedArticle, CopyDecision, StoredCopies
from schemas.rows import RowSet
from transforms.dedupe import EXACT, NEAR, NONE, contents
from transforms.dedupe.buckets import Original
from transforms.dedupe.contents import GatherContents, Gathered, Known
from transforms.dedupe.exact import FIRST_DAY, MICROSECOND, judge_copies, senior_id, seniority
from transforms.dedupe.near import FindNearCopies
from transforms.dedupe.sketch import Sketch, pack_sketch

# A content that more articles have is judged in shares of about so many.
SHARE = 10_000
# A group of buckets has about so many bytes of rows, which are less than the articles' own.
PART_BYTES = 32 << 20
FEWEST_PARTS, MOST_PARTS = 16, 1 << 20

Place = tuple[str, CopyDecision]
# How many shares a content is judged in, and the id of its senior article.
Shares = tuple[int, str]
# What an item says of a content: an article that has it, packed; the id of the article that it is a near copy of; its
# lines that may be furniture.
ARTICLE, COPY_OF, LINES = range(3)
SHARES = "shares"
Item = tuple[int, bytes]
Keyed = tuple[tuple[bytes, int], Item]


def count_parts(input_bytes: int | None) -> int:
    """How many groups the buckets of an input of so many bytes make; None for one of unknown size, taken as large."""
    if input_bytes is None:
        return 1 << 12
    return min(max(input_bytes // PART_BYTES, FEWEST_PARTS), MOST_PARTS)


def _pack_article(article: CheckpointedArticle) -> bytes:
    """A checkpointed article but for its content and sketch, in a quarter of the memory of the object."""
    published = None if article.published_at is None else (article.published_at - FIRST_DAY) // MICROSECOND
    known = (article.article_id, article.path, article.index, published, article.char_count, article.rank)
    return marshal.dumps((*known, article.place, article.key, article.outlet))


def _unpack_article(packed: bytes) -> CheckpointedArticle:
    """The reverse, without content, sketch and lines."""
    article_id, path, index, published, char_count, rank, place, key, outlet = marshal.loads(packed)  # noqa: S302
    published_at = None if published is None else FIRST_DAY + published * MICROSECOND
    return CheckpointedArticle(
        article_id, "", path, index, published_at, char_count, rank, tuple(place), key=key, outlet=outlet
    )


def _node(article: CheckpointedArticle) -> bytes:
    return bytes.fromhex(article.content_hash)


def _known(article: CheckpointedArticle) -> tuple[bytes, Known]:
    sketch = pack_sketch(Sketch(*article.sketch) if article.sketch else None)
    return _node(article), (contents.ARTICLE, seniority(article), sketch, article.lines)


def _original(article: CheckpointedArticle) -> Iterator[Original]:
    if article.sketch:
        yield Original(_node(article), Sketch(*article.sketch), seniority(article))


def _share_out(content: tuple[bytes, Gathered]) -> Iterator[Any]:
    """The lines of a content for each of its shares; `shares`: how it is shared out, where very many have it."""
    node, gathered = content
    count = gathered.articles // SHARE + 1 if gathered.articles > SHARE else 1
    if count > 1:
        yield TaggedOutput(SHARES, (node, (count, senior_id(gathered.senior))))
    if gathered.lines and gathered.articles:
        yield from (((node, share), (LINES, gathered.lines)) for share in range(count))


def _article_item(article: CheckpointedArticle, shares: Mapping[bytes, Shares]) -> Keyed:
    node = _node(article)
    count, _ = shares.get(node, (1, ""))
    return (node, xxhash.xxh64_intdigest(article.article_id.encode()) % count), (ARTICLE, _pack_article(article))


def _copy_items(copy: tuple[bytes, bytes], shares: Mapping[bytes, Shares]) -> Iterator[Keyed]:
    node, senior = copy
    for share in range(shares.get(node, (1, ""))[0]):
        yield (node, share), (COPY_OF, senior_id(senior).encode())


class _Judge(beam.DoFn):
    """((Content, share), what is known of it) → decisions."""

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone

    def process(
        self, group: tuple[tuple[bytes, int], Iterable[Item]], shares: Mapping[bytes, Shares]
    ) -> Iterator[Place]:
        (node, _), items = group
        articles, first, lines = [], "", b""
        for what, value in items:
            if what == ARTICLE:
                articles.append(_unpack_article(value))
            elif what == COPY_OF:
                first = value.decode()
            else:
                lines = value
        own = shares.get(node, (1, ""))[1]
        yield from judge_copies(articles, first=first or own, near=bool(first), alone=self._alone, lines=lines)


class Judged(NamedTuple):
    """`decisions`: (file of checkpointed articles, decision on one of its rows); `rows` for a later run."""

    decisions: beam.PCollection[Place]
    rows: tuple[beam.PCollection[RowSet], ...] = ()


@dataclass
class JudgeCopies(beam.PTransform):
    """checkpointed articles → `Judged`.

    Args:
        mode: `near` finds near and exact copies, `exact` exact ones, `none` lets every article stand for itself.
        input_bytes: size of all that the articles come of; None where it isn't known.
        stored: what earlier runs know of the texts of those articles that come without a sketch.
        days: how many days two near copies may lie apart; 0 for any number.
    """

    mode: str = EXACT
    input_bytes: int | None = 0
    stored: StoredCopies = NOTHING_STORED
    days: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[CheckpointedArticle]) -> Judged:
        """Look at contents, find near copies among them, judge the articles of each."""
        known = articles | "ByContent" >> beam.Map(_known).with_output_types(tuple[bytes, Known])
        copies: tuple[beam.PCollection[tuple[bytes, bytes]], ...] = ()
        rows: tuple[beam.PCollection[RowSet], ...] = ()
        if self.mode == NEAR:
            originals = articles | "Originals" >> beam.FlatMap(_original).with_output_types(Original)
            find = FindNearCopies(count_parts(self.input_bytes), self.stored, self.days)
            found, near, rows = (originals, known) | "NearCopies" >> find
            copies = (near,)
        else:
            found = known | "Count" >> beam.CombinePerKey(GatherContents())
        share_out = beam.FlatMap(_share_out).with_output_types(Keyed, shares=tuple[bytes, Shares])
        shared = found | "ShareOut" >> share_out.with_outputs(SHARES, main="lines")
        shares = AsDict(shared[SHARES])
        items = [articles | "Articles" >> beam.Map(_article_item, shares).with_output_types(Keyed)]
        items += [near | "Copies" >> beam.FlatMap(_copy_items, shares).with_output_types(Keyed) for near in copies]
        items += [shared["lines"]]
        judge = beam.ParDo(_Judge(alone=self.mode == NONE), shares).with_output_types(Place)
        decisions = items | "Items" >> beam.Flatten() | "GroupContent" >> beam.GroupByKey() | "Judge" >> judge
        return Judged(decisions, rows)
