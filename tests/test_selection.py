"""Which articles a run is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.asked import asked_articles
from pipeline.errors import UsageError
from pipeline.options import parse_flags
from schemas.records import Article, LeftOut
from transforms.outlets.asked import AskedOutlets
from transforms.selection import Asked, SelectArticles, why_left_out

NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
ARTICLE = Article("f", 0, 1, None, "https://www.bbc.co.uk/news/1", "BBC News", None, None, NOON, "text", language="en")


def asked_by(*flags: str) -> Asked:
    return asked_articles(parse_flags(["in", "out", *flags]))


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ([], ""),
        (["--languages", "en, de"], ""),
        (["--languages", "de"], "language"),
        (["--since", "2024-05-31", "--until", "2024-05-31"], ""),
        (["--since", "2024-06"], "date"),
        (["--until", "2024-05-30"], "date"),
        (["--until", "2024-05"], ""),
        (["--until", "2023"], "date"),
        (["--since", "2024", "--until", "2024"], ""),
    ],
)
def test_language_and_time(flags: list[str], reason: str) -> None:
    assert why_left_out(ARTICLE, asked_by(*flags)) == reason


def test_what_an_article_does_not_say_is_not_asked_for() -> None:
    silent = replace(ARTICLE, language=None, published_at=None, source=None, url=None)
    assert why_left_out(silent, asked_by("--languages", "en")) == "language"
    assert why_left_out(silent, asked_by("--since", "1900")) == "no_date"
    assert not AskedOutlets.of(["BBC"]).has(None, None)


def test_the_months_and_years_end_where_the_next_begin() -> None:
    assert asked_by("--since", "2024-12", "--until", "2024-12").until == datetime(2025, 1, 1, tzinfo=UTC)
    assert asked_by("--since", "2024-02-29", "--until", "2024-02-29").until == datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--since", "05/31/2024"], "--since must be a day, month or year"),
        (["--until", "2024-02-30"], "--until must be a day, month or year"),
        (["--since", "2024-06", "--until", "2024-05"], "--since 2024-06 is later than --until 2024-05"),
        (["--languages", "english"], "`english` isn't an ISO 639 code"),
        (["--limit", "0"], "--limit must be 1 or more"),
        (["--sample", "5", "--resume"], "--sample and --resume don't go together"),
        (["--sample", "5", "--limit", "5"], "give one of the two"),
    ],
)
def test_values_that_make_no_sense_are_said_in_one_line(flags: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_flags(["in", "out", *flags])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "source", "url", "found"),
    [
        ("New York Times", "New York Times - News", None, True),
        ("The New York Times", "New York Times", "https://www.nytimes.com/1", True),
        ("New York Times", None, "https://www.nytimes.com/1", True),
        ("New York Times", "nytimes.com", None, True),
        ("nytimes.com", "New York Times", None, True),
        ("nytimes.com", "Some Blog", "https://cooking.nytimes.com/1", True),
        ("www.nytimes.com", None, "http://nytimes.com/1", True),
        ("nytimes.com", "New York Times", "https://reprints.example/1", False),
        ("New York Times", "New York Post", "https://nypost.com/1", False),
        ("Times", "New York Times", None, False),
        ("BBC News,CNN", "CNN", None, True),
        ("lemonde.fr", "Le Monde", None, True),
        ("Le Monde", "Le Monde diplomatique", "https://monde-diplomatique.fr/1", False),
    ],
)
def test_an_outlet_by_name_or_domain(asked: str, source: str | None, url: str | None, found: bool) -> None:
    assert AskedOutlets.of(asked_by("--outlets", asked).outlets).has(source, url) is found


def test_the_stage_keeps_and_leaves_out() -> None:
    other = replace(ARTICLE, language="de", attempt_id="a")
    kept, left_out = SelectArticles(Asked(languages=("en",))).process([ARTICLE, other])
    assert kept.kept is ARTICLE
    assert (left_out.kept, left_out.rejected, left_out.left_out) == (None, None, LeftOut("f", "a", "language"))
