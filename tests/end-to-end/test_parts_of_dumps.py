"""Runs that are asked for some of a dump: its ledger still tells of every record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.cli import run_command
from pipeline.run import run
from tests.conftest import hold_to_contract
from tests.faults.conftest import manifest, record, rows
from transforms.write import finish

GERMAN = (
    "Der Bürgermeister eröffnete am Montag die neue Brücke über den Fluss, und viele Menschen kamen, um zu feiern. "
    "Die Stadt hatte drei Jahre lang auf diesen Tag gewartet."
)


def write_dump(folder: Path) -> Path:
    folder.mkdir()
    lines = [*(record(number) for number in range(6)), record(7, text=GERMAN), record(8, date=None), "{broken\n"]
    (folder / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    other = [record(number, source="Harwick Courier") for number in range(10, 14)]
    (folder / "b.jsonl").write_text("".join(other), encoding="utf-8")
    return folder


def command(dump: Path, output: Path, *flags: str) -> list[str]:
    return ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet", *flags]


def days(output: Path) -> list[str]:
    return sorted(f"{row['published_at']:%Y-%m-%d}" for row in pq.read_table(output / "articles").to_pylist())


def ledger_of(output: Path) -> tuple[int, int, int, int]:
    hold_to_contract(output)
    ledger = manifest(output)["ledger"]
    return ledger["records"], ledger["articles"], ledger["rejects"], ledger["left_out"]


def test_what_is_not_asked_for_is_counted_and_nothing_else(tmp_path: Path) -> None:
    dump, output = write_dump(tmp_path / "dump"), tmp_path / "out"
    assert run(command(dump, output, "--languages", "en", "--since", "2024-02", "--until", "2024-02")) == 0
    assert ledger_of(output) == (13, 4, 1, 8)
    assert days(output) == ["2024-02-02", "2024-02-05", "2024-02-11", "2024-02-14"]
    assert manifest(output)["left_out"] == {"date": 6, "language": 1, "no_date": 1}
    assert [(line["records"], line["left_out"]) for line in manifest(output)["ledger"]["files"]] == [(9, 6), (4, 2)]


def test_other_filters_are_refused_and_the_same_ones_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dump, output, fresh = write_dump(tmp_path / "dump"), tmp_path / "out", tmp_path / "fresh"
    asked = ("--outlets", "Harwick Courier")

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(finish, "commit", fail)
        assert run_command("pipeline.run:run", command(dump, output, *asked)) == 1
    capsys.readouterr()
    # What the dead run has read, and left out, is taken as it is.
    with monkeypatch.context() as patch:
        patch.setattr("transforms.runtime.guard.Caller.call", fail)
        assert run(command(dump, output, *asked, "--resume")) == 0
    assert run(command(dump, fresh, *asked)) == 0
    assert rows(output) == rows(fresh)
    assert ledger_of(output) == ledger_of(fresh) == (13, 4, 1, 8)
    assert manifest(output)["left_out"] == {"outlet": 8}
    # One file more.
    (dump / "c.jsonl").write_text(record(20) + record(21, source="Harwick Courier"), encoding="utf-8")
    assert run_command("pipeline.run:run", command(dump, output, "--resume")) == 2
    assert "outlets was Harwick Courier, is None" in capsys.readouterr().err
    assert run(command(dump, output, *asked, "--resume")) == 0
    assert ledger_of(output) == (15, 5, 1, 9)


def test_limit_and_sample(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump")
    assert run(command(dump, tmp_path / "first", "--limit", "10")) == 0
    assert ledger_of(tmp_path / "first") == (10, 9, 1, 0)
    assert run(command(dump, tmp_path / "sample", "--sample", "5")) == 0
    records, articles, rejects, _ = ledger_of(tmp_path / "sample")
    assert records == articles + rejects == 5
    assert manifest(tmp_path / "sample")["skipped"] == {"not_drawn": 8}
