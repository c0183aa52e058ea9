from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import pytest

from schemas.records import Page, RawRecord, Reject
from tests.conftest import PROSE
from transforms.extract import ExtractPages
from transforms.extract.page import extract_page
from transforms.runtime.outcome import TIMEOUT, Outcome
from transforms.runtime.sandbox import Limits, Sandbox, SandboxError
from transforms.runtime.stage import StageChain

GOOD = (
    f"<html><body><article><h1>Bridge to close</h1><p>{PROSE}</p><p>{PROSE} More.</p></article></body></html>".encode()
)
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


@dataclass(frozen=True)
class Pages:
    """The answer of a chain of extraction alone."""

    pages: tuple[Page | None, ...]
    rejects: tuple[Reject, ...]


def pages_of(outcomes: Sequence[Outcome[RawRecord]]) -> Pages:
    return Pages(
        tuple(outcome.kept.page for outcome in outcomes if outcome.kept),
        tuple(outcome.rejected for outcome in outcomes if outcome.rejected),
    )


TASK = pickle.dumps(StageChain(partial(tuple, (ExtractPages(timeout=4),)), pages_of, "extract"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(Limits(memory=1 << 30))
    yield sandbox
    sandbox.close()


def extract(sandbox: Sandbox, html: bytes, **known: str) -> Pages:
    request = pickle.dumps([RawRecord("pages.warc", 0, "html", html, **known)])  # type: ignore[arg-type]
    (content,), _ = sandbox.run_alone(TASK, request, "extract")
    return msgspec.msgpack.decode(content, type=Pages)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_come_to_an_end_and_harm_no_neighbour(sandbox: Sandbox, name: str) -> None:
    try:
        found = extract(sandbox, HOSTILE[name])
    except SandboxError as error:
        assert error.failed.reason in (TIMEOUT, "out_of_memory", "crashed")
    else:
        for page in found.pages:
            assert page is not None
            assert "root:" not in page.text
            assert len(page.text) < 10_000_000
        assert all(rejected.reason == "failed" for rejected in found.rejects)
    (good,) = extract(sandbox, GOOD).pages
    assert good is not None
    assert PROSE in good.text


def test_the_answer_is_that_of_the_pure_function(sandbox: Sandbox) -> None:
    html = "<html lang=fr><head><meta charset=windows-1252><link rel=canonical href=/a></head><p>Élysée</p></html>"
    payload = html.encode("cp1252")
    known = {"url": "https://site.example/b?c", "charset": "iso-8859-1"}
    assert extract(sandbox, payload, **known).pages == (extract_page(payload, **known),)
