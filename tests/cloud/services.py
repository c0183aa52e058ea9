"""A local stand-in for Google's services beside storage: tokens, Dataflow, Compute Engine and a registry of images.

It answers in the services' own forms, to their own clients. What it is told to be stands in `Cloud`; what it was asked
for is kept there.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT, REGION = "news-project", "europe-west4"
TOKEN = "token-of-the-test"


def quotas(**over: float) -> dict[str, tuple[float, float]]:
    """Metric → limit and usage, as a project has them some weeks after it was made."""
    known = {"CPUS": 24, "N2_CPUS": 24, "IN_USE_ADDRESSES": 8, "DISKS_TOTAL_GB": 4096, "INSTANCES": 24}
    return {name: (float(limit), 0.0) for name, limit in {**known, **over}.items()}


@dataclass
class Cloud:
    """The state of the services. `off`: hosts' names (`dataflow`, `compute`) whose API isn't enabled."""

    address: str = ""
    off: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    quotas: dict[str, tuple[float, float]] = field(default_factory=quotas)
    images: dict[str, dict[str, str]] = field(default_factory=dict)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    states: list[str] = field(default_factory=lambda: ["JOB_STATE_DONE"])
    messages: list[tuple[str, str]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    on_create: Callable[[dict[str, Any]], None] | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cloud: Cloud

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        self.cloud.asked.append(f"{self.command} {url.path}")
        if url.path == "/token":
            kind = "urn:ietf:params:oauth:token-type:access_token"
            token = {"access_token": TOKEN, "issued_token_type": kind, "token_type": "Bearer", "expires_in": 3600}
            self._answer(200, token)
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, problem(401, "no credentials", "UNAUTHENTICATED"))
            return
        for pattern, serve in ROUTES:
            if found := re.fullmatch(pattern, f"{self.command} {url.path}"):
                self._answer(*serve(self.cloud, found, json.loads(body) if body else None, parse_qs(url.query)))
                return
        self._answer(404, problem(404, f"no {url.path}", "NOT_FOUND"))

    do_GET = do_POST = do_PUT = do_HEAD = _serve  # noqa: N815

    def _answer(self, status: int, content: Any) -> None:
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def problem(code: int, message: str, status: str, reason: str = "") -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return {"error": {"code": code, "message": message, "status": status, "details": details}}


def _gate(cloud: Cloud, api: str) -> tuple[int, Any] | None:
    if api in cloud.off:
        message = f"{api}.googleapis.com has not been used in project {PROJECT} before or it is disabled."
        return 403, problem(403, message, "PERMISSION_DENIED", "SERVICE_DISABLED")
    if api in cloud.denied:
        return 403, problem(403, "The caller does not have permission", "PERMISSION_DENIED")
    return None


def _create_job(cloud: Cloud, _: re.Match[str], body: Any, __: Any) -> tuple[int, Any]:
    if refused := _gate(cloud, "dataflow"):
        return refused
    job = {**body, "id": f"2026-11-24_00_00_00-{len(cloud.jobs)}", "currentState": "JOB_STATE_PENDING"}
    cloud.jobs.append(job)
    if cloud.on_create:
        cloud.on_create(job)
    return 200, {key: job[key] for key in ("id", "name", "currentState", "clientRequestId")}


def _list_jobs(cloud: Cloud, _: Any, __: Any, query: dict[str, list[str]]) -> tuple[int, Any]:
    at_work = cloud.states[0] in ("JOB_STATE_PENDING", "JOB_STATE_RUNNING")
    jobs = [job for job in cloud.jobs if job["name"] in query.get("name", ()) and at_work]
    return _gate(cloud, "dataflow") or (200, {"jobs": jobs})


def _get_job(cloud: Cloud, found: re.Match[str], *_: Any) -> tuple[int, Any]:
    state = cloud.states.pop(0) if len(cloud.states) > 1 else cloud.states[0]
    return 200, {"id": found["job"], "currentState": state}


def _update_job(cloud: Cloud, found: re.Match[str], body: Any, _: Any) -> tuple[int, Any]:
    cloud.cancelled.append(found["job"])
    cloud.states = ["JOB_STATE_CANCELLED"]
    return 200, {"id": found["job"], **body}


def _messages(cloud: Cloud, *_: Any) -> tuple[int, Any]:
    told = [
        {"id": str(n), "messageText": text, "messageImportance": weight, "time": "2026-11-24T00:00:00Z"}
        for n, (weight, text) in enumerate(cloud.messages)
    ]
    return 200, {"jobMessages": told}


def _metrics(cloud: Cloud, *_: Any) -> tuple[int, Any]:
    found = [
        {
            "name": {"origin": "user", "name": name, "context": {"namespace": "newsbeam", "step": "s1", **tentative}},
            "scalar": value,
        }
        for name, value in cloud.counters.items()
        for tentative in ({}, {"tentative": "true"})
    ]
    return 200, {"metrics": found}


def _region(cloud: Cloud, found: re.Match[str], *_: Any) -> tuple[int, Any]:
    if refused := _gate(cloud, "compute"):
        return refused
    if found["region"] != REGION:
        return 404, problem(404, f"The resource 'projects/{PROJECT}/regions/{found['region']}' was not found", "")
    told = [{"metric": name, "limit": limit, "usage": usage} for name, (limit, usage) in cloud.quotas.items()]
    return 200, {"name": REGION, "status": "UP", "quotas": told}


def _manifest(cloud: Cloud, found: re.Match[str], *_: Any) -> tuple[int, Any]:
    if found["image"] not in {name.rpartition(":")[0] for name in cloud.images}:
        return 404, {"errors": [{"code": "NAME_UNKNOWN"}]}
    name = f"{found['image']}:{found['tag']}"
    if name not in cloud.images:
        return 404, {"errors": [{"code": "MANIFEST_UNKNOWN"}]}
    return 200, {"schemaVersion": 2, "config": {"digest": f"sha256:{found['tag']}"}}


def _blob(cloud: Cloud, found: re.Match[str], *_: Any) -> tuple[int, Any]:
    return 200, {"config": {"Labels": cloud.images[f"{found['image']}:{found['tag']}"]}}


JOBS = r"/v1b3/projects/[^/]+/locations/[^/]+/jobs"
ROUTES = (
    (rf"POST {JOBS}", _create_job),
    (rf"GET {JOBS}", _list_jobs),
    (rf"GET {JOBS}/(?P<job>[^/]+)", _get_job),
    (rf"PUT {JOBS}/(?P<job>[^/]+)", _update_job),
    (rf"GET {JOBS}/[^/]+/messages", _messages),
    (rf"GET {JOBS}/[^/]+/metrics", _metrics),
    (r"GET /compute/v1/projects/[^/]+/regions/(?P<region>[^/]+)", _region),
    (r"GET /v2/(?P<image>.+)/manifests/(?P<tag>[^/]+)", _manifest),
    (r"GET /v2/(?P<image>.+)/blobs/sha256:(?P<tag>[^/]+)", _blob),
)


@contextmanager
def local_cloud() -> Iterator[Cloud]:
    """The services on a port of this machine."""
    cloud = Cloud()
    handler = type("Handler", (_Handler,), {"cloud": cloud})
    with ThreadingHTTPServer(("localhost", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cloud.address = f"http://localhost:{server.server_address[1]}"
        yield cloud
        server.shutdown()


def write_key(path: Path, address: str) -> Path:
    """Credentials of an identity elsewhere, for which the stand-in at `address` gives tokens, and no host is asked."""
    subject = path.with_suffix(".token")
    subject.write_text("identity", encoding="utf-8")
    content = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/news",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{address}/token",
        "credential_source": {"file": str(subject)},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
