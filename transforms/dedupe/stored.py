"""What earlier runs know of texts, so that copies of them are found without reading them again.

In: files of `_copies`, `_sketches` and `_pairs`. Of every text its bands and lines are read, some 200 bytes; its sketch
only where a new text may be a copy of it. Out: packets for `buckets`, what `near` gathers of contents, sketches; and
rows of these tables for texts that no earlier run knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.pvalue import AsList, AsSingleton, TaggedOutput

from schemas.files import StoredCopies
from schemas.rows import ContentRow, NearPairRow, RowSet, SketchRow, TableRows
from schemas.tables import CONTENTS, NEAR_PAIRS, SKETCHES
from transforms.dedupe.buckets import DAY, LAST_SECOND, LENGTH_BITS, LONGEST_AGE, Original, band_rows, pack
from transforms.dedupe.contents import NEAR_TO, SEEN, STORED, Gathered, Known
from transforms.dedupe.exact import AGE, FIRST_DAY, pack_seniority, time_of
from transforms.dedupe.sketch import BAND, BANDS, bands, unpack_sketch
from transforms.runtime.layout import may_hold
from transforms.runtime.lists import ReadList
from transforms.runtime.parquet import open_columns

PACKETS = "packets"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_SECONDS = int((EPOCH - FIRST_DAY).total_seconds())
AT_ONCE = 1 << 16
ALL_BUT_BANDS = ["content_hash", "published_at", "char_count", "lines"]
# The column by which both tables are sorted.
TIME = CONTENTS.schema.names.index("published_at")

Content = tuple[bytes, Gathered]


class _ReadContents(beam.DoFn):
    """A file of `_copies` → (content, what is known of it); `packets`.

    Args:
        parts: as in `FindCandidates`.
        within: bands are read of contents within so many days of a new one; 0 of all.
    """

    def __init__(self, parts: int, within: int) -> None:
        self._parts, self._within = parts, within

    def process(self, path: str, days: Collection[int] = ()) -> Iterator[Any]:
        with open_columns(path) as file:
            groups = range(file.metadata.num_row_groups)
            seen = [number for number in groups if not self._within or self._is_near(file.metadata, number, days)]
            for batch in file.iter_batches(AT_ONCE, seen) if seen else ():
                yield from _known_of(batch, SEEN)
                for packet in _packets(batch, self._parts):
                    yield TaggedOutput(PACKETS, packet)
            others = [number for number in groups if number not in seen]
            for batch in file.iter_batches(AT_ONCE, others, columns=ALL_BUT_BANDS) if others else ():
                yield from _known_of(batch, b"")

    def _is_near(self, metadata: pq.FileMetaData, number: int, days: Collection[int]) -> bool:
        """Whether a row group holds contents that may be near to a new one, by their time."""
        times = metadata.row_group(number).column(TIME).statistics
        if times.null_count and LAST_SECOND // DAY in days:
            return True
        first, last = ((time - FIRST_DAY).days for time in (times.min, times.max)) if times.has_min_max else (1, 0)
        return any(first - self._within <= day <= last + self._within for day in days)


def _known_of(batch: pa.RecordBatch, seen: bytes) -> Iterator[tuple[bytes, Known]]:
    columns = (batch[name].to_pylist() for name in ALL_BUT_BANDS)
    for node, published, char_count, lines in zip(*columns, strict=True):
        yield node, (STORED, pack_seniority(published, char_count, ""), seen, lines)


def _packets(batch: pa.RecordBatch, parts: int) -> Iterator[tuple[int, bytes]]:
    batch = batch.filter(batch["bands"].is_valid())
    times = batch["published_at"].cast(pa.int64())
    seconds = np.where(
        times.is_null().to_numpy(zero_copy_only=False),
        LAST_SECOND,
        times.fill_null(0).to_numpy() // 1_000_000 + EPOCH_SECONDS,
    )
    shorter = np.maximum(LONGEST_AGE - batch["char_count"].to_numpy().astype(np.int64), 0)
    ages = (seconds.astype(np.uint64) << np.uint64(LENGTH_BITS)) | shorter.astype(np.uint64)
    nodes, packed = (b"".join(batch[name].to_pylist()) for name in ("content_hash", "bands"))
    numbers = np.frombuffer(packed, BAND).reshape(-1, BANDS)
    yield from pack(*band_rows(nodes, ages, numbers, parts, stored=True))


def _read_pairs(path: str) -> Iterator[tuple[bytes, Known]]:
    with open_columns(path) as file:
        for batch in file.iter_batches(AT_ONCE):
            for one, other in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield one, (NEAR_TO, other, b"", b"")
                yield other, (NEAR_TO, one, b"", b"")


def _day(original: Original) -> int:
    return original.day


@dataclass
class LoadContents(beam.PTransform):
    """New originals → what earlier runs know of contents (`known`), and their `packets`.

    Args:
        stored: what they know.
        parts: as in `FindCandidates`.
        within: how many days near copies may lie apart; 0 for any number.
    """

    stored: StoredCopies
    parts: int
    within: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, originals: beam.PCollection[Original]) -> dict[str, beam.PCollection[Any]]:
        """Spread the files, read them."""
        pipeline = originals.pipeline
        days = (AsSingleton(originals | "Day" >> beam.Map(_day) | beam.combiners.ToSet()),) if self.within else ()
        known_of = tuple[bytes, Known]
        read = beam.ParDo(_ReadContents(self.parts, self.within), *days)
        read = read.with_output_types(known_of, packets=tuple[int, bytes])
        found = (
            pipeline
            | "Contents" >> ReadList(self.stored.contents, str)
            | "ReadContents" >> read.with_outputs(PACKETS, main="known")
        )
        near = (
            pipeline
            | "Pairs" >> ReadList(self.stored.pairs, str)
            | "ReadPairs" >> beam.FlatMap(_read_pairs).with_output_types(known_of)
        )
        return {"known": (found["known"], near) | "Known" >> beam.Flatten(), PACKETS: found[PACKETS]}


def lacks_sketch(item: Content) -> bool:
    """Whether a content is to be compared, and only an earlier run has its sketch."""
    content = item[1]
    return bool(content.asked and content.stored and content.articles and not content.sketch)


def has_sketch(item: Content) -> bool:
    """Whether a content needs nothing more."""
    return not lacks_sketch(item)


def _files_of(item: Content, files: Sequence[str]) -> Iterator[tuple[str, Content]]:
    """The files that may hold a content's sketch: those of the folder of its time."""
    published = time_of(item[1].stored)
    yield from ((path, item) for path in files if may_hold(path, published))


