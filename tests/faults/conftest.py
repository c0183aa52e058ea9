from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import TABLES

TOWNS = ("Glasgow", "Lyon", "Vienna", "Antwerp", "Dresden", "Montevideo", "Leeds", "Columbus", "Andøya", "Cairns")
PEOPLE = ("Jane Miller", "Femke Jansen", "Pieter Aldenberg", "Amara Okonjo", "Bradley Stennett", "Samuel Lindqvist")
DEEDS = ("opened the bridge", "lost the vote", "signed the treaty", "praised the clerks", "sued the bank", "won")

# Plain English, so that the article is in English beyond doubt; in an order of its own in each.
WORDS = (
    "the old and new bridge over a river that people of this town have known for years when they walk to work or home "
    "with their children in rain or sun past shops where bread is sold by women who talk about prices and weather "
    "while men in the market carry boxes of apples from trucks which came at night through hills under stars"
)


def story(number: int, more: str = "") -> str:
    """A short article, unlike any other."""
    town, person, deed = TOWNS[number % 10], PEOPLE[number % 6], DEEDS[number // 3 % 6]
    rng = random.Random(number)
    words = " ".join(rng.choices(WORDS.split(), k=50))
    return (
        f"{person} {deed} in {town} on Monday, and {PEOPLE[(number + 1) % 6]} was angry. {more}\n\nThe list: {words}."
    )


def record(number: int, more: str = "", **fields: Any) -> str:
    """A line of a dump."""
    day = f"2024-{1 + number % 3:02}-{1 + number % 27:02}"
    return json.dumps({"url": f"https://a.example/{number}", "text": story(number, more), "date": day, **fields}) + "\n"


def rows(output: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, sorted."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    found = {}
    for table in TABLES:
        files = [str(path) for path in (output / table).rglob("*.parquet")]
        read = f"SELECT * FROM read_parquet({files}, hive_partitioning = false) ORDER BY ALL"
        found[table] = connection.execute(read).fetchall() if files else []
    return found


def manifest(output: Path) -> dict[str, Any]:
    """The content of `_run.json`."""
    content: dict[str, Any] = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    return content


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=20, help="how often runs are killed")
