"""Identities: which entities of different articles are the same person, body or place, decided over the whole corpus.

In: the files of `entities` and `mentions` that become the run's tables, and the counts that an earlier run has made of
those of them that it wrote. Out: files of `identities`, a row for every entity, and of `_names`, the counts. Nothing is
rejected, and no text is read. All is looked at by keys, in shards of bounded number, so that no worker has all of it;
what is decided hangs on the counts alone.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsSingleton

from schemas.files import EMPTY, Part, StoredList
from schemas.rows import BatchSet, TableBatch
from schemas.tables import IDENTITIES, NAME_COUNTS
from transforms.identities.counting import ENTITY_ID, add_counts, count_part
from transforms.identities.follow import best_link, follow
from transforms.identities.keys import OWN, decide, group_of, records_of
from transforms.identities.records import NAME, Count, Link, pack, unpack
from transforms.runtime.arrow import pack_batch, to_batch, unpack_batch
from transforms.runtime.lists import ReadList
from transforms.runtime.parquet import open_parquet

__all__ = ["CountNames", "DecideIdentities"]

# As many packs as the square of this go from entities to keys: more cost a small run seconds.
MOST_SHARDS = 64
# A shard is worth its packs from this many bytes of input on, some seven hundred articles; larger ones take memory.
SHARD_BYTES = 4 << 20
COUNTED = ("entities", "mentions")
# Rows that go on together.
AT_ONCE = 1 << 14
RECORDS = "records"
# What is joined in the end.
COUNT, LINK = "count", "link"


def count_shards(input_bytes: int | None) -> int:
    """In how many shards the names of an input of this size are looked at; None for one of unknown size."""
    return MOST_SHARDS if input_bytes is None else max(1, min(input_bytes // SHARD_BYTES, MOST_SHARDS))


def _shard(key: str, shards: int) -> int:
    """The shard of a key: the same in every process."""
    return zlib.crc32(key.encode()) % shards if shards > 1 else 0


def _sharded(items: Iterable[tuple[str, tuple[Any, ...]]], shards: int) -> Iterator[tuple[int, bytes]]:
    """(Key, values) in packs, one for each shard."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, values in items:
        found[_shard(key, shards)].append(values)
    yield from ((shard, pack(packed)) for shard, packed in found.items())


def _unpack(packs: Iterable[bytes]) -> list[Any]:
    return [item for content in packs for item in unpack(content)]


@dataclass
class CountNames(beam.PTransform):
    """Parts of all tables → rows of `_names` for those not counted before (`rows`), and earlier such parts (`parts`).

    `parts` is a collection, or none where an earlier run has left no counts.

    The earlier counts hold as long as every file of `entities` that they are of is still there, unchanged.

    Args:
        output: the run's directory, where an earlier run's files lie.
        counts: list of the parts of `_names` that an earlier run has left.
        entities: how many rows of `entities` they count.
    """

    output: str
    counts: StoredList = EMPTY
    entities: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> dict[str, Any]:
        """Count file by file, each along with the step that writes it."""
        hold: Any = False
        earlier: tuple[beam.PCollection[Part], ...] = ()
        if self.counts.paths:
            known = parts | "KnownRows" >> beam.FlatMap(_known_rows, self.output).with_output_types(int)
            hold = AsSingleton(known | "Sum" >> beam.CombineGlobally(sum) | "Hold" >> beam.Map(_hold, self.entities))
            found = parts.pipeline | "Earlier" >> ReadList(self.counts, Part)
            earlier = (found | "Held" >> beam.Filter(_is_held, hold),)
        rows = parts | "Count" >> beam.FlatMap(_count, self.output, hold).with_output_types(BatchSet)
        return {"rows": rows, "parts": earlier}


def _is_known(part: Part, output: str) -> bool:
    """Whether a part is a file of the earlier run's table."""
    return part.path.startswith(f"{output}/{part.table}/")


def _known_rows(part: Part, output: str) -> Iterator[int]:
    if part.table == "entities" and _is_known(part, output):
        yield part.rows


def _hold(rows: int, counted: int) -> bool:
    return rows == counted


def _is_held(_: Part, hold: bool) -> bool:
    return hold


def _count(part: Part, output: str, hold: bool) -> Iterator[BatchSet]:
    if part.table not in COUNTED or (hold and _is_known(part, output)):
        return
    for batch in count_part(part).to_batches(AT_ONCE):
        yield BatchSet((TableBatch(NAME_COUNTS.name, pack_batch(batch)),))


