"""`newsbeam submit` with Beam's own Dataflow client; the job that it sends is run as the service would run it."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from apache_beam.portability.api import beam_runner_api_pb2 as api

from pipeline.cli import main, run_command
from pipeline.earlier_runs import take_output
from pipeline.errors import UsageError
from pipeline.options import NewsbeamOptions, parse_flags
from schemas.tables import KEPT, TABLES
from tests.cloud.conftest import BUCKET, download, manifest_of, tables_of, upload
from tests.cloud.dataflow import PACKAGE, install_package, module_places, run_staged, staged_at, staged_pipeline
from tests.cloud.services import PROJECT, REGION, Cloud
from tests.conftest import ROOT
from tests.faults import poison_dump

PAGE = f"https://console.cloud.google.com/dataflow/jobs/{REGION}/2026-11-24_00_00_00-0?project={PROJECT}"
STAGES = ["Input", "Read", "Prepare", "Checkpoint", "Dedupe", "Restore", "Analyse"]
STAGES += ["WriteEarly", "WriteLate", "AllParts", "Finish", "Clear0"]


def flags_for(cloud: Cloud, *more: str) -> list[str]:
    where = ["--project", PROJECT, "--region", REGION, "--bucket", BUCKET]
    return [*where, "--dataflow_endpoint", cloud.address, *more]


def submit_and_run(
    cloud: Cloud, storage: Any, folder: Path, *flags: str, alone: bool = False, **how: Any
) -> tuple[int, Path]:
    """Submit, waiting; the stand-in installs what was staged and runs the staged graph. The status and the Python."""
    pythons = []
    cloud.states, cloud.counters = ["JOB_STATE_PENDING"], {"records": 7, "articles": 5, "bytes": 1}

    def work(job: dict[str, Any]) -> None:
        cloud.states = ["JOB_STATE_RUNNING"]
        try:
            sdist = folder / PACKAGE
            storage.blob(f"{staged_at(job)}/{PACKAGE}").download_to_filename(sdist)
            pythons.append(install_package(sdist, folder, alone=alone))
            run_staged(job, storage, pythons[0], folder / "work", **how)
        except BaseException as error:
            cloud.messages.append(("JOB_MESSAGE_ERROR", f"Traceback:\n{error!r}"))
            cloud.states = ["JOB_STATE_FAILED"]
        else:
            cloud.states = ["JOB_STATE_DONE"]

    cloud.on_create = lambda job: threading.Thread(target=work, args=(job,), daemon=True).start()
    status = main(["submit", *flags_for(cloud, "--wait", *flags)])
    return status, pythons[0]


def check_job(job: dict[str, Any], graph: api.Pipeline, storage: Any) -> None:
    """What matters in the body that the service is sent, and in what is staged for it."""
    assert job["name"].startswith("newsbeam-")
    assert job["labels"] == {"newsbeam": "0-2-0"}
    environment = job["environment"]
    assert environment["version"]["job_type"] == "FNAPI_BATCH"
    assert "use_runner_v2" in environment["experiments"]
    (pool,) = environment["workerPools"]
    # As many as the quota of 24 processors holds.
    assert (pool["machineType"], pool["autoscalingSettings"]["maxNumWorkers"]) == ("n2-standard-4", 6)
    assert (pool["numThreadsPerWorker"], pool["diskSizeGb"]) == (1, 50)
    # One environment for all steps, and one for the step that asks for more memory.
    images = pool["sdkHarnessContainerImages"]
    assert len(images) == 2
    assert all(image["useSingleCorePerContainer"] and "beam_python3." in image["containerImage"] for image in images)
    assert PACKAGE in [package["name"] for package in pool["packages"]]
    options = environment["sdkPipelineOptions"]["options"]
    assert (options["project"], options["region"]) == (PROJECT, REGION)
    assert options["output"] == f"gs://{BUCKET}/tables"
    assert not options.get("save_main_session")
    for place in ("temp_location", "staging_location"):
        assert options[place].startswith(f"gs://{BUCKET}/newsbeam/")
    names = [graph.components.transforms[step].unique_name for step in graph.root_transform_ids]
    top = [graph.components.transforms[step] for step in graph.root_transform_ids]
    while len(top) == 1:
        names = [graph.components.transforms[step].unique_name for step in top[0].subtransforms]
        top = [graph.components.transforms[step] for step in top[0].subtransforms]
    assert set(STAGES) <= set(names), names
    steps = [step for step in graph.components.transforms.values() if step.spec.urn and not step.subtransforms]
    assert 100 < len(steps) < 400
    assert len({step.unique_name for step in steps}) == len(steps)


def test_the_staged_job_writes_the_tables_of_a_local_run(
    cloud: Cloud,
    storage: Any,
    dump: Path,
    local_tables: dict[str, list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = upload(storage, dump)
    status, python = submit_and_run(cloud, storage, tmp_path)
    told = capsys.readouterr()
    assert status == 0, told.err
    (job,) = cloud.jobs
    check_job(job, staged_pipeline(job, storage), storage)
    assert all(tmp_path in place.parents and ROOT not in place.parents for place in module_places(python, tmp_path))
    output = download(storage, "tables", tmp_path / "out")
    assert tables_of(output, source) == local_tables
    # Nothing is left of the run but its tables: nobody waits on this machine to clear up.
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *TABLES}
    assert manifest_of(output)["job"] == {"name": job["name"], "project": PROJECT, "region": REGION}
    ledger = manifest_of(output)["ledger"]
    assert told.out.startswith(PAGE)
    assert f"{ledger['records']} records = {ledger['articles']} articles" in told.out
    assert "running" in told.err
    assert "done" in told.err


@pytest.mark.cloud
def test_workers_in_an_empty_environment_run_every_bundle_twice(
    cloud: Cloud, storage: Any, dump: Path, local_tables: dict[str, list[str]], tmp_path: Path
) -> None:
    """All that workers have is what they install: the package, its requirements and its model, from the index."""
    source = upload(storage, dump)
    status, _ = submit_and_run(cloud, storage, tmp_path, "--quiet", alone=True, repeat=1)
    assert status == 0, cloud.messages
    output = download(storage, "tables", tmp_path / "out")
    assert tables_of(output, source) == local_tables
    assert {path.name for path in output.iterdir()} - {*KEPT} == {"_run.json", *TABLES}


@pytest.mark.cloud
def test_poison_in_a_staged_job(cloud: Cloud, storage: Any, tmp_path: Path) -> None:
    planted = poison_dump.plant(tmp_path / "dump")
    source = upload(storage, tmp_path / "dump")
    flags = ("--quiet", *poison_dump.FLAGS)
    status, _ = submit_and_run(cloud, storage, tmp_path, *flags, planted=poison_dump.PLANTED)
    assert status == 0, cloud.messages
    poison_dump.hold(tmp_path / "dump", download(storage, "tables", tmp_path / "out"), planted, source)


@pytest.mark.cloud
def test_a_job_that_fails_says_why(cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(storage, dump)
    cloud.states = ["JOB_STATE_PENDING", "JOB_STATE_FAILED"]
    cloud.messages = [("JOB_MESSAGE_ERROR", "Traceback (most recent call last):\n  File x\nValueError: no such thing")]
    assert main(["submit", *flags_for(cloud, "--wait", "--dedupe", "none")]) == 1
    last = capsys.readouterr().err.strip().split("\n")[-1]
    assert last == "newsbeam: the submit failed: the job ended as failed: ValueError: no such thing"
    assert not storage.blob("tables/_run.json").exists()


@pytest.mark.cloud
def test_interrupted_while_waiting_the_job_goes_on(
    cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(storage, dump)
    cloud.states = ["JOB_STATE_RUNNING"]

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    # For this module alone: others sleep too.
    monkeypatch.setattr("pipeline.cloud.submit.time", SimpleNamespace(monotonic=time.monotonic, sleep=interrupt))
    assert main(["submit", *flags_for(cloud, "--wait")]) == 130
    told = capsys.readouterr().err.replace("\n", " ")
    assert "the job goes on" in told
    assert f"gcloud dataflow jobs cancel 2026-11-24_00_00_00-0 --project {PROJECT} --region {REGION}" in told
    assert cloud.cancelled == []


@pytest.mark.cloud
def test_a_run_that_is_interrupted_cancels_its_job(
    cloud: Cloud, storage: Any, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = upload(storage, dump)
    cloud.states = ["JOB_STATE_RUNNING"]

    def sleep(seconds: float) -> None:
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        time.sleep(seconds)

    quick = SimpleNamespace(**{**vars(time), "sleep": sleep})
    monkeypatch.setattr("apache_beam.runners.dataflow.dataflow_runner.time", quick)
    flags = ["--runner", "DataflowRunner", "--project", PROJECT, "--region", REGION]
    flags += ["--temp_location", f"gs://{BUCKET}/temp", "--dataflow_endpoint", cloud.address]
    # In this process, whose clock is changed.
    assert run_command("pipeline.run:run", ["--input", source, "--output", f"gs://{BUCKET}/tables", *flags]) == 130
    assert cloud.cancelled == ["2026-11-24_00_00_00-0"]


@pytest.mark.cloud
def test_a_job_that_failed_with_nobody_watching_is_gone_on_from(
    cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(storage, dump)
    cloud.states = ["JOB_STATE_RUNNING"]
    assert main(["submit", *flags_for(cloud)]) == 0
    lock = storage.blob("tables/.newsbeam.lock-1")
    # The process that sent it has ended long ago.
    lock.upload_from_string(json.dumps({**json.loads(lock.download_as_bytes()), "pid": 1, "born": 0, "time": 0}))
    capsys.readouterr()
    assert main(["submit", *flags_for(cloud, "--resume")]) == 2
    name = cloud.jobs[0]["name"]
    assert f"another run is at work on --output: job {name} on Dataflow" in capsys.readouterr().err
    assert len(cloud.jobs) == 1
    cloud.states = ["JOB_STATE_FAILED"]
    assert main(["submit", *flags_for(cloud, "--resume")]) == 0
    assert len(cloud.jobs) == 2
    assert [blob.name for blob in storage.list_blobs(prefix="tables/.newsbeam.lock")] == ["tables/.newsbeam.lock-2"]
    # Where the service can't be asked, who knows better says so.
    lock = storage.blob("tables/.newsbeam.lock-2")
    lock.upload_from_string(json.dumps({**json.loads(lock.download_as_bytes()), "pid": 1, "born": 0, "time": 0}))
    cloud.off = {"dataflow"}
    with pytest.raises(UsageError, match="--force takes its place"):
        take_output(options_of(cloud), f"gs://{BUCKET}/tables", "r")
    assert take_output(options_of(cloud, "--force"), f"gs://{BUCKET}/tables", "r").endswith("lock-3")


def options_of(cloud: Cloud, *more: str) -> NewsbeamOptions:
    return parse_flags(["--input", "x", "--output", "y", "--dataflow_endpoint", cloud.address, *more])


def test_a_template_is_staged_and_no_job_sent(cloud: Cloud, storage: Any, dump: Path) -> None:
    upload(storage, dump)
    assert main(["submit", *flags_for(cloud, "--template_location", f"gs://{BUCKET}/templates/newsbeam")]) == 0
    assert cloud.jobs == []
    assert storage.blob("templates/newsbeam").exists()


def test_nothing_is_sent_while_there_are_problems(
    cloud: Cloud, storage: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.off = {"dataflow"}
    assert main(["submit", *flags_for(cloud)]) == 2
    told = capsys.readouterr().err
    assert "gcloud services enable dataflow.googleapis.com" in told
    assert "--input matches nothing" in told
    assert told.strip().split("\n")[-1] == "newsbeam: nothing was sent: 2 problems to mend first"
    assert cloud.jobs == []
    assert not list(storage.list_blobs())


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ([], "--project is missing"),
        (["--project", "p"], "--region is missing"),
        (["--project", "p", "--region", "r"], "--bucket is missing"),
        (["--project", "p", "--region", "r", "--bucket", "gs://b/folder"], "a bucket's name"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--input", "/here"], "gcloud storage cp -r /here"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--output", "here"], "--output must be a gs://"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--runner", "FlinkRunner"], "--runner FlinkRunner"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--max_num_workers", "0"], "must be 1 or more"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--machine_type", "large"], "no name of a machine"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--buckets", "x"], "unknown flag --buckets"),
        (["--project", "p", "--region", "r", "--bucket", "bucket", "--workers", "9"], "name --max_num_workers"),
    ],
)
def test_wrong_usage_is_one_line(capsys: pytest.CaptureFixture[str], flags: list[str], told: str) -> None:
    for command in ("submit", "preflight"):
        assert main([command, *flags]) == 2
        errors = capsys.readouterr().err
        assert told in errors
        assert errors.count("\n") == 1
