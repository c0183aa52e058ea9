"""Pages of few articles, or of such without dates, outlets, names or tone: sensible, and nothing made up."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from schemas.tables import MANIFEST
from tests.browser import MISSING, Browser
from tests.made_run import World, make_run, make_world
from tests.tables.report.conftest import write_page

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NONSENSE_RE = re.compile(r"NaN|undefined|Infinity|\bnull\b|\[object|Invalid|−0\.00(?!\d)|(?<!\w)-\d")


def without(run: Path, column: str, tables: tuple[str, ...] = ("articles",)) -> None:
    """Take a column's values out of a run."""
    for table in tables:
        for path in (run / table).glob("*.parquet"):
            rows = pq.read_table(path)
            place = rows.schema.get_field_index(column)
            empty = pa.nulls(len(rows), rows.schema.field(column).type)
            pq.write_table(rows.set_column(place, rows.schema.field(place), empty), path)


def one_day(run: Path) -> None:
    for path in (run / "articles").glob("*.parquet"):
        rows = pq.read_table(path)
        place = rows.schema.get_field_index("published_at")
        day = pc.if_else(pc.is_valid(rows["published_at"]), pc.max(rows["published_at"]), None)
        pq.write_table(rows.set_column(place, rows.schema.field(place), day), path)


def no_tone(run: Path) -> None:
    for column in ("sentiment", "sentiment_label"):
        without(run, column, ("articles", "sentences", "mentions", "entities"))
    for column in ("sentiment_error", "sentiment_spread"):
        without(run, column, ("entities",))
    for path in (run / "entities").glob("*.parquet"):
        rows = pq.read_table(path)
        place = rows.schema.get_field_index("sentiment_count")
        field = rows.schema.field(place)
        pq.write_table(rows.set_column(place, field, pa.array([0] * len(rows), field.type)), path)


def no_dates(run: Path) -> None:
    without(run, "published_at")


def no_outlets(run: Path) -> None:
    without(run, "outlet")


CASES: dict[str, tuple[int, Callable[[Path], None] | None]] = {
    "one article": (1, None),
    "a handful": (5, None),
    "no dates": (40, no_dates),
    "no outlets": (40, no_outlets),
    "no tone": (40, no_tone),
    "one day": (40, one_day),
}


@pytest.mark.parametrize("case", CASES)
def test_a_small_page_says_nothing_that_is_not_so(browser: Browser, tmp_path: Path, case: str) -> None:
    count, change = CASES[case]
    run = make_run(tmp_path / "run", count, make_world(5, 60))
    if change:
        change(run)
    page = write_page(run, tmp_path / "page.html")
    browser.messages()
    for width in (1280, 375):
        browser.resize(width, mobile=width < 500)
        browser.open(page)
        browser.settle()
        browser.run("for (const details of document.querySelectorAll('details')) details.open = true")
        browser.settle()
        text = browser.run(
            "return [...document.querySelectorAll('header, section:not(#rejects), nav')]"
            ".map((e) => e.innerText).join('\\n')"
        )
        assert NONSENSE_RE.findall(text) == []
        assert browser.run("return document.documentElement.scrollWidth") <= width
        empty = browser.run(
            "return [...document.querySelectorAll('section:not([hidden])')].filter((s) => s.innerText.trim() === "
            "s.querySelector('h2').innerText.trim()).map((s) => s.id)"
        )
        assert empty == []
        # The way to what isn't there isn't shown.
        ways = "[...document.querySelectorAll('nav li:not([hidden]) a')]"
        assert browser.run(f"return {ways}.filter((a) => document.querySelector(a.hash).hidden).length") == 0
    assert browser.messages() == []
    hidden = set(browser.run("return [...document.querySelectorAll('section[hidden]')].map((s) => s.id)"))
    # The made-up world's first article has no date.
    assert ("time" in hidden) == (case in {"no dates", "one article"})
    assert ("outlets" in hidden) == (case == "no outlets")
    assert ("tone" in hidden) == (case == "no tone")


def test_what_was_left_out_as_asked_is_in_the_ledger(browser: Browser, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", 30, make_world(5, 60))
    manifest = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    manifest["left_out"] = {"language": 4, "date": 3}
    manifest["ledger"]["left_out"] = 7
    manifest["ledger"]["records"] += 7
    (run / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    browser.open(write_page(run, tmp_path / "page.html"))
    text = browser.run("return document.querySelector('#ledger .finding').textContent")
    assert "Of 38 records, 30 (79%) became articles" in text
    assert "7 (18%) were left out, as the run was asked to. None was lost." in text


def test_an_empty_run(browser: Browser, tmp_path: Path) -> None:
    page = write_page(make_run(tmp_path / "run", 0, World(random.Random(1), (), ())), tmp_path / "page.html")
    browser.messages()
    browser.open(page)
    assert browser.run("return document.documentElement.dataset.ready") == "yes"
    assert "This run has no articles." in browser.run("return document.querySelector('header').innerText")
    assert browser.run("return document.getElementById('filter').hidden") is True
    assert browser.messages() == []
