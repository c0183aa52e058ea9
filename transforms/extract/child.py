"""The process that extracts pages: reads requests from its standard input, answers on its standard output.

    python -m transforms.extract.child SECONDS BYTES

Each message is `process.PREFIX`, a JSON head, and the page's bytes. It ends itself when its input ends, when its parent
is gone, when a page takes longer than SECONDS, and after a page that left it with too much memory.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import select
import signal
import sys
from typing import Any, BinaryIO

import psutil

from transforms.extract.page import extract_page
from transforms.extract.process import PREFIX

# Past the parent's limit the kernel ends a child that no parent is left to kill.
GRACE_SECONDS = 2.0
# Seconds between two looks at whether the parent is still there.
PARENT_CHECK = 10.0
# Frames of Python: an element nested deeper than this is no text anyone reads.
MAX_FRAMES = 2000


def main() -> None:
    """Answer until the input ends."""
    seconds, allowed = float(sys.argv[1]), int(sys.argv[2])
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints must not end up among the answers.
    os.dup2(2, 1)
    # An interrupt from the keyboard reaches all processes; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(MAX_FRAMES)
    extract_page(b"<html><body><p>Warming up.</p></body></html>")
    this = psutil.Process()
    idle = this.memory_info()
    _limit_memory(idle.vms + allowed)
    parent = os.getppid()
    _answer(answers, {"ready": True})
    while _await_request(requests, parent):
        prefix = _read(requests, PREFIX.size)
        if len(prefix) < PREFIX.size:
            return
        head, size = PREFIX.unpack(prefix)
        request = json.loads(_read(requests, head))
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
        answer = _extract(requests, size, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer["last"] = answer.get("last") or this.memory_info().rss > idle.rss + allowed // 2
        _answer(answers, answer)
        if answer["last"]:
            return


def _extract(requests: BinaryIO, size: int, request: dict[str, Any]) -> dict[str, Any]:
    try:
        html = _read(requests, size)
        return {"page": extract_page(html, url=request["url"], charset=request["charset"])._asdict()}
    except MemoryError:
        # What else could not be had is unknown.
        return {"error": "out of memory", "last": True}
    except Exception as error:  # whatever a library raises is the page's doing
        return {"error": f"{type(error).__name__}: {error}"[:500], "last": isinstance(error, RecursionError)}


def _await_request(requests: BinaryIO, parent: int) -> bool:
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while not poll.poll(PARENT_CHECK * 1000):
        if os.getppid() != parent:
            return False
    return True


def _read(stream: BinaryIO, size: int) -> bytes:
    parts, left = [], size
    while left and (part := stream.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _answer(stream: BinaryIO, answer: dict[str, Any]) -> None:
    head = json.dumps(answer).encode()
    rest = memoryview(PREFIX.pack(len(head), 0) + head)
    while rest:
        rest = rest[stream.write(rest) :]


def _limit_memory(size: int) -> None:
    # Not every system enforces this limit or lets it be set; the one of time holds on all.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
