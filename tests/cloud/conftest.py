"""Cloud Storage as PyPI's emulator gives it, for Beam's own client."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import socketserver
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.tables import TABLES
from tests.cloud.faults import FaultyStorage, faulty_storage
from tests.cloud.services import REGION, Cloud, local_cloud, write_key
from tests.conftest import DUMP, PROSE

BUCKET = "news-bucket"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 120, host: str = "localhost") -> None:
    """Wait until something listens on a port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port} of {host}")


@pytest.fixture(scope="session", autouse=True)
def _quiet_servers() -> Iterator[None]:
    """Local servers say nothing of clients that hang up.

    Their tracebacks, printed by one thread while another compiles, meet a fault of Python 3.11 (CPython issue 106905).
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(socketserver.BaseServer, "handle_error", lambda *_: None)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def emulator() -> Iterator[int]:
    """The port of a running emulator."""
    server_module = pytest.importorskip("gcp_storage_emulator.server", reason="needs gcp-storage-emulator")
    for name in ("gcp_storage_emulator", "api", "storage"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    port = free_port()
    server = server_module.create_server("localhost", port, in_memory=True)
    server.start()
    yield port
    server.stop()


@pytest.fixture(scope="session")
def services() -> Iterator[Cloud]:
    """The stand-in for Google's other services."""
    pytest.importorskip("google.cloud.dataflow", reason="needs the extra `cloud`")
    with local_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def key(services: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of credentials."""
    return write_key(tmp_path_factory.mktemp("key") / "key.json", services.address)


@pytest.fixture
def cloud(services: Cloud) -> Cloud:
    """The stand-in, as new."""
    for name, value in vars(Cloud(address=services.address)).items():
        setattr(services, name, value)
    return services


@pytest.fixture
def storage(emulator: int, key: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket; Beam's client in this process and its children goes to it, with credentials."""
    from apache_beam.internal.gcp import auth
    from google.cloud import storage as gcs

    monkeypatch.setattr(auth._Credentials, "_credentials_init", False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://localhost:{emulator}")
    client = gcs.Client.create_anonymous_client()
    client.project = "test"
    bucket = client.create_bucket(BUCKET)
    # The emulator takes a bucket's place only afterwards.
    client._patch_resource(bucket.path, {"location": REGION.upper(), "locationType": "region"})
    yield bucket
    urlopen(f"http://localhost:{emulator}/wipe").close()


@pytest.fixture
def faulty(storage: Any, emulator: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyStorage]:
    """The same, through a proxy that fails as told."""
    with faulty_storage(emulator) as (proxy, address):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        yield proxy


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits tenths of seconds before it tries again, not seconds. The rest of its retries is as it is."""
    set_retries(monkeypatch, patience=30.0)


def set_retries(monkeypatch: pytest.MonkeyPatch, *, patience: float) -> None:
    """Seconds after which the client gives up: two minutes outside of tests."""
    from apache_beam.io.gcp import gcsio, gcsio_retry
    from google.cloud.storage import retry

    for module in (retry, gcsio, gcsio_retry):
        for name in ("DEFAULT_RETRY", "DEFAULT_RETRY_WITH_THROTTLING_COUNTER"):
            policy = getattr(module, name, None)
            if policy is not None:
                monkeypatch.setattr(policy, "_initial", 0.05)
                monkeypatch.setattr(policy, "_maximum", 0.2)
                monkeypatch.setattr(policy, "_timeout", patience)


def small_dump(folder: Path) -> Path:
    """Some of the sample dump in some of its forms, a page and a table: enough for every stage."""
    folder.mkdir()
    for name in ("crawl-2024-03.jsonl", "crawl-2024-06.jsonl", "plain/scan-0042.txt", "logo.png"):
        (folder / Path(name).name).write_bytes((DUMP / name).read_bytes())
    (folder / "crawl.jsonl.gz").write_bytes(gzip.compress((DUMP / "crawl-2024-03.jsonl").read_bytes()[:6000]))
    paragraphs = "".join(f"<p>{PROSE} Part {number}.</p>" for number in range(6))
    page = f"<!doctype html><html><body><article><h1>Bridge</h1>{paragraphs}</article></body></html>"
    (folder / "page.html").write_text(page, encoding="utf-8")
    rows = [{"text": f"Row {number}. {PROSE}", "url": f"https://news.example/{number}"} for number in range(4)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet", row_group_size=2)
    return folder


def upload(bucket: Any, folder: Path, prefix: str = "dumps") -> str:
    for path in folder.rglob("*"):
        if path.is_file():
            bucket.blob(f"{prefix}/{path.relative_to(folder)}").upload_from_filename(path)
    return f"gs://{bucket.name}/{prefix}"


def download(bucket: Any, prefix: str, folder: Path) -> Path:
    for blob in bucket.list_blobs(prefix=prefix + "/"):
        path = folder / blob.name[len(prefix) + 1 :]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob.download_as_bytes())
    return folder


def tables_of(output: Path, source: str) -> dict[str, list[str]]:
    """The rows of each table of a run, in an order of their own; where the dump lay is taken out of them."""
    found = {}
    for name in TABLES:
        rows = pq.read_table(output / name).to_pylist() if (output / name).exists() else []
        found[name] = sorted(json.dumps(row, default=str).replace(source, "DUMP") for row in rows)
    return found


def manifest_of(output: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    return manifest


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_dump(tmp_path_factory.mktemp("cloud") / "dump")


@pytest.fixture(scope="session")
def local_tables(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The tables of a local run on the small dump."""
    from pipeline.run import run

    output = tmp_path_factory.mktemp("local") / "out"
    assert run(["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet"]) == 0
    return tables_of(output, str(dump))
