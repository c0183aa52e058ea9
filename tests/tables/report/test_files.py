"""Charts as files: their figures as CSV, themselves as PNG, saved by the browser and nowhere else."""

from __future__ import annotations

import csv
import io
import struct
import time
from pathlib import Path

import pytest

from tests.browser import MISSING, Browser

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
PNG = b"\x89PNG\r\n\x1a\n"


def save(browser: Browser, folder: Path, section: str, form: str) -> Path:
    """Press a button of a section's first chart, and wait for the file."""
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.run(
        "[...document.querySelectorAll(`#${arguments[0]} .tools button`)]"
        ".find((button) => button.textContent === arguments[1]).click()",
        section,
        form,
    )
    for _ in range(200):
        found = [path for path in folder.iterdir() if path.suffix == f".{form.lower()}"]
        if found and found[0].stat().st_size:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no {form} of {section}")


def test_the_figures_of_a_chart_as_csv(browser: Browser, page: Path, tmp_path: Path) -> None:
    browser.open(page)
    saved = save(browser, tmp_path, "named", "CSV")
    assert saved.name == "most-named-person.csv"
    content = saved.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert header == ["Name", "Articles", "Mentions", "Tone", "± two standard errors", "Mentions with a tone"]
    assert rows[0][:3] == ["Femke Jansen", "7", "12"]
    assert -1 <= float(rows[0][3]) <= 1
    assert float(rows[0][4]) > 0


@pytest.mark.parametrize("section", ["named", "tone", "outlets", "together", "places", "ledger"])
def test_a_chart_as_png(browser: Browser, many_page: Path, tmp_path: Path, section: str) -> None:
    browser.resize(1280)
    browser.open(many_page)
    browser.requests()
    content = save(browser, tmp_path, section, "PNG").read_bytes()
    assert content.startswith(PNG)
    width, height = struct.unpack(">II", content[16:24])
    drawn = browser.run(
        "const svg = document.querySelector(`#${arguments[0]} svg[role=img]`);"
        "return [Number(svg.getAttribute('width')), Number(svg.getAttribute('height'))]",
        section,
    )
    assert width == 2 * (drawn[0] + 40)
    assert height > 2 * drawn[1]
    # A blank picture would be much smaller.
    assert len(content) > 20_000
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:", "blob:"))] == []
    assert browser.messages() == []


def test_hostile_names_are_no_formulas_and_no_paths(browser: Browser, hostile_page: Path, tmp_path: Path) -> None:
    browser.open(hostile_page)
    found: list[str] = []
    for section in ("named", "outlets"):
        saved = save(browser, tmp_path, section, "CSV")
        assert saved.parent == tmp_path
        found += [row[0] for row in csv.reader(io.StringIO(saved.read_bytes().decode("utf-8-sig"), newline=""))]
        saved.unlink()
    assert not [cell for cell in found if cell.startswith(("=", "+", "@", "\t"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in found)
    save(browser, tmp_path, "named", "PNG")
    assert browser.run("return window.hacked ?? null") is None
