"""What `repair_text` and `repair_line` mend and what they leave."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from ftfy.badness import is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean.text import HARMLESS_RE, MAX_COMBINING, SUSPECT_RE, repair_line, repair_text

MOJIBAKE = Path(__file__).parents[2] / "../shared/data/mojibake"
LONG = 2_000_000

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
# Pieces that the rules act on, so that they meet more often than among all characters.
PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "é",
            "é",
            " ",
            "\xa0",
            "\u3000",
            "中",
            "\n",
            "\r",
            "\r\n",
            "\u2028",
            "\x85",
            "\x00",
            "\x83",
            "Ã",
            "â€œ",
            "â",
            "€",
            "™",
            "&",
            "amp;",
            "&lt;",
            "#38;",
            "\u200d",
            "\u200c",
            "👩",
            "ن",
            "क",
            "्",
            "️",
            "\ufeff",
            "�",
            "�",
            "🏴",
            "\U000e0067",
            "\U000e007f",
            "ﬁ",
            "̖",
            "̈́",
            "̧" * 31,
            ".",
            "\xad",
            "ƒ",
        ]
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("Itâ€™s over, she said â€” twice.", "It’s over, she said — twice."),
        ("The cafÃ© in KÃ¶ln", "The café in Köln"),
        ("caf\u00c3\u0192\u00c2\u00a9", "café"),
        ("\x93Quoted\x94 \x96 and so on\x85", "“Quoted” – and so on…"),
        ("Fish &amp; chips &amp;amp; peas", "Fish & chips & peas"),
        ("It&#8217;s &lt;3 &eacute;t&eacute;", "It’s <3 été"),
        ("the oﬃce ﬂoor", "the office floor"),
        ("pair \ud83d\ude00 and half \ud83d", "pair 😀 and half \ufffd"),
        ("nul\x00l and be\x07ll", "null and bell"),
        ("e\u0301tude", "étude"),
    ],
)
def test_damage_is_repaired(text: str, repaired: str) -> None:
    assert repair_text(text) == repaired


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’ – and — dashes…",
        "Straight \"quotes\" and 'more'",
        "L’été, à Liège, NESTLÉ® reste",
        "Straße, Łódź, İstanbul, Ελλάδα, Київ",
        "全角，標點：不變。ＬＯＵＤ",
        "R&D; AT&T and &nothing; and &#51; and this&not that",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d👩\u200d👧 ❤️ 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "中文\u3000中文",
        "one\ntwo\n\nthree",
        "",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair_text(text) == text


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\v", "\f", "\u2028", "\u2029", "&#10;", ".\x85"])
def test_every_line_break_becomes_a_newline(line_break: str) -> None:
    assert repair_text(f"One{line_break}Two").replace(".", "") == "One\nTwo"


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("a  b \t c", "a b c"),
        ("a\u00a0b\u2009c\u202fd\u2003e\u2800f\x1fg", "a b c d e f g"),
        ("  one  \n\t two\u00a0\n", "one\ntwo"),
        ("one\n\n\n\ntwo\n \u00a0 \n\nthree", "one\n\ntwo\n\nthree"),
        ("\u3000\u3000中文\u3000English", "中文 English"),
        (
            "zero\u200bwidth, soft\u00adhyphen, \ufeffmark, \u202eover\u202cride, \u2066i\u2069",
            "zerowidth, softhyphen, mark, override, i",
        ),
        ("a\u200db and 1\u200c2", "ab and 12"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("dots\x85 went on", "dots… went on"),
    ],
)
def test_space_and_invisible_characters(text: str, repaired: str) -> None:
    assert repair_text(text) == repaired


@pytest.mark.parametrize("name", ["in-the-wild", "negative", "synthetic", "language-names"])
def test_agrees_with_ftfy_on_its_own_cases(name: str) -> None:
    path = MOJIBAKE / f"{name}.json"
    if not path.exists():
        pytest.skip("the shared mojibake cases are not here")
    for case in json.loads(path.read_text(encoding="utf-8")):
        # ftfy's plain `fixed` has straight quotes and half-width forms too, `fixed-encoding` has not.
        wanted = {repair_text(case[key]) for key in ("fixed", "fixed-encoding") if key in case}
        assert repair_text(case["original"]) in wanted, case["label"]


def test_zalgo_is_cut_to_the_stream_safe_length() -> None:
    repaired = repair_text("z" + "\u0335" * 500 + "a")
    assert repaired == "z" + "\u0335" * MAX_COMBINING + "a"


@settings(max_examples=400)
@given(ANY_TEXT | PIECES)
def test_idempotent_and_clean(text: str) -> None:
    repaired = repair_text(text)
    assert repair_text(repaired) == repaired
    repaired.encode("utf-8")
    assert unicodedata.is_normalized("NFC", repaired)
    assert repaired == repaired.strip(" \n")
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00a0\u2028\u2029\u200b\ufeff\u202a-\u202e]|  | \n|\n |\n\n\n", repaired
    )


@settings(max_examples=200)
@given(ANY_TEXT | PIECES)
def test_a_line_is_one_line(text: str) -> None:
    line = repair_line(text)
    assert "\n" not in line
    assert repair_line(line) == line


def test_a_title_is_folded() -> None:
    assert repair_line(" The\r\n\r\n  titleâ€™s\tend ") == "The title’s end"


@settings(max_examples=300)
@given(ANY_TEXT | PIECES)
def test_the_shortcuts_miss_no_mojibake(text: str) -> None:
    if HARMLESS_RE.fullmatch(re.sub(r"[\x00-\x7f]+", "", text)) or not SUSPECT_RE.search(text):
        assert not is_bad(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * LONG,
        " \u00a0" * (LONG // 2),
        "Ã" + "\x83" * LONG,
        "Ãƒâ€šÃ‚" * (LONG // 6),
        "a" + "\u0316\u0301" * (LONG // 2),
        "&" + "amp;" * (LONG // 4),
        "&#" * (LONG // 4) + "&#53;" + "3;" * (LONG // 4),
        "\n" * LONG,
    ],
    ids=["letters", "spaces", "chained mojibake", "layered mojibake", "marks", "ampersands", "nested", "breaks"],
)
def test_two_million_characters_come_back(text: str) -> None:
    assert len(repair_text(text)) < len(text) + 1
