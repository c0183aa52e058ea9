from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import LATEST
from transforms.parse.dates import EARLIEST, parse_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2014-05-06", "2014-05-06T00:00:00+00:00"),
        ("20140506", "2014-05-06T00:00:00+00:00"),
        ("2014/5/6 13:05", "2014-05-06T13:05:00+00:00"),
        ("2024-03-05T10:15:00+02:00", "2024-03-05T08:15:00+00:00"),
        ("2024-03-05T10:15:00Z", "2024-03-05T10:15:00+00:00"),
        ("Tue, 05 Mar 2024 10:15:00 GMT", "2024-03-05T10:15:00+00:00"),
        ("Tue, 05 Mar 2024 10:15:00 -0500", "2024-03-05T15:15:00+00:00"),
        ("March 5, 2024 4:15 PM", "2024-03-05T16:15:00+00:00"),
        ("March 5, 2024 4:15 PM EST", "2024-03-05T21:15:00+00:00"),
        ("July 5, 2024 4:15 PM ET", "2024-07-05T20:15:00+00:00"),
        ("5 March 2024", "2024-03-05T00:00:00+00:00"),
        ("25/12/2024", "2024-12-25T00:00:00+00:00"),
        ("12/25/2024", "2024-12-25T00:00:00+00:00"),
        (1709633700, "2024-03-05T10:15:00+00:00"),
        (1709633700000, "2024-03-05T10:15:00+00:00"),
        ("1709633700", "2024-03-05T10:15:00+00:00"),
    ],
)
def test_a_date_that_is_stated_is_taken(value: object, expected: str) -> None:
    assert parse_date(value, latest=LATEST) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "value",
    [
        "2024-02-30",
        "2024-13-05",
        "30 February 2024",
        "0001-01-01",
        "9999-12-31",
        "2050-01-01",
        "32 March 2024",
        -5,
        0,
        1e30,
    ]
    + ["2024", 2024, "March 2024", "2024-03", "10:30", "Monday", "March 5", "202403"]
    + ["04/05/2024", "04/05/24", "12/22/16", "1/6/21", "12/1/16"]
    + [
        "",
        "  ",
        "yesterday",
        "n/a",
        None,
        True,
        ["2024-03-05"],
        {"date": "2024-03-05"},
        "2024-03-05 " * 50,
        float("nan"),
    ],
)
def test_what_is_impossible_incomplete_or_a_guess_is_none(value: object) -> None:
    assert parse_date(value, latest=LATEST) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9/:. TZ+-]{1,25}"), st.integers(), st.floats()))
def test_nothing_raises_and_all_is_in_range(value: object) -> None:
    found = parse_date(value, latest=LATEST)
    assert found is None or (EARLIEST <= found <= LATEST and found.tzinfo == UTC)