def _fetch(group: tuple[str, Iterable[Content]]) -> Iterator[Content]:
    """(File of `_sketches`, contents) → those of them whose sketch it has, with it."""
    path, wanted = group[0], dict(group[1])
    with open_columns(path) as file:
        groups = sorted({number for item in wanted.items() for number in _groups_of(item, file.metadata)})
        if not groups:
            return
        for batch in file.iter_batches(row_groups=groups, columns=["content_hash", "sketch"]):
            for node, sketch in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if node in wanted:
                    yield node, wanted[node]._replace(sketch=sketch)


def _groups_of(item: Content, metadata: pq.FileMetaData) -> Iterator[int]:
    """The row groups that may have a content, whose rows are sorted by time, then by digest."""
    node, published = item[0], time_of(item[1].stored)
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        digests, times = group.column(0).statistics, group.column(TIME).statistics
        if published is None:
            found, alone = times.null_count > 0, times.null_count == group.num_rows
        else:
            found = times.has_min_max and times.min <= published <= times.max
            alone = found and not times.null_count and times.min == times.max
        if found and (not alone or digests.min <= node <= digests.max):
            yield number


@dataclass
class FetchSketches(beam.PTransform):
    """Contents → the same with their sketches, where `lacks_sketch` says that they need one.

    Args:
        stored: what they know.
    """

    stored: StoredCopies

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, contents: beam.PCollection[Content]) -> beam.PCollection[Content]:
        """Look into the files that may have them, and there into few rows."""
        files = AsList(contents.pipeline | "Sketches" >> ReadList(self.stored.sketches, str))
        fetched = (
            contents
            | "Lacking" >> beam.Filter(lacks_sketch)
            | "Files" >> beam.FlatMap(_files_of, files).with_output_types(tuple[str, Content])
            | "GroupFiles" >> beam.GroupByKey()
            | "Fetch" >> beam.FlatMap(_fetch).with_output_types(Content)
        )
        return (fetched, contents | "Others" >> beam.Filter(has_sketch)) | "All" >> beam.Flatten()


def rows_of_content(item: Content) -> Iterator[RowSet]:
    """The rows of a content that no earlier run knows, or only of later articles."""
    node, content = item
    if not content.articles or (content.stored and content.stored <= content.senior[: AGE.size]):
        return
    published = time_of(content.senior)
    _, shorter = AGE.unpack_from(content.senior)
    numbers = bands([unpack_sketch(content.sketch)]).tobytes() if content.sketch else None
    known = ContentRow(node, published, (1 << 32) - 1 - shorter, numbers, content.lines)
    tables = [TableRows(CONTENTS.name, (known,))]
    if content.sketch:
        tables.append(TableRows(SKETCHES.name, (SketchRow(node, published, content.sketch),)))
    yield RowSet(tuple(tables))


def row_of_pair(one: bytes, other: bytes) -> RowSet:
    """The row of two contents that are near."""
    return RowSet((TableRows(NEAR_PAIRS.name, (NearPairRow(*sorted((one, other))),)),))
