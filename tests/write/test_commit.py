"""Publishing: what readers see meanwhile, what a power cut leaves, and plans that come from somebody else."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.tables.runs import open_runs
from schemas.files import Part
from schemas.tables import TABLES
from transforms.resume.lock import acquire, release
from transforms.runtime.errors import StorageError
from transforms.runtime.files import sync
from transforms.runtime.parquet import write_file
from transforms.runtime.run_files import published_parts, read_manifest
from transforms.write import commit
from transforms.write.commit import PLAN, Commit, LostError, PlanError, resume_commit
from transforms.write.finish import finish_run
from transforms.write.ledger import Ledger

BALANCED = Ledger()


def work_of(output: Path, run_id: str) -> Path:
    return output / f".newsbeam-{run_id}"


def publish(output: Path, run_id: str, *rows: int, lock: str = "") -> None:
    """A run whose `rejects` lie in files of so many rows, each of which says how many they are in all."""
    work = work_of(output, run_id)
    parts = [a_part(work / f"{number}.parquet", run_id, count, sum(rows)) for number, count in enumerate(rows)]
    run = {"run_id": run_id, "models": {}, "started_at": "", "options": {}}
    finish_run(parts, BALANCED, run=run, output=str(output), folder=str(work), lock=lock)


def a_part(path: Path, run_id: str, rows: int, total: int) -> Part:
    row = {"source_file": run_id, "source_offset": total, "retryable": False, "payload_size": 0, "payload": b""}
    full = {name: row.get(name, "") for name in TABLES["rejects"].schema.names}
    batch = pa.RecordBatch.from_pylist([full] * rows, TABLES["rejects"].schema)
    return Part("rejects", "", str(path), rows, write_file(str(path), TABLES["rejects"].schema, [batch]))


def seen(output: Path) -> list[tuple[str, int, int]]:
    """What a reader by `_run.json` finds: each run with its rows, and how many there should be."""
    with open_runs([str(output)]) as (connection, _):
        found = "SELECT source_file, max(source_offset), count(*) FROM rejects GROUP BY ALL"
        return connection.execute(found).fetchall()


@pytest.mark.parametrize("moves", range(10))
def test_a_run_that_dies_while_it_publishes_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    output = tmp_path / "out"
    publish(output, "first", 3)
    done = []

    def fail(source: str, target: str) -> None:
        if len(done) == moves:
            raise OSError(28, "No space left on device")
        done.append(target)
        Path(source).rename(target)

    with monkeypatch.context() as patch:
        # The plan itself is the first that is moved, `_run.json` the last: two files and five empty ones lie between.
        patch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="No space") if moves < 9 else contextlib.nullcontext():
            publish(output, "second", 2, 5)
    # Meanwhile the first is there, and whole.
    assert seen(output) == ([("first", 3, 3)] if moves < 9 else [("second", 7, 7)])
    if not moves:
        assert not resume_commit(output=str(output), folder=str(work_of(output, "second")))
        return
    for _ in range(2):
        assert resume_commit(output=str(output), folder=str(work_of(output, "second")))
        assert seen(output) == [("second", 7, 7)]
        assert {path.stem.rpartition("-")[2] for path in output.rglob("part-*.parquet")} == {"second"}


# Reads that must have happened, however slow the machine, while runs were published.
READS = 10


def test_readers_see_one_run_or_the_other(tmp_path: Path) -> None:
    output = tmp_path / "out"
    publish(output, "0", 1, 1)
    found: list[Any] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                found.append(seen(output))
            except Exception as error:
                found.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    number = 0
    while number < 39 or (len(found) <= READS and number < 1000):
        number += 1
        publish(output, str(number), *[number] * (2 + number % 5))
    done.set()
    for reader in readers:
        reader.join()
    wrong = [one for one in found if isinstance(one, Exception) or len(one) != 1 or one[0][1] != one[0][2]]
    assert len(found) > READS
    assert wrong == []


def test_a_power_cut_leaves_nothing_that_is_told_of_but_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is with the disk before what tells of it: files, then their folders; `_run.json`, then its folder."""
    output = tmp_path / "out"
    publish(output, "first", 3)
    calls: list[tuple[str, str]] = []

    def synced(path: str) -> None:
        calls.append(("sync", str(Path(path).relative_to(output))))
        sync(path)

    rename = os.replace

    def renamed(source: str, target: str) -> None:
        calls.append(("rename", f"{Path(source).relative_to(output)} {Path(target).relative_to(output)}"))
        rename(source, target)

    monkeypatch.setattr("transforms.runtime.files.sync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    removed: list[str] = []
    monkeypatch.setattr(commit, "remove_files", lambda paths: removed.extend([*paths, str(len(calls))]))
    publish(output, "second", 2)
    work = ".newsbeam-second"
    move = calls.index(("rename", f"{work}/0.parquet rejects/part-00000-second.parquet"))
    switch = calls.index(("rename", f"{work}/_run.json.new _run.json"))
    assert calls.index(("rename", f"{work}/{PLAN}.new {work}/{PLAN}")) < calls.index(("sync", work)) < move
    assert calls.index(("sync", f"{work}/0.parquet")) < move < calls.index(("sync", "rejects")) < switch
    assert calls[switch - 1] == ("sync", f"{work}/_run.json.new")
    assert calls[switch + 1] == ("sync", ".")
    # What was there before goes only now.
    assert removed[-1] == str(len(calls))
    for name in TABLES:
        assert ("sync", name) in calls[:switch], name


def test_a_new_folder_is_told_of_before_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("transforms.runtime.files.sync", lambda path: calls.append(str(Path(path).name)))
    publish(tmp_path / "new" / "out", "first", 1)
    table = calls.index("out", calls.index("out") + 1)
    assert table < calls.index("rejects")


PLANTED = {
    "absolute": ([["/etc/hostname", "rejects/part-00000-x.parquet"]], {}),
    "above": ([["../secret", "rejects/part-00000-x.parquet"]], {}),
    "hidden above": ([["a/../../secret", "rejects/part-00000-x.parquet"]], {}),
    "elsewhere": ([["a", "../victim"]], {}),
    "absolute target": ([["a", "/tmp/victim"]], {}),
    "no table": ([["a", "report.html"]], {}),
    "no part": ([["a", "rejects/victim"]], {}),
    "glob": ([["a", "rejects/part-*.parquet"]], {}),
    "over the finished run": ([["a", "rejects/part-00000-first.parquet"]], {}),
    "by a link": ([["link/secret", "rejects/part-00000-x.parquet"]], {}),
    "a link itself": ([["direct", "rejects/part-00000-x.parquet"]], {}),
    "former": ({"/etc/hostname": "/tmp/victim"}, {}),
    "manifest": ([], {"files": {"rejects": [["../victim", 1, 1]]}}),
    "no manifest": ([], None),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_plan_from_somebody_else_moves_nothing(tmp_path: Path, name: str) -> None:
    moves, more = PLANTED[name]
    output, secret = tmp_path / "out", tmp_path / "secret"
    publish(output, "first", 3)
    work = work_of(output, "x")
    work.mkdir()
    (work / "a").write_text("planted")
    secret.write_text("secret")
    (tmp_path / "victim").write_text("victim")
    (work / "link").symlink_to(tmp_path)
    (work / "direct").symlink_to(secret)
    (output / "secret").write_text("secret")
    content = {"moves": moves, "manifest": None if more is None else {"run_id": "x", "files": {}, **more}}
    (work / PLAN).write_text(json.dumps(content))
    before = snapshot(tmp_path)
    with pytest.raises(PlanError, match="is no plan of a run's"):
        resume_commit(output=str(output), folder=str(work))
    assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_plan_that_was_cut_off_is_none(tmp_path: Path) -> None:
    (tmp_path / PLAN).write_text('{"moves": {', encoding="utf-8")
    assert not resume_commit(output=str(tmp_path / "out"), folder=str(tmp_path))
    assert not (tmp_path / "out").exists()


def test_a_run_that_lost_its_lock_does_not_publish(tmp_path: Path) -> None:
    output = tmp_path / "out"
    publish(output, "first", 3)
    lock = acquire(str(output), "second")
    publish(output, "second", 2, lock=lock)
    assert seen(output) == [("second", 2, 2)]
    release(lock)
    with pytest.raises(LostError, match="another run has taken --output over"):
        publish(output, "third", 1, lock=lock)
    # A job that goes on after its command has ended meets the lock of the next one, which has the same name.
    assert acquire(str(output), "fourth") == lock
    with pytest.raises(LostError, match="another run has taken --output over"):
        publish(output, "third", 1, lock=lock)
    assert seen(output) == [("second", 2, 2)]
    Path(lock).write_bytes(b"")
    with pytest.raises(StorageError, match="can't be read"):
        publish(output, "fourth", 1, lock=lock)


def test_what_others_keep_in_the_tables_folders_stays(tmp_path: Path) -> None:
    output = tmp_path / "out"
    publish(output, "first", 3)
    (output / "rejects" / "notes.txt").write_text("mine")
    publish(output, "second", 2)
    assert {path.name for path in (output / "rejects").iterdir()} == {"notes.txt", "part-00000-second.parquet"}


@pytest.mark.parametrize("name", ["r[1]", "r*", "r?", "r[!x]", "{r1}", "r1 "])
def test_neighbours_are_untouched_whatever_the_names(tmp_path: Path, name: str) -> None:
    for neighbour in ("r1", "r2", "rx", "r"):
        publish(tmp_path / neighbour, neighbour, 3)
    before = snapshot(tmp_path)
    for run_id in ("first", "second"):
        publish(tmp_path / name, run_id, 1, 2)
    mine = str(tmp_path / name)
    assert {path: content for path, content in snapshot(tmp_path).items() if not path.startswith(mine + "/")} == before
    manifest = read_manifest(mine)
    assert manifest
    assert all(pq.read_metadata(part.path).num_rows == part.rows for part in published_parts(mine, manifest))
    assert isinstance(Commit([], manifest), tuple)
