"""A run on a Flink cluster whose parts are killed: the tables are those of an undisturbed run, here or by --resume."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import psutil
import pytest

from tests.cloud.conftest import tables_of
from tests.conftest import ROOT, SHARED, newsbeam
from tests.engines.conftest import PATIENT, hold_to_tables
from tests.engines.flink import JARS, Cluster, Node, flink
from tests.faults import poison_dump
from tests.faults.conftest import record

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(not JARS.exists(), reason="needs Flink and Beam's job server: make test-flink"),
]
ARTICLES = 300


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with flink(tmp_path_factory.mktemp("flink"), poison_dump.PLANTED) as running:
        yield running


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 articles, real ones where the shared data lies, and broken lines, in three files."""
    folder = tmp_path_factory.mktemp("few") / "dump"
    folder.mkdir()
    lines = [record(number) for number in range(ARTICLES)]
    if SHARED.is_dir():
        with gzip.open(SHARED / "articles" / "allsides-9k.jsonl.gz", "rt", encoding="utf-8") as real:
            lines = list(islice(real, ARTICLES))
    for name in range(3):
        content = "".join([*lines[name::3], "{broken\n", lines[0]])
        (folder / f"{name}.jsonl").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(few: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    done = newsbeam("run", str(few), str(output), "--quiet", *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    return tables_of(output, str(few))


@pytest.fixture
def job(few: Path, cluster: Cluster, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has read its articles and has begun to look for names in them."""
    flags = (*cluster.flags(), *PATIENT, "--quiet")
    command = [sys.executable, "-m", "pipeline", "run", str(few), str(tmp_path / "out"), *flags]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 900
    while not list((tmp_path / "out").glob(".newsbeam-*/checkpoints/*.parquet")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(8)
    assert process.poll() is None
    yield process
    process.kill()


def workers(node: Node) -> list[psutil.Process]:
    """The processes that a node's pool has started and that have begun to work on articles.

    One that ends before it has spoken to its TaskManager is waited for without an end: Beam's own fault, as of 2.70.
    """
    return [worker for worker in psutil.Process(node.pool.pid).children() if worker.children()]


def kill_task_manager(cluster: Cluster) -> None:
    cluster.nodes[-1].task_manager.kill()
    cluster.add_node()


def kill_worker(cluster: Cluster) -> None:
    deadline = time.monotonic() + 300
    while not (found := workers(cluster.nodes[-1])):
        assert time.monotonic() < deadline, "no worker is at work"
    found[0].kill()


def kill_pool(cluster: Cluster) -> None:
    node = cluster.nodes[-1]
    at_work = workers(node)
    node.pool.kill()
    for worker in at_work:
        worker.kill()
    node.pool.wait()
    time.sleep(10)
    node.pool = cluster.start_pool(node.number)


@pytest.mark.parametrize("kill", [kill_task_manager, kill_worker, kill_pool])
def test_what_is_lost_is_done_again(
    job: subprocess.Popen[str],
    kill: Callable[[Cluster], None],
    cluster: Cluster,
    few: Path,
    undisturbed: dict[str, list[str]],
    tmp_path: Path,
) -> None:
    kill(cluster)
    _, errors = job.communicate(timeout=3000)
    assert job.returncode == 0, errors
    hold_to_tables(tmp_path / "out", str(few), undisturbed)


def test_what_is_interrupted_is_resumed_on_another_engine(
    job: subprocess.Popen[str], cluster: Cluster, few: Path, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    job.terminate()
    _, errors = job.communicate(timeout=300)
    assert job.returncode == 130, errors
    assert "--resume" in errors
    assert "see that its job on the cluster has ended, too: newsbeam-" in errors
    assert not (output / "_run.json").exists()
    done = newsbeam("run", str(few), str(output), "--quiet", "--resume", *PATIENT, seconds=3600)
    assert done.returncode == 0, done.stderr
    hold_to_tables(output, str(few), undisturbed)
    # The job on Flink went on, to no effect.
    cluster.cancel_jobs()


def test_poison(cluster: Cluster, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    planted = poison_dump.plant(dump)
    flags = (*cluster.flags(), *poison_dump.FLAGS, "--quiet")
    done = newsbeam("run", str(dump), str(tmp_path / "out"), *flags, seconds=3600)
    assert done.returncode == 0, done.stderr
    poison_dump.hold(dump, tmp_path / "out", planted)
