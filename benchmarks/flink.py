"""What a run on Flink takes: seconds, bytes that Flink exchanges between its tasks, and files that it writes.

    make bench-flink ARTICLES=ARTICLES.jsonl.gz

On the cluster of `make test-flink`, all of it on this machine. Seconds and bytes are those that Flink's REST interface
gives of the job, where each byte counts once for each task that it is written for.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from pipeline.cli import run_command
from tests.engines.flink import Cluster, flink
from tests.engines.watch import watch_files


def main() -> None:
    """Print a table: a row for each number of articles; and the tasks that write most, for the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[300, 1000])
    args = parser.parse_args()
    print("| articles | seconds | exchanged MB | KB an article | files |\n|---:|---:|---:|---:|---:|")
    job: dict[str, Any] = {}
    for articles in args.articles:
        with gzip.open(args.input, "rb") as lines:
            records = list(itertools.islice(lines, articles))
        with tempfile.TemporaryDirectory() as folder:
            job = measure(records, Path(folder))
    for task in sorted(job["vertices"], key=_written, reverse=True)[:5]:
        print(f"{_written(task) / 1e6:8.2f} MB  {task['name'][:120]}")


def measure(records: list[bytes], folder: Path) -> dict[str, Any]:
    """Run these records in a cluster of their own and print a row. Returns what Flink says of the job."""
    (folder / "dump.jsonl").write_bytes(b"".join(records))
    output = folder / "out"
    with flink(folder / "flink") as cluster, watch_files(output) as files:
        flags = [str(folder / "dump.jsonl"), str(output), *cluster.flags(), "--quiet"]
        status = run_command("pipeline.run:run", flags)
        if status:
            raise SystemExit(f"the run ended with {status}")
        job = finished_job(cluster)
    sent = sum(map(_written, job["vertices"]))
    seconds, each = job["duration"] / 1000, sent / 1000 / len(records)
    print(f"| {len(records):,} | {seconds:.0f} | {sent / 1e6:.1f} | {each:.1f} | {len(files):,} |", flush=True)
    return job


def finished_job(cluster: Cluster) -> dict[str, Any]:
    """What Flink says of the one job of a cluster, once it is done."""
    (listed,) = _ask(cluster, "/jobs/overview")["jobs"]
    return _ask(cluster, f"/jobs/{listed['jid']}")


def _ask(cluster: Cluster, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://localhost:{cluster.rest}{path}", timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _written(task: dict[str, Any]) -> int:
    return int(task["metrics"]["write-bytes"])


if __name__ == "__main__":
    main()
