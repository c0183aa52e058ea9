"""Runs that end early, and what the next one makes of what they left: the tables of a run that was never disturbed."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import run_command
from pipeline.run import run
from schemas.files import FileRange, InputFile, Part
from schemas.rows import ReadRow
from schemas.tables import KEPT, TABLES
from tests.conftest import ROOT
from tests.faults.conftest import manifest, record, rows, story
from transforms.resume.lock import acquire
from transforms.resume.scan import Leftovers, complete_attempts, match_input, pair
from transforms.resume.working_directory import begin_work
from transforms.runtime.guard import Caller
from transforms.runtime.part_manifest import PartManifest
from transforms.write import commit, finish


def write_dump(folder: Path) -> None:
    """Two files: copies, exact and near, a repeated record, broken ones."""
    folder.mkdir(parents=True)
    lines = [record(number) for number in range(8)]
    (folder / "a.jsonl").write_text("".join([*lines, "{broken\n", lines[3]]), encoding="utf-8")
    near = record(20, text=story(5, "Nobody else was."), date="2024-02-02")
    other = [record(number) for number in range(10, 14)]
    (folder / "b.jsonl").write_text("".join([*other, near, '{"text": "short"}\n']), encoding="utf-8")


def write_more(folder: Path) -> None:
    """A third file, whose articles are older than those that they are copies of."""
    older = [record(30, text=story(5), date="2023-12-31"), record(31, text=story(6, "Not so."), date="2023-12-30")]
    again = record(7, date="2023-12-01")
    (folder / "c.jsonl").write_text("".join([*older, again, record(32), "[1]\n"]), encoding="utf-8")


def fail(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def never(*_: object, **__: object) -> Any:
    raise AssertionError("this has been done before")


def command(dump: Path, output: Path, *flags: str) -> list[str]:
    return ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet", *flags]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """The rows of a run over all three files at once, as if they lay in the folder that is asked about."""
    folder = tmp_path_factory.mktemp("undisturbed") / "dump"
    write_dump(folder)
    write_more(folder)
    assert run(command(folder, folder.parent / "out")) == 0
    found = rows(folder.parent / "out")

    def moved(value: Any, dump: Path) -> Any:
        return value.replace(str(folder), str(dump)) if isinstance(value, str) else value

    def rows_of(dump: Path) -> dict[str, Any]:
        moves = {table: [tuple(moved(value, dump) for value in row) for row in some] for table, some in found.items()}
        return {table: sorted(some, key=repr) for table, some in moves.items()}

    return rows_of


def same(output: Path) -> dict[str, Any]:
    return {table: sorted(found, key=repr) for table, found in rows(output).items()}


def times(output: Path) -> dict[Path, int]:
    """When each file was written, but those of what is decided anew with every run."""
    return {path: path.stat().st_mtime_ns for path in output.rglob("*.parquet") if path.parent.name != "identities"}


def test_a_run_that_fails_is_finished_and_then_added_to(
    tmp_path: Path, undisturbed: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dump, output = tmp_path / "dump", tmp_path / "out"
    write_dump(dump)
    # All is read and analysed, then the disk is full.
    with monkeypatch.context() as patch:
        patch.setattr(finish, "commit", fail)
        assert run_command("pipeline.run:run", command(dump, output)) == 1
        assert "No space left" in capsys.readouterr().err
    assert [path.name[:10] for path in output.iterdir()] == [".newsbeam-"]
    # A file that was renamed in between is the same file.
    (dump / "a.jsonl").rename(dump / "z.jsonl")
    with monkeypatch.context() as patch:
        # Nothing is read or analysed again; then storage fails in the middle of publishing.
        patch.setattr(Caller, "call", never)
        patch.setattr(commit, "move_files", fail)
        assert run_command("pipeline.run:run", command(dump, output, "--resume")) == 1
    assert not (output / "_run.json").exists()
    (dump / "z.jsonl").rename(dump / "a.jsonl")
    # What was being published is published, whatever comes next; then more input is added.
    write_more(dump)
    with monkeypatch.context() as patch:
        call = Caller.call
        seen = []

        def watched(caller: Caller, request: Any, **more: Any) -> Any:
            if isinstance(request, FileRange):
                seen.append(Path(request.source_file).name)
            return call(caller, request, **more)

        patch.setattr(Caller, "call", watched)
        assert run(command(dump, output, "--resume")) == 0
    assert seen == ["c.jsonl"]
    assert same(output) == undisturbed(dump)
    ledger = manifest(output)["ledger"]
    assert [line["records"] for line in ledger["files"]] == [10, 6, 5]
    assert len(manifest(output)["resumed"]) == 2
    assert not list(output.glob(".newsbeam-*"))
    # Nothing new: nothing changes, not even a file.
    files = times(output)
    with monkeypatch.context() as patch:
        patch.setattr(Caller, "call", never)
        assert run(command(dump, output, "--resume")) == 0
    assert times(output) == files


def test_another_way_of_reading_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text(record(1), encoding="utf-8")
    output = tmp_path / "out"
    reading = {"input_format": "auto", "fields": None, "max_record_mb": 64, "min_chars": 1, "newsbeam": "0.0"}
    output.mkdir()
    (output / "_run.json").write_text(json.dumps({"run_id": "r", "reading": reading}), encoding="utf-8")
    assert run_command("pipeline.run:run", command(tmp_path / "a.jsonl", output, "--resume")) == 2
    told = capsys.readouterr().err
    assert "min_chars was 1, is 40" in told
    assert told.count("\n") == 1
    assert [path.name for path in output.iterdir()] == ["_run.json"]


def test_a_run_at_work_is_not_disturbed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text(record(1), encoding="utf-8")
    output = tmp_path / "out"
    work = output / ".newsbeam-1"
    begin_work(str(work), {"run_id": "1"})
    lock = acquire(str(output), "1")
    for flags in ((), ("--resume",), ("--overwrite",)):
        assert run_command("pipeline.run:run", command(tmp_path / "a.jsonl", output, *flags)) == 2
        assert "another run is at work on --output: process" in capsys.readouterr().err
    assert {path.name for path in work.iterdir()} == {"run.json", "heartbeat.json"}
    assert Path(lock).exists()
    # Who knows better takes its place.
    assert run(command(tmp_path / "a.jsonl", output, "--force")) == 0
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *TABLES}


def test_of_two_runs_that_begin_together_one_stops(tmp_path: Path) -> None:
    command_line = [sys.executable, "-m", "pipeline", "run", "--output", str(tmp_path / "out"), "--quiet", "--input"]
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(record(ord(name)), encoding="utf-8")
    both = [
        subprocess.Popen([*command_line, str(tmp_path / f"{name}.jsonl")], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    told = [process.communicate(timeout=300)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 2], told
    assert sum("another run is at work" in text or "holds a finished run" in text for text in told) == 1
    assert manifest(tmp_path / "out")["ledger"]["articles"] == 1


def test_a_plain_run_after_a_crash_in_publishing_asks_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dump, output = tmp_path / "dump", tmp_path / "out"
    write_dump(dump)
    with monkeypatch.context() as patch:
        patch.setattr(commit, "move_files", fail)
        assert run_command("pipeline.run:run", command(dump, output)) == 1
    assert not (output / "_run.json").exists()
    capsys.readouterr()
    (tmp_path / "other.jsonl").write_text(record(99), encoding="utf-8")
    assert run_command("pipeline.run:run", command(tmp_path / "other.jsonl", output)) == 2
    assert "holds a finished run" in capsys.readouterr().err
    assert manifest(output)["ledger"]["records"] == 16
    assert run(command(tmp_path / "other.jsonl", output, "--overwrite")) == 0
    assert manifest(output)["ledger"]["records"] == 1


def test_a_planted_working_directory_is_not_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output, victim, precious = tmp_path / "out", tmp_path / "victim", tmp_path / "precious"
    victim.write_text("victim")
    precious.write_text("precious")
    work = output / ".newsbeam-x"
    work.mkdir(parents=True)
    (tmp_path / "a.jsonl").write_text(record(1), encoding="utf-8")
    for moves in ({str(precious): str(victim)}, [["../../precious", "../victim"]]):
        content = {"moves": moves, "manifest": {"run_id": "x"}}
        (work / "commit.json").write_text(json.dumps(content), encoding="utf-8")
        assert run_command("pipeline.run:run", command(tmp_path / "a.jsonl", output, "--resume")) == 2
        assert f"remove {work}" in capsys.readouterr().err
        assert (victim.read_text(), precious.read_text()) == ("victim", "precious")
    # Notes that lead elsewhere are none.
    (work / "commit.json").unlink()
    (work / "run.json").write_text("{}", encoding="utf-8")
    note = {"parts": [["rejects", "", "../../../precious", 1, 1]], "attempts": [[["u", 1]]]}
    (work / "parts").mkdir()
    (work / "parts" / "a.note").write_text(json.dumps(note), encoding="utf-8")
    (output / ".newsbeam-y").symlink_to(tmp_path, target_is_directory=True)
    assert run(command(tmp_path / "a.jsonl", output, "--resume")) == 0
    assert (victim.read_text(), precious.read_text()) == ("victim", "precious")
    assert (tmp_path / "a.jsonl").exists()


def test_an_output_that_was_moved_is_resumed(tmp_path: Path, undisturbed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dump, output, moved = tmp_path / "dump", tmp_path / "out", tmp_path / "mnt" / "moved"
    write_dump(dump)
    with monkeypatch.context() as patch:
        patch.setattr(finish, "commit", fail)
        assert run_command("pipeline.run:run", command(dump, output)) == 1
    moved.parent.mkdir()
    output.rename(moved)
    with monkeypatch.context() as patch:
        # Nothing is read or analysed again; then it stops in the middle of publishing, and is moved once more.
        patch.setattr(Caller, "call", never)
        patch.setattr(commit, "move_files", fail)
        assert run_command("pipeline.run:run", command(dump, moved, "--resume")) == 1
    moved.rename(output)
    write_more(dump)
    assert run(command(dump, output, "--resume")) == 0
    output.rename(moved)
    assert run(command(dump, moved, "--resume")) == 0
    assert same(moved) == undisturbed(dump)


def test_a_neighbour_is_untouched_whatever_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(record(1), encoding="utf-8")
    for name in ("r1", "r*"):
        assert run(command(tmp_path / "a.jsonl", tmp_path / name)) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "r1").rglob("*") if path.is_file()}
    for name, flags in (("r[1]", ()), ("r[1]", ("--overwrite",)), ("r*", ("--resume",)), ("r*", ("--overwrite",))):
        assert run(command(tmp_path / "a.jsonl", tmp_path / name, *flags)) == 0
    assert {path: path.read_bytes() for path in (tmp_path / "r1").rglob("*") if path.is_file()} == before
    assert manifest(tmp_path / "r[1]")["ledger"]["articles"] == 1


def a_read(attempt_id: str, name: str, digest: str = "d", label: str = "jsonl:0:9", records: int = 2) -> ReadRow:
    return ReadRow(name, digest, 9, label, attempt_id, name, records, "{}")


@pytest.mark.parametrize(
    ("paths", "published", "attempts", "known", "chosen"),
    [
        (["a"], ["a"], {}, {"a": None}, set()),
        (["renamed"], ["a"], {}, {"renamed": None}, set()),
        # The same content under two names, both there: the other one is new.
        (["a", "b"], ["a"], {}, {"a": None}, set()),
        (["a"], [], {"u": ("a", "l1"), "v": ("a", "l2")}, {"a": {"l1", "l2"}}, {"u", "v"}),
        # Two readings of the same part: one counts.
        (["a"], [], {"u": ("a", "l1"), "v": ("a", "l1")}, {"a": {"l1"}}, {"u"}),
        (["renamed"], [], {"u": ("a", "l1")}, {"renamed": {"l1"}}, {"u"}),
        (["a", "b"], [], {"u": ("a", "l1"), "v": ("b", "l1")}, {"a": {"l1"}, "b": {"l1"}}, {"u", "v"}),
        (["changed"], ["a"], {"u": ("b", "l1")}, {}, set()),
        (["a"], ["a"], {"u": ("a", "l1")}, {"a": None}, set()),
        # What ends where reading failed is read again.
        (["a"], [], {"u": ("a", "block:0:-1"), "v": ("a", "block:1:-2")}, {"a": {"block:0:-1"}}, {"u"}),
    ],
)
def test_files_are_known_by_their_content(
    paths: list[str], published: list[str], attempts: Any, known: Any, chosen: set[str]
) -> None:
    rows_of = {attempt_id: [a_read(attempt_id, name, label=label)] for attempt_id, (name, label) in attempts.items()}
    files = [InputFile(path, 9) for path in paths]
    digest = {"changed": "other"}
    match = match_input(files, [a_read("p", name) for name in published], rows_of, lambda path: digest.get(path, "d"))
    assert match.known == {path: None if labels is None else frozenset(labels) for path, labels in known.items()}
    assert match.attempts == chosen


def test_a_file_that_could_not_be_read_is_known_by_its_name() -> None:
    row = a_read("u", "a", digest="")
    assert match_input([InputFile("a", 9)], [row], {}, fail).known == {"a": None}
    assert match_input([InputFile("a", 8), InputFile("b", 9)], [row], {}, fail).known == {}


def test_names_are_paired_once() -> None:
    assert pair(["a", "x", "y"], ["a", "b"]) == [("a", "a"), ("x", "b")]
    assert pair(["a"], []) == []


def test_a_unit_is_complete_when_all_its_records_are_written(tmp_path: Path) -> None:
    from schemas.tables import READS
    from transforms.runtime.arrow import to_batch
    from transforms.runtime.parquet import write_file

    reads = [a_read("whole", "a", records=3), a_read("half", "b", records=3), a_read("twice", "c", records=1)]
    path = str(tmp_path / "reads.parquet")
    write_file(path, READS.schema, [to_batch(READS, reads)])
    from collections import Counter

    left = Leftovers(
        {"s1": Counter(whole=1, half=2, twice=1), "s2": Counter(whole=1, twice=1)},
        [
            PartManifest((Part("_reads", "", path, 3, 1),), ((("whole", 1), ("half", 1), ("twice", 1)),)),
            PartManifest((Part("rejects", "", "r", 2, 1),), ((("whole", 1), ("unknown", 1)),)),
        ],
    )
    assert set(complete_attempts(left)) == {"whole"}
