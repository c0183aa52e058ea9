"""Rejects that are worth another try: which there are, and how their records are found again.

A record is read again from its file where that is unchanged, so that it comes as it came before; where the file is gone
or another, from the reject's payload if that is whole. A reject of (a part of) a file is tried by reading the file and
leaving out what the tables have of it. The ledger stays right: `_reads` counts what is read again, and takes away what
was counted before.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apache_beam.io.filesystems import FileSystems

from schemas.files import Part, Selection
from schemas.records import RawRecord
from schemas.rows import LEFT_OUT, ReadRow
from schemas.tables import READS
from transforms.resume.reuse import select_rows
from transforms.resume.scan import CORRECTION, Digest, read_reads
from transforms.runtime.arrow import to_batch
from transforms.runtime.parquet import open_parquet, write_file

READ = "read"
Place = tuple[str, int]


class _Retryable(NamedTuple):
    """A reject that is worth another try; `payload` is None where it isn't whole."""

    source_file: str
    source_offset: int
    stage: str
    payload: bytes | None

    @property
    def place(self) -> Place:
        """Where it lies."""
        return self.source_file, self.source_offset


class RetryPlan(NamedTuple):
    """What is tried again: of which files what, which records by their payload, and the places of all these rejects."""

    files: Mapping[str, Selection]
    payloads: Sequence[_Retryable]
    places: frozenset[Place]
    left: int


def retryable_rejects(published: Sequence[Part]) -> list[_Retryable]:
    """The published rejects that are worth another try."""
    columns = ["source_file", "source_offset", "stage", "retryable", "payload_sha256", "payload_size", "payload"]
    found = []
    for part in published:
        for batch in open_parquet(part.path)[0].iter_batches(columns=columns) if part.table == "rejects" else ():
            for row in batch.to_pylist():
                if row["retryable"]:
                    whole = row["payload_sha256"] and len(row["payload"]) == row["payload_size"]
                    payload = row["payload"] if whole else None
                    found.append(_Retryable(row["source_file"], row["source_offset"], row["stage"], payload))
    return found


def plan_retry(rejects: Sequence[_Retryable], published: Sequence[Part], digest: Digest) -> RetryPlan:
    """How to try them again.

    Args:
        rejects: those that are worth it.
        published: the files of the finished run.
        digest: tells the digest of the content of a file of this path.
    """
    origin, digests = _origins(published)
    by_file: dict[str, list[_Retryable]] = defaultdict(list)
    for item in rejects:
        by_file[origin.get(item.source_file, item.source_file)].append(item)
    found: dict[str, Selection] = {}
    payloads: list[_Retryable] = []
    places: set[Place] = set()
    left = 0
    for path, items in by_file.items():
        if _is_same(path, digests[path], digest):
            whole_file = any(item.stage == READ for item in items)
            found[path] = Selection(frozenset(item.place for item in items), whole_file)
            places.update(item.place for item in items)
            continue
        whole = [item for item in items if item.payload is not None and item.stage != READ]
        payloads += whole
        places.update(item.place for item in whole)
        left += len(items) - len(whole)
    settled = _settled({path for path, chosen in found.items() if chosen.others}, published, origin)
    for path, known in settled.items():
        found[path] = Selection(frozenset(known - places), True)
    return RetryPlan(found, payloads, frozenset(places), left)


def _origins(published: Sequence[Part]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """AnalysisSource file → input file, and input file → digests that it has been read under."""
    origin: dict[str, str] = {}
    digests: dict[str, set[str]] = defaultdict(set)
    for row in read_reads(part.path for part in published if part.table == READS.name):
        if row.label == LEFT_OUT:
            continue
        origin[row.source_file] = row.input_file
        digests[row.input_file].add(row.digest)
    return origin, digests


def _is_same(path: str, known: set[str], digest: Digest) -> bool:
    try:
        return digest(path) in known or known == {""}
    except OSError:
        return False


def _settled(paths: set[str], published: Sequence[Part], origin: Mapping[str, str]) -> dict[str, set[Place]]:
    """The places of some input files that the tables have something of."""
    found: dict[str, set[Place]] = {path: set() for path in paths}
    for part in published:
        if not paths or part.table not in ("articles", "rejects"):
            continue
        for batch in open_parquet(part.path)[0].iter_batches(columns=["source_file", "source_offset"]):
            for place in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if (path := origin.get(place[0], "")) in found:
                    found[path].add(place)
    return found


def without_rejects(published: Sequence[Part], places: frozenset[Place], folder: str) -> Iterator[Part]:
    """The published parts of rejects without those that are tried again."""
    for part in published:
        if part.table == "rejects":
            columns = open_parquet(part.path)[0].read(["source_file", "source_offset", "retryable"]).columns
            rows = zip(*(column.to_pylist() for column in columns), strict=True)
            kept = select_rows(part, (not (again and (file, at) in places) for file, at, again in rows), folder)
            if kept:
                yield kept


def corrections(again: RetryPlan, published: Sequence[Part], folder: str) -> Iterator[Part]:
    """A part of `_reads` that takes away what is counted anew: rejects of (parts of) files, and what was left out."""
    origin, _ = _origins(published)
    counted = Counter(
        file for file, _ in again.places if (chosen := again.files.get(origin.get(file, ""))) and chosen.others
    )
    rows = [
        ReadRow(origin[file], "", -1, CORRECTION, uuid.uuid4().hex, file, -count, "{}")
        for file, count in sorted(counted.items())
    ]
    for row in read_reads(part.path for part in published if part.table == READS.name):
        chosen = again.files.get(origin.get(row.source_file, ""))
        if row.label == LEFT_OUT and chosen and chosen.others:
            # No table has what was left out, so it is read and counted anew.
            less = json.dumps({reason: -count for reason, count in json.loads(row.skipped).items()})
            unit, file = uuid.uuid4().hex, row.source_file
            rows.append(ReadRow(origin[file], "", -1, CORRECTION, unit, file, -row.records, "{}"))
            rows.append(ReadRow("", "", -1, LEFT_OUT, unit, file, -row.records, less))
    if rows:
        path = FileSystems.join(folder, f"{READS.name}-{uuid.uuid4().hex}.parquet")
        size = write_file(path, READS.schema, [to_batch(READS, rows)])
        yield Part(READS.name, "", path, len(rows), size)


def records_of(payloads: Iterable[_Retryable], sniff: Callable[[bytes], str]) -> tuple[RawRecord, ...]:
    """Records from payloads, each of the format that `sniff(payload)` tells."""
    return tuple(
        RawRecord(item.source_file, item.source_offset, sniff(item.payload) or "json", item.payload)
        for item in payloads
        if item.payload is not None
    )
