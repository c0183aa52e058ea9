"""Copies of an article that a model fails on: another takes its place in the same run, and nothing is raised."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT
from tests.faults.conftest import manifest, record, story
from tests.faults.poison_dump import PLANTED
from transforms.dedupe import orphans
from transforms.dedupe.orphans import take_copies

BAD = "POISON entities raise here."


def run(dump: Path, output: Path, *flags: str) -> str:
    """Run a dump in a world where some articles break the stage of names. Returns what went to standard error."""
    command = [sys.executable, "-m", "pipeline", "run", "--input", str(dump), "--output", str(output), "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(PLANTED)}
    done = subprocess.run([*command, *flags], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def ask(output: Path, query: str) -> list[Any]:
    tables = {table: f"read_parquet('{output}/{table}/**/*.parquet')" for table in ("articles", "rejects", "sentences")}
    return duckdb.sql(query.format(**tables)).fetchall()


def test_the_next_copy_takes_the_place_of_a_rejected_article(tmp_path: Path) -> None:
    texts = [
        story(1, BAD),
        story(1, BAD),
        story(1, f"{BAD} Too."),
        story(1, "And so on."),
        story(1, "And on."),
        story(9),
    ]
    lines = [record(number, text=text, date=f"2024-03-0{1 + number}") for number, text in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    output = tmp_path / "out"
    assert run(tmp_path / "a.jsonl", output) == ""
    # The first, its exact copy, and the next that fails, too, are rejected; the earliest of the rest stands for it.
    names = "right(url, 1)"
    found = ask(output, f"SELECT {names}, duplicate, canonical_id = article_id FROM {{articles}} ORDER BY url")
    assert found == [("3", None, True), ("4", "near", False), ("5", None, True)]
    assert ask(output, "SELECT stage, reason, count(*) FROM {rejects} GROUP BY ALL") == [("entities", "failed", 3)]
    analysed = f"SELECT DISTINCT {names} FROM {{sentences}} JOIN {{articles}} USING (article_id) ORDER BY 1"
    assert ask(output, analysed) == [("3",), ("5",)]
    ledger = manifest(output)["ledger"]
    assert (ledger["records"], ledger["articles"], ledger["canonical"], ledger["copies"]) == (6, 3, 2, 1)
    # Later runs leave it so.
    assert run(tmp_path / "a.jsonl", output, "--resume") == ""
    assert ask(output, f"SELECT {names}, duplicate, canonical_id = article_id FROM {{articles}} ORDER BY url") == found


def test_orphans_join_only_what_they_are_near_to(make_article: Any) -> None:
    first, other = make_article(text=story(1)), make_article(text=story(7))
    first = replace(first, article_id="first", content_hash="1")
    same = replace(first, article_id="same")
    near = replace(first, article_id="near", content_hash="2", text=story(1, "And so on."))
    copies, rest = take_copies(first, [same, near, replace(other, content_hash="3")])
    assert [(copy.article_id, copy.duplicate, copy.canonical_id) for copy in copies] == [
        ("same", "exact", "first"),
        ("near", "near", "first"),
    ]
    assert [article.text for article in rest] == [story(7)]


def test_there_is_an_end_to_it(make_article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "MOST_TRIES", 3)
    made = [
        replace(make_article(text=story(number)), article_id=f"a{number}", content_hash=str(number))
        for number in range(5)
    ]

    class Fails:
        def setup(self) -> None: ...

        def begin_bundle(self) -> None: ...

        model_runs = ()

        def call(self, request: Any, *, alone: bool) -> Any:
            raise orphans_error

    from transforms.runtime.outcome import Failed
    from transforms.runtime.sandbox import SandboxError

    orphans_error = SandboxError("entities", Failed("crashed", "planted"))
    step = orphans._HandOver(Fails())  # type: ignore[arg-type]
    step.setup()
    step.start_bundle()
    found = list(step.process(made))
    assert [type(output).__name__ for output in found] == ["Reject"] * 3 + ["Document"] * 2
    left = [output.article for output in found[3:]]
    assert all(article.canonical_id == article.article_id and article.duplicate is None for article in left)
