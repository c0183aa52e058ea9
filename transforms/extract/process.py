"""Extraction in a process of its own, which hostile pages may take down.

No library that reads HTML is safe from all that a page can hold: some pages take minutes, some gigabytes, some end the
process. So pages go to a child process (`child`) over a pipe. One that overstays its time or its memory is killed, and
the next page gets a new child; the parent, with its models, never notices.

The child is started afresh (no fork: the parent has threads) and reused for page after page.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
import weakref
from typing import Any, NamedTuple

from schemas.records import Page

TIMEOUT = "extraction_timeout"
FAILED = "extraction_failed"
# Seconds for one page; a page of a megabyte takes about one.
DEFAULT_TIMEOUT = 10.0
# Bytes that the child may take beyond what it has when idle; a page of some megabytes needs a tenth of it.
DEFAULT_MEMORY = 1 << 30
# Seconds for the child to load its libraries on a busy machine.
START_TIMEOUT = 120.0
# An answer longer than this is none.
MAX_ANSWER = 1 << 28
# Both directions: the length of the JSON head, then the length of the bytes after it.
PREFIX = struct.Struct("<II")


class Failure(NamedTuple):
    """Why nothing came of a page: `extraction_timeout` or `extraction_failed`, and what happened."""

    reason: str
    message: str


class _TimeoutError(Exception):
    """The time is up."""


class _EndedError(Exception):
    """The child closed its end of the pipe."""


class Extractor:
    """Extracts pages, one after the other, in a child process. Not for use by several threads at a time.

    Args:
        timeout: seconds of wall-clock time for one page, above 0.
        memory: bytes that the child may take for one page.
    """

    def __init__(self, *, timeout: float = DEFAULT_TIMEOUT, memory: int = DEFAULT_MEMORY) -> None:
        self._timeout = timeout
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._finalizer: Any = None
        self._buffer = bytearray()

    def extract(self, html: bytes, *, url: str | None = None, charset: str | None = None) -> Page | Failure:
        """The article in a page, or why there is none.

        Args:
            html: the page as it was fetched.
            url: where it was fetched from.
            charset: the encoding that was declared for it outside of it.

        Raises:
            RuntimeError: the child can't be started, which no page is to blame for.
        """
        used = self._is_running()
        found = self._extract(html, url, charset)
        if used and isinstance(found, Failure) and found.reason == FAILED:
            # It may be an earlier page's doing: one that came to its end but left damage or a full memory.
            self.close()
            return self._extract(html, url, charset)
        return found

    def _extract(self, html: bytes, url: str | None, charset: str | None) -> Page | Failure:
        process = self._start()
        head = json.dumps({"url": url, "charset": charset}).encode()
        deadline = time.monotonic() + self._timeout
        try:
            self._send(process, PREFIX.pack(len(head), len(html)) + head, deadline)
            self._send(process, html, deadline)
            answer = self._receive(process, deadline)
        except _TimeoutError:
            self.close()
            return Failure(TIMEOUT, f"no result after {self._timeout:g} seconds")
        except _EndedError:
            return Failure(FAILED, self._reap())
        if answer.get("last"):
            self.close()
        if "page" not in answer:
            return Failure(FAILED, str(answer.get("error")))
        page = answer["page"]
        return Page(**{**page, "published_at": tuple(page["published_at"])})

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the child, if there is one. The next page starts another."""
        if self._process is not None:
            self._finalizer()
            self._process = None
            self._buffer.clear()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._is_running():
            return self._process
        self.close()
        # The child finds what the parent does, and brings no threads of its own.
        paths = os.pathsep.join(path for path in sys.path if path)
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")
        process = subprocess.Popen(  # noqa: S603, no part of it comes from a page
            [sys.executable, "-m", "transforms.extract.child", str(self._timeout), str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, **one, "PYTHONPATH": paths},
        )
        self._process = process
        self._finalizer = weakref.finalize(self, _end, process)
        for pipe in (process.stdin, process.stdout):
            os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]
        try:
            self._receive(process, time.monotonic() + START_TIMEOUT)
        except _TimeoutError:
            self.close()
            raise RuntimeError(f"the extraction process did not start within {START_TIMEOUT:g} seconds") from None
        except _EndedError:
            raise RuntimeError(f"the extraction process did not start: {self._reap()}") from None
        return process

    def _send(self, process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
        descriptor = process.stdin.fileno()  # type: ignore[union-attr]
        rest = memoryview(data)
        while rest:
            _wait(descriptor, select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                rest = rest[_write(descriptor, rest) :]

    def _receive(self, process: subprocess.Popen[bytes], deadline: float) -> dict[str, Any]:
        head, _ = PREFIX.unpack(self._read(process, PREFIX.size, deadline))
        if head > MAX_ANSWER:
            raise _TimeoutError
        answer: dict[str, Any] = json.loads(self._read(process, head, deadline))
        return answer

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        descriptor = process.stdout.fileno()  # type: ignore[union-attr]
        while len(self._buffer) < size:
            _wait(descriptor, select.POLLIN, deadline)
            got = os.read(descriptor, 1 << 20)
            if not got:
                raise _EndedError
            self._buffer += got
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _reap(self) -> str:
        """End the child and tell how it ended."""
        process = self._process
        self.close()
        status = process.returncode if process is not None else None
        if status is not None and status < 0:
            return f"the extraction process was ended by {signal.Signals(-status).name}"
        return f"the extraction process ended with status {status}"


def _write(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data)
    except BrokenPipeError:
        raise _EndedError from None


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise _TimeoutError


def _end(process: subprocess.Popen[bytes]) -> None:
    # One that is ending by itself shall say how.
    try:
        if process.stdout is not None and _is_closed(process.stdout.fileno()):
            process.wait(1)
    except subprocess.TimeoutExpired:
        pass
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _is_closed(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))
