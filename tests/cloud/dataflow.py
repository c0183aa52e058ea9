"""Runs a job as Dataflow would: from the body that was sent and what was staged, by workers that have nothing else."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2, beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner
from apache_beam.transforms.environments import SubprocessSDKEnvironment
from google.protobuf import json_format, struct_pb2

PACKAGE = "workflow.tar.gz"


def staged_at(job: dict[str, Any]) -> str:
    """The folder in the bucket that a job's files were staged in."""
    url: str = job["environment"]["sdkPipelineOptions"]["options"]["pipelineUrl"]
    return url.removeprefix("gs://").partition("/")[2].rpartition("/")[0]


def staged_pipeline(job: dict[str, Any], bucket: Any) -> beam_runner_api_pb2.Pipeline:
    """The staged graph."""
    raw = bucket.blob(f"{staged_at(job)}/pipeline.pb").download_as_bytes()
    return beam_runner_api_pb2.Pipeline.FromString(raw)


def install_package(sdist: Path, folder: Path, *, alone: bool) -> Path:
    """A Python with nothing but a staged package and what it requires.

    Args:
        sdist: the package.
        folder: where to put it all.
        alone: install the requirements too, from the index; else they are this Python's own, of which the package's own
            editable copy is no part, since only the folder of its site-packages is on the path.
    """
    venv.create(folder / "venv", with_pip=alone)
    python = folder / "venv" / "bin" / "python"
    if alone:
        pip(python, "install", str(sdist))
        return python
    site = sysconfig.get_path("purelib", vars={"base": str(folder / "venv")})
    pip(sys.executable, "install", "--no-deps", "--no-build-isolation", "--target", site, str(sdist))
    (Path(site) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def pip(python: Path | str, *args: str) -> None:
    command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *args]
    subprocess.run(command, check=True, timeout=600, capture_output=True)


def run_staged(
    job: dict[str, Any], bucket: Any, python: Path, folder: Path, *, repeat: int = 0, planted: Path | None = None
) -> None:
    """Run the staged graph with one worker process of `python`, started in an empty folder; `planted` is on its path.

    Every bundle is run `repeat` times more, whose results are thrown away, as those of a worker that was given up.
    """
    graph = staged_pipeline(job, bucket)
    folder.mkdir(parents=True, exist_ok=True)
    path = f"PYTHONPATH={shlex.quote(str(planted))} " if planted else ""
    command = f"cd {shlex.quote(str(folder))} && {path}exec {shlex.quote(str(python))} "
    worker = SubprocessSDKEnvironment.from_command_string(command + "-m apache_beam.runners.worker.sdk_worker_main")
    environment = worker.to_runner_api(None)  # type: ignore[arg-type]
    for known in graph.components.environments.values():
        known.urn, known.payload = environment.urn, environment.payload
        del known.dependencies[:]
    sent = job["environment"]["sdkPipelineOptions"]["options"]
    # JSON from a Struct writes 1 as 1.0; Beam's portable runners send whole numbers as strings for that reason.
    whole = {
        key: str(int(value)) if isinstance(value, float) and value.is_integer() else value
        for key, value in sent.items()
    }
    options = struct_pb2.Struct()
    json_format.ParseDict({"options": whole}, options)
    provision = fn_runner.ExtendedProvisionInfo(
        beam_provision_api_pb2.ProvisionInfo(pipeline_options=options, retrieval_token="none")
    )
    runner = fn_runner.FnApiRunner(worker, bundle_repeat=repeat, provision_info=provision)
    runner.run_via_runner_api(graph, PipelineOptions([])).wait_until_finish()


def module_places(python: Path, folder: Path) -> list[Path]:
    """Where a Python that is started in `folder` has the packages from."""
    code = "import pipeline, transforms, schemas; print(*(m.__file__ for m in (pipeline, transforms, schemas)))"
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([python, "-c", code], cwd=folder, env=clean, capture_output=True, text=True, check=True)
    return [Path(place) for place in done.stdout.split()]
