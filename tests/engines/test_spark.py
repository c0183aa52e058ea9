"""The job on Spark (`make test-spark` installs it): the local runner's tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cloud.conftest import free_port
from tests.conftest import newsbeam
from tests.engines.conftest import PATIENT, hold_to_tables
from tests.engines.servers import engine_flags, worker_pool
from tests.engines.spark import JARS, spark

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not JARS.exists(), reason="needs Spark and Beam's job server: make test-spark"),
]


def test_tables_are_those_of_the_local_runner(dump: Path, local_tables: dict[str, list[str]], tmp_path: Path) -> None:
    output = tmp_path / "out"
    port = free_port()
    with spark(tmp_path / "spark") as jobs, worker_pool(tmp_path / "pool", port):
        flags = engine_flags(jobs, f"localhost:{port}")
        done = newsbeam("run", str(dump), str(output), *flags, *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    hold_to_tables(output, str(dump), local_tables)
