"""Names that the model misreads, each a kind: what it drew, and what is right."""

from __future__ import annotations

import pytest

from transforms.names.steps import resolve_spans
from transforms.sentences.segment import split_sentences


def resolved(text: str, *drawn: tuple[str, str]) -> list[tuple[str, str]]:
    """The names of a text and their labels, of what the model drew: each string at its next place, with a label."""
    spans, place = [], 0
    for name, label in drawn:
        place = text.index(name, place)
        spans.append((place, place + len(name), label))
        place += len(name)
    return [(text[start:end], label) for start, end, label in resolve_spans(text, spans)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The way they treat our farmers is DISGRACEFUL, the mayor wrote.", "ORG"),
        ("He is WEAK on borders and crime.", "ORG"),
        ("We need it for certain DANGEROUS countries.", "NORP"),
        ("Congress rushed to approve BILLIONS more.", "FAC"),
    ],
)
def test_words_shouted_are_no_names(text: str, label: str) -> None:
    (word,) = (word.strip(",.") for word in text.split() if word.strip(",.").isupper())
    assert resolved(text, (word, label)) == []


def test_initials_that_make_a_word_are_names() -> None:
    text = "The Federation for American Immigration Reform (FAIR) sued. Agents of ICE and the WHO looked on."
    named = [("FAIR", "ORG"), ("ICE", "ORG"), ("WHO", "ORG")]
    assert resolved(text, ("Federation for American Immigration Reform", "ORG"), *named)[-3:] == named


@pytest.mark.parametrize(
    ("drawn", "names"),
    [
        ("Donald Trump Jr. Ivanka Trump", ["Donald Trump Jr.", "Ivanka Trump"]),
        ("Robert Kennedy Jr. Ethel Kennedy", ["Robert Kennedy Jr.", "Ethel Kennedy"]),
        ("Martin Luther King Jr.", ["Martin Luther King Jr."]),
    ],
)
def test_a_caption_s_names_are_apart(drawn: str, names: list[str]) -> None:
    found = resolved(f"In the picture: {drawn}", (drawn, "PERSON"))
    assert found == [(name, "PERSON") for name in names]


def test_a_headline_s_last_word_is_no_part_of_the_name_behind_it() -> None:
    text = "A doctor is running against Flake Jeff Flake, who has not said whether he stays."
    found = resolved(text, ("Flake Jeff Flake", "PRODUCT"))
    assert ("Jeff Flake", "PERSON") in found
    assert {name for name, _ in found} == {"Jeff Flake", "Flake"}


@pytest.mark.parametrize(("money", "people"), [("Turkish Lira", "Turkish"), ("Indian Rupees", "Indian")])
def test_of_a_people_s_money_the_people_is_named(money: str, people: str) -> None:
    assert resolved(f"The {money} fell by a tenth.", (money, "ORG")) == [(people, "NORP")]


@pytest.mark.parametrize("word", ["Lira", "Yuan", "Amb", "Sec"])
def test_money_and_titles_alone_are_no_names(word: str) -> None:
    assert resolved(f"The {word} was mentioned.", (word, "PERSON")) == []


@pytest.mark.parametrize("title", ["Amb.", "Deputy Sec.", "Sec."])
def test_titles_in_short_stand_outside_of_names_and_end_no_sentence(title: str) -> None:
    text = f"The call was heard by {title} Ada Lindqvist in June."
    assert len(list(split_sentences(text))) == 1
    assert resolved(text, (f"{title} Ada Lindqvist", "PERSON")) == [("Ada Lindqvist", "PERSON")]


@pytest.mark.parametrize(("name", "label"), [("Mormons", "ORG"), ("Orthodox Jews", "PERSON"), ("Evangelicals", "ORG")])
def test_followers_of_a_faith_are_a_people(name: str, label: str) -> None:
    assert resolved(f"Many of the {name} there voted against it.", (name, label)) == [(name, "NORP")]


def test_a_club_called_after_a_party_is_a_body() -> None:
    assert resolved("The College Republicans met.", ("College Republicans", "ORG")) == [("College Republicans", "ORG")]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Permian Basin", "PERSON"),
        ("Bristol Bay", "ORG"),
        ("Fowlers Bay", "PERSON"),
        ("Forsyth County", "PERSON"),
        ("White Mountains National Forest", "ORG"),
        ("Malheur National Wildlife Refuge", "ORG"),
    ],
)
def test_landscapes_are_places(name: str, label: str) -> None:
    ((found, kind),) = resolved(f"Work near {name} was halted.", (name, label))
    assert (found, kind in ("LOC", "GPE")) == (name, True)


@pytest.mark.parametrize(("name", "label"), [("Anita Hill", "ORG"), ("Jonah Hill", "ORG"), ("Michael Bay", "PERSON")])
def test_people_called_like_landscapes_are_people(name: str, label: str) -> None:
    assert resolved(f"The letter was signed by {name} and others.", (name, label)) == [(name, "PERSON")]


def test_works_called_after_landscapes_are_works() -> None:
    assert resolved("They saw Mystic River twice.", ("Mystic River", "WORK_OF_ART")) == [
        ("Mystic River", "WORK_OF_ART")
    ]


@pytest.mark.parametrize("name", ["Buckeye State", "Peach State", "Granite State", "Lone Star State"])
def test_what_states_are_called_besides_is_a_state(name: str) -> None:
    assert resolved(f"Voters of the {name} are split.", (name, "ORG")) == [(name, "GPE")]


def test_a_kind_of_state_is_no_name() -> None:
    assert resolved("They envisioned the Administrative State.", ("Administrative State", "ORG")) == []
    assert resolved("It fought the Islamic State.", ("Islamic State", "ORG")) == [("Islamic State", "ORG")]


@pytest.mark.parametrize("label", ["EVENT", "ORG", "PERSON"])
def test_a_memorial_is_a_building(label: str) -> None:
    assert resolved("Barricades stood around the Harlan Ferris Memorial.", ("Harlan Ferris Memorial", label)) == [
        ("Harlan Ferris Memorial", "FAC")
    ]


def test_a_holiday_is_no_person() -> None:
    name = "Martin Luther King Jr. Day"
    assert resolved(f"She marched in a {name} parade.", (name, "PERSON")) == []


def test_a_body_s_first_word_alone_is_that_body() -> None:
    text = "He sat on the board of Quorvex Holdings. Quorvex paid him well, and Quorvex denied it."
    found = resolved(text, ("Quorvex Holdings", "ORG"), ("Quorvex", "GPE"), ("Quorvex", "PERSON"))
    assert found == [("Quorvex Holdings", "ORG"), ("Quorvex", "ORG"), ("Quorvex", "ORG")]
