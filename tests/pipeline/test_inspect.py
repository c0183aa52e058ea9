from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.inspection.command import inspect
from pipeline.options import UsageError
from tests.conftest import DUMP
from tests.read.test_warc import RECORDS

STORY = "The mayor opened the bridge, and traders protested loudly in front of the town hall. " * 6


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    articles = [
        {"story": {"body": STORY}, "Headline": f"Story {n}", "Web URL": f"https://a.example/{n}"} for n in range(9)
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    (tmp_path / "table.csv").write_text(f"Title,Content\nA,{STORY!r}\nB\x1b[31m,{STORY!r}\n", encoding="utf-8")
    (tmp_path / "crawl.warc").write_bytes(b"".join(RECORDS))
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def show(*argv: str) -> str:
    console = Console(file=io.StringIO(), width=160, force_terminal=False)
    assert inspect(argv, console) == 0
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_formats_fields_samples_and_problems(mixed: Path) -> None:
    shown = show(str(mixed), "--fields", "text=story.body", "--seconds", "60")
    words = [line.split() for line in shown.splitlines()]
    assert ["csv", "1", "2", "0"] in words
    assert ["html", "1", "2", "2"] in words
    assert ["jsonl", "1", "9", "9"] in words
    assert ["text", "story.body", "(9)"] in words
    assert ["title", "Headline", "(9)"] in words
    assert ["url", "Web", "URL", "(9)"] in words
    assert shown.count("Sample ") == 3
    assert "http_not_html 1" in shown
    assert "no_text_field" in shown
    assert "unsupported_format" in shown


def test_nothing_of_a_file_reaches_the_terminal_as_a_command(mixed: Path) -> None:
    shown = show(str(mixed))
    assert "B\ufffd[31m" in shown
    assert "\x1b" not in shown


def test_the_sample_dump_in_a_moment(tmp_path: Path) -> None:
    shown = show(str(DUMP), "--seconds", "0.1")
    assert "files" in shown
    assert "+" in shown or "out of time" in shown


def test_wrong_input_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="matches nothing"):
        inspect([str(tmp_path / "missing.warc")])
    with pytest.raises(UsageError, match="--fields"):
        inspect([str(tmp_path), "--fields", "nonsense"])
