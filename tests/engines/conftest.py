"""One dump and its tables by the local runner, which those of every other engine are held against."""

from __future__ import annotations

import gzip
import shutil
from itertools import islice
from pathlib import Path

import pytest

from tests.cloud.conftest import tables_of
from tests.conftest import DUMP, SHARED, hold_to_contract, newsbeam

REAL_ARTICLES = 1000
# Whether a large page is read in ten seconds depends on the machine and what else it does.
PATIENT = ("--extract_timeout", "300", "--article_timeout", "900")


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample dump; and where the shared data lies, 1,000 real articles and web archives."""
    folder = tmp_path_factory.mktemp("engines") / "dump"
    shutil.copytree(DUMP, folder)
    if SHARED.is_dir():
        with gzip.open(SHARED / "articles" / "allsides-9k.jsonl.gz", "rb") as lines:
            (folder / "real.jsonl").write_bytes(b"".join(islice(lines, REAL_ARTICLES)))
        shutil.copytree(SHARED / "warc", folder / "warc", copy_function=shutil.copyfile)
    return folder


@pytest.fixture(scope="session")
def local_tables(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The tables of the local runner."""
    output = tmp_path_factory.mktemp("local") / "out"
    done = newsbeam("run", str(dump), str(output), "--quiet", *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    return tables_of(output, str(dump))


def hold_to_tables(output: Path, source: str, expected: dict[str, list[str]]) -> None:
    """Fail unless a run's tables are these, row for row, and keep the contract. `source` is where its input lay."""
    hold_to_contract(output)
    found = tables_of(output, source)
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in expected.items()}
    for name, rows in expected.items():
        assert found[name] == rows, name
