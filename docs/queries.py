"""Fills `docs/queries.md` with the answers of its queries on the sample dump: `make docs`.

Each ```sql block is run on the run, and the ```text block behind it replaced by what comes out.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import duckdb

from pipeline.run import run
from pipeline.tables.results import write_result
from pipeline.tables.runs import open_runs

PAGE = Path(__file__).with_name("queries.md")
OUTPUT = "out/sample"
BLOCK_RE = re.compile(r"```sql\n(.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def answer(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """What a query gives, as `newsbeam sql` shows it."""
    stream = io.StringIO()
    write_result(connection.execute(query), "table", stream)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def fill(page: str, output: str) -> str:
    """A page with the answers of its queries on a run."""
    with open_runs([output]) as (connection, _):

        def answered(block: re.Match[str]) -> str:
            return f"```sql\n{block[1]}```\n\n```text\n{answer(connection, block[1])}```\n"

        return BLOCK_RE.sub(answered, page)


def main() -> None:
    """Run the job on the sample dump and write the page anew."""
    run(["--input", "tests/data/dump", "--output", OUTPUT, "--overwrite", "--quiet"])
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8"), OUTPUT), encoding="utf-8")


if __name__ == "__main__":
    main()
