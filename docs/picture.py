"""Draws the pictures of the README: `make picture`.

`summary.svg`, the end of a run on the sample dump, and `trace.svg`, one article traced, are drawn by a console that
records; `page-light.webp` and `page-dark.webp` are the page of that run as Chromium shows it, where Chromium is.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from pipeline import cli
from pipeline.run import read_manifest, run
from pipeline.summary import show_summary
from pipeline.tables.runs import open_runs
from pipeline.tables.trace.content import collect
from pipeline.tables.trace.screen import show
from tests.browser import MISSING, chromium

OUTPUT = "out/sample"
WIDTH = 106
# An article of which every stage left something to see.
TRACED = "https://corvane-newswire.example/2024/04/16/vienna-clocks-arrest"
PAGE = (1180, 1390)


def main() -> None:
    """Run the job on the sample dump, then draw."""
    started = time.monotonic()
    run(["--input", "tests/data/dump", "--output", OUTPUT, "--overwrite", "--quiet"])
    elapsed = time.monotonic() - started
    console = _console("make run-local")
    show_summary(read_manifest(OUTPUT), OUTPUT, elapsed=elapsed, console=console)
    _save(console, "summary")
    draw_trace()
    if MISSING:
        print(f"no pictures of the page: {MISSING}", file=sys.stderr)  # noqa: T201
    else:
        draw_page()


class _Paper(Console):
    """A console on which long lines are wrapped, since a picture can't be scrolled."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*objects, **{**options, "soft_wrap": False})


def _console(command: str) -> Console:
    console = _Paper(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(f"[bold]$ {command}[/]", highlight=False)
    return console


def _save(console: Console, name: str) -> None:
    Path(f"docs/{name}.svg").write_text(console.export_svg(title="newsbeam"), encoding="utf-8")


def draw_trace() -> None:
    """An article that has something for every part of a trace."""
    console = _console(f"newsbeam trace {OUTPUT} {TRACED}")
    with open_runs([OUTPUT]) as (connection, (found,)):
        show(collect(connection, found, TRACED, None), console)
    _save(console, "trace")


def draw_page() -> None:
    """The top of the page, in light and dark."""
    cli.main(["report", OUTPUT])
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        browser.resize(*PAGE)
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            browser.open(Path(OUTPUT) / "report.html")
            browser.settle()
            Path(f"docs/page-{scheme}.webp").write_bytes(browser.picture("webp", quality=80))


if __name__ == "__main__":
    main()
