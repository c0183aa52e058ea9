"""The job on Spark (`make test-spark` installs it): the local runner's tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cloud.conftest import free_port, small_dump, tables_of
from tests.conftest import newsbeam
from tests.engines.conftest import PATIENT, hold_to_tables
from tests.engines.servers import engine_flags, worker_pool
from tests.engines.spark import JARS, spark
from tests.engines.watch import watch_files

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not JARS.exists(), reason="needs Spark and Beam's job server: make test-spark"),
]


def run_on_spark(dump: Path, output: Path, *more: str) -> None:
    """Run the job in a cluster of its own, whose files lie beside the output."""
    port = free_port()
    with spark(output.parent / "spark") as jobs, worker_pool(output.parent / "pool", port):
        flags = engine_flags(jobs, f"localhost:{port}")
        done = newsbeam("run", str(dump), str(output), *flags, *PATIENT, *more, seconds=3600)
    assert done.returncode == 0, done.stderr


def test_tables_are_those_of_the_local_runner(dump: Path, local_tables: dict[str, list[str]], tmp_path: Path) -> None:
    run_on_spark(dump, tmp_path / "out")
    hold_to_tables(tmp_path / "out", str(dump), local_tables)


def test_stages_that_are_evaluated_several_times_make_no_difference(tmp_path: Path) -> None:
    # As where Spark has no memory for what it would keep (apache/beam issue 8558).
    dump = small_dump(tmp_path / "dump")
    done = newsbeam("run", str(dump), str(tmp_path / "local"), "--quiet", *PATIENT, seconds=900)
    assert done.returncode == 0, done.stderr
    with watch_files(tmp_path / "out") as files:
        run_on_spark(dump, tmp_path / "out", "--cache_disabled", "--quiet")
    # Evaluated once, the stage that reads writes two.
    assert sum("/checkpoints/" in path for path in files) > 4
    hold_to_tables(tmp_path / "out", str(dump), tables_of(tmp_path / "local", str(dump)))
