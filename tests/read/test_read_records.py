from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.files import FileRange, FileScope, StoredScope
from schemas.records import Reject
from schemas.rows import RowSet
from transforms.read import ranges, records
from transforms.read.plan import RANGE_SIZE
from transforms.read.ranges import read_range
from transforms.read.records import ReadRecords
from transforms.read.stream import StreamReader
from transforms.runtime.lists import store_list
from transforms.runtime.outcome import KEPT, WRITTEN, reject


def test_records_rejects_and_counts(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "a.jsonl"
    file.write_bytes(b'{"n": 1}\n\n{"n": 2}\n' + b"x" * 200 + b"\n")
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG")
    # The same file by two patterns is read once.
    patterns = [str(tmp_path / "in"), str(file)]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        read = pipeline | beam.Create(patterns) | ReadRecords(str(tmp_path / "blocks"), max_record_size=100)
        payloads = read[KEPT] | "Payload" >> beam.Map(lambda record: record.payload)
        assert_that(payloads, equal_to([b'{"n": 1}', b'{"n": 2}']), label="kept")
        written = read[WRITTEN] | "Written" >> beam.Flatten()
        rejects = written | "Rejects" >> beam.Filter(lambda found: isinstance(found, Reject))
        reasons = rejects | "Reason" >> beam.Map(lambda rejected: rejected.reason)
        assert_that(reasons, equal_to(["too_large", "unsupported_format"]), label="rejects")
        rows = written | beam.FlatMap(lambda found: found.tables[0].rows if isinstance(found, RowSet) else ())
        counts = rows | "Count" >> beam.Map(lambda row: (Path(row.source_file).name, row.records, len(row.digest)))
        assert_that(counts, equal_to([("a.jsonl", 3, 32), ("b.png", 1, 32)]), label="counts")


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of some blocks, two lines of it too long, its end cut off."""
    monkeypatch.setattr(ranges, "SMALL", 0)
    monkeypatch.setattr(records, "RANGE_SIZE", 1000)
    lines = [b'{"n": %d}' % number + b" " * (number % 90) for number in range(200)]
    lines[17] = lines[180] = b"x" * 200
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n".join(lines))[:-3])
    return file


def read_in_both_ways(file: Path, known: tuple[str, ...] = ()) -> list[str]:
    """What comes of a packed file; the same whether it is read where it is or in blocks."""
    scopes = [FileScope(str(file), frozenset(known))] if known else []
    scope = StoredScope(store_list(scopes, str(file.parent / "lists"), "scopes"))
    found = []
    for largest in (0, 1 << 30):
        blocks, out = file.parent / f"blocks{largest}", file.parent / str(largest)
        step = ReadRecords(str(blocks), max_record_size=100, largest=largest, scope=scope)
        with beam.Pipeline(runner=local_runner(1)) as pipeline:
            read = pipeline | beam.Create([str(file)]) | step
            outputs = (read[KEPT], *read[WRITTEN])
            _ = outputs | beam.Flatten() | beam.Map(_describe) | beam.io.WriteToText(str(out))
        found.append(sorted(line for path in file.parent.glob(f"{largest}-*") for line in path.open()))
        assert blocks.exists() == (not largest)
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("known", [(), ("block:1:-1", "divide"), ("block:0:-1", "block:2:-1", "block:3:-1")])
def test_a_packed_file_reads_alike_where_it_is_and_in_blocks(packed: Path, known: tuple[str, ...]) -> None:
    """Records, rejects and attempts are the same, so that a run may go on from what another has read otherwise."""
    found = read_in_both_ways(packed, known)
    assert any("too_large" in line for line in found) == ("divide" not in known)
    kinds = Counter(line.split()[0] for line in found)
    assert kinds["record"] < 197 if known else kinds == {"record": 197, "reject": 3, "attempt": 11}, kinds


def test_a_block_that_ends_where_reading_failed_is_another(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later run must not take it for the whole block."""

    def failing(_: Any, part: FileRange) -> Iterator[Any]:
        yield from islice(read_range(part, max_record_size=100), 50)
        yield reject("read", "crashed", "", source_file=str(packed), source_offset=0, payload=b"", retryable=True)

    monkeypatch.setattr(StreamReader, "read", failing)
    labels = [line.split()[1] for line in read_in_both_ways(packed) if line.startswith("attempt")]
    assert labels == ["block:0:-1", "block:1:-2", "divide"]


def _describe(item: Any) -> str:
    if isinstance(item, RowSet):
        (row,) = item.tables[0].rows
        return f"attempt {row.label} {row.records} {row.size} {row.skipped}"
    if isinstance(item, Reject):
        return f"reject {item.source_offset} {item.reason} {item.message}"
    return f"record {item.source_offset} {item.payload!r}"


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    for name in ("known", "half", "new"):
        (tmp_path / f"{name}.jsonl").write_bytes(b'{"n": 1}\n' * 3)
    # More than one range: the second is all that is missing.
    (tmp_path / "half.jsonl").write_bytes(b'{"n": 2}\n' * (RANGE_SIZE // 9) + b'{"n": 3}\n' * 9)
    half = f"jsonl:0:{RANGE_SIZE}"
    known = [FileScope(str(tmp_path / "known.jsonl"), None), FileScope(str(tmp_path / "half.jsonl"), frozenset([half]))]
    scope = StoredScope(store_list(known, str(tmp_path / ".lists"), "scopes"))
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        read = pipeline | beam.Create([str(tmp_path)]) | ReadRecords(str(tmp_path / ".blocks"), scope=scope)
        names = read[KEPT] | beam.Map(lambda record: Path(record.source_file).name) | beam.combiners.Count.PerElement()
        size = len(range(0, 9 * (RANGE_SIZE // 9) + 81, 9)) - len(range(0, RANGE_SIZE, 9))
        assert_that(names, equal_to([("half.jsonl", size), ("new.jsonl", 3)]))
