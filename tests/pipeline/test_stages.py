"""One order: what the graph, `trace` and `inspect` do to an article is written in one place."""

from __future__ import annotations

import ast
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions
from apache_beam.pipeline import PipelineVisitor

from pipeline import graph, stages, step_task
from pipeline.chains import ReadingSettings
from pipeline.describe import describe_job
from pipeline.options import parse_flags
from pipeline.stages import analysis, preparation
from pipeline.steps import StepByStep
from schemas.records import RawRecord
from tests.conftest import LATEST, PROSE, ROOT

READING = ReadingSettings(extract_timeout=5.0, latest=LATEST, mapping={}, min_chars=40)
FIRST = ["extract", "parse", "clean", "language", "dedupe"]
SECOND = ["sentences", "entities", "names", "sentiment"]
# The rooms of the stages, none of which anybody else may put in a row.
ROOMS = ("extract", "parse", "clean", "language", "sentences", "entities", "names", "sentiment")


def test_the_order_of_the_stages() -> None:
    assert [stage.name for stage in preparation(READING)] == FIRST
    assert [stage.name for stage in analysis({"en": "any"}, "fast", None)] == SECOND


def test_the_graph_runs_these_chains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chains: list[list[str]] = []

    def sandboxed(chain: Any, *args: Any) -> Any:
        chains.append([stage.name for stage in chain._make()])
        return real(chain, *args)

    real = graph.Sandboxed
    monkeypatch.setattr(graph, "Sandboxed", sandboxed)
    options = parse_flags(["--input", str(tmp_path), "--output", str(tmp_path / "out")])
    job = describe_job(options, [str(tmp_path)], str(tmp_path / "out"), {}, {})
    graph.build(beam.Pipeline(), job)
    assert chains == [FIRST, SECOND]


def test_the_graph_has_few_steps(tmp_path: Path) -> None:
    """Each costs a run some ten milliseconds before its first article, and one more a stage at its end."""
    options = parse_flags(["--input", str(tmp_path), "--output", str(tmp_path / "out")])
    pipeline = beam.Pipeline()
    graph.build(pipeline, describe_job(options, [str(tmp_path)], str(tmp_path / "out"), {}, {}))
    kinds: Counter[str] = Counter()

    class Visitor(PipelineVisitor):
        def visit_transform(self, node: Any) -> None:
            kinds[type(node.transform).__name__] += 1

    pipeline.visit(Visitor())
    assert kinds["ParDo"] <= 90 and kinds["GroupByKey"] <= 28


def test_views_of_options_are_made_once_and_say_the_same(tmp_path: Path) -> None:
    options = parse_flags(["--input", str(tmp_path), "--output", "o", "--job_name", "mine"])
    view = options.view_as(GoogleCloudOptions)
    assert view is options.view_as(GoogleCloudOptions) and view.job_name == "mine"
    view.job_name = "another"
    assert options.get_all_options()["job_name"] == "another"
    again = pickle.loads(pickle.dumps(options))
    assert again.view_as(GoogleCloudOptions).job_name == "another"


def test_steps_are_the_first_stages_of_a_run() -> None:
    assert (FIRST[1], FIRST[2]) == (step_task.PARSE, step_task.CLEAN)
    steps = StepByStep(READING)
    try:
        seen = steps.run(RawRecord("f", 0, "text", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9))
        assert seen.reject is not None
        assert (seen.reject.stage, seen.reject.reason) == ("parse", "binary")
        seen = steps.run(RawRecord("f", 0, "text", f"Old bridge\n\n{PROSE}\n\nExit mobile version".encode()))
    finally:
        steps.close()
    assert seen.parsed is not None
    assert seen.cleaned is not None
    assert "Exit mobile" in seen.parsed.text
    assert "Exit mobile" not in seen.cleaned.text


def test_nobody_else_makes_a_stage() -> None:
    classes = {type(stage).__name__ for stage in (*preparation(READING), *analysis({}, "fast", None))}
    makers = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
                makers.add(path)
    assert makers == {Path(stages.__file__)}
