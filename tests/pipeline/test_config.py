"""`newsbeam.toml` and `newsbeam init`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import CONFIG, read_config
from pipeline.flags import run_parser
from pipeline.options import UsageError, parse_flags

WRITTEN = """
input = ["a", "b"]
output = "out"
min-chars = 7
overwrite = true
quiet = false
job_name = "nightly"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_holds_every_kind_of_flag(folder: Path) -> None:
    (folder / CONFIG).write_text(WRITTEN)
    options = parse_flags(*read_config([]))
    assert (options.input, options.output, options.min_chars) == (["a", "b"], "out", 7)
    assert (options.overwrite, options.quiet) == (True, False)
    assert options.get_all_options()["job_name"] == "nightly"


def test_flags_go_before_the_file(folder: Path) -> None:
    (folder / "mine.toml").write_text(WRITTEN)
    options = parse_flags(*read_config(["c", "--config", "mine.toml", "--output", "other", "--min_chars", "9"]))
    assert (options.input, options.output, options.min_chars) == (["c"], "other", 9)


def test_without_a_file_there_are_no_flags() -> None:
    assert read_config(["a", "out"]) == (["a", "out"], [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("input = ", "isn't TOML"),
        ("[run]\ninput = 'a'", r"flags stand at its top, not in \[run\]"),
        ("json = true", "json is for the command line only"),
        ("inputs = 'a'", "unknown flag --inputs=a; did you mean --input?"),
        ("input = 'a'\noutput = 'b'\nmin_chars = 'x'", "--min_chars: invalid int value"),
    ],
)
def test_a_wrong_file_is_said_in_one_line(folder: Path, content: str, said: str) -> None:
    (folder / CONFIG).write_text(content)
    with pytest.raises(UsageError, match=said):
        parse_flags(*read_config([]))


def test_a_missing_file_is_said() -> None:
    with pytest.raises(UsageError, match=r"can't be read: none\.toml"):
        read_config(["--config", "none.toml"])
    with pytest.raises(UsageError, match="name a file"):
        read_config(["--config"])


def test_init_writes_what_run_reads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--input", "dumps/*.gz", "--output", 'o"ut']) == 0
    options = parse_flags(*read_config([]))
    assert (options.input, options.output) == (["dumps/*.gz"], 'o"ut')
    assert main(["init"]) == 2
    assert "exists" in capsys.readouterr().err


def test_every_default_that_init_writes_is_the_default(folder: Path) -> None:
    main(["init"])
    lines = (folder / CONFIG).read_text().splitlines()
    values = tomllib.loads("\n".join(line[2:] for line in lines if line.startswith("# ") and " = " in line[:30]))
    defaults = vars(run_parser().parse_args([]))
    assert values["min_chars"] == defaults["min_chars"]
    assert {name: defaults[name] or "" for name in values} == {name: value or "" for name, value in values.items()}
