from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.read.sorting import records, rejects

Read = Callable[..., list]
ROWS = [
    {
        "title": f"Story {n}",
        "text": f"The mayor opened bridge {n}. " * 20,
        "published": datetime(2024, 3, 1, n % 24, tzinfo=UTC),
        "authors": ["A", "B"],
        "embedding": [0.5] * 8,
    }
    for n in range(300)
]


def write(file: Path, **options: object) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), file, row_group_size=100, **options)


def test_rows_of_all_row_groups(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "news"  # told by its content
    write(file, compression="zstd")
    found = read(file)
    assert [item.source_offset for item in records(found)] == list(range(300))
    first = json.loads(records(found)[0].payload)
    assert first == {
        "title": "Story 0",
        "text": ROWS[0]["text"],
        "published": "2024-03-01T00:00:00+00:00",
        "authors": ["A", "B"],
    }


def test_a_broken_row_group_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "broken.parquet"
    write(file, compression="zstd", use_dictionary=False)
    column = pq.ParquetFile(file).metadata.row_group(1).column(1)
    content = bytearray(file.read_bytes())
    place = column.data_page_offset
    content[place + 4 : place + column.total_compressed_size] = bytes(column.total_compressed_size - 4)
    file.write_bytes(content)
    found = read(file)
    assert [item.source_offset for item in records(found)] == [*range(100), *range(200, 300)]
    assert [(item.reason, item.source_offset) for item in rejects(found)] == [("corrupt_file", 100)]


def test_a_truncated_file_is_one_reject(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "cut.parquet"
    write(file)
    file.write_bytes(file.read_bytes()[:-200])
    assert [item.reason for item in read(file)] == ["corrupt_file"]


def test_a_row_over_the_limit_is_a_reject(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "large.parquet"
    pq.write_table(pa.table({"text": ["a", "x" * 5000, "c"]}), file)
    found = read(file, limit=1000)
    assert [item.source_offset for item in records(found)] == [0, 2]
    assert [(item.reason, item.source_offset) for item in rejects(found)] == [("too_large", 1)]
