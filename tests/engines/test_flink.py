"""The job on a Flink cluster (`make test-flink` installs it): the local runner's tables, also where parts of it die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import newsbeam
from tests.engines.conftest import PATIENT, hold_to_tables
from tests.engines.flink import JARS, Cluster, flink

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not JARS.exists(), reason="needs Flink and Beam's job server: make test-flink"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with flink(tmp_path_factory.mktemp("flink")) as running:
        yield running


def test_tables_are_those_of_the_local_runner(
    cluster: Cluster, dump: Path, local_tables: dict[str, list[str]], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    done = newsbeam("run", str(dump), str(output), *cluster.flags(), *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    hold_to_tables(output, str(dump), local_tables)
