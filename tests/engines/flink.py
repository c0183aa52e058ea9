"""A Flink cluster on this machine: one JobManager, two TaskManagers of one slot and their pools, Beam's job server."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

from tests.cloud.conftest import free_port, wait_for
from tests.engines.servers import ENGINES, engine_flags, java, job_server, server, worker_pool

JARS = ENGINES / "flink"
LIB = JARS / "home" / "lib"
CLASSES = f"{JARS}/beam/*:{LIB}/*"
ENTRY = "org.apache.flink.runtime"
# Without it a lost TaskManager has the whole graph run again, and not only what was lost.
STEP_BY_STEP = ("--execution_mode_for_batch", "BATCH_FORCED")
# Flink's scripts work these out; without them each has to be given.
TASK_MEMORY = {
    "taskmanager.cpu.cores": "1.0",
    "taskmanager.memory.task.heap.size": "512mb",
    "taskmanager.memory.task.off-heap.size": "0b",
    "taskmanager.memory.framework.heap.size": "128mb",
    "taskmanager.memory.framework.off-heap.size": "128mb",
    "taskmanager.memory.network.min": "256mb",
    "taskmanager.memory.network.max": "256mb",
    "taskmanager.memory.managed.size": "1gb",
    "taskmanager.memory.jvm-metaspace.size": "256mb",
    "taskmanager.memory.jvm-overhead.min": "192mb",
    "taskmanager.memory.jvm-overhead.max": "192mb",
}
TASK_MANAGER = [part for name, value in TASK_MEMORY.items() for part in ("-D", f"{name}={value}")]
# A lost TaskManager is noticed in seconds, and its work done again. Each task that it takes down counts as an attempt.
SETTINGS = """\
jobmanager.rpc.address: localhost
jobmanager.rpc.port: {rpc}
rest.address: localhost
rest.port: {rest}
blob.server.port: {blob}
taskmanager.numberOfTaskSlots: 1
parallelism.default: 2
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 100
restart-strategy.fixed-delay.delay: 5 s
heartbeat.interval: 2000
heartbeat.timeout: 10000
io.tmp.dirs: {folder}
"""


# What TaskManagers call the pool of their own machine.
POOL = "workers"


@dataclass
class Node:
    """What is one machine of a real cluster: a TaskManager, and a pool that starts its workers."""

    number: int
    task_manager: subprocess.Popen[bytes]
    pool: subprocess.Popen[bytes]


@dataclass
class Cluster:
    """A cluster that runs.

    Args:
        folder: for its settings, logs and files.
        stack: ends its processes.
        planted: comes first on the path of its workers.
        port: of each node's pool.
        rest: the port of Flink's REST interface.
        jobs: the address of Beam's job server.
        nodes: those that were started.
    """

    folder: Path
    stack: ExitStack
    planted: Path | None = None
    port: int = field(default_factory=free_port)
    rest: int = 0
    jobs: str = ""
    nodes: list[Node] = field(default_factory=list)

    def add_node(self) -> Node:
        """Start one more."""
        number = len(self.nodes)
        # Every address of 127.0.0.0/8 is this machine; each node takes another one for its pool.
        pool = self.start_pool(number)
        hosts = self.folder / f"hosts-{number}"
        names = f"127.0.0.1 localhost\n127.0.0.1 {socket.gethostname()}\n{_address(number)} {POOL}\n"
        hosts.write_text(names, encoding="utf-8")
        arguments = ("--configDir", str(self.folder), *TASK_MANAGER)
        command = java(f"{LIB}/*", f"{ENTRY}.taskexecutor.TaskManagerRunner", *arguments, memory="700m")
        command[1:1] = ["-XX:MaxDirectMemorySize=600m", f"-Djdk.net.hosts.file={hosts}"]
        process = self.stack.enter_context(server(command, self.folder, f"task-manager-{number}"))
        self.nodes.append(Node(number, process, pool))
        return self.nodes[-1]

    def start_pool(self, number: int) -> subprocess.Popen[bytes]:
        """Start the pool of a node."""
        pool = worker_pool(self.folder / f"pool-{number}", self.port, _address(number), self.planted)
        return self.stack.enter_context(pool)

    def cancel_jobs(self) -> None:
        """End all jobs, as `flink cancel` does."""
        address = f"http://localhost:{self.rest}/jobs"
        with urlopen(f"{address}/overview", timeout=60) as answer:
            jobs = json.load(answer)["jobs"]
        for job in jobs:
            if job["end-time"] < 0:
                urlopen(Request(f"{address}/{job['jid']}?mode=cancel", method="PATCH"), timeout=60).close()

    def flags(self) -> list[str]:
        """Flags of a run on this cluster."""
        return [*engine_flags(self.jobs, f"{POOL}:{self.port}"), *STEP_BY_STEP]


def _address(number: int) -> str:
    return f"127.0.0.{2 + number}"


@contextmanager
def flink(folder: Path, planted: Path | None = None) -> Iterator[Cluster]:
    """Start a cluster of two nodes. `folder` and `planted`: as of a `Cluster`."""
    folder.mkdir(parents=True, exist_ok=True)
    rest = free_port()
    settings = SETTINGS.format(rpc=free_port(), rest=rest, blob=free_port(), folder=folder)
    (folder / "flink-conf.yaml").write_text(settings, encoding="utf-8")
    with ExitStack() as stack:
        entry = f"{ENTRY}.entrypoint.StandaloneSessionClusterEntrypoint"
        stack.enter_context(server(java(f"{LIB}/*", entry, "--configDir", str(folder)), folder, "job-manager"))
        wait_for(rest)
        cluster = Cluster(folder, stack, planted, rest=rest)
        cluster.add_node()
        cluster.add_node()
        driver = "org.apache.beam.runners.flink.FlinkJobServerDriver"
        cluster.jobs = stack.enter_context(job_server(CLASSES, driver, folder, f"--flink-master=localhost:{rest}"))
        yield cluster
