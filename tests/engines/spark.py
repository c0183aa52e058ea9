"""A Spark cluster on this machine: two executors of one core in processes of their own, and Beam's job server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.servers import ENGINES, job_server

JARS = ENGINES / "spark"
HOME = JARS / "home"
# Two executors, each of one core and 1.5 GB.
MASTER = "local-cluster[2,1,1536]"


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """Start the cluster; the address of its job server. `folder` is for its logs and files."""
    folder.mkdir(parents=True, exist_ok=True)
    driver = "org.apache.beam.runners.spark.SparkJobServerDriver"
    classes = f"{JARS}/beam/*:{HOME}/jars/*"
    more = {"SPARK_HOME": str(HOME), "SPARK_LOCAL_DIRS": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    with job_server(classes, driver, folder, "--spark-master-url", MASTER, **more) as jobs:
        yield jobs
