"""Draws `docs/summary.svg`, what a run on the sample dump ends with: `make picture`."""

from __future__ import annotations

import io
import time
from pathlib import Path

from rich.console import Console

from pipeline.run import read_manifest, run
from pipeline.summary import show_summary

OUTPUT = "out/sample"
WIDTH = 96


def main() -> None:
    """Run the job on the sample dump, then show its summary to a console that records."""
    started = time.monotonic()
    run(["--input", "tests/data/dump", "--output", OUTPUT, "--overwrite", "--quiet"])
    elapsed = time.monotonic() - started
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$ make run-local[/]")
    show_summary(read_manifest(OUTPUT), OUTPUT, elapsed=elapsed, console=console)
    Path("docs/summary.svg").write_text(console.export_svg(title="newsbeam"), encoding="utf-8")


if __name__ == "__main__":
    main()
