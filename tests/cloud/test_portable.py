"""The job on a portable runner, with workers of a pool, as a cluster would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cloud.conftest import free_port, tables_of, wait_for
from tests.conftest import ROOT
from tests.faults import poison_dump


@contextmanager
def server(folder: Path, *command: str, port: int, planted: Path | None = None) -> Iterator[None]:
    """A process that serves on a port, away from the sources; `planted` comes first on its path."""
    folder.mkdir(exist_ok=True)
    # The pool starts whatever `python` is first.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, **({"PYTHONPATH": str(planted)} if planted else {})}
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, stdout=log, stderr=log, env=environment
        )
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()
            process.wait(20)


def run_on_a_job_server(folder: Path, dump: Path, *more: str, planted: Path | None = None) -> tuple[Path, str]:
    """Run the job there, with workers of a pool. The output directory, and what the command showed."""
    jobs, pool = free_port(), free_port()
    beam = "apache_beam.runners"
    job_server = (f"{beam}.portability.local_job_service_main", "--port", str(jobs))
    worker_pool = (f"{beam}.worker.worker_pool_main", "--service_port", str(pool))
    flags = ["--runner", "PortableRunner", "--job_endpoint", f"localhost:{jobs}"]
    flags += ["--environment_type", "EXTERNAL", "--environment_config", f"localhost:{pool}"]
    output = folder / "out"
    with (
        server(folder / "pool", *worker_pool, port=pool, planted=planted),
        server(folder / "jobs", *job_server, port=jobs),
    ):
        command = [sys.executable, "-m", "pipeline", "run", "--input", str(dump), "--output", str(output), *flags]
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == 0, done.stderr
    return output, done.stdout


@pytest.mark.cloud
def test_a_job_server_and_a_pool_of_workers(dump: Path, local_tables: dict[str, list[str]], tmp_path: Path) -> None:
    output, shown = run_on_a_job_server(tmp_path, dump)
    assert "Tables:" in shown
    assert tables_of(output, str(dump)) == local_tables


@pytest.mark.cloud
def test_poison_on_a_job_server(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    planted = poison_dump.plant(dump)
    output, _ = run_on_a_job_server(tmp_path, dump, *poison_dump.FLAGS, planted=poison_dump.PLANTED)
    poison_dump.hold(dump, output, planted)
