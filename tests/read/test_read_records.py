from __future__ import annotations

from pathlib import Path

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local import local_runner
from transforms.outcome import COUNTS, KEPT, REJECTS
from transforms.read import ReadRecords


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
        reasons = read[REJECTS] | "Reason" >> beam.Map(lambda rejected: rejected.reason)
        assert_that(reasons, equal_to(["too_large", "unsupported_format"]), label="rejects")
        counts = read[COUNTS] | "Count" >> beam.Map(lambda count: (Path(count.source_file).name, count.records))
        assert_that(counts, equal_to([("a.jsonl", 3), ("b.png", 1)]), label="counts")
