from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import LATEST
from transforms.parse.dates import EARLIEST, parse_date, read_date


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
        ("on Friday December 19, 2025 @08:00PM", "2025-12-19T20:00:00+00:00"),
        # A place's own time, winter and summer; beside an offset its name says nothing new.
        ("2024-03-05 10:15:00 America/New_York", "2024-03-05T15:15:00+00:00"),
        ("2024-07-05 10:15:00 America/New_York", "2024-07-05T14:15:00+00:00"),
        ("2024-03-05T10:15[Europe/Berlin]", "2024-03-05T09:15:00+00:00"),
        ("2024-03-05T10:15:00.123 (Asia/Kolkata)", "2024-03-05T04:45:00.123000+00:00"),
        ("2024-03-05T10:15:00+02:00[Europe/Berlin]", "2024-03-05T08:15:00+00:00"),
        ("2024-03-05T10:15:00Z[Etc/UTC]", "2024-03-05T10:15:00+00:00"),
        ("March 5, 2024 4:15 PM America/Argentina/Buenos_Aires", "2024-03-05T19:15:00+00:00"),
        ("2024-03-05 10:15 Etc/GMT+5", "2024-03-05T15:15:00+00:00"),
        ("2024-03-05 America/New_York", "2024-03-05T00:00:00+00:00"),
        ("5 March 2024 10:15 China Standard Time", "2024-03-05T02:15:00+00:00"),
        ("2024-03-05 10:15:00 (British Summer Time)", "2024-03-05T09:15:00+00:00"),
        ("5 March 2024 10:15 Central European Time", "2024-03-05T09:15:00+00:00"),
        ("Tue Mar 05 2024 10:15:00 GMT+0530 (India Standard Time)", "2024-03-05T04:45:00+00:00"),
        (
            {"date": "2024-03-05 10:15:00.000000", "timezone_type": 3, "timezone": "America/New_York"},
            "2024-03-05T15:15:00+00:00",
        ),
        ({"date": "2024-03-05 10:15:00.000000", "timezone_type": 1, "timezone": "+02:00"}, "2024-03-05T08:15:00+00:00"),
        ({"dateTime": "2024-03-05T10:15:00", "timeZone": "Europe/Paris"}, "2024-03-05T09:15:00+00:00"),
        ({"dateTime": "2024-03-05T10:15:00Z", "timeZone": "Europe/Paris"}, "2024-03-05T10:15:00+00:00"),
        ("25/12/2024", "2024-12-25T00:00:00+00:00"),
        ("12/25/2024", "2024-12-25T00:00:00+00:00"),
        (1709633700, "2024-03-05T10:15:00+00:00"),
        (1709633700000, "2024-03-05T10:15:00+00:00"),
        ("1709633700", "2024-03-05T10:15:00+00:00"),
        (1709633700000000, "2024-03-05T10:15:00+00:00"),
        ("1709633700000000000", "2024-03-05T10:15:00+00:00"),
        ("1.7096337E9", "2024-03-05T10:15:00+00:00"),
        ("/Date(1709633700000)/", "2024-03-05T10:15:00+00:00"),
        # A number whose digits are a day is that day, and no seconds since 1970.
        (20240305, "2024-03-05T00:00:00+00:00"),
        (20240305.0, "2024-03-05T00:00:00+00:00"),
        ("20240305101500", "2024-03-05T10:15:00+00:00"),
        ("20240305T101500Z", "2024-03-05T10:15:00+00:00"),
        ("202403051015", "2024-03-05T10:15:00+00:00"),
        # In news GMT+8 is ahead of UTC.
        ("2024-03-05 10:00:00 GMT+8", "2024-03-05T02:00:00+00:00"),
        ("2024-03-05 10:00 UTC+05:30", "2024-03-05T04:30:00+00:00"),
        ("Tue Mar 05 2024 10:00:00 GMT-0500 (Eastern Standard Time)", "2024-03-05T15:00:00+00:00"),
        ("2024-03-05T10:00:00+01:00[Europe/Berlin]", "2024-03-05T09:00:00+00:00"),
        ("2024-03-05 10:00:00 +0000 UTC", "2024-03-05T10:00:00+00:00"),
        ("Tue, 05 Mar 2024 06:00:00 JST", "2024-03-04T21:00:00+00:00"),
        ("Tue, 05 Mar 2024 20:00:00 CST", "2024-03-06T02:00:00+00:00"),
        ("Mar 5, 2024 4:15 p.m. ET", "2024-03-05T21:15:00+00:00"),
        # RFC 822's years have two digits.
        ("Tue, 05 Mar 24 10:00:00 GMT", "2024-03-05T10:00:00+00:00"),
        ("05-MAR-24 10.15.00.000000 AM", "2024-03-05T10:15:00+00:00"),
        ("05 Mar 98", "1998-03-05T00:00:00+00:00"),
        ("12/22/16", "2016-12-22T00:00:00+00:00"),
        # Full stops stand between day and month, in that order.
        ("05.03.2024", "2024-03-05T00:00:00+00:00"),
        ("5.3.2024 14:30", "2024-03-05T14:30:00+00:00"),
        ("2024. 3. 5.", "2024-03-05T00:00:00+00:00"),
        ("Updated March 5, 2024 10:00 pm ET", "2024-03-06T03:00:00+00:00"),
        ("March 5, 2024 | 10:00am", "2024-03-05T10:00:00+00:00"),
        ("Published: March 5, 2024 | Updated: March 6, 2024", "2024-03-05T00:00:00+00:00"),
        ({"$date": "2024-03-05T10:15:00Z"}, "2024-03-05T10:15:00+00:00"),
        ({"$date": {"$numberLong": "1709633700000"}}, "2024-03-05T10:15:00+00:00"),
        ({"year": 2024, "month": 3, "day": 5}, "2024-03-05T00:00:00+00:00"),
        (["2024-03-05"], "2024-03-05T00:00:00+00:00"),
        ([2024, 3, 5, 10, 15, 0, 1, 65, 0], "2024-03-05T10:15:00+00:00"),
    ],
)
def test_a_date_that_is_stated_is_taken(value: object, expected: str) -> None:
    assert parse_date(value, latest=LATEST) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("mardi 5 mars 2024 à 10h30", "5 de marzo de 2024, 10:30", "Dienstag, 5. März 2024, 10.30 Uhr"),
        *("5 de março de 2024 às 10h30", "вторник, 5 марта 2024 г. в 10:30", "5 Mart 2024 Salı 10:30"),
        *("2024年3月5日 10:30", "2024年3月5日(火) 10時30分", "2024년 3월 5일 오전 10:30", "令和6年3月5日 10:30"),
        *("5 มีนาคม 2567 10:30", "05 tháng 3 năm 2024 10:30", "5 maart 2024 10:30", "den 5 mars 2024 kl. 10:30"),
        *(
            "٥ مارس ٢٠٢٤ 10:30",
            "5 آذار 2024 10:30",
            "5 במרץ 2024 10:30",
            "2024. március 5. 10:30",
            "5 marca 2024 10:30",
        ),
        *("2024 m. kovo 5 d. 10:30", "5 березня 2024 р. 10:30", "5 martie 2024 10:30", "5 Μαρτίου 2024 10:30"),
    ],
)
def test_months_and_forms_of_other_languages(text: str) -> None:
    assert parse_date(text, latest=LATEST) == datetime(2024, 3, 5, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("05/03/2024", "dmy", "2024-03-05"),
        ("05/03/2024", "mdy", "2024-05-03"),
        ("05-03-2024 10:00", "dmy", "2024-03-05"),
        ("1/6/21", "mdy", "2021-01-06"),
        ("1/6/21", "dmy", "2021-06-01"),
        ("13/03/2024", "mdy", None),
        ("2024-05-03", "dmy", "2024-05-03"),
        ("05.03.2024", "mdy", "2024-03-05"),
    ],
)
def test_an_order_that_is_known_decides(value: str, order: str, expected: str | None) -> None:
    found = parse_date(value, latest=LATEST, order=order)
    assert (found and f"{found:%Y-%m-%d}") == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        *((value, "missing") for value in (None, "", "nan", "None", "N/A", float("nan"), [], {})),
        *((value, "ambiguous") for value in ("04/05/2024", "1/6/21", "04-05-2024 10:00")),
        *(
            (value, "placeholder")
            for value in ("1970-01-01", "0000-00-00", "1969-12-31T19:00:00-05:00", 0, "1066-01-01")
        ),
        *((value, "unreadable") for value in ("2024-02-30", "yesterday", "March 2024", "5 listopada 2023", 17)),
        *(
            (value, "unreadable")
            for value in ("2024-03-05T10:00:00+25:00", "2016-05-24 14:17:57.02016-05-24 14:17:57.0")
        ),
        ("Tue, 05 Mar 2024 06:00:00 AMT", "unreadable"),
        ("2050-01-01", "future"),
    ],
)
def test_why_there_is_no_date(value: object, problem: str) -> None:
    assert read_date(value, latest=LATEST) == (None, problem, False)


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
    + ["04/05/2024", "04/05/24", "1/6/21", "12/1/16"]
    + [
        "",
        "  ",
        "yesterday",
        "n/a",
        None,
        True,
        ["yesterday"],
        {"when": "2024-03-05"},
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
