"""Outlet and time can be chosen, and an address leads to a name: the figures are those that the tables give."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from pipeline.tables.runs import open_runs
from tests.browser import MISSING, Browser

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
CHOOSE = """
const [id, value] = arguments, select = document.getElementById(id);
select.value = value; select.dispatchEvent(new Event("change"));
"""
NAMED = """
const figures = document.querySelector("#named details.data"); figures.open = true;
const cells = (row) => [...row.children].map((cell) => cell.textContent);
return new Promise((done) => setTimeout(() => done([...figures.querySelectorAll("tbody tr")].map(cells)), 50));
"""


def from_tables(run: Path, where: str) -> list[tuple[Any, ...]]:
    """The most named people of some articles, by the tables: name, articles, mentions, tone, two errors, n."""
    with open_runs([str(run)]) as (connection, _):
        return connection.execute(
            "SELECT name, count(*) AS articles, sum(mention_count) AS mentions, round(avg(sentiment), 3), "
            "round(2 * sqrt((var_pop(sentiment) + avg(sentiment_error * sentiment_error)) / count(sentiment)), 3), "
            f"sum(sentiment_count) FROM named WHERE label = 'PERSON' AND {where} "
            "GROUP BY identity_id, name ORDER BY articles DESC, mentions DESC, name LIMIT 12"
        ).fetchall()


def shown(browser: Browser) -> list[tuple[Any, ...]]:
    """The same, as the page shows them."""
    return [
        (name, *(float(text.replace(",", "").replace("−", "-")) for text in numbers))
        for name, *numbers in browser.run(NAMED)
    ]


@pytest.mark.parametrize(
    ("choice", "where"),
    [
        ({}, "true"),
        ({"outlet": 0}, "outlet = (SELECT outlet FROM outlets ORDER BY articles DESC, outlet LIMIT 1)"),
        ({"from": 2, "to": 5}, "published_at >= '2024-03-01' AND published_at < '2024-07-01'"),
        (
            {"outlet": 1, "from": 3},
            "outlet = (SELECT outlet FROM outlets ORDER BY articles DESC, outlet LIMIT 1 OFFSET 1) "
            "AND published_at >= '2024-04-01'",
        ),
    ],
)
def test_a_choice_gives_the_figures_of_the_tables(
    browser: Browser, many: Path, many_page: Path, choice: dict[str, int], where: str
) -> None:
    browser.resize(1280)
    browser.open(many_page)
    for control, value in choice.items():
        browser.run(CHOOSE, control, str(value))
    expected, found = from_tables(many, where), shown(browser)
    # Of equally many articles and mentions any order is right.
    assert sorted(row[1:3] for row in found) == sorted(row[1:3] for row in expected)
    known = {row[0]: row[1:] for row in expected}
    same = [row for row in found if row[0] in known]
    assert len(same) >= len(found) - 2
    for name, *numbers in same:
        assert numbers == pytest.approx(known[name], abs=0.006)


def test_what_a_choice_leaves_alone_says_so(browser: Browser, many_page: Path) -> None:
    browser.resize(1280)
    browser.open(many_page)
    assert browser.run("return document.querySelectorAll('.whole').length") == 0
    browser.run(CHOOSE, "outlet", "0")
    said = browser.run("return [...document.querySelectorAll('.whole')].map((note) => note.parentElement.id)")
    assert {"voices", "together", "places", "copies", "ledger", "outlets"} <= set(said)
    assert not {"named", "tone", "search", "time"} & set(said)
    pill = "return document.querySelector('nav .reset').textContent"
    assert browser.run(pill).endswith("×")
    assert "outlet=" in browser.run("return location.hash")
    browser.run("document.querySelector('nav .reset').click()")
    assert browser.run("return document.querySelectorAll('.whole').length") == 0
    assert browser.run("return document.getElementById('outlet').value") == "-1"
    assert browser.messages() == []


def test_the_end_of_a_time_is_never_before_its_beginning(browser: Browser, many_page: Path) -> None:
    browser.open(many_page)
    browser.run(CHOOSE, "to", "1")
    browser.run(CHOOSE, "from", "6")
    assert browser.run("return document.getElementById('to').value") == "6"


def follow(browser: Browser, page: Path, **asked: str) -> None:
    """Open a page at an address, as one that somebody has passed on."""
    browser.driver.get("about:blank")
    browser.driver.get(f"{page.absolute().as_uri()}#{urlencode(asked)}")
    browser.settle()


def test_an_address_leads_to_a_person(browser: Browser, page: Path) -> None:
    browser.resize(1280)
    follow(browser, page, person="Femke Jansen")
    opened = "return [...document.querySelectorAll('.entity[open] .name')].map((name) => name.textContent)"
    assert browser.run(opened) == ["Femke Jansen"]
    top = browser.run("return document.querySelector('.entity[open]').getBoundingClientRect().top")
    assert 0 <= top < 300
    assert browser.run("return document.querySelectorAll('.entity[open] blockquote').length") >= 5
    # A name in a chart is such an address.
    target = browser.run("return document.querySelector('#named svg a').getAttribute('href')")
    assert target.startswith("#")
    browser.run("location.hash = arguments[0]", "#person=Pieter+Aldenberg")
    browser.settle()
    assert browser.run(opened) == ["Pieter Aldenberg"]
    # What is opened by hand is in the browser's bar.
    browser.run("document.querySelector('.entity[open]').open = false")
    browser.settle()
    assert "person" not in browser.run("return location.hash")
    assert browser.messages() == []


def test_an_address_with_a_choice(browser: Browser, page: Path) -> None:
    follow(browser, page, person="Femke Jansen", outlet="The Meridian Post", **{"from": "2024-04-01"})
    assert browser.run("return document.getElementById('from').selectedOptions[0].textContent") == "1 Apr 2024"
    assert browser.run("return document.getElementById('outlet').selectedOptions[0].textContent") == "The Meridian Post"
    sources = browser.run(
        "return [...document.querySelectorAll('.entity[open] blockquote footer')].map((f) => f.textContent)"
    )
    assert all("The Meridian Post, 2024-" in source for source in sources)


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "Nobody at all"},
        {"person": "<img src=x onerror=window.hacked=1>"},
        {"outlet": "None", "from": "x", "to": ""},
    ],
)
def test_an_address_that_asks_for_what_is_not_there(browser: Browser, page: Path, asked: dict[str, str]) -> None:
    browser.messages()
    follow(browser, page, **asked)
    assert browser.run("return document.documentElement.dataset.ready") == "yes"
    assert browser.run("return window.hacked ?? null") is None
    if "person" in asked:
        assert "isn't on this page" in browser.run("return document.getElementById('found').textContent")
    assert browser.messages() == []


def test_hostile_names_have_addresses(browser: Browser, hostile_page: Path) -> None:
    browser.open(hostile_page)
    links = browser.run(
        "return [...document.querySelectorAll('#named svg a')].map((a) => [a.getAttribute('href'), a.textContent])"
    )
    assert links
    # Three of each kind.
    for target, _ in links[::4]:
        follow(browser, hostile_page)
        browser.run("location.hash = arguments[0]", target)
        browser.settle()
        assert browser.run("return document.querySelectorAll('.entity[open]').length") == 1
    assert browser.run("return window.hacked ?? null") is None
