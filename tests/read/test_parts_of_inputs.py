"""The first records of an input, and a sample of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.files import FileRange
from schemas.records import RawRecord, Reject, Skipped
from schemas.rows import RowSet
from transforms.read import task
from transforms.read.first import ReadFirst
from transforms.read.records import ReadRecords
from transforms.read.sample import keep_drawn, lot_of
from transforms.runtime.outcome import KEPT, WRITTEN


def write_dump(folder: Path) -> list[str]:
    """Three files of ten records, one of them packed, and one of no kind. Returns the input."""
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.jsonl").write_text("".join(f'{{"n": "{name}{i}"}}\n' for i in range(10)))
    packed = folder / "b.jsonl"
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    (folder / "d.png").write_bytes(b"\x89PNG")
    return [str(folder)]


def names(records: beam.PCollection[RawRecord]) -> Any:
    return records | "Names" >> beam.Map(lambda record: json.loads(record.payload)["n"])


def counts(read: dict[str, Any]) -> Any:
    written = read[WRITTEN] | "Counts" >> beam.Flatten()
    rows = written | beam.FlatMap(lambda found: found.tables[0].rows if isinstance(found, RowSet) else ())
    return rows | "Count" >> beam.Map(lambda row: (Path(row.source_file).name, row.records, json.loads(row.skipped)))


def test_the_first_records_in_the_order_of_names(tmp_path: Path) -> None:
    patterns = write_dump(tmp_path / "in")
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        reader = ReadRecords(str(tmp_path / "blocks"))
        read = pipeline | beam.Create([tuple(patterns)]) | ReadFirst(reader, 13)
        assert_that(names(read[KEPT]), equal_to([*(f"a{i}" for i in range(10)), "b0", "b1", "b2"]), label="kept")
        assert_that(counts(read), equal_to([("a.jsonl", 10, {}), ("b.jsonl.gz", 3, {})]), label="counts")


def test_more_than_there_are_is_all(tmp_path: Path) -> None:
    patterns = write_dump(tmp_path / "in")
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        read = pipeline | beam.Create([tuple(patterns)]) | ReadFirst(ReadRecords(str(tmp_path / "blocks")), 100)
        assert_that(names(read[KEPT]) | beam.combiners.Count.Globally(), equal_to([30]), label="kept")
        assert_that(reasons(read), equal_to(["unsupported_format"]), label="rejects")


def test_no_more_is_read_than_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def endless(*_: Any, **__: Any) -> Any:
        for number in range(1_000_000):
            read.append(number)
            yield Skipped("picture") if number % 2 else RawRecord("f", number, "json", b"{}")

    monkeypatch.setattr(task, "read_range", endless)
    (answer,) = task.ReadRange(100).run(FileRange("f", "jsonl", 0, -1, "f", 9, limit=3), lambda *_: None)
    assert [record.source_offset for record in answer.records] == [0, 2, 4]
    assert len(read) == 5


def reasons(read: dict[str, Any]) -> Any:
    rejects = read[WRITTEN] | "Flat" >> beam.Flatten() | "Rejects" >> beam.Filter(lambda item: isinstance(item, Reject))
    return rejects | "Reason" >> beam.Map(lambda rejected: rejected.reason)


def sample(patterns: list[str], folder: Path, size: int, workers: int = 1) -> list[str]:
    """The records of a sample, sorted; what was not drawn is counted."""
    found = folder / f"found-{size}-{workers}"
    with beam.Pipeline(runner=local_runner(workers)) as pipeline:
        read = pipeline | beam.Create(patterns) | ReadRecords(str(folder / "blocks"), sample=size)
        names(read[KEPT]) | beam.io.WriteToText(str(found), shard_name_template="")
        passed_over = counts(read) | beam.Map(lambda row: row[2].get("not_drawn", 0)) | beam.CombineGlobally(sum)
        assert_that(passed_over, equal_to([max(30 - size, 0)]), label="not drawn")
        assert_that(reasons(read), equal_to(["unsupported_format"]), label="rejects")
    return sorted(found.read_text().split())


def test_a_sample_is_the_same_every_time_and_wherever_the_dump_lies(tmp_path: Path) -> None:
    here = sample(write_dump(tmp_path / "here"), tmp_path, 7)
    assert len(here) == 7
    assert {name[0] for name in here} > {"a"} or {name[0] for name in here} > {"b"}
    assert sample(write_dump(tmp_path / "there"), tmp_path, 7, workers=2) == here
    # A larger sample holds the smaller one.
    assert set(sample([str(tmp_path / "here")], tmp_path, 12)) > set(here)
    assert len(sample([str(tmp_path / "here")], tmp_path, 50)) == 30


def test_every_record_is_as_likely() -> None:
    records = [RawRecord("f", 40 * i, "json", f'{{"n": {i}}}'.encode()) for i in range(2000)]
    lots = sorted(map(lot_of, records))[:1000]
    early = sum(offset < 40_000 for _, _, offset in lots)
    # 500 are expected, with a standard deviation of 16.
    assert 440 < early < 560


def test_only_records_are_drawn() -> None:
    records = [RawRecord("f", 0, "json", b"{}"), RawRecord("f", 9, "json", b"{}")]
    assert list(keep_drawn([*records, Skipped("picture")], {("f", 9)})) == [
        Skipped("not_drawn"),
        records[1],
        Skipped("picture"),
    ]
