"""The job on Prism, Beam's portable local runner in Go (`make test-prism` installs it)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.conftest import free_port, wait_for
from tests.conftest import ROOT, newsbeam
from tests.engines.conftest import PATIENT, hold_to_tables

PRISM = ROOT / "build" / "engines" / "prism"


@pytest.fixture
def prism(tmp_path: Path) -> Iterator[str]:
    """The address of Prism's job server."""
    if not PRISM.exists():
        pytest.skip("needs Prism: make test-prism")
    port = free_port()
    with (tmp_path / "prism.log").open("wb") as log:
        server = subprocess.Popen([PRISM, f"--job_port={port}", "--serve_http=false"], stdout=log, stderr=log)
        try:
            wait_for(port)
            yield f"localhost:{port}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.mark.engines
def test_tables_are_those_of_the_local_runner(
    prism: str, dump: Path, local_tables: dict[str, list[str]], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    engine = ["--runner", "PortableRunner", "--job_endpoint", prism, "--environment_type", "LOOPBACK"]
    done = newsbeam("run", str(dump), str(output), *engine, *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    hold_to_tables(output, str(dump), local_tables)
