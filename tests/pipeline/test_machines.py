"""What scripts lean on: JSON from every command, exit statuses, help and completion."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.usage import STATUSES
from tests.conftest import DUMP


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_help_has_what_a_man_page_has(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: newsbeam {command} ")
    for part in ("--json", "examples:", f"  newsbeam {command} ", "exit status:", "130"):
        assert part in shown


def test_the_help_of_all_tells_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    shown = capsys.readouterr().out
    assert all(str(status) in shown and meaning in shown for status, meaning in STATUSES.items())
    assert all(f"  {command}" in shown for command in cli.COMMANDS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_flags(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in (*cli.COMMANDS, "max_age", "extract_timeout", "overwrite"):
        assert word in script
    if shutil.which(shell):
        path = tmp_path / "script"
        path.write_text(script, encoding="utf-8")
        assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


def test_run_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = DUMP / "plain" / "jansen-elected.txt"
    assert (
        cli.run_command(
            "pipeline.run:run", ["--input", str(text), "--output", str(tmp_path / "out"), "--json", "--quiet"]
        )
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["ledger"]["articles"] == 1
    assert told["output"] == str(tmp_path / "out")
    # What the run took, as _run.json keeps it.
    assert told["performance"]["peak_memory_bytes"] > 50 << 20
    assert told["performance"]["seconds"] > 0
    kept = json.loads((tmp_path / "out" / "_run.json").read_text(encoding="utf-8"))
    assert kept["performance"] == told["performance"]
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


def test_inspect_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", str(DUMP / "plain"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["formats"]["text"]["articles"] >= 8
    assert told["samples"][0]["text"]


def test_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command("pipeline.run:run", ["--input", "nowhere", "--output", "x", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["exit_status"] == 2
    assert "nowhere" in told["error"]
