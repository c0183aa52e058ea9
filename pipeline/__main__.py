"""The command line: `newsbeam COMMAND …`, the same as `python -m pipeline COMMAND …`."""

from __future__ import annotations

import sys

from pipeline.cli import main

if __name__ == "__main__":
    sys.exit(main())
