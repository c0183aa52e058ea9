from __future__ import annotations

import lxml.html
import numpy as np
import pytest

from transforms.extract.blocks import MARK_INDEX, Block, Hints, describe, describe_chances, find_blocks, find_in

NO_HINTS = Hints("", "", "")


def blocks(html: str) -> list[Block]:
    return find_blocks(lxml.html.fromstring(f"<div>{html}</div>"))


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("<p>One <b>bold</b> <a href=x>link</a>,\n end.</p>", ["One bold link, end."]),
        ("Loose<p>inner</p>tail", ["Loose", "inner", "tail"]),
        ("<p>One<br>Two<br><br>Three</p>", ["One", "Two", "Three"]),
        ("<ul><li>One<ul><li>Two</ul><li>Three</ul>", ["One", "Two", "Three"]),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
        ("<p> \n </p><p></p>", []),
        ("<a href=x><div>card</div></a>", ["card"]),
    ],
)
def test_text_is_cut_where_a_reader_sees_a_new_line(html: str, texts: list[str]) -> None:
    assert [block.text for block in blocks(html)] == texts


def test_what_a_block_knows_of_its_place() -> None:
    card, line, after = blocks(
        '<div class="Related-stories"><a href=x><h3>A card</h3></a></div><p>One <a href=y>two</a><br>three</p>'
    )
    assert (card.tag, card.link_chars, card.after_break) == ("h3", 6, False)
    assert card.depth - card.marks[MARK_INDEX["related"]] == 1
    assert line.marks[MARK_INDEX["related"]] < 0
    assert (line.link_chars, after.link_chars, after.after_break) == (3, 0, True)
    assert (line.element, line.parent) == (after.element, after.parent)


@pytest.mark.parametrize(
    "html", ["<p>x</p>", "<p>x</p>" * 7, "<h1>a b</h1><p>c.</p><ul><li>d</ul>", "<p>" + "x " * 5000]
)
def test_numbers_are_finite_and_as_many_for_every_page(html: str) -> None:
    found = blocks(html)
    page = describe(found, Hints("a b", "c.", "c."))
    other = describe_chances(page, np.linspace(0, 1, len(found)))
    assert page.rows.shape == (len(found), describe(blocks("<p>y"), NO_HINTS).rows.shape[1])
    assert np.isfinite(page.rows).all()
    assert np.isfinite(other).all()


def test_texts_are_found_whatever_their_white_space() -> None:
    text = "The council voted on Monday to close\n the bridge.\nShare\nTraders protested."
    keys = ["thecouncilvotedonmondaytoclosethebridge.", "share", "close", "tradersprotested."]
    assert find_in(keys, text).tolist() == [1, 1, 0, 1]
