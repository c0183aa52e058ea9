"""The whole job on S3 and from Azure by Beam's own file systems, each as an emulator gives it (`make test-storage`)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pyarrow.parquet as pq
import pytest

from pipeline import access
from pipeline.cli import run_command
from schemas.tables import KEPT
from tests.cloud.conftest import free_port, manifest_of, tables_of, wait_for
from tests.conftest import ROOT, newsbeam
from transforms.runtime import storage

AZURITE = ROOT / "build" / "storage" / "node_modules" / ".bin" / "azurite-blob"
# The emulator's well-known account.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
BUCKET = "news"
Tables = dict[str, list[str]]


@pytest.mark.parametrize(("scheme", "extra"), [("s3", "aws"), ("azfs", "azure")])
def test_a_path_of_a_system_that_is_not_installed_names_its_extra(
    scheme: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (access, storage):
        monkeypatch.setattr(module, "is_installed", lambda _: False)
    place = f"{scheme}://account/container/dumps"
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-8")
    for paths in ((place, str(tmp_path / "out")), (str(tmp_path), place)):
        assert run_command("pipeline.run:run", paths) == 2
        said = capsys.readouterr().err
        assert f"pip install 'newsbeam[{extra}]'" in said
        assert said.count("\n") == 1
    assert run_command("pipeline.tables.check:check", [place]) == 2
    assert f"newsbeam[{extra}]" in capsys.readouterr().err


def test_a_path_on_azure_is_written_as_beam_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("pipeline.run:run", ["az://account/container/dumps", str(tmp_path / "out")]) == 2
    assert "azfs://ACCOUNT/CONTAINER/NAME" in capsys.readouterr().err


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an S3 with an empty bucket, to which every process of this test goes."""
    boto3 = pytest.importorskip("boto3", reason="needs the extra `aws`: make test-storage")
    server_module = pytest.importorskip("moto.server", reason="needs moto: make test-storage")
    port = free_port()
    settings = {"ENDPOINT_URL": f"http://localhost:{port}", "DEFAULT_REGION": "us-east-1"}
    for name, value in {**settings, "ACCESS_KEY_ID": "some", "SECRET_ACCESS_KEY": "key"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    server = server_module.ThreadedMotoServer(port=port, verbose=False)
    server.start()
    urlopen(Request(f"http://localhost:{port}/moto-api/reset", method="POST")).close()
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()


def test_tables_on_s3_are_those_of_a_local_run(s3: Any, dump: Path, local_tables: Tables, tmp_path: Path) -> None:
    for path in dump.iterdir():
        s3.upload_file(str(path), BUCKET, f"dumps/{path.name}")
    source, output = f"s3://{BUCKET}/dumps", f"s3://{BUCKET}/tables"
    done = newsbeam("run", source, output, "--quiet", "--workers", "1", seconds=900)
    assert done.returncode == 0, done.stderr
    found = fetch(s3, tmp_path / "out")
    assert tables_of(found, source) == local_tables
    # Nothing of the working directory and the lock is left.
    assert {path.name for path in found.iterdir()} - {*KEPT} == {"_run.json", *local_tables}
    assert newsbeam("check", output).returncode == 0
    assert newsbeam("run", source, output, "--quiet").returncode == 2
    # One article more: what the first run has done stands.
    s3.put_object(
        Bucket=BUCKET, Key="dumps/more.txt", Body=b"A town\n\nThe mayor of Leeds opened the bridge on Monday."
    )
    done = newsbeam("run", source, output, "--quiet", "--resume", "--workers", "1", seconds=900)
    assert done.returncode == 0, done.stderr
    again = manifest_of(fetch(s3, tmp_path / "again"))
    assert again["ledger"]["records"] == manifest_of(found)["ledger"]["records"] + 1


def test_an_object_that_can_not_be_read_is_a_reject(s3: Any, dump: Path, tmp_path: Path) -> None:
    s3.upload_file(str(dump / "page.html"), BUCKET, "dumps/page.html")
    s3.put_object(Bucket=BUCKET, Key="dumps/gone.jsonl", Body=b"{}\n", StorageClass="GLACIER")
    done = newsbeam("run", f"s3://{BUCKET}/dumps", str(tmp_path / "out"), "--quiet", "--workers", "1", seconds=900)
    assert done.returncode == 0, done.stderr
    ledger = manifest_of(tmp_path / "out")["ledger"]
    assert (ledger["articles"], ledger["rejects"]) == (1, 1)
    (reject,) = pq.read_table(tmp_path / "out" / "rejects").to_pylist()
    assert (reject["stage"], reject["reason"], reject["retryable"]) == ("read", "unreadable_file", True)


def fetch(s3: Any, folder: Path) -> Path:
    """The objects of the tables, in a local folder."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="tables/"):
        for found in page["Contents"]:
            path = folder / found["Key"].removeprefix("tables/")
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(BUCKET, found["Key"], str(path))
    return folder


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a Blob Storage with an empty container, to which every process of this test goes."""
    blob = pytest.importorskip("azure.storage.blob", reason="needs the extra `azure`: make test-storage")
    if not AZURITE.exists():
        pytest.skip("needs azurite: make test-storage")
    port = free_port()
    address = f"http://127.0.0.1:{port}/{ACCOUNT}"
    connection = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={address};"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
    command = [
        AZURITE,
        "--blobPort",
        str(port),
        "--location",
        tmp_path / "azurite",
        "--silent",
        "--skipApiVersionCheck",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        client = blob.BlobServiceClient.from_connection_string(connection)
        client.create_container(BUCKET)
        yield client.get_container_client(BUCKET)
    finally:
        server.terminate()
        server.wait(20)


def test_a_dump_on_azure_is_read(azure: Any, dump: Path, local_tables: Tables, tmp_path: Path) -> None:
    for path in dump.iterdir():
        azure.upload_blob(f"dumps/{path.name}", path.read_bytes())
    source = f"azfs://{ACCOUNT}/{BUCKET}/dumps"
    done = newsbeam("run", source, str(tmp_path / "out"), "--quiet", "--workers", "1", seconds=900)
    assert done.returncode == 0, done.stderr
    assert tables_of(tmp_path / "out", source) == local_tables
