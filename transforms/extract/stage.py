"""The stage that puts extraction into the pipeline: web pages get their fields, other records pass through untouched.

In: raw records. Out: the same, with `page` set on those of format `html`. Reasons for a reject:

- `extraction_timeout`: no result within the limit.
- `extraction_failed`: the page brought the extraction down (out of memory, nested too deeply, a crash of a library).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam

from schemas.records import RawRecord
from transforms.extract.process import DEFAULT_TIMEOUT, Extractor, Failure
from transforms.runtime.outcome import KEPT, REJECTS, CountRejects, Outcome, keep, reject_record

STAGE = "extract"


def extract_record(record: RawRecord, extractor: Extractor) -> Outcome[RawRecord]:
    """A record with its page's fields; one that is no page as it is."""
    if record.html is None:
        return keep(record)
    found = extractor.extract(record.html, url=record.url, charset=record.charset)
    if isinstance(found, Failure):
        return reject_record(record, STAGE, found.reason, found.message)
    return keep(replace(record, page=found))


class _ExtractRecord(beam.DoFn):
    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def setup(self) -> None:
        self._rejects = CountRejects()
        # Its process starts with the first page: a dump without pages has none.
        self._extractor = Extractor(timeout=self._timeout)

    def process(self, record: RawRecord) -> Iterator[Any]:
        outcome = extract_record(record, self._extractor)
        if outcome.rejected is None:
            yield outcome.kept
        else:
            self._rejects.add(outcome.rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, outcome.rejected)

    def teardown(self) -> None:
        self._extractor.close()


@dataclass
class ExtractPages(beam.PTransform):
    """Raw records → the same with their pages' fields (`kept`) and rejects (`rejects`); `timeout` in seconds a page."""

    timeout: float = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, records: beam.PCollection[RawRecord]) -> Any:
        """One record, one outcome."""
        return records | "Extract" >> beam.ParDo(_ExtractRecord(self.timeout)).with_outputs(REJECTS, main=KEPT)
