from __future__ import annotations

import pytest

from transforms.clean.glue import remove_glue


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "Sen. Ann Ash Ann Marie AshBridge to close next week Ferry to run MORE (D-Ill.) said so.",
            "Sen. Ann Ash (D-Ill.) said so.",
        ),
        (
            "President Roe John (Jack) Roe2020 race begins Roe's plan falters MORE and Bo Birch Robert (Bo) E. Birch"
            "GOP waits | Dems too MORE agreed.",
            "President Roe and Bo Birch agreed.",
        ),
        (
            "House Speaker Bob Cole Robert Allan Cole Jr.Bridge to close Ferry to run MORE left.",
            "House Speaker Bob Cole left.",
        ),
        (
            "Speaker Ann Ash Ann Marie Ash Bridge won't close Ferry runs 'early' MORE (R-Wis.) and Mr. Cole met.",
            "Speaker Ann Ash (R-Wis.) and Mr. Cole met.",
        ),
        ("Secretary Bo BirchBo BirchPanel asks for more Hundreds leave MORE.", "Secretary Bo Birch."),
    ],
)
def test_a_box_over_a_name_goes(text: str, clean: str) -> None:
    assert remove_glue(text) == clean
    assert remove_glue(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "The council wants MORE.",
        "Ann Ash said that Ash wants MORE money.",
        "Ann Ash met Ann Marie Ash Hill, who wants MORE.",
        "Ann Ash\nAnn Marie Ash\nBridge to close MORE",
        "McDonald and MacDonald sell MORE burgers.",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert remove_glue(text) == text


def test_a_long_text_takes_no_longer_for_its_length() -> None:
    text = "Ash Ash " * 20_000 + " MORE" * 2_000
    assert remove_glue(text) == text


SENTENCE = (
    "The council of the valley voted on Monday to close the old bridge, and traders protested in front of the hall."
)


@pytest.mark.parametrize(
    "buttons",
    [
        "Facebook Twitter Pinterest ",
        "Share Tweet Email | Print ",
        "Advertisement ",
        "ADVERTISEMENT Continue reading the main story ",
        "Article content ",
        "Story continues below advertisement: ",
    ],
)
def test_buttons_before_a_paragraph_go_and_the_paragraph_stays(buttons: str) -> None:
    assert remove_glue(f"First.\n\n{buttons}{SENTENCE}\n\nLast.") == f"First.\n\n{SENTENCE}\n\nLast."


@pytest.mark.parametrize(
    "text",
    [
        f"Facebook Twitter Pinterest {SENTENCE} Photograph: Rosa Feld/Courier",
        f"Facebook Twitter and Google are to blame. {SENTENCE}",
        "Advertisement sales fell.",
        "Facebook Twitter Pinterest Rosa Feld",
    ],
)
def test_captions_and_sentences_that_begin_so_stay(text: str) -> None:
    assert remove_glue(text) == text
