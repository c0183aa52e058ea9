"""newsbeam beside the plain script on the same articles: wall time, processor time and peak memory, in one run.

`python -m benchmarks.against_script INPUT.jsonl.gz [--articles N …] [--rounds N]`
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, machine, measure


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", help="gzipped JSON lines with the text in `content_original`")
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 1_000_000_000])
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    print(f"{machine()}; median of {args.rounds}\n")
    print("| articles | tool | wall s | processor s | peak memory MB |")
    print("|---:|---|---:|---:|---:|")
    medians: dict[tuple[int, str], Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        for wanted in args.articles:
            source = Path(folder) / "input.jsonl"
            count = take(args.input, source, wanted)
            for tool, measured in alternate(source, Path(folder), args.rounds).items():
                medians[count, tool] = middle = Measured(*map(statistics.median, zip(*measured, strict=True)))
                print(f"| {count:,} | {tool} | {middle.wall:.1f} | {middle.cpu:.1f} | {middle.memory / 1e6:,.0f} |")
                sys.stdout.flush()
    print()
    for count in sorted({count for count, _ in medians}):
        ratio = medians[count, "newsbeam"].wall / medians[count, "plain script"].wall
        print(f"{count:,} articles: newsbeam takes {ratio:.2f} × the script's wall time")
    first, *_, last = sorted(count for count, tool in medians if tool == "newsbeam")
    growth = medians[last, "newsbeam"].memory / medians[first, "newsbeam"].memory
    print(f"newsbeam's peak memory at {last:,} articles is {growth:.2f} × that at {first:,}")


def take(source: str, target: Path, wanted: int) -> int:
    """Write the first articles of a dump into a file of their own. Returns how many there were."""
    count = 0
    with gzip.open(source, "rb") as lines, target.open("wb") as sink:
        for line in itertools.islice(lines, wanted):
            sink.write(line)
            count += 1
    return count


def alternate(source: Path, folder: Path, rounds: int) -> dict[str, list[Measured]]:
    """Both tools in turn."""
    found: dict[str, list[Measured]] = {"newsbeam": [], "plain script": []}
    for number in range(rounds):
        output = str(folder / f"out-{source.stat().st_size}-{number}")
        run = [sys.executable, "-m", "pipeline", "run", "--input", str(source), "--output", output, "--quiet"]
        found["newsbeam"].append(measure(run))
        script = [sys.executable, "-m", "benchmarks.plain_script", str(source), output + "-script"]
        found["plain script"].append(measure(script))
    return found


if __name__ == "__main__":
    main()
