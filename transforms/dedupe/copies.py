"""Copies: which articles say the same, which of them stands for all, and which records came twice.

In: `CheckpointedArticle`s, the small part of an article that this needs; no text goes through the shuffle. Out: (file
of checkpointed articles, `CopyDecision` on a row of it) for every article. Copies are `exact` where their text is their
canonical article's, `near` where it is nearly so. A content that very many articles have is judged in shares.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apache_beam as beam
import xxhash
from apache_beam.pvalue import AsDict

from schemas.files import CheckpointedArticle, CopyDecision
from transforms.dedupe import EXACT, NEAR, NONE
from transforms.dedupe.exact import FIRST_DAY, MICROSECOND, judge_copies, senior_id, seniority
from transforms.dedupe.near import FindNearCopies, GatherContents, Gathered, Original, pack_sketch
from transforms.dedupe.sketch import Sketch

# A content that more articles have is judged in shares of about so many.
SHARE = 10_000
# A group of buckets has about so many bytes of rows, which are less than the articles' own.
PART_BYTES = 32 << 20
FEWEST_PARTS, MOST_PARTS = 16, 1 << 20

Place = tuple[str, CopyDecision]
# How many shares a content is judged in, and the id of its senior article.
Shares = tuple[int, str]
# A packed article, or the id of the article that its content is a near copy of.
Item = tuple[bool, bytes]


def count_parts(input_bytes: int | None) -> int:
    """How many groups the buckets of an input of so many bytes make; None for one of unknown size, taken as large."""
    if input_bytes is None:
        return 1 << 12
    return min(max(input_bytes // PART_BYTES, FEWEST_PARTS), MOST_PARTS)


def _pack_article(article: CheckpointedArticle) -> bytes:
    """A checkpointed article but for its content and sketch, in a quarter of the memory of the object."""
    published = None if article.published_at is None else (article.published_at - FIRST_DAY) // MICROSECOND
    known = (article.article_id, article.path, article.index, published, article.char_count, article.rank)
    return marshal.dumps((*known, article.place, article.key, article.lines))


def _unpack_article(packed: bytes) -> CheckpointedArticle:
    """The reverse, without content and sketch."""
    article_id, path, index, published, char_count, rank, place, key, lines = marshal.loads(packed)  # noqa: S302
    published_at = None if published is None else FIRST_DAY + published * MICROSECOND
    return CheckpointedArticle(
        article_id, "", path, index, published_at, char_count, rank, tuple(place), key=key, lines=lines
    )


def _node(article: CheckpointedArticle) -> bytes:
    return bytes.fromhex(article.content_hash)


def _known(article: CheckpointedArticle) -> tuple[bytes, tuple[bytes, bytes]]:
    return _node(article), (seniority(article), pack_sketch(Sketch(*article.sketch) if article.sketch else None))


def _original(article: CheckpointedArticle) -> Iterator[Original]:
    if article.sketch:
        yield Original(_node(article), Sketch(*article.sketch), seniority(article))


def _shares(content: tuple[bytes, Gathered]) -> Iterator[tuple[bytes, Shares]]:
    """How a content that very many have is shared out."""
    node, gathered = content
    if gathered.articles > SHARE:
        yield node, (gathered.articles // SHARE + 1, senior_id(gathered.senior))


def _article_item(article: CheckpointedArticle, shares: Mapping[bytes, Shares]) -> tuple[tuple[bytes, int], Item]:
    node = _node(article)
    count, _ = shares.get(node, (1, ""))
    return (node, xxhash.xxh64_intdigest(article.article_id.encode()) % count), (False, _pack_article(article))


def _copy_items(copy: tuple[bytes, bytes], shares: Mapping[bytes, Shares]) -> Iterator[tuple[tuple[bytes, int], Item]]:
    node, senior = copy
    for share in range(shares.get(node, (1, ""))[0]):
        yield (node, share), (True, senior_id(senior).encode())


class _Judge(beam.DoFn):
    """((Content, share), its articles and what it is a near copy of) → decisions."""

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone

    def process(
        self, group: tuple[tuple[bytes, int], Iterable[Item]], shares: Mapping[bytes, Shares]
    ) -> Iterator[Place]:
        (node, _), items = group
        articles, first = [], ""
        for near, packed in items:
            if near:
                first = packed.decode()
            else:
                articles.append(_unpack_article(packed))
        own = shares.get(node, (1, ""))[1]
        yield from judge_copies(articles, first=first or own, near=bool(first), alone=self._alone)


@dataclass
class JudgeCopies(beam.PTransform):
    """checkpointed articles → (file of checkpointed articles, decision on one of its rows).

    Args:
        mode: `near` finds near and exact copies, `exact` exact ones, `none` lets every article stand for itself.
        input_bytes: size of all that the articles come of; None where it isn't known.
    """

    mode: str = EXACT
    input_bytes: int | None = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[CheckpointedArticle]) -> beam.PCollection[Place]:
        """Look at contents, find near copies among them, judge the articles of each."""
        known = articles | "ByContent" >> beam.Map(_known).with_output_types(tuple[bytes, tuple[bytes, bytes]])
        copies: tuple[beam.PCollection[tuple[bytes, bytes]], ...] = ()
        if self.mode == NEAR:
            originals = articles | "Originals" >> beam.FlatMap(_original).with_output_types(Original)
            contents, near = (originals, known) | "NearCopies" >> FindNearCopies(count_parts(self.input_bytes))
            copies = (near,)
        else:
            contents = known | "Count" >> beam.CombinePerKey(GatherContents())
        shares = AsDict(contents | "Shares" >> beam.FlatMap(_shares).with_output_types(tuple[bytes, Shares]))
        keyed = tuple[tuple[bytes, int], Item]
        items = [articles | "Articles" >> beam.Map(_article_item, shares).with_output_types(keyed)]
        items += [found | "Copies" >> beam.FlatMap(_copy_items, shares).with_output_types(keyed) for found in copies]
        judge = beam.ParDo(_Judge(alone=self.mode == NONE), shares).with_output_types(Place)
        return items | "Items" >> beam.Flatten() | "GroupContent" >> beam.GroupByKey() | "Judge" >> judge
