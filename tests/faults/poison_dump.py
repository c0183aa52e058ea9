"""A dump with an article for every way in which every stage can fail, and what must come of it, on any runner."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from tests.faults.conftest import record, story

STAGES = ("read", "extract", "parse", "clean", "language", "dedupe", "sentences", "entities", "names", "sentiment")
KINDS = ("raise", "crash", "kill", "memory", "hang")
REASONS = {
    "raise": "failed",
    "crash": "crashed",
    "kill": "out_of_memory",
    "memory": "out_of_memory",
    "hang": "timeout",
}
# What makes it a matter of minutes.
FLAGS = ("--article_timeout", "4", "--extract_timeout", "4", "--article_memory_mb", "400")
# Put on the path of all processes of a run, this makes the stages fail.
PLANTED = Path(__file__).parent / "poison"


def plant(dump: Path, kinds: tuple[str, ...] = KINDS) -> set[tuple[str, str]]:
    """Make the dump. Returns the stage and kind of each poison."""
    dump.mkdir()
    planted = sorted((stage, kind) for stage in STAGES for kind in kinds)
    with (dump / "a.jsonl").open("w", encoding="utf-8") as lines:
        for number, (stage, kind) in enumerate(planted):
            text = story(1000 + number, f"POISON {stage} {kind} here.")
            if stage == "read":
                (dump / f"{kind}.jsonl").write_text(record(1000 + number, text=text), encoding="utf-8")
            elif stage == "extract":
                page = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
                (dump / f"{kind}.html").write_text(f"<html><article>{page}</article></html>", encoding="utf-8")
            else:
                lines.write(record(1000 + number, text=text))
            lines.write(record(number))
    return set(planted)


def hold(dump: Path, output: Path, planted: set[tuple[str, str]], where: str | None = None) -> None:
    """Fail unless each poison was rejected alone, with its place and reason, and all its neighbours came out.

    `where`: what the dump was called in the run, if not `dump`.
    """
    articles = pq.read_table(output / "articles").to_pylist()
    good = [json.loads(record(number))["url"] for number in range(len(planted))]
    assert sorted(row["url"] for row in articles) == sorted(good)
    found = set()
    for row in pq.read_table(output / "rejects").to_pylist():
        path = dump / row["source_file"].removeprefix(where or str(dump)).lstrip("/")
        content = path.read_bytes()[row["source_offset"] :]
        place = (content if path.suffix == ".html" else content.split(b"\n")[0]).decode()
        _, stage, kind, *_ = place[place.index("POISON") :].split()
        assert (row["stage"], row["reason"]) == (stage, REASONS[kind]), (stage, kind, row["message"])
        assert row["retryable"]
        found.add((stage, kind))
    assert found == planted
