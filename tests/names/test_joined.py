"""Spans that are one name: what the model drew, with brackets around each span, and what comes out."""

from __future__ import annotations

import re

import pytest

from transforms.names.complete import complete, unglue
from transforms.names.initials import spell_out
from transforms.names.joined import go_on, join_spans
from transforms.names.spans import Span


def read_drawn(drawn: str) -> tuple[str, list[Span]]:
    """The text and the spans of "[Quiroga PERSON] spoke"."""
    text, spans = "", []
    for part in re.split(r"(\[[^]]+ [A-Z]+\])", drawn):
        name, label = part[1:-1].rsplit(" ", 1) if part.startswith("[") else (part, "")
        if label:
            spans.append((len(text), len(text) + len(name), label))
        text += name
    return text, spans


def names(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[start:end], label) for start, end, label in spans]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("[Amir Sheikh PERSON] [Nawaf Al-Ahmad PERSON] spoke", [("Nawaf Al-Ahmad", "PERSON")]),
        ("[Hessa bint PERSON] [Essa Buhumaid PERSON] spoke", [("Hessa bint Essa Buhumaid", "PERSON")]),
        ("[Martín Tovar PERSON] y [Tovar PERSON] painted", [("Martín Tovar y Tovar", "PERSON")]),
        ("ex-premier [Thaksin ORG] [Shinawatra PERSON] left", [("Thaksin Shinawatra", "PERSON")]),
        ("[Microsoft ORG] [Nadella PERSON] deal", [("Microsoft", "ORG"), ("Nadella", "PERSON")]),
        ("[NASA ORG] [Bolden PERSON] era", [("NASA", "ORG"), ("Bolden", "PERSON")]),
        ("in [Rio Grande LOC] do [Sul ORG], near", [("Rio Grande do Sul", "GPE")]),
        ("in [Santo Domingo de los FAC] [Colorados GPE], near", [("Santo Domingo de los Colorados", "GPE")]),
        ("in [Nairobi GPE], [Kenya GPE], near", [("Nairobi", "GPE"), ("Kenya", "GPE")]),
    ],
)
def test_two_spans_of_one_name_are_joined(drawn: str, expected: list[tuple[str, str]]) -> None:
    text, spans = read_drawn(drawn)
    assert names(text, join_spans(text, spans)) == expected


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("the [United Food and ORG] [Commercial Workers Union ORG] said", ["United Food and Commercial Workers Union"]),
        ("the [Institute for College Access and ORG] Success said", ["Institute for College Access and Success"]),
        ("the [Centers for ORG] [Medicare & Medicaid Services ORG]", ["Centers for Medicare & Medicaid Services"]),
        ("[Jared and ORG] [Ivanka PERSON] Work", ["Jared and", "Ivanka"]),
        ("[Christie of ORG] “kissing boots”", ["Christie of"]),
    ],
)
def test_an_organisation_that_was_broken_off_goes_on(drawn: str, expected: list[str]) -> None:
    text, spans = read_drawn(drawn)
    found = [name for name, _ in names(text, go_on(text, spans))]
    assert found == expected


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("the [JD ORG](S) won", "JD(S)"),
        ("the [ILO ORG](ILO) won", "ILO"),
        (
            "the [Ministry of Gender ORG], Labour and Social Development said",
            "Ministry of Gender, Labour and Social Development",
        ),
        ("CBN’s [Ann Reed PERSON] asked", "Ann Reed"),
        ("the [Ministry of Health ORG], Ruritania and others said", "Ministry of Health"),
    ],
)
def test_a_name_reaches_as_far_as_it_goes(drawn: str, expected: str) -> None:
    text, spans = read_drawn(drawn)
    assert [name for name, _ in names(text, complete(text, spans))] == [expected]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (
            "the [Bruhat PERSON] Bengaluru Mahanagara Palike (BBMP) said",
            [("Bruhat Bengaluru Mahanagara Palike", "ORG")],
        ),
        ("the Anti-Corruption Bureau's (ACB) find", [("Anti-Corruption Bureau", "ORG")]),
        (
            "the [Delhi State Workers ORG] and [Helpers Union ORG] (DSWHU)",
            [("Delhi State Workers and Helpers Union", "ORG")],
        ),
        ("the [Clean Rivers Act LAW] (CRA) passed", [("Clean Rivers Act", "LAW")]),
        ("the [Torvo Harbour Trust Group ORG] (THT) said", [("Torvo Harbour Trust Group", "ORG")]),
        ("unmanned aerial systems (UAS) flew", []),
        ("on [Monday DATE], rain fell (ABC)", [("Monday", "DATE")]),
    ],
)
def test_initials_in_brackets_tell_the_whole_name(drawn: str, expected: list[tuple[str, str]]) -> None:
    text, spans = read_drawn(drawn)
    assert names(text, spell_out(text, spans)) == expected


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("[Nancy Pelosi PERSON] [Nancy PelosiSanders PERSON] endorses", ["Nancy Pelosi", "Nancy Pelosi"]),
        ("Sen. [Ron Johnson Ronald PERSON] (Ron) Harold", ["Ron Johnson"]),
        ("[Ryan Zinke Ryan PERSON] Keith ZinkeEurope deepens", ["Ryan Zinke"]),
        ("The president, [Mohamed Abdullahi Mohamed PERSON], spoke", ["Mohamed Abdullahi Mohamed"]),
        ("[Ian McConachie PERSON] and [Ann DeVos PERSON] met", ["Ian McConachie", "Ann DeVos"]),
    ],
)
def test_a_page_s_next_words_come_off(drawn: str, expected: list[str]) -> None:
    text, spans = read_drawn(drawn)
    assert [name for name, _ in names(text, unglue(text, spans))] == expected
