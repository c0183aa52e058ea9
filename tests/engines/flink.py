"""A Flink cluster on this machine: one JobManager, two TaskManagers of one slot each, and Beam's job server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cloud.conftest import free_port, wait_for
from tests.engines.servers import ENGINES, java, job_server, server

JARS = ENGINES / "flink"
LIB = JARS / "home" / "lib"
CLASSES = f"{JARS}/beam/*:{LIB}/*"
ENTRY = "org.apache.flink.runtime"
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
# A lost TaskManager is noticed in seconds, and its work done again, up to ten times.
SETTINGS = """\
jobmanager.rpc.address: localhost
jobmanager.rpc.port: {rpc}
rest.address: localhost
rest.port: {rest}
blob.server.port: {blob}
taskmanager.numberOfTaskSlots: 1
parallelism.default: 2
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 10
restart-strategy.fixed-delay.delay: 5 s
heartbeat.interval: 2000
heartbeat.timeout: 10000
io.tmp.dirs: {folder}
"""


@dataclass
class Cluster:
    """A cluster that runs. `jobs` is the address of Beam's job server."""

    folder: Path
    stack: ExitStack
    jobs: str = ""
    task_managers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_task_manager(self) -> None:
        """Start one more."""
        name = f"task-manager-{len(self.task_managers)}"
        arguments = ("--configDir", str(self.folder), *TASK_MANAGER)
        command = java(f"{LIB}/*", f"{ENTRY}.taskexecutor.TaskManagerRunner", *arguments, memory="700m")
        command.insert(1, "-XX:MaxDirectMemorySize=600m")
        self.task_managers.append(self.stack.enter_context(server(command, self.folder, name)))


@contextmanager
def flink(folder: Path) -> Iterator[Cluster]:
    """Start the cluster; `folder` is for its settings, logs and files."""
    folder.mkdir(parents=True, exist_ok=True)
    rest = free_port()
    settings = SETTINGS.format(rpc=free_port(), rest=rest, blob=free_port(), folder=folder)
    (folder / "flink-conf.yaml").write_text(settings, encoding="utf-8")
    with ExitStack() as stack:
        entry = f"{ENTRY}.entrypoint.StandaloneSessionClusterEntrypoint"
        command = java(f"{LIB}/*", entry, "--configDir", str(folder))
        stack.enter_context(server(command, folder, "job-manager"))
        wait_for(rest)
        cluster = Cluster(folder, stack)
        cluster.add_task_manager()
        cluster.add_task_manager()
        master = f"--flink-master=localhost:{rest}"
        driver = "org.apache.beam.runners.flink.FlinkJobServerDriver"
        cluster.jobs = stack.enter_context(job_server(CLASSES, driver, folder, master))
        yield cluster
