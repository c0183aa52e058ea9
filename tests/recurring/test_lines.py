"""Which lines may be furniture, and how lines are counted."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from schemas.files import CopyDecision
from transforms.recurring.lines import OFTEN, VERY_OFTEN, find_candidates, pack_lines, select_furniture, unpack_lines
from transforms.recurring.steps import FindFurniture
from transforms.runtime.identity import line_digest, outlet_digest

STORY = "The council of the valley voted on Monday to close the old bridge, and traders protested in front of the hall."
TEXT = f"{{first}}\n\n{STORY}\n\n{STORY[4:]}\n\n{{middle}}\n\n{STORY[7:]}\n\n{STORY[9:]}\n\n{STORY[11:]}\n\n{{last}}"


def needs(*, first: str = "Nobody slept.", middle: str = "It rained.", last: str = "The end came.") -> dict[str, int]:
    return {found.line: found.needed for found in find_candidates(TEXT.format(first=first, middle=middle, last=last))}


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for Rosa Feld’s Morning Note and never miss a story.",
        "Get Tomas Berg in your inbox, every Friday.",
        "Follow Rosa Feld on Twitter.",
        "This article was first published by the Harwick Courier.",
        "Abonnez-vous à la lettre de Rosa Feld.",
        "Editor’s note: all our coverage of the flood is free.",
    ],
)
def test_what_speaks_to_readers_may_be_furniture_wherever_it_stands(line: str) -> None:
    assert needs(middle=line) == {line: OFTEN}


@pytest.mark.parametrize(
    "line",
    [
        "For most people the virus causes only mild symptoms, such as fever and cough.",
        "Hallam was governor of the province from 1998 to 2006.",
        "The mayor said this story was made up, and did not respond to a request to comment further.",
        "“Sign up for the newsletter”, it says at the door of the office.",
        "It didn’t work.",
        "What happens next?",
    ],
)
def test_prose_is_none_however_often_it_recurs(line: str) -> None:
    assert needs(first=line) == needs(middle=line) == needs(last=line) == {}


def test_a_label_recurs_more_often_between_paragraphs_where_it_may_be_a_subheading() -> None:
    assert needs(first="By Rosa Feld", middle="The vote", last="Harwick Courier") == {
        "By Rosa Feld": OFTEN,
        "The vote": VERY_OFTEN,
        "Harwick Courier": OFTEN,
    }


def test_who_the_writer_is_counts_at_the_end_alone() -> None:
    line = "Rosa Feld is a columnist of the Harwick Courier."
    assert needs(last=line) == {line: OFTEN}
    assert needs(middle=line) == {}


def test_what_stands_twice_in_an_article_is_its_own() -> None:
    assert needs(middle="MICHAEL BARBARO", last="MICHAEL BARBARO") == {}


def test_a_text_of_one_paragraph_has_none() -> None:
    assert find_candidates("Sign up for our newsletter.") == []


def test_lines_travel_as_numbers() -> None:
    pitch = "Subscribe to read more."
    text = TEXT.format(first="So it began.", middle=pitch, last="So it ended.")
    here, there = (list(unpack_lines(pack_lines(text), outlet_digest(name, ""))) for name in ("Courier", "Herald"))
    assert [(item.line, item.needed) for item in here] == [(line_digest(pitch), OFTEN)]
    assert here[0].key != there[0].key
    assert here[0].story == there[0].story
    assert select_furniture(text, frozenset([line_digest(pitch), 1])) == pitch
    assert select_furniture(text, frozenset([1])) is None


def furniture(articles: list[Any]) -> list[tuple[int, frozenset[int]]]:
    """Index of an article → digests of its lines that recur, in a pipeline."""
    decisions = [
        (
            "file",
            CopyDecision(
                i, "canonical", "a", "k", lines=pack_lines(article.text), outlet=outlet_digest(article.source, "")
            ),
        )
        for i, article in enumerate(articles)
    ]
    found: list[tuple[int, frozenset[int]]] = []
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        marked = pipeline | beam.Create(decisions) | FindFurniture() | beam.Map(_plain)
        found = [(i, expected) for i, expected in enumerate(EXPECTED)]
        assert_that(marked, equal_to([(i, expected, bool(expected)) for i, expected in found]))
    return found


def _plain(place: tuple[str, CopyDecision]) -> tuple[int, frozenset[int], bool]:
    decision = place[1]
    assert decision.lines == b""
    return decision.index, decision.furniture, decision.key != "k"


PITCH = "Subscribe to Rosa Feld’s letter."
EXPECTED = [*[frozenset([line_digest(PITCH)])] * 3, *[frozenset()] * 4]


def test_a_line_of_three_stories_of_a_source_is_furniture_and_copies_of_a_story_are_one(make_article: Any) -> None:
    def text(number: int) -> str:
        return f"So it began.\n\n{STORY} It was number {number}.\n\n{PITCH}\n\nSo it ended."

    three = [make_article(text=text(number), source="Courier") for number in range(3)]
    copies = [make_article(text=text(9), source="Herald", url=f"https://herald.example/{i}") for i in range(4)]
    furniture([*three, *copies])
