from __future__ import annotations

from schemas.records import RawRecord, Reject, Skipped

Found = RawRecord | Reject | Skipped


def records(found: list[Found]) -> list[RawRecord]:
    return [item for item in found if isinstance(item, RawRecord)]


def rejects(found: list[Found]) -> list[Reject]:
    return [item for item in found if isinstance(item, Reject)]


def skipped(found: list[Found]) -> list[str]:
    return sorted(item.reason for item in found if isinstance(item, Skipped))
