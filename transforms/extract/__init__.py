"""Extraction: the article in a web page.

In: raw records. Out: the same, with `page` set on those of format `html`; others pass as they are. Reasons for a
reject, beside those of any stage (see `runtime.outcome`; hostile pages can take minutes, gigabytes or the process):

- `not_an_article`: a consent wall, an error served as a page, a login, a front page or a list of other pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.records import RawRecord
from transforms.runtime.outcome import Outcome, keep, reject_record

__all__ = ["DEFAULT_TIMEOUT", "ExtractPages"]

STAGE = "extract"
# Seconds for one page; a page of a megabyte takes about one.
DEFAULT_TIMEOUT = 10.0


class ExtractPages:
    """The stage. `timeout`: seconds of processor time for one page, above 0."""

    name = STAGE

    def __init__(self, timeout: float = DEFAULT_TIMEOUT) -> None:
        self.seconds: float | None = timeout

    def setup(self) -> None:
        """Nothing: the libraries come with the first page, and a dump without pages has none."""

    def process(self, batch: Sequence[RawRecord]) -> list[Outcome[RawRecord]]:
        """Each record with its page's fields."""
        return [extract_record(record) for record in batch]


def extract_record(record: RawRecord) -> Outcome[RawRecord]:
    """A record with its page's fields, one that is no page as it is."""
    if record.html is None:
        return keep(record)
    from transforms.extract.page import extract_page  # noqa: PLC0415, see `setup`

    page = extract_page(record.html, url=record.url, charset=record.charset)
    if page.no_article:
        return reject_record(record, STAGE, "not_an_article", page.no_article)
    return keep(replace(record, page=page))
