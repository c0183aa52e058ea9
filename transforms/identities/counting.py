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
from schemas.tables import NAME_COUNTS
from transforms.identities.folding import fold
from transforms.identities.records import Count
from transforms.runtime.parquet import open_parquet

# Only these are called by names other than their own.
CALLED = ("PERSON", "ORG")
MONTH = "month"
ENTITY_ID, NAME = (NameCountRow._fields.index(name) for name in ("entity_id", "name"))


def count_part(part: Part) -> pa.Table:
    """What a file of `entities` or `mentions` adds to `_names`."""
    file, _ = open_parquet(part.path)
    if part.table == "entities":
        named = _with_month(file.read(["entity_id", "name", "label", "mention_count", "article_time"]))
        counted = named.group_by([MONTH, "entity_id", "name", "label"])
        counted = counted.aggregate([("mention_count", "count"), ("mention_count", "sum")])
        return _as_counts(counted, ["month", "entity_id", "name", "label", "articles", "mentions"])
    table = file.read(["entity_id", "text", "article_id", "label", "article_time"])
    table = _with_month(table.filter(pc.is_in(table["label"], pa.array(CALLED))))
    once = table.group_by([MONTH, "entity_id", "text", "article_id"]).aggregate([])
    counted = once.group_by([MONTH, "entity_id", "text"]).aggregate([("article_id", "count")])
    counted = counted.append_column("mentions", pa.repeat(pa.scalar(0), counted.num_rows))
    return _as_counts(counted, ["month", "entity_id", "form", "articles", "mentions"])


def _with_month(table: pa.Table) -> pa.Table:
    """The rows with the month of their article, "" where it has no date."""
    times = pc.dictionary_encode(table["article_time"].combine_chunks())
    months = pc.strftime(times.dictionary, format="%Y-%m").take(times.indices)
    return table.append_column(MONTH, pc.fill_null(months, ""))


def _as_counts(table: pa.Table, names: list[str]) -> pa.Table:
    """A table whose columns are some of those of `_names`, with the others, as NULL."""
    table = table.rename_columns(names)
    for missing in [name for name in NAME_COUNTS.schema.names if name not in names]:
        table = table.append_column(missing, pa.nulls(table.num_rows))
    return table.select(NAME_COUNTS.schema.names).cast(NAME_COUNTS.schema)


def add_counts(rows: Iterable[Sequence[Any]]) -> Iterator[Count]:
    """The counts of every entity that rows of `_names`, in any order, are of."""
    by_id: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        by_id[row[ENTITY_ID]].append(row)
    for entity_id, found in by_id.items():
        if any(row[NAME] for row in found):
            yield _add(entity_id, found)


def _add(entity_id: str, rows: Sequence[Sequence[Any]]) -> Count:
    if len(rows) == 1:
        # As most are, which have one name in one month.
        month, _, name, label, _, articles, mentions = rows[0]
        return Count(entity_id, name or "", label or "", articles, mentions, ((month, articles),), ())
    names: Counter[tuple[str, str]] = Counter()
    months: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    total = 0
    for month, _, name, label, form, articles, mentions in rows:
        total += mentions
        if form is None:
            names[name or "", label or ""] += articles
            months[month] += articles
        else:
            forms[form][month] += articles
    # Between spellings used equally often, one that isn't all capitals reads better.
    name, label = min(names, key=lambda spelled: (-names[spelled], spelled[0].isupper(), spelled))
    own = fold(name)
    called = sorted((form, tuple(sorted(found.items()))) for form, found in forms.items() if fold(form) != own)
    return Count(entity_id, name, label, months.total(), total, tuple(sorted(months.items())), tuple(called))
