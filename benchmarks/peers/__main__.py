"""newsbeam beside its peers on the same articles, one after the other in one run: time, memory, and what was written.

    python -m benchmarks.peers ARTICLES.jsonl.gz [--articles 200 1000] [--environments build/peers] [--only NAME …]

Each peer runs in an environment of its own (`make bench-peers` makes them), each over the same folder of two files.
One that isn't installed or fails is a line of the table.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.measure import machine, measure
from benchmarks.peers.table import HEAD, Row, print_row
from benchmarks.peers.written import count_written

PEERS = {"datatrove": "datatrove", "ray": "Ray Data", "spark": "Spark, `local[2]`", "beam": "Beam, RunInference"}
OWN = {"newsbeam": "newsbeam", "script": "plain script"}


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path, help="gzipped JSON lines with the text in `content_original`")
    parser.add_argument("--articles", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--environments", type=Path, default=Path("build/peers"))
    parser.add_argument("--only", nargs="+", choices=[*OWN, *PEERS], default=[*OWN, *PEERS])
    args = parser.parse_args()
    print(f"{machine()}\n\n{HEAD}", flush=True)
    for wanted in args.articles:
        first: Row | None = None
        for row in measure_all(args.input, wanted, args.only, args.environments):
            # What newsbeam takes is what the others are compared with.
            first = first or (row if row.tool == OWN["newsbeam"] else None)
            print(print_row(row, first), flush=True)


def measure_all(source: Path, wanted: int, tools: list[str], environments: Path) -> Iterator[Row]:
    """A row for each tool, on the first articles of a file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        count = divide(source, wanted, folder / "input")
        for tool in tools:
            yield measure_tool(tool, folder, count, environments)


def divide(source: Path, wanted: int, folder: Path) -> int:
    """Write the first articles of a dump into two files, by turns. Returns how many there were."""
    folder.mkdir()
    with gzip.open(source, "rb") as lines:
        found = list(islice(lines, wanted))
    for number in range(2):
        (folder / f"{number}.jsonl").write_bytes(b"".join(found[number::2]))
    (folder.parent / "input.jsonl").write_bytes(b"".join(found))
    return len(found)


def measure_tool(tool: str, folder: Path, count: int, environments: Path) -> Row:
    """Run one tool over `folder`'s input, and look at what it wrote."""
    name, output = {**OWN, **PEERS}[tool], folder / tool
    python = environments.absolute() / tool / "bin" / "python"
    if tool in PEERS and not (python.parent.parent / ".complete").exists():
        return Row(name, count, problem="not installed")
    commands = {
        "newsbeam": [sys.executable, "-m", "pipeline", "run", f"{folder}/input", str(output), "--quiet"],
        "script": [sys.executable, "-m", "benchmarks.plain_script", f"{folder}/input.jsonl", str(output)],
    }
    peer = [str(python), "-m", f"benchmarks.peers.with_{tool}", f"{folder}/input", str(output)]
    log = environments / f"{tool}-{count}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    output.mkdir()
    try:
        return Row(name, count, measure(commands.get(tool, peer), log=str(log)), *count_written(output))
    except (RuntimeError, OSError, ValueError) as error:
        return Row(name, count, problem=f"failed, see {log}: {type(error).__name__}")


if __name__ == "__main__":
    main()
