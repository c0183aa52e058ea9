from __future__ import annotations

import pytest

from transforms.sentiment.quotes import are_quoted, find_quotes


def quoted(text: str) -> list[str]:
    return [text[quote.start : quote.end] for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No quotes at all.", []),
        ("He called it “a disaster” and left.", ["“a disaster”"]),
        ('He called it "a disaster" and left.', ['"a disaster"']),
        ('"Go," she said. "Now."', ['"Go,"', '"Now."']),
        ('("Yes", he said.)', ['"Yes"']),
        ('They paid—"too much," he said.', ['"too much,"']),
        ("»Nein«, sagte er. „Doch“, sagte sie. « Oui », dit-il.", ["»Nein«", "„Doch“", "« Oui »"]),
        ("He said: ‘We’re leaving, and it’s over.’ Then he left.", ["‘We’re leaving, and it’s over.’"]),
        ("'We can't stay,' he said.", ["'We can't stay,'"]),
        ("The workers' union didn't agree with the bosses' plan.", []),
        ("The workers’ union didn’t agree with the bosses’ plan.", []),
        ("Back in the '90s the Smiths' house was rock 'n' roll.", []),
        ('A 6\'2" man with a 27" screen came in.', []),
        ("The so-called 'deal' is off.", []),
        ("An “open quotation that nobody closes.", []),
        ("A stray” mark.", []),
        ("", []),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"')])
def test_a_quotation_over_paragraphs_opens_each_anew(opening: str, closing: str) -> None:
    text = f"She said: {opening}First.\n\n{opening}Second.\n\n{opening}Third.{closing} Then she left.\n\nThe end."
    quotes = find_quotes(text)
    assert [text[part.start + 1 : part.end].rstrip(closing) for part in quotes] == ["First.", "Second.", "Third."]
    assert [part.goes_on for part in quotes] == [True, True, False]


def test_an_open_mark_does_not_swallow_the_next_paragraph() -> None:
    assert quoted("He said “nothing at all.\n\nThe mayor left.\n\n“Good,” said she.") == ["“Good,”"]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("“The mayor lied,” he said.", "The mayor lied,”", True),
        ("“The mayor lied,” he said.", "he said", False),
        ("He saw “Annie Hall” there.", "Annie Hall", False),
        ("He saw “Annie Hall,” there.", "Annie Hall", False),
        ("“I saw Annie Hall there,” he said.", "Annie Hall", True),
        ("He called it “bad” and then he left the whole town.", "He called it “bad” and then he left", False),
    ],
)
def test_what_lies_in_quotations(text: str, span: str, expected: bool) -> None:
    start = text.index(span)
    assert are_quoted(text, find_quotes(text), [(start, start + len(span))]) == [expected]
