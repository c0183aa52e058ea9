"""Charts: bars from 0, tones with their n, curves with gaps, numbers that fit, labels that don't overlap."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.tables.report.figures import Figures
from pipeline.tables.report.page import collect, render
from pipeline.tables.runs import open_runs
from tests.browser import MISSING, Browser
from transforms.sentiment.aggregate import ENOUGH

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
# Pairs of texts in one chart that cover each other, the turned ones apart: their boxes are no measure.
OVERLAPS = """
const found = [];
for (const svg of document.querySelectorAll("svg[role=img]")) {
  const texts = [...svg.querySelectorAll("text")]
    .filter((text) => text.textContent.trim() && !text.closest(".turned, [aria-label=tip]"));
  const boxes = texts.map((text) => text.getBoundingClientRect());
  for (let one = 0; one < boxes.length; one += 1)
    for (let other = 0; other < one; other += 1) {
      const a = boxes[one], b = boxes[other];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Lines of text have some air above and below.
      if (wide > 1 && high > 4)
        found.push([svg.closest("section").id, texts[one].textContent, texts[other].textContent, wide, high]);
    }
}
return found;
"""
BARS = """
return [...document.querySelectorAll("#named svg[role=img]")].map((svg) =>
  [...svg.querySelectorAll("rect")].map((bar) => bar.getBBox()).map((box) => [box.x, box.width]));
"""


@pytest.mark.parametrize("width", [1280, 768, 375])
@pytest.mark.parametrize("which", ["page", "many_page", "hostile_page"])
def test_labels_do_not_overlap(browser: Browser, request: pytest.FixtureRequest, which: str, width: int) -> None:
    browser.resize(width, mobile=width < 500)
    browser.open(request.getfixturevalue(which))
    browser.settle()
    assert browser.run(OVERLAPS) == []


@pytest.mark.parametrize("which", ["page", "many_page"])
def test_bars_start_at_zero_and_grow_linearly(browser: Browser, request: pytest.FixtureRequest, which: str) -> None:
    browser.resize(1280)
    browser.open(request.getfixturevalue(which))
    data = page_data(browser)
    drawn = browser.run(BARS)
    assert len(drawn) == 3
    for bars, rows in zip(drawn, data["named"].values(), strict=True):
        assert [start for start, _ in bars] == [0] * len(rows)
        longest = bars[0][1] / rows[0]["articles"]
        assert [width for _, width in bars] == pytest.approx([row["articles"] * longest for row in rows], rel=1e-3)


@pytest.mark.parametrize("which", ["page", "many_page", "hostile_page"])
def test_every_tone_has_its_number_and_none_rests_on_a_handful(
    browser: Browser, request: pytest.FixtureRequest, which: str
) -> None:
    browser.resize(1280)
    browser.open(request.getfixturevalue(which))
    pills = browser.run("return [...document.querySelectorAll('.pill')].map((pill) => pill.textContent)")
    rows = browser.run(
        "return [...document.querySelectorAll('#tone-charts text, #outlets text')].map((text) => text.textContent)"
    )
    pattern = re.compile(r"(too few|no tone|[+−]?\d\.\d\d ± \d\.\d\d)n = ([\d,]+)")
    said = [match.groups() for match in map(pattern.fullmatch, pills) if match]
    assert len(said) == len(pills) > 0
    said += [match.groups() for match in (re.fullmatch(r"(\S+|too few) · n ([\d,]+)", text) for text in rows) if match]
    for tone, count in said:
        assert (tone not in {"too few", "no tone"}) == (int(count.replace(",", "")) >= ENOUGH), (tone, count)
    # As many dots as names with enough mentions.
    people = [row for row in page_data(browser)["named"]["PERSON"] if row["n"] >= ENOUGH]
    if people:
        assert browser.run("return document.querySelectorAll('#tone-charts circle').length") == len(people)


def test_a_curve_has_a_gap_where_nothing_is_known(browser: Browser, many: Path, tmp_path: Path) -> None:
    with open_runs([str(many)]) as (connection, (run,)):
        data = collect(Figures(connection, run), "Gaps")
    most = data["named"]["PERSON"][0]
    (entity,) = [entity for entity in data["entities"] if entity["id"] == most["id"]]
    cells = [entity["cells"][at : at + 8] for at in range(0, len(entity["cells"]), 8)]
    assert len(data["overview"]["periods"]) > 10
    periods = {cell[1] for cell in cells}
    assert {3, 4, 5, 6, 7, 8} <= periods
    # Nothing in period 5; in period 8 a single mention.
    kept = [cell for cell in cells if cell[1] not in {5, 8}] + [[0, 8, 1, 1, 1, 1, 500, 300]]
    entity["cells"] = [number for cell in kept for number in cell]
    target = tmp_path / "gaps.html"
    target.write_text(render(data, "Gaps"), encoding="utf-8")
    browser.resize(1280)
    browser.open(target)
    line = "document.querySelector('#tone-curves svg g[aria-label=line] path').getAttribute('d')"
    whole = len(periods) - (-1 in periods)
    assert browser.run(f"return ({line}.match(/M/g) || []).length") == 3
    dots = browser.run("return document.querySelector('#tone-curves svg').querySelectorAll('circle').length")
    assert dots == whole - 2


def test_the_numbers_of_the_heatmap_fit_their_cells_and_say_n(browser: Browser, many_page: Path) -> None:
    for width in (1280, 375):
        browser.resize(width, mobile=width < 500)
        browser.open(many_page)
        browser.settle()
        found = browser.run(
            "const svg = [...document.querySelectorAll('#outlets svg[role=img]')].pop();"
            "const box = (node) => { const b = node.getBoundingClientRect();"
            "return [b.left, b.top, b.right, b.bottom]; };"
            "return [[...svg.querySelectorAll('rect')].map(box), [...svg.querySelectorAll('text')]"
            ".filter((text) => /^(n )?[+−]?[\\d.,]+$/.test(text.textContent))"
            ".map((text) => [text.textContent, ...box(text)])]"
        )
        cells, numbers = found
        scores = [text for text, *_ in numbers if "." in text]
        counts = [text for text, *_ in numbers if "." not in text]
        assert len(counts) == len(cells) >= 8
        assert len(scores) == len([text for text in counts if not text.startswith("n ")]) > 0
        for _, left, top, right, bottom in numbers:
            assert any(
                left >= cell[0] - 1 and top >= cell[1] - 1 and right <= cell[2] + 1 and bottom <= cell[3] + 1
                for cell in cells
            )


def page_data(browser: Browser) -> dict[str, Any]:
    """The figures that a page holds."""
    found: dict[str, Any] = json.loads(browser.run("return document.getElementById('data').textContent"))
    return found
