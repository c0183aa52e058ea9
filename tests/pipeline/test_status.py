from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.cli import run_command
from pipeline.errors import UsageError
from pipeline.options import parse_flags
from pipeline.run import status_of
from pipeline.usage import DONE, FAILED, SHORT, USAGE
from pipeline.warnings import undated_line


@pytest.mark.parametrize(
    ("articles", "rejects", "flags", "status"),
    [
        (0, 0, [], SHORT),
        (0, 0, ["--min_articles", "0"], DONE),
        (1, 99, [], DONE),
        (9, 1, ["--min_articles", "10"], SHORT),
        (9, 1, ["--max_rejects", "1"], DONE),
        (9, 1, ["--max_rejects", "0"], SHORT),
        (9, 1, ["--max_rejects", "10%"], DONE),
        (9, 1, ["--max_rejects", "9.9%"], SHORT),
    ],
)
def test_the_status_of_a_finished_run(
    articles: int, rejects: int, flags: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parse_flags(["--input", "a", "--output", "b", "--quiet", *flags])
    ledger = {"articles": articles, "rejects": rejects, "records": articles + rejects}
    assert status_of(ledger, options) == status
    assert ("newsbeam: " in capsys.readouterr().err) == (status == SHORT)


@pytest.mark.parametrize("value", ["many", "-1", "%", "-5%"])
def test_limits_that_make_no_sense(value: str) -> None:
    with pytest.raises(UsageError, match="--max_rejects"):
        parse_flags(["--input", "a", "--output", "b", f"--max_rejects={value}"])


def test_articles_without_a_date_are_counted_aloud() -> None:
    line = undated_line({"ambiguous": 12, "missing": 3}, 100)
    assert line is not None
    assert line.startswith(
        "15 of 100 articles have no date: 12 leave open which is the day and which the month (--dates"
    )
    assert undated_line({}, 100) is None


def test_undated_articles_of_a_job() -> None:
    from pipeline.local.performance import undated

    def counter(name: str, value: int) -> Any:
        return SimpleNamespace(key=SimpleNamespace(metric=SimpleNamespace(name=name)), result=value)

    counters = [counter("undated_missing", 2), counter("undated_missing", 1), counter("records", 9)]
    job = SimpleNamespace(metrics=lambda: SimpleNamespace(query=lambda _: {"counters": counters}))
    assert undated(job) == {"missing": 3}


def test_a_pipe_is_refused_with_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in (str(tmp_path / "fifo"), "/dev/stdin", "/proc/self/fd/0", "/dev/null"):
        assert run_command("pipeline.run:run", ["--input", name, "--output", str(tmp_path / "out")]) == USAGE
        told = capsys.readouterr().err
        assert ("can be read only once" in told or "matches nothing" in told) and told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_resume_is_promised_only_where_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("A text that says something of the bridge and of the river in the town.")

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space")

    command = ["--input", str(tmp_path / "a.txt"), "--output", str(tmp_path / "out"), "--workers", "1", "--quiet"]
    for module, name, promised in (("pipeline.run", "build", False), ("transforms.write.finish", "commit", True)):
        with monkeypatch.context() as patch:
            patch.setattr(f"{module}.{name}", fail)
            assert run_command("pipeline.run:run", command) == FAILED
        assert ("--resume goes on" in capsys.readouterr().err) == promised
