from __future__ import annotations

from pathlib import Path

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.files import Scope
from transforms.read.plan import RANGE_SIZE
from transforms.read.records import ReadRecords
from transforms.runtime.outcome import COUNTS, KEPT, REJECTS


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
        rejects = read[REJECTS] | "AllRejects" >> beam.Flatten()
        reasons = rejects | "Reason" >> beam.Map(lambda rejected: rejected.reason)
        assert_that(reasons, equal_to(["too_large", "unsupported_format"]), label="rejects")
        rows = read[COUNTS] | "AllCounts" >> beam.Flatten() | beam.FlatMap(lambda found: found.tables[0].rows)
        counts = rows | "Count" >> beam.Map(lambda row: (Path(row.source_file).name, row.records, len(row.digest)))
        assert_that(counts, equal_to([("a.jsonl", 3, 32), ("b.png", 1, 32)]), label="counts")


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    for name in ("known", "half", "new"):
        (tmp_path / f"{name}.jsonl").write_bytes(b'{"n": 1}\n' * 3)
    # More than one range: the second is all that is missing.
    (tmp_path / "half.jsonl").write_bytes(b'{"n": 2}\n' * (RANGE_SIZE // 9) + b'{"n": 3}\n' * 9)
    half = f"jsonl:0:{RANGE_SIZE}"
    known = {str(tmp_path / "known.jsonl"): None, str(tmp_path / "half.jsonl"): frozenset([half])}
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        read = pipeline | beam.Create([str(tmp_path)]) | ReadRecords(str(tmp_path / ".blocks"), scope=Scope(known))
        names = read[KEPT] | beam.Map(lambda record: Path(record.source_file).name) | beam.combiners.Count.PerElement()
        size = len(range(0, 9 * (RANGE_SIZE // 9) + 81, 9)) - len(range(0, RANGE_SIZE, 9))
        assert_that(names, equal_to([("half.jsonl", size), ("new.jsonl", 3)]))
