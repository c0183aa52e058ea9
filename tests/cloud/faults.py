"""A proxy between a client and the storage emulator that fails as told: what a network and a busy service do."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

REASONS = {
    403: "forbidden",
    412: "conditionNotMet",
    429: "rateLimitExceeded",
    500: "internalError",
    503: "backendError",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with requests.

    `what`: an HTTP status; `drop`: the connection ends before an answer; `cut`: the answer's body ends before its
    length; `short`: the body is shorter than asked for, and says so; `after`: the request is carried out, but the
    answer is a 503; `hang`: no answer for `seconds`.
    `times`: of each different request, so many fail; None: all.
    """

    what: int | str
    method: str = ".*"
    url: str = ".*"
    times: int | None = 1
    seconds: float = 0.0


class FaultyStorage:
    """Forwards to an emulator's port, failing by `faults`.

    Counts what was asked for, over how many connections, and what was `struck`.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.faults: Sequence[Fault] = ()
        self.struck: Counter[Fault] = Counter()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.connections = 0
        self._seen: Counter[tuple[Fault, str, str, str]] = Counter()
        self._lock = threading.Lock()
        self.making = threading.Lock()

    def choose(self, method: str, url: str, content_range: str) -> Fault | None:
        """The fault that meets a request, if one does."""
        with self._lock:
            self.requests[method, url] += 1
            for fault in self.faults:
                if re.fullmatch(fault.method, method) and re.search(fault.url, url):
                    key = (fault, method, url, content_range)
                    self._seen[key] += 1
                    if fault.times is None or self._seen[key] <= fault.times:
                        self.struck[fault] += 1
                        return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    storage: FaultyStorage

    def setup(self) -> None:
        super().setup()
        self.storage.connections += 1

    def log_message(self, *_: object) -> None:
        pass

    def _forward(self) -> None:
        body = self._body()
        fault = self.storage.choose(self.command, self.path, self.headers.get("Range", ""))
        what = fault.what if fault else None
        if isinstance(what, int):
            self._answer(what, {}, error(what))
            return
        if what == "hang" and fault:
            time.sleep(fault.seconds)
        if what in ("drop", "hang"):
            self._hang_up()
            return
        if "ifGenerationMatch=0" in self.path:
            # The emulator knows no preconditions.
            with self.storage.making:
                status, headers, content = self._make(body)
        else:
            status, headers, content = self._ask(body)
        if what == "after":
            self._answer(503, {}, error(503))
        elif what == "cut" and len(content) > 1:
            self._answer(status, headers, content[: len(content) // 2], length=len(content))
            self._hang_up()
        elif what == "short" and len(content) > 1:
            self._answer(status, headers, content[: len(content) // 2])
        else:
            self._answer(status, headers, content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _forward  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _make(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Upload an object that must not be there yet, as the service would."""
        bucket = self.path.partition("/b/")[2].partition("/")[0]
        name = json.loads(re.search(rb"\{.*?\}", body, re.DOTALL)[0])["name"]  # type: ignore[index]
        there = http.client.HTTPConnection("localhost", self.storage.port, timeout=60)
        there.request("GET", f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}")
        found = there.getresponse()
        found.read()
        return (412, {}, error(412)) if found.status == 200 else self._ask(body)

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("localhost", self.storage.port, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() != "transfer-encoding"}
        headers["Content-Length"] = str(len(body))
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if "json" in (answer.getheader("Content-Type") or ""):
            # Links to an object's content lead through here as well.
            here = f"localhost:{self.server.server_address[1]}"
            content = content.replace(f"localhost:{self.storage.port}".encode(), here.encode())
        return answer.status, dict(answer.getheaders()), content

    def _answer(self, status: int, headers: dict[str, str], content: bytes, *, length: int | None = None) -> None:
        self.send_response(status)
        for key, value in headers.items():
            if key.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)


def error(status: int) -> bytes:
    """The body of the service's error."""
    reason = REASONS.get(status, "error")
    found = {"code": status, "message": reason, "errors": [{"reason": reason, "message": reason}]}
    return json.dumps({"error": found}).encode()


@contextmanager
def faulty_storage(port: int) -> Iterator[tuple[FaultyStorage, str]]:
    """A proxy to the emulator on `port`, and its address."""
    storage = FaultyStorage(port)
    handler = type("Handler", (_Handler,), {"storage": storage})
    with ThreadingHTTPServer(("localhost", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield storage, f"http://localhost:{server.server_address[1]}"
        server.shutdown()
