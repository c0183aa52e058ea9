"""Attempts: each reading of a part of a file has an id, which its records and rejects carry, and counts of its own."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.files import FileRange, Selection
from schemas.records import Reject, Skipped
from schemas.rows import ReadRow, RowSet, TableRows
from schemas.tables import READS
from transforms.runtime.lists import read_value
from transforms.runtime.metrics import NAMESPACE, CountRejects
from transforms.runtime.outcome import WRITTEN


def label_of(part: FileRange) -> str:
    """Which part of its file it is: the same whenever the file is read."""
    return f"{part.file_format or 'any'}:{part.start}:{part.stop}"


class CountedStep(beam.DoFn):
    """A step that emits records: counts them for the ledger and for Beam's metrics.

    What isn't selected of a file is neither sent on nor counted. Of a file of which only some places are read, these
    have been counted before.
    """

    def setup(self) -> None:
        """Make the counters."""
        self.records = Metrics.counter(NAMESPACE, "records")
        self.bytes = Metrics.counter(NAMESPACE, "bytes")
        self.rejects = CountRejects()

    def route(self, part: FileRange, label: str, found: Iterable[Any]) -> Iterator[Any]:
        """Send on what one attempt found, rejects to their side, and how many of both were records of the file."""
        attempt = Attempt(self, part, label)
        for item in found:
            yield from attempt.send(item)
        yield from attempt.end()


class Attempt:
    """One attempt of a step at a part of a file, which is called `label`."""

    def __init__(self, step: CountedStep, part: FileRange, label: str) -> None:
        self._step, self._part, self._label = step, part, label
        self._id = uuid.uuid4().hex
        self._only = read_value(part.selection, Selection) if part.selection else None
        self._records: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def send(self, item: Any) -> Iterator[Any]:
        """Send something on that was found."""
        if isinstance(item, Skipped):
            self._skipped[item.reason] += 1
        elif isinstance(item, FileRange):
            yield item
        elif self._only is None or self._only.has(item.source_file, item.source_offset):
            self._records[item.source_file] += 1
            if isinstance(item, Reject):
                self._step.rejects.add(item)
                yield beam.pvalue.TaggedOutput(WRITTEN, replace(item, attempt_id=self._id))
            else:
                self._step.bytes.inc(len(item.payload) + 1)
                yield replace(item, attempt_id=self._id)

    def end(self, label: str = "") -> Iterator[Any]:
        """Say how much it was; `label`: what it is called after all."""
        self._label = label or self._label
        self._step.records.inc(sum(self._records.values()))
        if (self._records or self._skipped) and (self._only is None or self._only.others):
            yield beam.pvalue.TaggedOutput(WRITTEN, self._reads())

    def _reads(self) -> RowSet:
        """The rows of `_reads`. What was skipped is said once."""
        part = self._part
        found = self._records or Counter({part.source_file: 0})
        skipped = json.dumps(dict(sorted(self._skipped.items())))
        about = (part.source_file, part.digest, part.size, self._label, self._id)
        rows = (
            ReadRow(*about, name, count, "{}" if index else skipped)
            for index, (name, count) in enumerate(sorted(found.items()))
        )
        return RowSet((TableRows(READS.name, tuple(rows)),), self._id)
