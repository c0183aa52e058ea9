"""The guard in a pipeline: whatever an article does, it is rejected alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import apache_beam as beam
import msgspec
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.files import FileRange
from schemas.records import Article, Document, RawRecord, Reject
from tests.runtime.fragile import Liar, Texts, answer, chain
from transforms.runtime.guard import Caller, Guard, Sandboxed
from transforms.runtime.outcome import Failed, reject_failed
from transforms.runtime.sandbox import Limits
from transforms.runtime.stage import StageChain

LIMITS = Limits(seconds=2.0, memory=300 << 20)


def _one(_: Any) -> int:
    return 1


def _row(rejected: Reject) -> tuple[Any, ...]:
    return rejected.source_offset, rejected.stage, rejected.reason, rejected.retryable, rejected.payload


@pytest.mark.parametrize("workers", [1, 2])
def test_the_poisonous_are_rejected_and_their_neighbours_come_out(make_article: Any, workers: int) -> None:
    texts = ["a", "raise", "b", "memory", "crash", "c", "hang", "kill", "d"]
    articles = [make_article(text=text, source_offset=place) for place, text in enumerate(texts)]
    guard = Guard(LIMITS, children=workers)
    with beam.Pipeline(runner=local_runner(workers)) as pipeline:
        found = pipeline | beam.Create(articles) | "Stages" >> Sandboxed(chain(), Texts, guard, _one, 4)
        assert_that(found.kept, equal_to(["a", "b", "c", "d"]), label="kept")
        expected = [
            (1, "fragile", "failed", True, b"raise"),
            (3, "fragile", "out_of_memory", True, b"memory"),
            (4, "fragile", "crashed", True, b"crash"),
            (6, "fragile", "timeout", True, b"hang"),
            (7, "fragile", "out_of_memory", True, b"kill"),
        ]
        assert_that(found.rejects | beam.Map(_row), equal_to(expected), label="rejects")


def test_a_child_that_lies_about_its_article_harms_nothing_else(make_article: Any) -> None:
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        lying = Sandboxed(StageChain(partial(tuple, (Liar(),)), answer, "fragile"), Texts, Guard(LIMITS), _one, 4)
        found = pipeline | beam.Create([make_article(text="a")]) | "Stages" >> lying
        reasons = found.rejects | beam.Map(lambda rejected: (rejected.reason, rejected.message[:25]))
        assert_that(reasons, equal_to([("crashed", "its process gave no sense")]))


def test_answers_before_an_error_count_up_to_the_first_without_sense() -> None:
    caller = Caller(chain(), Guard(LIMITS), "fragile", Texts)
    caller.setup()
    good = Texts(("a",), 1)
    assert caller.decode([msgspec.msgpack.encode(good), b"\xc1", msgspec.msgpack.encode(good)]) == [good]


def test_rejects_have_the_place_of_what_failed(make_article: Callable[..., Article]) -> None:
    why = Failed("crashed", "by SIGSEGV")
    part = reject_failed(FileRange("f", "jsonl", 4096, 8192, "f", 9000), "read", why)
    assert (part.source_file, part.source_offset, part.payload_size) == ("f", 4096, 9000)
    assert part.payload_sha256 is None
    record = reject_failed(RawRecord("f", 7, "jsonl", b"{}", attempt_id="u"), "parse", why)
    assert (record.source_offset, record.payload, record.attempt_id) == (7, b"{}", "u")
    article = make_article(text="T", source_offset=3, payload_size=90, attempt_id="v", article_id="i", content_hash="h")
    for element in (article, Document(article)):
        rejected = reject_failed(element, "names", why)
        assert (rejected.source_offset, rejected.payload_size, rejected.attempt_id) == (3, 90, "v")
        assert (rejected.article_id, rejected.content_hash, rejected.retryable) == ("i", "h", True)
