"""Outlets in whole runs: a day that is added names those of all days, as one run over all would."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from pipeline.run import run

STORY = (
    "The council of {town} voted on Monday to close the old bridge. Traders protested, and the mayor listened to them. "
    "{town} is quiet again."
)


def write_day(path: Path, towns: list[str], **fields: str) -> None:
    lines = [{"url": f"https://www.nytimes.com/{town}", "text": STORY.format(town=town), **fields} for town in towns]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def outlets(output: Path) -> set[tuple[str, str, str]]:
    query = f"SELECT DISTINCT source, domain, outlet FROM read_parquet('{output}/articles/**/*.parquet')"
    return set(duckdb.execute(query).fetchall())


def test_a_day_that_is_added_names_the_outlets_of_the_days_before(tmp_path: Path) -> None:
    dump, output = tmp_path / "dump", tmp_path / "out"
    dump.mkdir()
    command = ["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet"]
    write_day(dump / "a.jsonl", ["Lyon", "Leeds"])
    assert run(command) == 0
    assert outlets(output) == {("nytimes.com", "nytimes.com", "nytimes.com")}
    write_day(dump / "b.jsonl", ["Vienna", "Dresden"], source="New York Times - News")
    assert run([*command, "--resume"]) == 0
    assert outlets(output) == {
        ("nytimes.com", "nytimes.com", "New York Times"),
        ("New York Times - News", "nytimes.com", "New York Times"),
    }
