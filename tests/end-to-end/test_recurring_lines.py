"""Lines that recur in a source: found over all articles of a run, in any order, and anew when a day is added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.run import run
from tests.conftest import hold_to_contract

PITCH = "Sign up for Tomas Berg’s Morning Note, a letter of the Harwick Courier."
WRITER = "Rosa Feld is a columnist of the Harwick Courier."
STORIES = (
    "The council of Norwich voted on Monday to close its old bridge, and traders protested at the town hall.",
    "A storm cut off two villages near Leeds, where eighty people spent the night in the hall of a school.",
    "Nurses in Bristol went on strike for higher wages after talks with the hospital had come to nothing.",
    "The museum of Derby bought a painting by Joseph Wright, which had hung in a private house since 1790.",
    "Fishermen of Exeter found a bomb of the last war in their nets, and the harbour was closed for hours.",
)
TABLES = ("articles", "sentences", "mentions", "entities")


def line(number: int) -> str:
    text = f"{STORIES[number]}\n\n{PITCH}\n\nMayor Edward Hallam went home late.\n\nHe will be back.\n\n{WRITER}\n"
    known = {"url": f"https://courier.example/{number}", "title": f"Story {number}", "source": "Harwick Courier"}
    return json.dumps({**known, "date": f"2024-03-0{number + 1}", "text": text}) + "\n"


def rows(output: Path) -> dict[str, list[str]]:
    """All rows but for the place where a record was read."""
    found = {}
    for table in TABLES:
        some = pq.read_table(output / table).to_pylist()
        found[table] = sorted(repr({**row, "source_file": "", "source_offset": 0}) for row in some)
    return found


def run_job(dump: Path, output: Path, *flags: str) -> dict[str, list[str]]:
    assert run(["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet", *flags]) == 0
    hold_to_contract(output)
    return rows(output)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    folder = tmp_path_factory.mktemp("fresh")
    (folder / "dump").mkdir()
    (folder / "dump" / "all.jsonl").write_text("".join(map(line, reversed(range(5)))), encoding="utf-8")
    return folder / "out", run_job(folder / "dump", folder / "out")


def read(output: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(output / table).to_pylist()
    return found


def test_they_stay_in_the_text_and_give_no_sentence_and_no_name(fresh: tuple[Path, Any]) -> None:
    output, _ = fresh
    articles = {row["article_id"]: row for row in read(output, "articles")}
    assert len(articles) == 5
    assert all(row["furniture"] == f"{PITCH}\n{WRITER}" for row in articles.values())
    assert all(PITCH in row["text"] and row["sentence_count"] == 3 for row in articles.values())
    sentences = [articles[row["article_id"]]["text"][row["start_char"] :] for row in read(output, "sentences")]
    assert len(sentences) == 15
    assert not [text for text in sentences if text.startswith((PITCH, WRITER))]
    names = {row["text"] for row in read(output, "mentions")}
    assert "Edward Hallam" in {name.removeprefix("Mayor ") for name in names}
    assert not [name for name in names if "Berg" in name or "Feld" in name or "Courier" in name]


def test_a_day_that_is_added_changes_no_id_and_gives_what_a_run_over_all_gives(
    tmp_path: Path, fresh: tuple[Path, dict[str, list[str]]]
) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "a.jsonl").write_text(line(0) + line(1), encoding="utf-8")
    run_job(dump, tmp_path / "out")
    before = read(tmp_path / "out", "articles")
    assert [row["furniture"] for row in before] == [None, None]
    assert [row["sentence_count"] for row in before] == [5, 5]
    (dump / "b.jsonl").write_text(line(2), encoding="utf-8")
    run_job(dump, tmp_path / "out", "--resume")
    (dump / "c.jsonl").write_text(line(4) + line(3), encoding="utf-8")
    assert run_job(dump, tmp_path / "out", "--resume") == fresh[1]
    assert {row["article_id"] for row in before} < {row["article_id"] for row in read(tmp_path / "out", "articles")}