@dataclass
class DecideIdentities(beam.PTransform):
    """Rows of `_names`, then collections of parts of it, if any → rows of `identities`, one for every entity.

    Args:
        shards: into how many the entities are divided.
    """

    shards: int = MOST_SHARDS

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, counted: tuple[beam.PCollection[Any], ...]) -> beam.PCollection[BatchSet]:
        """Add up by entity; look at those like each other; follow links to their ends; join."""
        pack_of = tuple[int, bytes]
        rows, *parts = counted
        read = beam.FlatMap(_read_part, self.shards).with_output_types(pack_of)
        found = [rows | "ShardRows" >> beam.FlatMap(_shard_rows, self.shards).with_output_types(pack_of)]
        found += [held | "ReadParts" >> read for held in parts]
        add = beam.FlatMap(_add, self.shards).with_output_types(pack_of, records=pack_of)
        added = (
            found
            | "Rows" >> beam.Flatten()
            | "ByEntity" >> beam.GroupByKey()
            | "Add" >> add.with_outputs(RECORDS, main="counts")
        )
        links = (
            added[RECORDS]
            | "ByKey" >> beam.GroupByKey()
            | "Decide" >> beam.FlatMap(_decide, self.shards).with_output_types(pack_of)
            | "ByEnds" >> beam.GroupByKey()
            | "Follow" >> beam.FlatMap(_follow, self.shards).with_output_types(pack_of)
        )
        joined = (added["counts"], links) | "Both" >> beam.Flatten() | "Join" >> beam.GroupByKey()
        return joined | "Identify" >> beam.FlatMap(_identify).with_output_types(BatchSet)


def _shard_rows(rows: BatchSet, shards: int) -> Iterator[tuple[int, bytes]]:
    for packed in rows.batches:
        yield from _shard_batch(unpack_batch(packed.content, NAME_COUNTS), shards)


def _read_part(part: Part, shards: int) -> Iterator[tuple[int, bytes]]:
    for batch in open_parquet(part.path)[0].iter_batches():
        yield from _shard_batch(batch, shards)


def _shard_batch(batch: pa.RecordBatch, shards: int) -> Iterator[tuple[int, bytes]]:
    rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
    return _sharded(((row[ENTITY_ID], row) for row in rows), shards)


def _add(shard: tuple[int, Iterable[bytes]], shards: int) -> Iterator[Any]:
    """An entities' shard: its counts, and its records for the shards of their keys."""
    counts = sorted(add_counts(_unpack(shard[1])))
    yield shard[0], pack((COUNT, *count[: len(Count._fields) - 2]) for count in counts)
    records = (record for count in counts for record in records_of(count))
    keyed = ((f"{group_of(kind)} {key}", (kind, key, tuple(values))) for kind, key, values in records)
    for packed in _sharded(keyed, shards):
        yield beam.pvalue.TaggedOutput(RECORDS, packed)


def _decide(shard: tuple[int, Iterable[bytes]], shards: int) -> Iterator[tuple[int, bytes]]:
    """A keys' shard: links, for the shards of both of their ends."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind, key, values in _unpack(shard[1]):
        groups[group_of(kind), key].append((kind, key, values))
    # Nothing follows of a name that only one entity is called by.
    worth = sorted(group for group, found in groups.items() if len(found) > 1 or group[0] != OWN)
    links = [link for kind, key in worth for link in decide(kind, key, sorted(groups[kind, key]))]
    yield from _sharded(((link.entity_id, (link.entity_id, tuple(link))) for link in links), shards)
    away = ((link.identity_id, (link.identity_id, tuple(link))) for link in links if _leads_away(link))
    yield from _sharded(away, shards)


def _leads_away(link: Link) -> bool:
    return link.entity_id != link.identity_id


def _follow(shard: tuple[int, Iterable[bytes]], shards: int) -> Iterator[tuple[int, bytes]]:
    """A shard of links at their ends: those that count, for the shards of the entities that they are of."""
    own: dict[str, list[Link]] = defaultdict(list)
    to_it: dict[str, list[Link]] = defaultdict(list)
    for end, values in _unpack(shard[1]):
        link = Link(*values)
        (own if link.entity_id == end else to_it)[end].append(link)
    ends = sorted({*own, *to_it})
    found = (link for end in ends for link in follow(sorted(own[end]), sorted(to_it[end])))
    yield from _sharded(((link.entity_id, (LINK, *link)) for link in found), shards)


def _identify(joined: tuple[int, Iterable[bytes]]) -> Iterator[BatchSet]:
    """A shard of entities with the links that count → its rows."""
    links: dict[str, list[Link]] = defaultdict(list)
    counts = []
    for what, *values in _unpack(joined[1]):
        if what == LINK:
            links[values[0]].append(Link(*values))
        else:
            counts.append(values)
    rows = []
    for entity_id, name, label, articles, mentions in counts:
        link = best_link(links[entity_id]) or Link(entity_id, entity_id, name, label, 1.0, NAME)
        rows.append((entity_id, name, label, *link[1:], articles, mentions))
    if rows:
        yield BatchSet((TableBatch(IDENTITIES.name, pack_batch(to_batch(IDENTITIES, rows))),))
