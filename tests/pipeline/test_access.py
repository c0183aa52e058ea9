"""Remote paths that can't be reached are said in one line, at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.access import check_access
from pipeline.errors import UsageError


def message(*paths: str) -> str:
    with pytest.raises(UsageError) as caught:
        check_access(paths)
    return str(caught.value)


def test_without_credentials_it_is_said_within_seconds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("STORAGE_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    started = time.monotonic()
    assert "no credentials of Google Cloud" in message("dumps", "gs://bucket/a.jsonl")
    assert time.monotonic() - started < 10
    check_access(["gs://bucket/a.jsonl"], anonymous=True)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://localhost:1")
    check_access(["gs://bucket/a.jsonl"])


def test_what_is_not_read_says_what_to_do() -> None:
    assert "fetch the file first" in message("https://example.org/a.jsonl")


def test_local_paths_need_nothing() -> None:
    check_access(["dumps/*.jsonl", "file:///tmp/a", None, ""])
