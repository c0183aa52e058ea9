"""The questions of the docs: every query runs on the sample and gives the answer that stands there."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from docs.queries import BLOCK_RE, PAGE, fill
from pipeline import cli
from tests.conftest import ROOT

# Scores are sums of 32-bit numbers, which processors may add up differently in the last digit shown.
NEAR = 0.011
NUMBER_RE = re.compile(r"(?<![\w-])-?\d+(?:\.\d+)?(?![\w-])")


def test_there_are_enough_of_them() -> None:
    assert len(BLOCK_RE.findall(PAGE.read_text(encoding="utf-8"))) >= 12


def test_the_answers_are_those_of_the_sample(sample: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = fill(page, str(sample))
    assert [NUMBER_RE.sub("#", line).split() for line in found.splitlines()] == [
        NUMBER_RE.sub("#", line).split() for line in page.splitlines()
    ], "run make docs"
    for ours, theirs in zip(NUMBER_RE.findall(found), NUMBER_RE.findall(page), strict=True):
        assert float(ours) == pytest.approx(float(theirs), abs=NEAR)


def test_every_answer_has_rows(sample: Path) -> None:
    for answer in re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        assert len(answer.splitlines()) > 1


def commands(page: Path) -> list[str]:
    """The lines that call newsbeam in a page's shell blocks, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for line in "".join(blocks).splitlines() if line.startswith(".venv/bin/newsbeam ")]


COMMANDS = [*commands(PAGE), *commands(ROOT / "docs" / "commands.md")]


@pytest.mark.parametrize("line", COMMANDS, ids=range(len(COMMANDS)))
def test_commands_of_the_docs(
    sample: Path, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # `\\$` in double quotes is a dollar to a shell, which shlex doesn't know.
    command, _, _ = line.replace("\\$", "$").partition(" > ")
    words = [word.replace("out/sample", str(sample)) for word in shlex.split(command, comments=True)]
    # Pages go where the test may write; a prompt would wait for a person.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert cli.main(words[1:]) == 0
    assert capsys.readouterr().out or words[1:] == ["sql", str(sample)]
    (sample / "report.html").unlink(missing_ok=True)


def test_other_pages_are_linked() -> None:
    for page in (PAGE, ROOT / "docs" / "commands.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (ROOT / "docs" / target).exists()
