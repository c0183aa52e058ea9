"""Lines in capitals between paragraphs, and lines that stand twice."""

from __future__ import annotations

from transforms.clean.furniture import remove_furniture

PROSE = [
    f"The council of the valley voted {n} to 2 on Monday to close the old bridge, and traders protested."
    for n in range(9)
]
LINK = "MAYOR SAYS BRIDGE OF THE VALLEY WILL NOT OPEN AGAIN"


def removed(*lines: str) -> list[tuple[str, str]]:
    text = "\n\n".join(lines)
    kept, gone = remove_furniture(text)
    assert remove_furniture(kept) == (kept, ())
    return [(line.line, line.rule) for line in gone]


def test_a_headline_in_capitals_between_paragraphs_leads_elsewhere() -> None:
    assert removed(*PROSE[:3], LINK, *PROSE[3:6]) == [(LINK, "shouted_link")]


def test_what_may_be_the_articles_own_stays() -> None:
    assert removed(LINK, *PROSE) == []
    assert removed(*PROSE[:3], "THE ROAD AHEAD", *PROSE[3:6]) == []
    assert removed(*PROSE[:3], LINK + ".", *PROSE[3:6]) == []
    assert removed(PROSE[0], LINK, LINK.replace("MAYOR", "COUNCIL"), PROSE[1]) == []
    assert removed(*[line.upper() for line in PROSE]) == []


def test_a_line_that_stands_twice_in_a_row_counts_once() -> None:
    assert removed(PROSE[0], PROSE[1], PROSE[1], PROSE[2]) == [(PROSE[1], "doubled_line")]
    assert removed(PROSE[0], PROSE[1], PROSE[0]) == []
    assert removed("No.", "No.", PROSE[0]) == []
