"""What a page can filter: bounded, and its sums are the tables'."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.tables.report import cells
from pipeline.tables.report.evidence import entities
from pipeline.tables.report.figures import Figures, cut_span
from pipeline.tables.report.page import collect, render
from pipeline.tables.runs import open_runs


def test_the_sums_of_all_cells_are_the_figures_of_the_names(many: Path) -> None:
    with open_runs([str(many)]) as (connection, (run,)):
        data = collect(Figures(connection, run), "Sums")
    assert len(data["entities"]) >= 100
    for entity in data["entities"]:
        rows = [entity["cells"][at : at + 8] for at in range(0, len(entity["cells"]), 8)]
        articles, mentions, n, scored, total, squares = (sum(row[place] for row in rows) for place in range(2, 8))
        assert (articles, mentions, n) == (entity["articles"], entity["mentions"], entity["n"])
        mean = total / scored / 1000
        assert mean == pytest.approx(entity["sentiment"], abs=0.001)
        error = math.sqrt((squares / scored / 1000 - mean * mean) / scored)
        assert error == pytest.approx(entity["error"], abs=0.002)
    articles = sum(row[2] + row[3] for row in data["cells"])
    assert articles == data["overview"]["articles"]


def test_the_most_named_of_each_kind_are_always_there(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few cells fit, those that fit are the most named."""
    monkeypatch.setattr(cells, "CELLS", 4000)
    with open_runs([str(many)]) as (connection, (run,)):
        figures = Figures(connection, run)
        cells.make_cells(figures)
        found = entities(figures)
        most = figures.most_named()
    kept = {entity["id"] for entity in found}
    assert sum(len(entity["cells"]) for entity in found) <= 8 * 4000
    for rows in most.values():
        assert rows[0]["id"] in kept


def test_a_page_stays_small(many: Path) -> None:
    with open_runs([str(many)]) as (connection, (run,)):
        data = collect(Figures(connection, run), "Size")
    assert len(data["entities"]) <= cells.ENTITIES
    assert len(render(data, "Size")) < 3_500_000


@pytest.mark.parametrize(
    ("first", "last", "unit", "count"),
    [
        ("2024-03-01", "2024-03-01", "day", 1),
        ("2024-03-01", "2024-04-09", "day", 40),
        ("2024-03-01", "2024-04-10", "week", 7),
        ("2024-01-01", "2024-12-31", "month", 12),
        ("2012-06-04", "2020-07-16", "quarter", 34),
        ("1990-05-01", "2020-07-16", "year", 31),
        ("1851-09-18", "2020-07-16", "decade", 18),
    ],
)
def test_a_span_is_cut_into_some_forty_periods(first: str, last: str, unit: str, count: int) -> None:
    with duckdb.connect() as connection:
        span = cut_span(connection, datetime.fromisoformat(f"{first}T09:00Z"), datetime.fromisoformat(f"{last}T13:00Z"))
    assert span.unit == unit
    assert len(span.periods) == count + 1
    assert span.periods[0] <= first
    assert span.periods[-2] <= last < span.periods[-1]
