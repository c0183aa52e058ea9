"""Packed files that are read where they are: the tables are those of blocks, and a crash costs the last of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import describe, graph
from pipeline.cli import run_command
from pipeline.run import run
from tests.faults.conftest import manifest, record, rows
from transforms.read import ranges, records
from transforms.runtime.guard import Caller


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six archives, none of them larger than one worker should read; blocks of a few articles."""
    monkeypatch.setattr(ranges, "SMALL", 0)
    monkeypatch.setattr(records, "RANGE_SIZE", 2000)
    folder = tmp_path / "dump"
    folder.mkdir()
    for number in range(6):
        lines = [record(number * 100 + line) for line in range(12)]
        lines[5] = "{broken\n"
        packed = gzip.compress("".join([*lines, record(1)]).encode(), mtime=0)
        (folder / f"{number}.jsonl.gz").write_bytes(packed[:-2] if number == 3 else packed)
    return folder


def command(dump: Path, output: Path, *flags: str) -> list[str]:
    return ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet", *flags]


def never(*_: object, **__: object) -> Any:
    raise AssertionError("nothing is written for others to read")


def test_archives_that_are_read_where_they_are(tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(graph, "_largest", lambda _: 0)
        assert run(command(dump, tmp_path / "blocks")) == 0
    expected = rows(tmp_path / "blocks")
    assert len(expected["articles"]) > 60
    monkeypatch.setattr(ranges, "BlockWriter", never)
    # Storage, or whatever else, fails in the fourth archive that is read.
    stream = Caller.stream
    read = []

    def failing(caller: Caller, request: Any) -> Iterator[Any]:
        read.append(Path(request.source_file).name)
        yield from stream(caller, request)
        if len(read) == 4:
            raise OSError("the machine has gone")

    output = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Caller, "stream", failing)
        patch.setattr(describe, "BUFFER_SECONDS", 0.0)
        assert run_command("pipeline.run:run", command(dump, output)) == 1
    assert len(read) == 4
    assert not (output / "_run.json").exists()
    again = []

    def watched(caller: Caller, request: Any) -> Iterator[Any]:
        again.append(Path(request.source_file).name)
        return stream(caller, request)

    with monkeypatch.context() as patch:
        patch.setattr(Caller, "stream", watched)
        assert run(command(dump, output, "--resume")) == 0
    assert rows(output) == expected
    assert sorted({*read, *again}) == [f"{number}.jsonl.gz" for number in range(6)]
    assert manifest(output)["ledger"]["records"] == manifest(tmp_path / "blocks")["ledger"]["records"]
