"""The job on a portable runner, with workers of a pool, as a cluster would run it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cloud.conftest import free_port, tables_of
from tests.conftest import ROOT


@contextmanager
def server(folder: Path, *command: str, port: int) -> Iterator[None]:
    """A process that serves on a port, away from the sources."""
    folder.mkdir(exist_ok=True)
    # The pool starts whatever `python` is first.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, stdout=log, stderr=log, env={**os.environ, "PATH": path}
        )
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("localhost", port)) == 0:
                        break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.mark.cloud
def test_a_job_server_and_a_pool_of_workers(dump: Path, local_tables: dict[str, list[str]], tmp_path: Path) -> None:
    jobs, pool = free_port(), free_port()
    beam = "apache_beam.runners"
    job_server = (f"{beam}.portability.local_job_service_main", "--port", str(jobs))
    worker_pool = (f"{beam}.worker.worker_pool_main", "--service_port", str(pool))
    flags = ["--runner", "PortableRunner", "--job_endpoint", f"localhost:{jobs}"]
    flags += ["--environment_type", "EXTERNAL", "--environment_config", f"localhost:{pool}"]
    output = tmp_path / "out"
    with server(tmp_path / "pool", *worker_pool, port=pool), server(tmp_path / "jobs", *job_server, port=jobs):
        command = [sys.executable, "-m", "pipeline", "run", "--input", str(dump), "--output", str(output), *flags]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
    assert "Tables:" in done.stdout
    assert tables_of(output, str(dump)) == local_tables
