"""A run that is stopped: quickly, and nothing is left that looks finished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.conftest import DUMP, ROOT


@pytest.mark.parametrize(("sent", "workers"), [(signal.SIGINT, "2"), (signal.SIGTERM, "1")])
def test_a_signal_stops_within_seconds_and_leaves_nothing_for_readers(
    tmp_path: Path, sent: signal.Signals, workers: str
) -> None:
    output = tmp_path / "out"
    command = [sys.executable, "-m", "pipeline", "run", "--input", str(DUMP), "--output", str(output)]
    process = subprocess.Popen([*command, "--workers", workers], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(output.glob(".newsbeam-*/*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, sent)
    start = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert process.returncode == 130
    assert errors.splitlines()[-1].startswith("newsbeam: interrupted")
    # What it has done so far is kept for --resume, where no reader looks.
    assert {path.name.split("-")[0] for path in output.iterdir()} == {".newsbeam"}
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_very_beginning_ends_it_too(tmp_path: Path, sent: signal.Signals) -> None:
    command = [sys.executable, "-m", "pipeline", "run", "--input", str(DUMP), "--output", str(tmp_path / "out")]
    # These tests may have been started by `nohup`, and what ignores SIGHUP passes that on.
    obey = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=obey)  # noqa: PLW1509, one thread
    deadline = time.monotonic() + 60
    while not psutil.Process(process.pid).children() and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(0.1)
    os.kill(process.pid, sent)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.splitlines()[-1].split(";")[0]) == (130, "newsbeam: interrupted")
    assert not (tmp_path / "out" / "_run.json").exists()
