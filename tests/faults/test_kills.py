"""Runs that are killed, run out of disk and meet poison, and the tables in the end: those of an undisturbed run."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import ROOT
from tests.faults import poison_dump
from tests.faults.conftest import manifest, record, rows, story

pytestmark = pytest.mark.faults


def start(dump: Path, output: Path, *flags: str, planted: str = "", disk: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "run", "--input", str(dump), "--output", str(output), "--quiet"]
    path = {"PYTHONPATH": str(ROOT / "tests" / "faults" / planted)} if planted else {}
    environment = {**os.environ, **path, "TEST_DISK": disk}
    return subprocess.Popen([*command, *flags], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=3600)
    return process.returncode, errors


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dump")
    for name, first in (("a", 0), ("b", 200), ("c", 400)):
        lines = [record(number) for number in range(first, first + 150)]
        lines += [record(number + 1000, text=story(number, "And so on.")) for number in range(first, first + 20)]
        lines += ["{broken\n", record(first), '{"text": "short"}\n']
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """Its rows, and how long it took."""
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    begun = time.monotonic()
    assert finish(start(dump, output, "--workers", "2"))[0] == 0
    assert manifest(output)["ledger"]["copies"] == 60
    return rows(output), time.monotonic() - begun


def victims(process: subprocess.Popen[str], who: str) -> Sequence[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    marks = {"child": "transforms.runtime.child", "run": "pipeline.local.attempt"}
    return [child for child in children if marks[who] in child.cmdline()]


def test_killed_at_random_moments(
    dump: Path, undisturbed: tuple[dict[str, Any], float], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    expected, seconds = undisturbed
    seed = random.randrange(10**6)
    print("seed", seed)  # noqa: T201, to see what happened
    rng = random.Random(seed)
    killed = 0
    output = tmp_path / "out"
    rounds = 0
    while killed < pytestconfig.getoption("--kills"):
        rounds += 1
        output = tmp_path / f"out{rounds}"
        for last in (False, False, True):
            process = start(dump, output, "--workers", "2", "--resume")
            begun = time.monotonic()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3600 if last else rng.uniform(0.1, 0.9) * seconds)
            who = rng.choice(("child", "run", "main"))
            if process.poll() is None:
                with contextlib.suppress(psutil.Error, IndexError):
                    found = [psutil.Process(process.pid)] if who == "main" else victims(process, who)
                    rng.choice(found).send_signal(signal.SIGKILL)
                    killed += 1
                    print("killed", who)  # noqa: T201
            if process.poll() is None and not last and who == "main":
                process.wait()
            status, errors = finish(process)
            if status == 0:
                # The machine may be less busy than it was; a kill must come before the end.
                seconds = min(seconds, time.monotonic() - begun)
                break
            assert status == -signal.SIGKILL, errors
            assert not (output / "_run.json").exists()
            time.sleep(2)
        assert status == 0, errors
        assert rows(output) == expected
        assert not list(output.glob(".newsbeam-*"))


@pytest.mark.parametrize("planted", ["write:2", "write:4", "write:6", "write:9", "rename:_run.json"])
def test_storage_that_fails(
    dump: Path, undisturbed: tuple[dict[str, Any], float], tmp_path: Path, planted: str
) -> None:
    output = tmp_path / "out"
    status, errors = finish(start(dump, output, "--workers", "2", planted="disk", disk=planted))
    assert status == 1, "nothing went wrong"
    assert "(planted)" in errors
    assert errors.count("\n") == 1
    assert not (output / "_run.json").exists()
    assert finish(start(dump, output, "--workers", "2", "--resume")) == (0, "")
    assert rows(output) == undisturbed[0]
    assert not list(output.glob(".newsbeam-*"))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_poison_in_every_stage(tmp_path: Path, workers: str) -> None:
    dump, output = tmp_path / "dump", tmp_path / "out"
    planted = poison_dump.plant(dump)
    status, errors = finish(start(dump, output, "--workers", workers, *poison_dump.FLAGS, planted="poison"))
    assert (status, errors) == (0, "")
    poison_dump.hold(dump, output, planted)
    # In a world without poison, all of them are articles.
    again = [sys.executable, "-m", "pipeline", "retry", str(output), "--quiet"]
    assert subprocess.run(again, cwd=ROOT, check=False).returncode == 0
    assert rows(output)["rejects"] == []
    assert finish(start(dump, tmp_path / "clean", "--workers", "2"))[0] == 0
    assert rows(output) == rows(tmp_path / "clean")
