"""How tables are laid out: folders that each hold enough, and files sorted by time."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.files import CheckpointedArticle, Part
from schemas.rows import EntityRow
from schemas.tables import NONE, TABLES
from transforms.runtime import parquet
from transforms.runtime.arrow import to_batch
from transforms.runtime.layout import Layout, choose_layout, folder_of_path
from transforms.runtime.parquet import open_parquet
from transforms.write import sorting
from transforms.write.layout import ChooseLayout
from transforms.write.merge import fit_part, merge_parts
from transforms.write.parts import PartBuffer

MONTHS = [f"{year}-{month:02}" for year in range(2016, 2024) for month in range(1, 13)][:94]


@pytest.mark.parametrize(
    ("articles", "given", "chosen"),
    [
        ({}, "", Layout("none", 1)),
        (dict.fromkeys(MONTHS[:94], 3), "", Layout("none", 1)),
        (dict.fromkeys(MONTHS, 9_999), "", Layout("year", 1)),
        (dict.fromkeys(MONTHS, 10_000), "", Layout("month", 1)),
        ({**dict.fromkeys(MONTHS, 11_000), "unknown": 5}, "", Layout("month", 1)),
        (dict.fromkeys(MONTHS, 10_000), "none", Layout("none", 1)),
        (dict.fromkeys(MONTHS, 1), "month", Layout("month", 1)),
        ({"unknown": 1_000_000}, "", Layout("none", 1)),
        # A billion: each partition's merges are planned by several workers.
        (dict.fromkeys(MONTHS, 14_400_000), "", Layout("month", 4)),
        ({"unknown": 1_350_000_000}, "none", Layout("none", 338)),
    ],
)
def test_folders_hold_enough(articles: dict[str, int], given: str, chosen: Layout) -> None:
    assert choose_layout(articles, given) == chosen


def test_the_layout_is_chosen_over_all_articles() -> None:
    def article(number: int) -> CheckpointedArticle:
        when = datetime(2024, 1 + number % 12, 1, tzinfo=UTC) if number % 5 else None
        return CheckpointedArticle(str(number), "", "", 0, when, 0, "", ("", 0))

    with TestPipeline() as pipeline:
        found = pipeline | beam.Create([article(number) for number in range(50)]) | ChooseLayout("month")
        assert_that(found, equal_to([Layout("month", 1)]))


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/out/articles/month=2024-03/part-00000-r.parquet", "month=2024-03"),
        ("gs://b/out/mentions/year=unknown/part-00000-r.parquet", "year=unknown"),
        ("/day=2024-01-01/articles/part-00000-r.parquet", ""),
    ],
)
def test_the_folder_of_a_file(path: str, folder: str) -> None:
    assert folder_of_path(path) == folder


def rows_of(count: int, seed: int) -> list[EntityRow]:
    """Rows of articles in no order, several each, many at one time or at none."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        when = datetime(2023, 11, 1, tzinfo=UTC) + timedelta(days=chance.randrange(90), microseconds=number % 3)
        time = chance.choice([None, when, datetime(2024, 1, 1, tzinfo=UTC)])
        key = f"{chance.getrandbits(128):032x}"
        empty: dict[str, Any] = dict.fromkeys(EntityRow._fields)
        fixed = {"article_id": key, "label": "ORG", "mention_count": 1, "first_char": 0, "prominence": 0.5}
        more = {"name": "n", "sentiment_count": 0, "article_time": time}
        rows += [EntityRow(**{**empty, **fixed, **more, "entity_id": f"e{index}"}) for index in range(3)]
    return rows


def write(rows: list[EntityRow], folder: Path, partition_by: str = NONE) -> list[Part]:
    buffer = PartBuffer("entities")
    for row in rows:
        buffer.add(row)
    return buffer.write(str(folder), partition_by)


def order(row: dict[str, Any]) -> Any:
    time = row["article_time"]
    return time is None, time or 0, row["article_id"], row["entity_id"]


@pytest.mark.parametrize("slice_bytes", [1, 4000, 1 << 25])
def test_a_merged_file_is_sorted_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slice_bytes: int) -> None:
    monkeypatch.setattr(sorting, "SLICE_BYTES", slice_bytes)
    parts, rows = [], []
    for seed, count in enumerate((1, 200, 37, 500, 3)):
        rows += (some := rows_of(count, seed))
        parts += write(some, tmp_path / "parts")
    merged = merge_parts(tuple(parts), str(tmp_path), str(tmp_path / "out"))
    found = open_parquet(merged.path)[0].read().to_pylist()
    assert found == sorted(found, key=order)
    assert Counter(map(str, found)) == Counter(
        map(str, pa.Table.from_batches([to_batch(TABLES["entities"], rows)]).to_pylist())
    )
    assert merged.rows == len(rows)


def test_memory_holds_a_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "SLICE_BYTES", 100_000)
    parts = [part for seed in range(4) for part in write(rows_of(2000, seed), tmp_path)]
    batches = list(sorting.merge_sorted([part.path for part in parts], TABLES["entities"]))
    assert sum(batch.num_rows for batch in batches) == 24_000
    assert max(batch.nbytes for batch in batches) < 250_000


def test_a_large_part_is_not_read_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "STREAMED_BYTES", 1)
    (part,) = write(rows_of(2000, 1), tmp_path)
    monkeypatch.setattr(parquet, "read_file", None)
    (again,) = write(rows_of(2000, 2), tmp_path)
    merged = pa.Table.from_batches(sorting.merge_sorted([part.path, again.path], TABLES["entities"])).to_pylist()
    assert len(merged) == 12_000
    assert merged == sorted(merged, key=order)


@pytest.mark.parametrize("layout", [Layout("month"), Layout("year"), Layout("none")])
def test_parts_are_split_by_partition(tmp_path: Path, layout: Layout) -> None:
    rows = rows_of(300, 1)
    parts = write(rows, tmp_path, layout.partition_by)
    form = {"month": "month=%Y-%m", "year": "year=%Y", "none": ""}[layout.partition_by]
    unknown = f"{layout.partition_by}=unknown" if form else ""
    expected = Counter(row.article_time.strftime(form) if row.article_time else unknown for row in rows)
    assert {part.partition: part.rows for part in parts} == expected
    for part in parts:
        found = open_parquet(part.path)[0].read().to_pylist()
        assert found == sorted(found, key=order)
        assert layout.fits("entities", part.partition)
    # What was laid out otherwise is laid out anew.
    for other in (Layout("month"), Layout("year"), Layout("none")):
        again = [new for part in parts for new in fit_part(part, other, str(tmp_path))]
        assert sum(part.rows for part in again) == len(rows)
        assert all(other.fits("entities", part.partition) for part in again)
        assert (again == parts) == (other == layout)
    assert Layout("month").fits("rejects", "")
