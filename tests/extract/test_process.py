from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from schemas.records import Page
from tests.conftest import PROSE, ROOT
from transforms.extract.process import FAILED, TIMEOUT, Extractor, Failure

GOOD = (
    f"<html><body><article><h1>Bridge to close</h1><p>{PROSE}</p><p>{PROSE} More.</p></article></body></html>".encode()
)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    extractor = Extractor(timeout=20)
    yield extractor
    extractor.close()


def is_good(found: Page | Failure) -> bool:
    return isinstance(found, Page) and PROSE in found.text


def test_a_child_is_started_once_and_serves_page_after_page(extractor: Extractor) -> None:
    assert is_good(extractor.extract(GOOD))
    child = extractor.pid
    assert child is not None
    assert all(is_good(extractor.extract(GOOD)) for _ in range(20))
    assert extractor.pid == child


def test_the_answer_is_that_of_the_pure_function(extractor: Extractor) -> None:
    from transforms.extract.page import extract_page

    html = "<html lang=fr><head><meta charset=windows-1252><link rel=canonical href=/a></head><p>Élysée</p></html>"
    payload = html.encode("cp1252")
    known = {"url": "https://site.example/b?c", "charset": "iso-8859-1"}
    assert extractor.extract(payload, **known) == extract_page(payload, **known)


HOSTILE = {
    "a million nested elements": b"<div>" * 1_000_000 + b"x" + b"</div>" * 1_000_000,
    "a million nested lists": b"<ul><li>" * 1_000_000,
    "a million open links": b"<a href=x>" * 1_000_000 + b"x",
    "a million nested tables": b"<table><tr><td>" * 300_000,
    "a giant attribute": b'<p class="' + b"a " * 15_000_000 + b'">' + PROSE.encode() + b"</p>",
    "a million attributes": b"<p " + b" ".join(b"a%d=1" % i for i in range(300_000)) + b">x</p>",
    "an entity bomb": b"<!DOCTYPE html ["
    + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12))
    + b'<!ENTITY a0 "ha">]><html><body><p>&a11;</p></body></html>',
    "an outer entity": b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p></body></html>',
    "nested JSON": b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script><p>x</p>",
    "nothing": b"",
    "zeros": b"\0" * 1_000_000,
    "no page": os.urandom(500_000),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200,
    "an unended comment": b"<!--" * 500_000,
    "an unended tag": b"<p " * 500_000,
    "a line without a space": b"<p>" + b"(" * 3_000_000,
    "a gzip in a page": b"\x1f\x8b\x08" + b"\0" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_come_to_an_end_and_harm_no_neighbour(name: str) -> None:
    extractor = Extractor(timeout=4)
    try:
        start = time.monotonic()
        found = extractor.extract(HOSTILE[name], charset=None)
        assert time.monotonic() - start < 60
        assert isinstance(found, Page) or found.reason in (TIMEOUT, FAILED)
        if isinstance(found, Page):
            assert "root:" not in found.text
            assert len(found.text) < 10_000_000
        assert is_good(extractor.extract(GOOD))
    finally:
        extractor.close()


def replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Lets the child's `extract_page` misbehave on pages that say so: stands for a bug in a library."""
    code = f"""
import ctypes, os, sys, time
import transforms.extract.page as page
good = page.extract_page
def extract_page(html, *, url=None, charset=None):
    if hasattr(page, "damaged"):
        os.abort()
    if b"BAD" in html:
        {body}
    return good(html, url=url, charset=charset)
page.extract_page = extract_page
"""
    (tmp_path / "sitecustomize.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize(
    ("body", "reason", "message"),
    [
        ("while True: pass", TIMEOUT, "2 seconds"),
        ("time.sleep(1000)", TIMEOUT, "2 seconds"),
        ("ctypes.string_at(0)", FAILED, "SIGSEGV"),
        ("os.abort()", FAILED, "SIGABRT"),
        ("os._exit(3)", FAILED, "status 3"),
        ("b = [bytes(1 << 24) for _ in range(1 << 20)]", FAILED, "out of memory"),
        ("f = lambda: f(); f()", FAILED, "RecursionError"),
        ("raise KeyError('lost')", FAILED, "KeyError: 'lost'"),
        ("print('noise'); os.write(1, b'noise'); raise ValueError('x')", FAILED, "ValueError: x"),
    ],
)
def test_what_a_page_may_do_to_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, reason: str, message: str
) -> None:
    replaced(tmp_path, monkeypatch, body)
    extractor = Extractor(timeout=2)
    try:
        assert is_good(extractor.extract(GOOD))
        found = extractor.extract(b"<p>BAD</p>")
        assert isinstance(found, Failure), found
        assert found.reason == reason
        assert message in found.message
        assert is_good(extractor.extract(GOOD))
    finally:
        extractor.close()


def test_a_page_does_not_pay_for_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(tmp_path, monkeypatch, "page.damaged = True")
    extractor = Extractor(timeout=20)
    try:
        extractor.extract(b"<p>BAD</p>")
        assert is_good(extractor.extract(GOOD))
    finally:
        extractor.close()


def test_a_child_killed_between_pages_is_replaced() -> None:
    extractor = Extractor(timeout=20)
    try:
        assert is_good(extractor.extract(GOOD))
        child = extractor.pid
        assert child is not None
        os.kill(child, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=5)
        time.sleep(0.1)
        assert is_good(extractor.extract(GOOD))
        assert extractor.pid != child
    finally:
        extractor.close()


def test_close_ends_the_child_and_may_be_repeated() -> None:
    extractor = Extractor(timeout=20)
    extractor.close()
    assert is_good(extractor.extract(GOOD))
    child = extractor.pid
    assert child is not None
    extractor.close()
    extractor.close()
    assert extractor.pid is None
    assert not psutil.pid_exists(child)


def test_an_extractor_that_is_dropped_takes_its_child_along() -> None:
    extractor = Extractor(timeout=20)
    assert is_good(extractor.extract(GOOD))
    child = extractor.pid
    del extractor
    assert not psutil.pid_exists(child or -1)


@pytest.mark.parametrize("page", ["<p>good</p>", "BAD"])
def test_the_child_of_a_killed_parent_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    replaced(tmp_path, monkeypatch, "time.sleep(1000)")
    code = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]
import threading, time
from transforms.extract.process import Extractor
extractor = Extractor(timeout=3)
extractor.extract(b"<p>one</p>")
print(extractor.pid, flush=True)
extractor.extract({page!r}.encode())
time.sleep(1000)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs([child], timeout=15)
    assert not alive


def test_a_child_that_cannot_start_is_no_page_s_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"):
        Extractor().extract(GOOD)


def test_the_way_to_the_child_and_back_is_short(extractor: Extractor) -> None:
    """A hundred pages of 100 KB that hold next to nothing: well under a millisecond each, extraction included."""
    page = b"<!--" + b"x" * 100_000 + b"-->"
    extractor.extract(page)
    start = time.perf_counter()
    for _ in range(100):
        extractor.extract(page)
    assert (time.perf_counter() - start) / 100 < 0.02
