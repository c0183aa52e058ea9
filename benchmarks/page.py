"""The tables' commands on a large run: how long each takes, and how its page opens in Chromium."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure
from tests.browser import MISSING, chromium
from tests.made_run import make_run, make_world

OPENINGS = 7
OPENED = """
const [entry] = performance.getEntriesByType("navigation");
return [entry.loadEventEnd, document.documentElement.dataset.ready, document.querySelectorAll("svg[role=img]").length];
"""


def main() -> None:
    """Make the run, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = make_run(Path(folder) / "run", options.articles, make_world(1))
        print(f"{options.articles:,} articles\n\n| what | seconds | memory MB |\n|---|---|---|")
        for command in (["check"], ["report"], ["sql", "-c", "FROM names ORDER BY articles DESC LIMIT 10"]):
            found = measure([sys.executable, "-m", "pipeline", command[0], str(run), *command[1:]])
            print(f"| `newsbeam {command[0]}` | {found.wall:.1f} | {found.memory / 1e6:.0f} |")
        page = run / "report.html"
        print(f"\nThe page has {page.stat().st_size / 1e6:.2f} MB.")
        if MISSING:
            print(f"Not opened: {MISSING}")
        else:
            print(open_page(page))


def open_page(page: Path) -> str:
    """How long the page takes to be loaded and drawn, each time in a new tab of a browser that runs."""
    seconds = []
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        browser.resize(1200)
        for _ in range(OPENINGS):
            browser.driver.switch_to.new_window("tab")
            browser.open(page)
            loaded, ready, charts = browser.run(OPENED)
            assert ready == "yes"
            assert charts
            seconds.append(loaded / 1000)
    return (
        f"It opens in {statistics.median(seconds):.2f} s ({min(seconds):.2f} … {max(seconds):.2f}), all charts drawn."
    )


if __name__ == "__main__":
    main()
