"""Servers of a cluster on this machine: Java's, and the pool that starts Python's workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cloud.conftest import free_port, wait_for
from tests.conftest import ROOT

ENGINES = ROOT / "build" / "engines"
# What the engines reach into, which Java 17 has closed.
OPENED = ("java.lang", "java.lang.invoke", "java.lang.reflect", "java.net", "java.io", "java.nio", "java.time")
OPENED += ("java.util", "java.util.concurrent", "java.util.concurrent.atomic", "sun.net.util", "sun.nio.ch")
OPENED += ("sun.nio.cs", "sun.security.action", "sun.util.calendar")
# A worker process that is kept between steps spares each of them its start.
KEEP_WORKERS = ("--environment_cache_millis", "60000")


@contextmanager
def server(command: Sequence[str | Path], folder: Path, name: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs in `folder` until the end of the block, with `more` in its environment.

    What it prints is in `folder/name.log`.
    """
    folder.mkdir(exist_ok=True, parents=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, **more})
        try:
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and end it if it doesn't."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        process.send_signal(request)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            continue
        return


def java(jars: str, main: str, *arguments: str, memory: str = "1g") -> list[str]:
    """The command of a Java program. `jars` is a class path, `memory` the most its heap may take."""
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
    talk = "-Dorg.apache.logging.log4j.level=INFO"
    return ["java", f"-Xmx{memory}", talk, *opened, "-cp", jars, main, *arguments]


@contextmanager
def worker_pool(
    folder: Path, port: int, host: str = "127.0.0.1", planted: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A pool that starts Python's workers. `planted` comes first on their path."""
    # The pool starts whatever `python` is first.
    more = {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    more["PYTHONPATH"] = os.pathsep.join(map(str, (planted, ROOT) if planted else (ROOT,)))
    with server([sys.executable, "-m", "tests.engines.pool", f"{host}:{port}"], folder, "pool", **more) as process:
        wait_for(port, host=host)
        yield process


@contextmanager
def job_server(jars: str, main: str, folder: Path, *arguments: str, **more: str) -> Iterator[str]:
    """Beam's job server in Java, and its address. `arguments` are the engine's own, `more` its environment."""
    port, artifacts = free_port(), free_port()
    ports = ("--job-port", str(port), "--artifact-port", str(artifacts), "--expansion-port", "-1")
    command = java(jars, main, *ports, "--artifacts-dir", str(folder / "artifacts"), *arguments)
    with server(command, folder, "job-server", **more):
        wait_for(port)
        yield f"localhost:{port}"


def engine_flags(jobs: str, pool: str) -> list[str]:
    """Flags of a run on a job server with workers of a pool, both by address."""
    where = ["--runner", "PortableRunner", "--job_endpoint", jobs, "--parallelism", "2"]
    return [*where, "--environment_type", "EXTERNAL", "--environment_config", pool, *KEEP_WORKERS]
