from __future__ import annotations

from dataclasses import replace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.records import Page, RawRecord
from tests.conftest import LATEST
from tests.extract.test_page import PARAGRAPHS, WHOLE
from tests.extract.test_process import replaced
from transforms.extract.stage import ExtractPages
from transforms.parse import ParseRecords

LINE = RawRecord("dump.jsonl", 3, "jsonl", b'{"text": "<p>not a page</p>"}')
GOOD = RawRecord("pages.warc", 7, "html", WHOLE.encode(), url="https://post.example/a?b")
BAD = RawRecord("pages.warc", 8, "html", b"<p>BAD</p>")


def _texts(record: RawRecord) -> Any:
    return record.source_offset, record.page.text.split("\n\n") if record.page else None


def _reject(rejected: Any) -> tuple[Any, ...]:
    return rejected.source_file, rejected.source_offset, rejected.stage, rejected.reason, rejected.payload


@pytest.mark.parametrize(
    ("harm", "reason"), [("time.sleep(1000)", "extraction_timeout"), ("ctypes.string_at(0)", "extraction_failed")]
)
def test_hostile_pages_are_rejects_and_their_neighbours_come_through(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, harm: str, reason: str
) -> None:
    replaced(tmp_path, monkeypatch, harm)
    records = [GOOD, BAD, LINE, replace(GOOD, source_offset=9)]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        found = pipeline | beam.Create(records) | ExtractPages(timeout=2)
        kept = found.kept | "Texts" >> beam.Map(_texts)
        assert_that(kept, equal_to([(3, None), (7, list(PARAGRAPHS)), (9, list(PARAGRAPHS))]), label="kept")
        rejects = found.rejects | "Reject" >> beam.Map(_reject)
        assert_that(rejects, equal_to([("pages.warc", 8, "extract", reason, b"<p>BAD</p>")]), label="rejects")


def _fields(article: Any) -> tuple[Any, ...]:
    day = article.published_at.date().isoformat() if article.published_at else None
    return article.title, article.url, article.source, article.authors, day, article.payload_size


def test_a_page_becomes_an_article() -> None:
    unnamed = Page("Text.", url="https://www.other.example/x", published_at=("soon", "2035-01-01", "5 March 2024"))
    records = [GOOD, RawRecord("p.html", 0, "html", b"<p>", page=unnamed)]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        pages, done = (pipeline | f"Create{i}" >> beam.Create([record]) for i, record in enumerate(records))
        extracted = (pages | ExtractPages()).kept
        parsed = (extracted, done) | beam.Flatten() | ParseRecords(LATEST)
        expected = [
            (
                "Bridge to close",
                "https://post.example/news/bridge",
                "The Post",
                "Ann Ash",
                "2024-03-05",
                len(WHOLE.encode()),
            ),
            (None, "https://www.other.example/x", "other.example", None, "2024-03-05", 3),
        ]
        assert_that(parsed.kept | "Fields" >> beam.Map(_fields), equal_to(expected))
