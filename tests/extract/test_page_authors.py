from __future__ import annotations

import pytest

from tests.extract.test_blocks import blocks
from transforms.extract.authors import clean_names, correct_author, is_name, split_names, visible_authors

PROSE = "<p>The council voted to close the old bridge, which has carried the traffic of both banks since 1931.</p>"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Ash", ["Ann Ash"]),
        ("Written by: Ann Ash and Bo Birch", ["Ann Ash", "Bo Birch"]),
        ("Ann Ash, Bo Birch, and Cy Elm", ["Ann Ash", "Bo Birch", "Cy Elm"]),
        ("Ash, Ann", ["Ann Ash"]),
        ("Ann Ash, MD, PhD", ["Ann Ash, MD, PhD"]),
        ("Ann Ash, Senior Editor", ["Ann Ash"]),
        ("Morgan & Morgan", ["Morgan & Morgan"]),
        ("The Russian and Syrian defense ministries", ["The Russian and Syrian defense ministries"]),
        ("Anna van Esche and Bo Birch", ["Anna van Esche", "Bo Birch"]),
        ("von Anna Esche und Bo Birch", ["Anna Esche", "Bo Birch"]),
    ],
)
def test_bylines_are_split(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("values", "site", "names"),
    [
        (["Ann Ash", "Ann Ash"], None, "Ann Ash"),
        (["https://facebook.com/x", "Ann Ash"], None, "Ann Ash"),
        (["Ann Ash · 5 min read"], None, "Ann Ash"),
        (["Ann Ash March 5, 2024"], None, "Ann Ash"),
        (["Ann Ash The Post"], "The Post", "Ann Ash"),
        (["The Post"], "The Post", None),
        (["Ann Ash", "The Post Business"], "The Post", "Ann Ash"),
        (["Ann Ash USA TODAY"], "usatoday.com", "Ann Ash"),
        (["38 minutes", "Written by", "By", "undefined", "Sat"], None, None),
    ],
)
def test_names_are_cleaned(values: list[str], site: str | None, names: str | None) -> None:
    assert clean_names(values, site) == names


@pytest.mark.parametrize("text", ["Ann Ash", "Édith Éluard", "Ludwig van Beethoven", "A. J. Neal", "Seán O'Casey"])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["Ann", "Health News", "READ MORE", "by the river", "Staff Writer", "Ann Ash 5"])
def test_no_names(text: str) -> None:
    assert not is_name(text)


def seen(above: str = "", below: str = "", after: str = "") -> str | None:
    page = blocks(f"<div>{above}<h1>Bridge to close</h1>{below}{PROSE * 3}{after}</div>")
    body = [i for i, block in enumerate(page) if block.text.startswith("The council")]
    return visible_authors(page, "Bridge to close", (body[0], body[-1]), "The Post")


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ("<p>By Ann Ash</p>", "Ann Ash"),
        ("<p>by: Ann Ash, Dec 17, 2025</p>", "Ann Ash"),
        ("<p>September 1st, 2023 By Ann Ash</p>", "Ann Ash"),
        ("<p>March 15, 2022 · 3 min read · By Ann Ash</p>", "Ann Ash"),
        ("<p>Posted by Ann Ash on Friday December 19, 2025 @08:00PM</p>", "Ann Ash"),
        ("<p>Written by Dr Ann Ash, Dr Bo Birch, Cy Elm</p>", "Dr Ann Ash; Dr Bo Birch; Cy Elm"),
        ("<p>Written by</p><p>Ann Ash</p>", "Ann Ash"),
        ("<p class='author'>Ann Ash</p>", "Ann Ash"),
        ("<p>Ann Ash</p><p>Dec 17, 2025</p>", "Ann Ash"),
        ("<p>Ann Ash</p><p>Why the steel is tired</p>", None),
        ("<p>by Ann AshNovember 20, 2024</p>", "Ann Ash"),
        ("<p>By the River</p>", None),
        ("<p>By The Post</p>", None),
        ("<p>The Old Bridge</p>", None),
    ],
)
def test_the_byline_beside_the_title(below: str, names: str | None) -> None:
    assert seen(below=below) == names


@pytest.mark.parametrize(
    ("below", "after", "names"),
    [
        ("<p>Ann Ash</p>", "<p>Ann Ash is a freelance writer from Harwick.</p>", "Ann Ash"),
        ("", "<div>Ann Ash</div><p>Ann Ash, of Harwick, has been a marketing professional since 2004.</p>", "Ann Ash"),
        ("<p>Ann B. Ash, University of Harwick</p>", "", "Ann B. Ash"),
        ("<p>Old Quay</p>", "<p>Old Quay is a street beside the river.</p>", None),
    ],
)
def test_who_is_introduced(below: str, after: str, names: str | None) -> None:
    assert seen(below=below, after=after) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Ash and Bo Birch", "Ann Ash; Bo Birch"),
        ("By Cy Elm", "Cy Elm"),
        ("By Ann Ash Published May 5", "Ann Ash"),
        ("By Ann Ash, Director of Bridges, Old Towns", "Ann Ash"),
        ("Why the steel is tired", "Ann Ash"),
    ],
)
def test_a_byline_below_the_title_corrects_the_one_name_that_is_stated(line: str, names: str) -> None:
    page = blocks(f"<nav><ul><li>Bridge to close</li></ul></nav><h1>Bridge to close</h1><p>{line}</p>{PROSE * 3}")
    assert correct_author("Ann Ash", page, "Bridge to close", len(page) - 3, "The Post") == names


def test_bylines_above_and_after() -> None:
    assert seen(above="<p>By Ann Ash</p>") == "Ann Ash"
    assert seen(after="<p>Posted by Ann Ash at 11:15 AM</p>") == "Ann Ash"
    assert seen(above="<aside><p>By Bo Birch</p></aside>") is None
