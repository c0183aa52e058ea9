from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.tables.contract import BREACH, check_run
from schemas.records import Article, RawRecord
from tests.made_run import make_run, make_world

ROOT = Path(__file__).parent.parent
DUMP = ROOT / "tests" / "data" / "dump"
# Small files of the kinds that dumps hold.
INPUTS = ROOT / "tests" / "data" / "inputs"
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
LATEST = datetime(2026, 1, 1, tzinfo=UTC)
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


def newsbeam(*args: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own, in the project's root; it may take some seconds."""
    command = [sys.executable, "-m", "pipeline", *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=seconds, check=False)


def hold_to_contract(output: Path) -> None:
    """Fail with all that `newsbeam check` finds wrong with a run."""
    assert [finding for finding in check_run(str(output)) if finding.status == BREACH] == []


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The sample dump's run, by its command, and what it showed. To be read only."""
    output = tmp_path_factory.mktemp("sample") / "run"
    done = newsbeam("run", "--input", str(DUMP), "--output", str(output), "--workers", "1")
    assert done.returncode == 0, done.stderr
    return output, done.stdout


@pytest.fixture(scope="session")
def sample(sample_run: tuple[Path, str]) -> Path:
    return sample_run[0]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run that no job wrote. To be read only."""
    return make_run(tmp_path_factory.mktemp("made") / "run", 150, make_world(7, 200))
