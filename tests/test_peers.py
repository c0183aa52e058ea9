"""The benchmark beside other tools: its table, what it counts and, where they are installed, the tools themselves."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.measure import Measured
from benchmarks.peers import __main__ as peers
from benchmarks.peers.table import COLUMNS, HEAD, Row, print_row
from benchmarks.peers.written import count_written
from tests.conftest import ROOT

OWN = Row("newsbeam", 1000, Measured(10.0, 16.0, 800_000_000), 1000, 50_000)
TEXT = "Angela Merkel met Barack Obama in Berlin on Monday. It was a wonderful day."


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_what_others_take_is_a_multiple_of_what_newsbeam_takes() -> None:
    other = Row("Spark", 1000, Measured(45.0, 80.0, 2_345_600_000), 998, 49_000)
    assert cells(print_row(other, OWN)) == [
        *("1,000", "Spark", "45.0", "80.0", "2,346", "998", "49,000"),
        *("4.50 ×", "5.00 ×"),
    ]
    assert cells(print_row(OWN, OWN))[-2:] == ["1.00 ×", "1.00 ×"]


def test_without_newsbeam_nothing_is_a_multiple() -> None:
    assert cells(print_row(OWN, None))[-2:] == ["", ""]
    assert cells(print_row(OWN, Row("newsbeam", 1000, problem="failed")))[-2:] == ["", ""]


def test_a_tool_without_figures_is_a_line_of_the_same_width() -> None:
    line = print_row(Row("Ray Data", 200, problem="not installed"), OWN)
    assert cells(line)[:3] == ["200", "Ray Data", "not installed"]
    assert len(cells(line)) == len(COLUMNS) == len(cells(HEAD.splitlines()[1]))


def test_names_are_rows_of_their_own_table_if_there_is_one(tmp_path: Path) -> None:
    write(tmp_path / "articles" / "2020" / "a.parquet", [{"id": 1, "mentions": [1, 2]}, {"id": 2, "mentions": []}])
    write(tmp_path / "articles" / "b.parquet", [{"id": 3, "mentions": [1]}])
    assert count_written(tmp_path) == (3, 3)
    write(tmp_path / "mentions" / "a.parquet", [{"id": 1}] * 7)
    assert count_written(tmp_path) == (3, 7)


def test_a_table_may_be_one_file(tmp_path: Path) -> None:
    write(tmp_path / "articles.parquet", [{"id": 1}, {"id": 2}])
    write(tmp_path / "mentions.parquet", [{"id": 1}] * 5)
    assert count_written(tmp_path) == (2, 5)


def test_names_of_articles_without_any_are_none(tmp_path: Path) -> None:
    empty = pa.table({"id": ["a"], "mentions": pa.array([[]], pa.list_(pa.string()))})
    (tmp_path / "articles").mkdir()
    pq.write_table(empty, tmp_path / "articles" / "a.parquet")
    assert count_written(tmp_path) == (1, 0)


def test_a_tool_that_wrote_nothing_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no articles"):
        count_written(tmp_path)


def dump(path: Path, count: int) -> Path:
    with gzip.open(path, "wt") as lines:
        for number in range(count):
            lines.write(json.dumps({"ID": f"{number}", "date": "2020-01-01", "content_original": TEXT}) + "\n")
    return path


def test_two_files_hold_the_first_articles_once(tmp_path: Path) -> None:
    assert peers.divide(dump(tmp_path / "dump.gz", 8), 5, tmp_path / "input") == 5
    halves = [(tmp_path / "input" / name).read_text().splitlines() for name in ("0.jsonl", "1.jsonl")]
    assert [[json.loads(line)["ID"] for line in half] for half in halves] == [["0", "2", "4"], ["1", "3"]]
    assert len((tmp_path / "input.jsonl").read_text().splitlines()) == 5


def test_what_is_missing_or_fails_is_a_line_and_the_next_one_runs(tmp_path: Path) -> None:
    environments = tmp_path / "environments"
    broken = environments / "spark"
    (broken / "bin").mkdir(parents=True)
    (broken / ".complete").touch()
    (broken / "bin" / "python").write_text("#!/bin/sh\necho no Java\nexit 1\n")
    (broken / "bin" / "python").chmod(0o755)
    source = dump(tmp_path / "dump.gz", 3)
    rows = list(peers.measure_all(source, 2, ["ray", "spark", "beam"], environments))
    assert [row.tool for row in rows] == ["Ray Data", "Spark, `local[2]`", "Beam, RunInference"]
    assert rows[0].problem == rows[2].problem == "not installed"
    assert rows[1].problem.startswith("failed, see ")
    assert (environments / "spark-2.log").read_text() == "no Java\n"


@pytest.mark.engines
@pytest.mark.parametrize("peer", peers.PEERS)
def test_a_peer_writes_every_article_with_the_same_names(peer: str, tmp_path: Path) -> None:
    python = ROOT / "build" / "peers" / peer / "bin" / "python"
    if not (python.parent.parent / ".complete").exists():
        pytest.skip(f"needs {peer}: make build/peers/{peer}/.complete")
    peers.divide(dump(tmp_path / "dump.gz", 70), 70, tmp_path / "input")
    command = [python, "-m", f"benchmarks.peers.with_{peer}", tmp_path / "input", tmp_path / "out"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = pq.read_table(tmp_path / "out" / "articles", partitioning=None).to_pylist()
    assert sorted(int(row["id"]) for row in rows) == list(range(70))
    assert {row["language"] for row in rows} == {"en"}
    assert {row["date"] for row in rows} == {"2020-01-01"}
    assert all(0 < row["sentiment"] < 1 for row in rows)
    names = {tuple(TEXT[one["start"] : one["end"]] for one in row["mentions"]) for row in rows}
    assert names == {("Angela Merkel", "Barack Obama", "Berlin", "Monday")}
