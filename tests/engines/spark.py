"""A Spark cluster on this machine: an executor of two cores in a process of its own, and Beam's job server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.servers import ENGINES, job_server

JARS = ENGINES / "spark"
HOME = JARS / "home"
# One executor of two cores and 1.5 GB: two of them can't share a pool of workers; see `pool`.
MASTER = "local-cluster[1,2,1536]"


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """Start the cluster; the address of its job server. `folder` is for its logs and files."""
    folder.mkdir(parents=True, exist_ok=True)
    driver = "org.apache.beam.runners.spark.SparkJobServerDriver"
    classes = f"{JARS}/beam/*:{HOME}/jars/*"
    more = {"SPARK_HOME": str(HOME), "SPARK_SCALA_VERSION": "2.12", "SPARK_LOCAL_IP": "127.0.0.1"}
    more |= dict.fromkeys(("SPARK_LOCAL_DIRS", "SPARK_WORKER_DIR"), str(folder))
    with job_server(classes, driver, folder, "--spark-master-url", MASTER, **more) as jobs:
        yield jobs
