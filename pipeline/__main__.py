"""The command line: `newsbeam COMMAND …`, the same as `python -m pipeline COMMAND …`."""

from __future__ import annotations

from pipeline.cli import entry

if __name__ == "__main__":
    entry()
