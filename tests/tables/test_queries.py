"""The questions of the docs: every query runs on the sample and gives the answer that stands there."""

from __future__ import annotations

import re
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


def test_the_commands_of_the_page(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```sh\nmake run-local\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    import shlex

    for line in block.replace("\\$", "$").splitlines()[1:]:
        words = shlex.split(line.split(" > ")[0], comments=True)
        assert words[:3] == [".venv/bin/newsbeam", "sql", "out/sample"]
        assert cli.main(["sql", str(sample), *words[3:]]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 1


def test_other_pages_are_linked() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (ROOT / "docs" / target).exists()
