"""The command line: flags, checks before any work, and how errors are told."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.checks import check_input, check_output
from pipeline.cli import explain, main, run_command
from pipeline.local.progress import Speed, describe
from pipeline.local.runner import Counters, default_workers
from pipeline.options import UsageError, parse_flags
from pipeline.run import send_job
from tests.conftest import PROSE

CLUSTER = ("--runner", "PortableRunner", "--job_endpoint", "localhost:1", "--environment_type", "EXTERNAL")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    file = tmp_path / "dump.jsonl"
    file.write_text(json.dumps({"text": PROSE}) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ([], "--input is missing"),
        (["--input", "{dump}"], "--output is missing"),
        (["--input", "{dump}", "--ouput", "x"], "unknown flag --ouput; did you mean --output?"),
        (["--input", "{dump}.missing", "--output", "{out}"], "--input matches nothing"),
        (["--input", "{dump}*.warc", "--output", "{out}"], "--input matches nothing"),
        (["--input", "{dump}", "--output", "{dump}"], "--output is a file"),
        (["{dump}", "{out}", "--num_workers", "abc"], "--num_workers: invalid int value: 'abc'"),
        (["{dump}", "{out}", "--workers"], "--workers: expected one argument"),
        (["{dump}", "{out}", "-v"], "unknown flag -v"),
        (["--input", "{dump}", "--output", "{out}", "--workers", "0"], "--workers must be 1 or more"),
        (["--input", "{dump}", "--output", "{out}", "--extract_timeout", "0"], "--extract_timeout must be above 0"),
        (["--input", "{dump}", "--output", "{out}", "--extract_timeout", "nan"], "--extract_timeout must be above 0"),
        (["--input", "{dump}", "--output", "{out}", "--fields", "text"], "--fields: `text` isn't FIELD=NAME"),
        (["--input", "{dump}", "--output", "{out}", "--fields", "txt=a"], "there is no field `txt`"),
        (["--input", "{dump}", "--output", "{out}", "--models", "en"], "`en` isn't LANGUAGE=NAME"),
        (["--input", "{dump}", "--output", "{out}", "--models", "en=no_such"], "no spaCy pipeline `no_such` installed"),
        (["--input", "{dump}", "--output", "{out}", "--sentiment", "accurate"], "needs --sentiment_model"),
        (["--input", "{dump}", "--output", "{out}", "--sentiment_model", "{out}"], "is for --sentiment accurate"),
        (["--input", "{dump}", "--output", "/proc/x"], "--output can't be written"),
        (
            ["--input", "{dump}", "--output", "{out}", "--runner", "DataflowRunner"],
            "--output must be a gs:// directory",
        ),
        (["tests/data/dump", "{out}", *CLUSTER], "--input tests/data/dump is a relative path"),
        (["{dump},a.jsonl", "{out}", *CLUSTER], "--input a.jsonl is a relative path"),
        (["{dump}", "out", *CLUSTER], "--output out is a relative path"),
    ],
)
def test_wrong_usage_is_one_line(
    dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], told: str
) -> None:
    assert run_command("pipeline.run:run", [*(flag.format(dump=dump, out=tmp_path / "out") for flag in flags)]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("newsbeam: ")
    assert told in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_a_job_server_says_of_its_flags_is_one_line() -> None:
    server = argparse.ArgumentParser(prog="server")
    server.add_argument("--cache_disabled", action="store_true")
    with pytest.raises(UsageError, match=r"^the job server refuses: argument --cache_disabled: ignored explicit argu"):
        send_job(lambda: server.parse_args(["--cache_disabled=true"]))


def test_workers_in_this_process_find_relative_paths(monkeypatch: pytest.MonkeyPatch, dump: Path) -> None:
    monkeypatch.chdir(dump.parent)
    flags = [dump.name, "out", "--runner", "PortableRunner", "--environment_type", "LOOPBACK"]
    options = parse_flags(flags)
    assert check_input(options)[0] == [dump.name]
    assert check_output(options) == str(dump.parent / "out")


def test_a_missing_model_of_sentiment_is_told(
    dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.checks.missing_libraries", _none_missing)
    flags = ["--input", str(dump), "--output", str(tmp_path / "out"), "--sentiment", "accurate"]
    assert run_command("pipeline.run:run", [*flags, "--sentiment_model", str(tmp_path / "none")]) == 2
    assert "the sentiment model can't be read" in capsys.readouterr().err


def test_a_missing_library_is_told(
    dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.checks.missing_libraries", _one_missing)
    flags = ["--input", str(dump), "--output", str(tmp_path / "out"), "--sentiment", "accurate"]
    assert run_command("pipeline.run:run", [*flags, "--sentiment_model", str(tmp_path)]) == 2
    assert "needs onnxruntime: install the extra" in capsys.readouterr().err


def _none_missing(engine: str) -> list[str]:
    return []


def _one_missing(engine: str) -> list[str]:
    return ["onnxruntime"]


def test_files_of_somebody_else_are_not_touched(dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "out" / "articles" / "my notes.parquet"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    assert run_command("pipeline.run:run", ["--input", str(dump), "--output", str(tmp_path / "out")]) == 2
    assert "aren't newsbeam's" in capsys.readouterr().err
    assert mine.read_bytes() == b"mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_permissions_are_checked_first(dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump.chmod(0)
    assert run_command("pipeline.run:run", ["--input", str(dump), "--output", str(tmp_path / "out")]) == 2
    assert "check its permissions" in capsys.readouterr().err


def test_beam_flags_pass(dump: Path) -> None:
    options = parse_flags(["--input", str(dump), "--output", "x", "--job_name", "mine", "--max_num_workers=3"])
    assert options.get_all_options()["job_name"] == "mine"
    with pytest.raises(UsageError, match="unknown flag"):
        parse_flags(["--input", str(dump), "--output", "x", "--no_such_flag"])


def test_help_names_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for flag in ("--input", "--output", "--overwrite", "--fields", "--models", "--workers", "--dedupe"):
        assert flag in shown


def test_help_waits_neither_for_beam_nor_for_a_model() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "pipeline", "run", "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "pipeline.flags" in imported
    assert not {"apache_beam", "spacy", "pyarrow"} & imported


@pytest.mark.parametrize(
    ("typed", "said"),
    [("rnu", "there is no command `rnu`; did you mean newsbeam run?"), ("xyz", "`xyz`; see newsbeam --help")],
)
def test_a_mistyped_command_is_one_line(capsys: pytest.CaptureFixture[str], typed: str, said: str) -> None:
    assert main([typed]) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "inputs", "output"),
    [
        (["a", "b", "out"], ["a", "b"], "out"),
        (["--overwrite", "a", "out", "--workers", "2"], ["a"], "out"),
        (["a", "--runner", "DirectRunner", "out"], ["a"], "out"),
        (["a", "b", "--output", "out"], ["a", "b"], "out"),
        (["--input", "a", "out"], ["a"], "out"),
    ],
)
def test_input_and_output_need_no_flags(argv: list[str], inputs: list[str], output: str) -> None:
    options = parse_flags(argv)
    assert (options.input, options.output) == (inputs, output)


def test_another_engine_s_own_flags_pass() -> None:
    flags = ["--runner", "PortableRunner", "--execution_mode_for_batch", "BATCH_FORCED", "--parallelism=2"]
    options = parse_flags(["a", *flags, "out"])
    assert (options.input, options.output) == (["a"], "out")
    passed = options.get_all_options(retain_unknown_options=True)
    assert (passed["execution_mode_for_batch"], passed["parallelism"]) == ("BATCH_FORCED", 2)
    with pytest.raises(UsageError, match="did you mean --overwrite"):
        parse_flags(["a", *flags, "out", "--overwrit"])
    with pytest.raises(UsageError, match="unknown flag --execution_mode_for_batch"):
        parse_flags(["a", "out", *flags[2:]])


def test_dashes_in_flags_are_underscores() -> None:
    options = parse_flags(["a", "my-out", "--min-chars", "7", "--job-name=x-y", "--fields", "text=my-text"])
    assert (options.min_chars, options.output, options.fields) == (7, "my-out", "text=my-text")
    assert options.get_all_options()["job_name"] == "x-y"


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            RuntimeError("Traceback:\n  File x\nValueError: bad thing [while running 'Clean']\n"),
            "ValueError: bad thing",
        ),
        (
            RuntimeError("Traceback:\nRuntimeError: OSError: [Errno 28] full [while running 'Write']"),
            "OSError: [Errno 28] full",
        ),
        (KeyError(), "KeyError"),
    ],
)
def test_errors_are_explained_in_one_line(error: Exception, told: str) -> None:
    assert explain(error).startswith(told)
    assert "\n" not in explain(error)


def test_workers_are_worth_their_start() -> None:
    assert default_workers(1000) == 1
    assert default_workers(None) >= 1
    assert default_workers(1 << 40) == default_workers(None)


def test_counters_take_the_last_of_every_bundle() -> None:
    counters = Counters()
    counters.update("a", {"records": 3})
    counters.update("a", {"records": 5})
    counters.update("b", {"records": 2, "articles": 1})
    assert counters.totals() == {"records": 7, "articles": 1}


def test_progress_while_reading_and_while_analysing() -> None:
    line = describe({"records": 50, "bytes": 500}, elapsed=3, speed=0, input_bytes=1000)
    assert line == "reading 50% · 50 records · 0:03"
    counts = {"records": 1200, "checkpointed": 1000, "articles": 500, "rejects": 7}
    line = describe(counts, elapsed=65, speed=20, input_bytes=1000)
    # 25 seconds for the articles, some for what comes after them, in steps of five.
    assert line == "analysing · 500 of 1,000 articles · 7 rejects · 1:05 · 20 articles/s · about 0:30 left"
    line = describe({**counts, "articles": 999}, elapsed=65, speed=20, input_bytes=1000)
    assert line.endswith("about 0:05 left")
    line = describe({**counts, "articles": 1000, "left_out": 3}, elapsed=90, speed=20, input_bytes=1000)
    assert line == "finishing · 1,000 articles · 7 rejects · 3 left out · 1:30"


def test_speed_is_told_once_it_can_be() -> None:
    speed = Speed()
    assert [speed.update(*seen) for seen in ((1.0, 0), (5.0, 100), (6.0, 120), (9.0, 180))] == [0, 0, 0, 20]


def test_a_dry_run_shows_the_input_and_writes_nothing(
    dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run_command("pipeline.run:run", [str(dump), str(out), "--dry_run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["formats"]["jsonl"]["articles"] == 1
    assert not out.exists()
    assert run_command("pipeline.run:run", [str(dump), str(out), "--dry-run", "--models", "en=no_such"]) == 2
