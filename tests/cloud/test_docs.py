"""The commands of docs/cloud.md and docs/clusters.md: flags that exist, targets that exist, files that exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator

import pytest

from pipeline.cloud.flags import cloud_parser, parse_submission
from pipeline.options import parse_flags
from tests.conftest import ROOT

PAGES = ("docs/cloud.md", "docs/clusters.md", "README.md")


def commands() -> Iterator[str]:
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            yield from block.replace("\\\n", " ").splitlines()


SUBMITS = [line for line in commands() if re.match(r"(make|\.venv/bin/newsbeam) (submit|preflight)\b", line)]


def test_there_are_such_commands() -> None:
    assert len(SUBMITS) >= 5


@pytest.mark.parametrize("line", SUBMITS)
def test_a_job_that_a_page_submits_can_be_parsed(line: str) -> None:
    if line.startswith("make"):
        command = ["make", "-n", "--no-print-directory", "-o", ".venv/.complete", *shlex.split(line, comments=True)[1:]]
        # Not as a part of the make that runs the tests.
        env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=env)
        line = made.stdout.replace("\\\n", " ").strip().split("\n")[-1]
    words = shlex.split(line)
    assert words[0] == ".venv/bin/newsbeam"
    submission = parse_submission(words[2:], cloud_parser(words[1], "", {}))
    assert submission.cloud.project
    assert submission.options.output.startswith("gs://")


def test_runs_elsewhere_can_be_parsed() -> None:
    runs = [line for line in commands() if line.startswith(".venv/bin/newsbeam run") and "--runner" in line]
    assert runs
    for line in runs:
        assert parse_flags(shlex.split(line)[2:]).output


def test_named_files_exist() -> None:
    for line in commands():
        for name in re.findall(r"(?<![\w/])(?:deploy|docs)/[\w./-]+", line):
            assert (ROOT / name).exists(), line
