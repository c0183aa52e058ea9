"""The graph is one that the fusers of all runners make steps of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2

from pipeline import graph
from pipeline.options import parse_flags
from pipeline.run import describe_job
from schemas.files import StoredList
from transforms.resume.reuse import StoredReuse

# What the runners in Java carry out themselves, between the steps that workers do.
SHUFFLES = (common_urns.primitives.GROUP_BY_KEY.urn, common_urns.composites.RESHUFFLE.urn)
PAR_DO = common_urns.primitives.PAR_DO.urn
LISTED = StoredList(("list.jsonl",))
REUSED = StoredReuse(patterns=LISTED, checkpoints=LISTED, parts=LISTED, mixed=LISTED, analyses=LISTED, found=LISTED)


def proto_of(tmp_path: Path, reuse: StoredReuse) -> beam_runner_api_pb2.Components:
    options = parse_flags(["--input", str(tmp_path), "--output", str(tmp_path / "out")])
    job = describe_job(options, [str(tmp_path)], str(tmp_path / "out"), {}, {})
    pipeline = beam.Pipeline()
    graph.build(pipeline, replace(job, reuse=reuse))
    return pipeline.to_runner_api().components


def test_rows_are_written_by_the_step_that_makes_them(tmp_path: Path) -> None:
    # The runners in Java begin a new step where something comes from the side, and store all that goes into it.
    transforms = proto_of(tmp_path, StoredReuse()).transforms.values()
    writing = [step for step in transforms if "/Parts" in step.unique_name and step.spec.urn == PAR_DO]
    assert len(writing) > 10
    for step in writing:
        assert not beam_runner_api_pb2.ParDoPayload.FromString(step.spec.payload).side_inputs, step.unique_name


@pytest.mark.parametrize("reuse", [StoredReuse(), REUSED._replace(counts=LISTED)], ids=["fresh", "reused"])
def test_nothing_is_both_flattened_and_shuffled(tmp_path: Path, reuse: StoredReuse) -> None:
    # The runners in Java lose the other inputs of such a Flatten (apache/beam issue 34647).
    transforms = proto_of(tmp_path, reuse).transforms.values()
    shuffled = {name for step in transforms if step.spec.urn in SHUFFLES for name in step.inputs.values()}
    flattens = [step for step in transforms if step.spec.urn == common_urns.primitives.FLATTEN.urn]
    assert flattens
    assert {step.unique_name for step in flattens if shuffled.intersection(step.inputs.values())} == set()
