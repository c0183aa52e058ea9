"""How often a run names each entity, and what articles call it: counted file by file, and added up.

In: files of `entities` and `mentions`. Out: rows of `_names`, which a later run adds to without counting these again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.files import Part
from schemas.rows import NameCountRow
from transforms.identities.folding import fold
from transforms.identities.records import Count
from transforms.runtime.parquet import open_parquet

# Only these are called by names other than their own.
CALLED = ("PERSON", "ORG")
MONTH = "month"


def count_part(part: Part) -> Iterator[NameCountRow]:
    """What a file of `entities` or `mentions` adds to the counts."""
    file, _ = open_parquet(part.path)
    if part.table == "entities":
        columns = [MONTH, "entity_id", "name", "label"]
        table = _with_month(file.read(["entity_id", "name", "label", "mention_count", "article_time"]))
        counted = table.group_by(columns).aggregate([("mention_count", "count"), ("mention_count", "sum")])
        for month, entity_id, name, label, articles, mentions in _rows(counted):
            yield NameCountRow(month, entity_id, name, label, None, articles, mentions)
        return
    table = file.read(["entity_id", "text", "article_id", "label", "article_time"])
    table = _with_month(table.filter(pc.is_in(table["label"], pa.array(CALLED))))
    once = table.group_by([MONTH, "entity_id", "text", "article_id"]).aggregate([])
    counted = once.group_by([MONTH, "entity_id", "text"]).aggregate([("article_id", "count")])
    for month, entity_id, text, articles in _rows(counted):
        yield NameCountRow(month, entity_id, None, None, text, articles, 0)


def _with_month(table: pa.Table) -> pa.Table:
    """The rows with the month of their article, "" where it has no date."""
    times = pc.dictionary_encode(table["article_time"].combine_chunks())
    months = pc.strftime(times.dictionary, format="%Y-%m").take(times.indices)
    return table.append_column(MONTH, pc.fill_null(months, ""))


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=1 << 14):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def add_counts(rows: Iterable[Sequence[Any]]) -> Iterator[Count]:
    """The counts of every entity that rows of `_names`, in any order, are of."""
    by_id: dict[str, list[NameCountRow]] = defaultdict(list)
    for row in rows:
        counted = NameCountRow(*row)
        by_id[counted.entity_id].append(counted)
    for entity_id, found in by_id.items():
        if any(row.name for row in found):
            yield _add(entity_id, found)


def _add(entity_id: str, rows: Sequence[NameCountRow]) -> Count:
    names: Counter[tuple[str, str]] = Counter()
    months: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.form is None:
            names[row.name or "", row.label or ""] += row.articles
            months[row.month] += row.articles
        else:
            forms[row.form][row.month] += row.articles
    # Between spellings used equally often, one that isn't all capitals reads better.
    name, label = min(names, key=lambda spelled: (-names[spelled], spelled[0].isupper(), spelled))
    own = fold(name)
    called = sorted((form, tuple(sorted(found.items()))) for form, found in forms.items() if fold(form) != own)
    mentions = sum(row.mentions for row in rows)
    return Count(entity_id, name, label, months.total(), mentions, tuple(sorted(months.items())), tuple(called))
