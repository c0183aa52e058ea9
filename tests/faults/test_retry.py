"""Rejects that are tried again: what works now is in the tables, as if it had at once, and nothing else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import run_command
from pipeline.run import run
from tests.faults.conftest import manifest, record, rows, story
from transforms.read import plan


def command(dump: Path, output: Path, *flags: str) -> list[str]:
    return ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet", *flags]


def test_what_works_now_moves_into_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump, output = tmp_path / "dump", tmp_path / "out"
    dump.mkdir()
    for name, number in (("kept", 7), ("gone", 8)):
        page = "".join(f"<p>{part}</p>" for part in story(number).split("\n\n"))
        (dump / f"{name}.html").write_text(f"<html><body><article>{page}</article></body></html>", encoding="utf-8")
    (dump / "a.jsonl").write_text(record(1) + "{broken\n" + record(2), encoding="utf-8")
    (dump / "unreadable.jsonl").write_text(record(3) + "{broken, too\n" + record(4), encoding="utf-8")
    assert run(command(dump, tmp_path / "expected")) == 0
    opened = plan.open_file

    def failing(path: str) -> Any:
        if path.endswith("unreadable.jsonl"):
            raise OSError("not today")
        return opened(path)

    with monkeypatch.context() as patch:
        patch.setattr(plan, "open_file", failing)
        assert run(command(dump, output, "--extract_timeout", "0.001")) == 0
    found = manifest(output)
    assert found["ledger"]["records"] == 6
    assert found["rejects"] == {"extract.timeout": 2, "parse.malformed_json": 1, "read.unreadable_file": 1}
    # Of a file that is gone, the record comes from the reject; the other files are read again, where they lie.
    content = (dump / "gone.html").read_text(encoding="utf-8")
    (dump / "gone.html").unlink()
    assert run_command("pipeline.retry:retry", [str(output), "--quiet", "--extract_timeout", "10"]) == 0
    (dump / "gone.html").write_text(content, encoding="utf-8")
    assert rows(output) == rows(tmp_path / "expected")
    assert manifest(output)["ledger"] == manifest(tmp_path / "expected")["ledger"]
    assert not list(output.glob(".newsbeam-*"))
