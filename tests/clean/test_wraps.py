from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.wraps import unwrap_lines

WRAPPED = """HARWICK, March 5 (Reuters) - European Commission President Ursula
von der Leyen met German Chancellor Angela
Merkel in New
York on Tuesday to discuss the infra-
structure plan of the United
Nations, a well-
known and long-
term affair.
    Merkel said the talks had been excellent. French President Emmanuel
Macron was furious about the terrible delay.
"""
WHOLE = (
    "HARWICK, March 5 (Reuters) - European Commission President Ursula von der Leyen met German Chancellor Angela "
    "Merkel in New York on Tuesday to discuss the infrastructure plan of the United Nations, a well-known and "
    "long-term affair.\n"
    "    Merkel said the talks had been excellent. French President Emmanuel Macron was furious about the "
    "terrible delay.\n"
)


def test_wrapped_lines_become_paragraphs() -> None:
    assert unwrap_lines(WRAPPED) == WHOLE


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\f", "\u2028"])
def test_lines_may_end_in_any_way(end: str) -> None:
    assert unwrap_lines(WRAPPED.replace("\n", end)) == WHOLE
    assert unwrap_lines(WRAPPED.replace("\n", "\r\n")) == WHOLE
    assert unwrap_lines(WHOLE) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph that is a line.\nAnother that is one.\nAnd a third, which is one too.",
        "Obama visits Rome\nMerkel visits Paris\nTrump visits Berlin\nMacron stays at home",
        "- one item of a list\n- another item\n- a third item\n- a fourth",
        "A line of prose, alone",
        "",
        f"{'A long line that no width has wrapped, ' * 6}\nand\n{'another long line, not wrapped ' * 6}\nand more",
    ],
)
def test_lines_of_their_own_stay(text: str) -> None:
    assert unwrap_lines(text) == text


def test_headlines_lists_and_short_last_lines_end_a_paragraph() -> None:
    text = (
        "FERRY PLAN PASSES AFTER A VOTE\nThe council of Harwick voted on Tuesday for the\nplan, which had\n"
        "been before it for years.\nTraders said no.\n\n- first of these\n- second of these\nand so it went"
    )
    assert unwrap_lines(text).split("\n") == [
        "FERRY PLAN PASSES AFTER A VOTE",
        "The council of Harwick voted on Tuesday for the plan, which had been before it for years.",
        "Traders said no.",
        "",
        "- first of these",
        "- second of these and so it went",
    ]


@given(st.text(st.sampled_from("ab A.-\n\r "), max_size=80))
def test_no_word_is_lost(text: str) -> None:
    kept = [character for character in text if character.isalpha()]
    assert [character for character in unwrap_lines(text) if character.isalpha()] == kept
