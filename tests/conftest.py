from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from schemas.records import Article, RawRecord

ROOT = Path(__file__).parent.parent
DUMP = ROOT / "tests" / "data" / "dump"
SHARED = ROOT.parent / "shared" / "data"
# Where a model of `--sentiment accurate` may lie; it is no part of the package.
ACCURATE = next(
    (
        path
        for path in (ROOT / "models" / "sentiment-accurate", ROOT / "out" / "sentiment" / "accurate")
        if path.exists()
    ),
    None,
)
LATEST = datetime(2026, 1, 1, tzinfo=timezone.utc)
PROSE = "The council voted on Monday to close the old bridge. Traders protested, and the mayor listened to them."


@pytest.fixture
def make_article() -> Callable[..., Article]:
    def make(**over: Any) -> Article:
        known: dict[str, Any] = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
        place = {"source_file": "dump.jsonl", "source_offset": 0, "payload_size": 10, "text": PROSE}
        return Article(**{**known, **place, **over})

    return make


@pytest.fixture
def make_record() -> Callable[..., RawRecord]:
    def make(payload: bytes, file_format: str = "jsonl") -> RawRecord:
        return RawRecord("dump.jsonl", 7, file_format, payload)

    return make
