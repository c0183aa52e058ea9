"""The lock on an output directory: one run at a time, whatever became of the last."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from transforms.resume.lock import LockedError, acquire, release
from transforms.resume.working_directory import begin_work, end_work, work_of

HERE = {"born": psutil.Process().create_time() - 99}
THERE = {"host": "another", "pid": 1}
OLD = {"time": time.time() - 86400}
JOB = {"job": {"name": "news", "project": "p", "region": "r"}}


def locks(output: Path) -> list[str]:
    return sorted(path.name for path in output.iterdir() if "lock" in path.name)


def test_one_process_has_it_until_it_lets_go(tmp_path: Path) -> None:
    output = tmp_path / "new" / "out"
    lock = acquire(str(output), "a")
    with pytest.raises(LockedError, match=f"process .* on {HOST}"):
        acquire(str(output), "b")
    release(lock)
    assert not output.exists()
    release(acquire(str(output), "b"))


HOST = ".*"


@pytest.mark.parametrize(
    ("owner", "beat", "living"),
    [
        ({}, None, True),
        (HERE, None, False),
        (THERE, None, True),
        ({**THERE, **OLD}, None, False),
        ({**THERE, **OLD}, time.time(), True),
        ({**THERE, **OLD}, 1.0, False),
        ({}, 0, False),
        ({**JOB, **OLD}, None, True),
        # A job elsewhere: nobody here can tell, but for the service.
        ({**JOB, **HERE, **OLD}, 1.0, None),
        ({**JOB, **THERE, **OLD}, None, None),
    ],
    ids=["here", "gone", "elsewhere", "silent", "beating", "silent for long", "ended", "sending", "sent", "sent there"],
)
def test_the_dead_are_told_from_the_living(tmp_path: Path, owner: Any, beat: float | None, living: bool | None) -> None:
    output = str(tmp_path)
    lock = Path(acquire(output, "a"))
    lock.write_text(json.dumps({**json.loads(lock.read_text()), **owner}))
    work = work_of(output, "a")
    if beat is not None:
        begin_work(work, {})
        (Path(work) / "heartbeat.json").write_text(json.dumps({"time": beat}))
    for answer in (True, False) if living is None else (not living,):
        expected = answer if living is None else living
        if expected:
            with pytest.raises(LockedError):
                acquire(output, "b", ask=lambda job, said=answer: said and job["name"] == "news")
            assert locks(tmp_path) == [".newsbeam.lock-1"]
    if not living:
        acquire(output, "b", ask=lambda _: False)
        assert locks(tmp_path) == [".newsbeam.lock-2"]


def test_nobody_to_ask_means_that_a_job_may_be_at_work(tmp_path: Path) -> None:
    lock = Path(acquire(str(tmp_path), "a", job={"name": "news"}))
    lock.write_text(json.dumps({**json.loads(lock.read_text()), **THERE, **OLD}))
    with pytest.raises(LockedError, match="job news on Dataflow"):
        acquire(str(tmp_path), "b")
    assert acquire(str(tmp_path), "b", force=True).endswith("-2")


def test_a_run_that_said_that_it_is_over_is(tmp_path: Path) -> None:
    acquire(str(tmp_path), "a")
    begin_work(work_of(str(tmp_path), "a"), {})
    end_work(work_of(str(tmp_path), "a"))
    assert acquire(str(tmp_path), "b").endswith("-2")


def test_a_lock_that_is_being_written_is_one(tmp_path: Path) -> None:
    (tmp_path / ".newsbeam.lock-7").touch()
    with pytest.raises(LockedError, match="begins just now"):
        acquire(str(tmp_path), "a")


@pytest.mark.parametrize("dead", [False, True])
def test_of_many_that_want_it_at_once_one_gets_it(tmp_path: Path, dead: bool) -> None:
    for number in range(20):
        output = tmp_path / str(number)
        if dead:
            lock = Path(acquire(str(output), "dead"))
            lock.write_text(json.dumps({**json.loads(lock.read_text()), **HERE}))

        def take(name: str, output: Path = output) -> str:
            try:
                return acquire(str(output), name)
            except LockedError:
                return ""

        with ThreadPoolExecutor(8) as pool:
            got = [lock for lock in pool.map(take, "abcdefgh") if lock]
        assert len(got) == 1
        assert locks(output) == [Path(got[0]).name]
