from __future__ import annotations

import pytest

from tests.extract.test_blocks import blocks
from transforms.extract.dates import visible_dates

PROSE = "<p>The council voted to close the old bridge, which has carried the traffic of both banks since 1931.</p>"

TODAY = "<div><p>Today is Monday 25 November 2026</p></div>"
MASTHEAD = "<div><p>Monday 25 November 2026</p></div>"


def dates(lines: str) -> list[str]:
    page = blocks(f"<h1>Bridge to close</h1>{lines}{PROSE * 3}<p>June 1, 1931 was the day it opened.</p>")
    first = next(i for i, block in enumerate(page) if block.text.startswith("The council"))
    return list(visible_dates(page, "Bridge to close", first))[:1]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("<p>March 5, 2024</p>", ["March 5, 2024"]),
        ("<p>By Ann Ash | 5 Mar 2024 | 4 min read</p>", ["5 Mar 2024"]),
        ("<p>Tuesday, March 5th, 2024</p>", ["March 5, 2024"]),
        ("<p>2024-03-05</p>", ["2024-03-05"]),
        ("<p>Mar 5, 2024 10:15 am ET</p>", ["Mar 5, 2024 10:15 am ET"]),
        ("<p>Published March 5, 2024 at 22:30 GMT | 4 min read</p>", ["March 5, 2024 22:30 GMT"]),
        ("<p>March 5, 2024, Issue 12</p>", ["March 5, 2024"]),
        ("<p>05.03.2024</p>", ["05.03.2024"]),
        ("<span>Updated May 1, 2024</span><p>Published March 5, 2024</p>", ["March 5, 2024"]),
        ("<p>May 1, 2024</p><p>Published on</p><p>March 5, 2024</p>", ["March 5, 2024"]),
        ("<p>Last updated:</p><p>March 5, 2024</p>", []),
        ("<p>© 2024</p>", []),
        ("<p>March 2024</p>", []),
        ("<p>12024-03-051</p>", []),
    ],
)
def test_the_date_beside_the_title(lines: str, found: list[str]) -> None:
    assert dates(lines) == found


@pytest.mark.parametrize("top", [TODAY, MASTHEAD])
@pytest.mark.parametrize(("line", "found"), [("<p>5 March 2024</p>", ["5 March 2024"]), ("", [])])
def test_today_in_the_masthead_is_no_date_of_the_article(top: str, line: str, found: list[str]) -> None:
    page = blocks(f"{top}<article><h1>Bridge to close</h1>{line}{PROSE * 3}</article>")
    first = next(i for i, block in enumerate(page) if block.text.startswith("The council"))
    assert list(visible_dates(page, "Bridge to close", first)) == found
