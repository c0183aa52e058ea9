from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Mention, Sentence
from transforms.names.resolve import Resolved, entity_id, prominence, resolve_names
from transforms.sentences.segment import split_sentences

LABELS = (
    "PERSON",
    "ORG",
    "GPE",
    "LOC",
    "FAC",
    "NORP",
    "PRODUCT",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "DATE",
    "CARDINAL",
    "PER",
)


def resolve(text: str, *spans: tuple[str, str], title: str | None = None, language: str = "en") -> Resolved:
    """Resolve `text` where the model found `spans` (what it says, label), one after another."""
    sentences = [Sentence(start, end) for start, end in split_sentences(text)]
    mentions = []
    at = 0
    for found, label in spans:
        at = text.index(found, at)
        index = max(place for place, part in enumerate(sentences) if part.start_char <= at)
        mentions.append(Mention(at, at + len(found), label, index))
        at += len(found)
    return resolve_names(text, mentions, sentences, title=title, language=language)


def named(text: str, resolved: Resolved) -> list[tuple[str, str, str | None]]:
    """What every mention says, its label and the name of its entity."""
    return [
        (
            text[part.start_char : part.end_char],
            part.label,
            None if part.entity is None else resolved.entities[part.entity].name,
        )
        for part in resolved.mentions
    ]


def test_a_person_is_one_entity_under_the_full_name() -> None:
    text = "President Xi Jinping spoke on Monday. Mr. Xi’s visit ended. Critics of Xi were silent."
    found = resolve(text, ("President Xi Jinping", "PERSON"), ("Monday", "DATE"), ("Mr. Xi’s", "PERSON"))
    assert named(text, found) == [
        ("Xi Jinping", "PERSON", "Xi Jinping"),
        ("Monday", "DATE", None),
        ("Xi", "PERSON", "Xi Jinping"),
        ("Xi", "PERSON", "Xi Jinping"),
    ]


def test_a_surname_of_two_people_stands_for_neither() -> None:
    text = "Mahinda Rajapaksa met Gotabaya Rajapaksa. Rajapaksa smiled."
    found = resolve(text, ("Mahinda Rajapaksa", "PERSON"), ("Gotabaya Rajapaksa", "PERSON"), ("Rajapaksa", "PERSON"))
    assert [entity.name for entity in found.entities] == ["Mahinda Rajapaksa", "Gotabaya Rajapaksa", "Rajapaksa"]


def test_all_names_of_a_country_are_one_entity_in_all_articles() -> None:
    ids = set()
    for form in ("U.S.", "US", "U.S.A.", "United States", "United States of America"):
        found = resolve(f"They left the {form} on foot.", (f"the {form}", "GPE"))
        (entity,) = found.entities
        assert (entity.name, entity.country_code) == ("United States", "US")
        ids.add(entity.entity_id)
    assert ids == {entity_id("United States", "GPE")}


def test_one_name_has_one_kind() -> None:
    text = "Safaricom rose. Analysts like Safaricom Ltd. Shares in Safaricom fell and Safaricom said so."
    found = resolve(text, ("Safaricom", "PERSON"), ("Safaricom Ltd", "ORG"), ("Safaricom", "ORG"), ("Safaricom", "ORG"))
    assert {label for _, label, _ in named(text, found)} == {"ORG"}
    assert [entity.name for entity in found.entities] == ["Safaricom"]


def test_initials_stand_for_the_name_before_them() -> None:
    text = "The Department of Agricultural Extension (DAE) said rice is late. Farmers wait for DAE."
    found = resolve(text, ("The Department of Agricultural Extension", "ORG"))
    name = "Department of Agricultural Extension"
    assert named(text, found) == [(name, "ORG", name), ("DAE", "ORG", name), ("DAE", "ORG", name)]


def test_names_that_the_model_missed() -> None:
    text = "Rain fell in Kenya and on Kwara State University. Senator Dino Melaye said the UN and Reuters knew."
    assert named(text, resolve(text)) == [
        ("Kenya", "GPE", "Kenya"),
        ("Kwara State University", "ORG", "Kwara State University"),
        ("Dino Melaye", "PERSON", "Dino Melaye"),
        ("UN", "ORG", "United Nations"),
        ("Reuters", "ORG", "Reuters"),
    ]


def test_spans_that_the_model_cut_short_are_completed() -> None:
    text = "The house where Adolf Hitler was born. Islamic State struck. She met Ursula von der Leyen."
    found = resolve(text, ("Hitler", "PERSON"), ("Islamic", "NORP"), ("Ursula von", "PERSON"))
    assert [name for name, _, _ in named(text, found)] == ["Adolf Hitler", "Islamic State", "Ursula von der Leyen"]


def test_a_dateline_is_a_place() -> None:
    text = "BUFFALO, N.Y. — Rain fell."
    assert ("BUFFALO", "GPE") in [(name, label) for name, label, _ in named(text, resolve(text))]


def test_a_name_does_not_cross_a_sentence() -> None:
    text = "She left St. Louis. Petersburg is far. They like St. Louis. Petersburg"
    sentences = [Sentence(0, 12), Sentence(12, len(text))]
    found = resolve_names(text, [Mention(44, 53, "GPE", 1)], sentences, title=None, language="en")
    assert [(part.start_char, part.end_char) for part in found.mentions if part.start_char < 12] == []


def test_a_hostile_text_of_many_names_takes_seconds() -> None:
    words = ["".join(letters).title() for letters in itertools.islice(itertools.product("abcdefgh", repeat=5), 20_000)]
    text = " said. ".join(words)
    mentions, at = [], 0
    for word in words:
        mentions.append(Mention(at, at + len(word), "ORG", 0))
        at += len(word) + 7
    start = time.process_time()
    resolve_names(text, mentions, [Sentence(0, len(text))], title=None, language="en")
    assert time.process_time() - start < 30


def test_a_name_that_holds_the_mask_covers_nothing_twice() -> None:
    text = "\0 The The"
    found = resolve_names(text, [Mention(0, 5, "PERSON", 0)], [Sentence(0, 9)], title=None, language="en")
    assert len(found.mentions) < 2


def test_what_is_no_name_goes() -> None:
    text = "However, the Minister slept on Monday. Exit Mobile. A Buyer is a buyer here."
    assert named(text, resolve(text, ("However", "ORG"), ("Monday", "GPE"), ("Exit", "GPE"), ("Buyer", "PERSON"))) == []


def test_numbers_stay_without_an_entity() -> None:
    text = "They paid $5 million in 2019."
    found = resolve(text, ("$5 million", "MONEY"), ("2019", "DATE"))
    assert named(text, found) == [("$5 million", "MONEY", None), ("2019", "DATE", None)]
    assert found.entities == ()


def test_a_name_in_capitals_is_the_same_entity() -> None:
    text = "ADDIS ABABA (AP) — Talks began. Addis Ababa was calm."
    found = resolve(text, ("ADDIS ABABA", "GPE"), ("AP", "ORG"), ("Addis Ababa", "GPE"))
    assert [entity.name for entity in found.entities] == ["Addis Ababa", "Associated Press"]


def test_other_languages_keep_their_boundaries() -> None:
    text = "Der Kanzler traf die  SPD. Die SPD schwieg in Berlin."
    found = resolve(text, ("die  SPD", "ORG"), ("SPD", "PERSON"), ("Berlin", "GPE"), language="de")
    assert [entity.name for entity in found.entities] == ["die SPD", "SPD", "Berlin"]
    assert (found.entities[2].country_code, found.entities[2].latitude) == ("DE", pytest.approx(52.5, abs=0.1))


def test_prominence_is_of_place_number_and_title() -> None:
    text = "Kenya and Uganda met. Kenya paid."
    found = resolve(text, ("Kenya", "GPE"), ("Uganda", "GPE"), ("Kenya", "GPE"), title="What Kenya's envoys want")
    kenya, uganda = found.entities
    assert kenya.prominence == 1.0
    assert uganda.prominence == pytest.approx(prominence(1, 2, 10 / len(text), titled=False))
    (alone, _) = resolve(text, ("Kenya", "GPE"), ("Uganda", "GPE")).entities
    assert alone.prominence == 1.0


@pytest.mark.parametrize(
    ("count", "most", "lead", "titled"), [(1, 9, 0.999, False), (9, 9, 0.0, True), (1, 1, 0.5, None)]
)
def test_prominence_stays_in_its_bounds(count: int, most: int, lead: float, titled: bool | None) -> None:
    assert 0 < prominence(count, most, lead, titled) <= 1


PIECES = """the The of Mr. President Xi Jinping Putin's U.S. US Bank Ghana (BoG) al-Bashir — . , said Kenya KENYA UN
Smith Smith’s and/or AP Photo/Ana 12 Ltd. É Ⅷ İstanbul @Home Senator University in Paris"""
WORDS = st.sampled_from([*PIECES.split(), "\n\n", "\n", "\0", ""])


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120)), st.data())
def test_mentions_stay_in_order_apart_and_within_sentences(text: str, data: st.DataObject) -> None:
    sentences = [Sentence(start, end) for start, end in split_sentences(text)]
    mentions = []
    for index, sentence in enumerate(sentences):
        words = list(re.finditer(r"\S+(?: \S+)?", text[sentence.start_char : sentence.end_char]))
        for word in words:
            if data.draw(st.booleans()):
                start, end = sentence.start_char + word.start(), sentence.start_char + word.end()
                mentions.append(Mention(start, end, data.draw(st.sampled_from(LABELS)), index))
    language = data.draw(st.sampled_from(("en", "de")))
    found = resolve_names(text, mentions, sentences, title="Xi in Paris", language=language)
    last = 0
    for mention in found.mentions:
        sentence = sentences[mention.sentence_index]
        assert last <= mention.start_char < mention.end_char
        assert sentence.start_char <= mention.start_char
        assert mention.end_char <= sentence.end_char
        assert (mention.entity is None) == (mention.label in ("DATE", "CARDINAL"))
        assert mention.entity is None or found.entities[mention.entity].label == mention.label
        last = mention.end_char
    assert {mention.entity for mention in found.mentions} - {None} == set(range(len(found.entities)))
    assert all(0 <= entity.prominence <= 1 for entity in found.entities)
    assert len({entity.entity_id for entity in found.entities}) == len(found.entities)
    assert resolve_names(text, mentions, sentences, title="Xi in Paris", language=language) == found


@pytest.mark.parametrize(
    ("name", "said", "label"),
    [
        ("Kirsten Gillibrand", "ORG", "PERSON"),
        ("Stormy Daniels", "ORG", "PERSON"),
        ("Byron York", "GPE", "PERSON"),
        ("Morgan Stanley", "ORG", "ORG"),
        ("Freddie Mac", "ORG", "ORG"),
        ("Eli Lilly", "ORG", "ORG"),
        ("Devon Energy", "ORG", "ORG"),
        ("Pearl Harbor", "LOC", "LOC"),
        ("Roosevelt Room", "FAC", "FAC"),
        ("Lincoln Foundation", "ORG", "ORG"),
        ("Middle Eastern", "LOC", "NORP"),
        ("Roe v. Wade", "ORG", "LAW"),
        ("Vladimir V. Putin", "PERSON", "PERSON"),
    ],
)
def test_a_name_says_itself_what_it_is(name: str, said: str, label: str) -> None:
    text = f"Nobody spoke of {name} yet."
    assert [kind for _, kind, _ in named(text, resolve(text, (name, said)))] == [label]


def test_a_place_named_twice_stays_one_though_it_begins_like_a_person() -> None:
    text = "They live in Rae Bareli. Few vote in Rae Bareli."
    found = resolve(text, ("Rae Bareli", "GPE"), ("Rae Bareli", "GPE"))
    assert {label for _, label, _ in named(text, found)} == {"GPE"}


@pytest.mark.parametrize("body", ["Trump Organization", "Trump Media", "Trump Foundation"])
def test_a_body_is_not_of_the_kind_of_the_person_it_is_called_after(body: str) -> None:
    text = f"Trump spoke. Trump left. The {body} paid. Trump came. Trump sold the {body}."
    trump = ("Trump", "PERSON")
    found = named(text, resolve(text, trump, trump, (body, "ORG"), trump, trump, (body, "ORG")))
    assert [label for name, label, _ in found if name == body] == ["ORG", "ORG"]
    assert {label for name, label, _ in found if name == "Trump"} == {"PERSON"}


@pytest.mark.parametrize("word", ["Olympian", "Courtesy", "Affairs"])
def test_a_word_before_a_full_name_that_stands_without_it_goes(word: str) -> None:
    text = f"It was {word} Oscar Pistorius. Then Oscar Pistorius left."
    found = resolve(text, (f"{word} Oscar Pistorius", "PERSON"), ("Oscar Pistorius", "PERSON"))
    assert named(text, found) == [("Oscar Pistorius", "PERSON", "Oscar Pistorius")] * 2


@pytest.mark.parametrize(("first", "later"), [("Mary Ann Smith", "Ann Smith"), ("Adel Abdul Mahdi", "Abdul Mahdi")])
def test_a_first_name_stays(first: str, later: str) -> None:
    text = f"It was {first}. Then {later} left."
    assert named(text, resolve(text, (first, "PERSON"), (later, "PERSON")))[0] == (first, "PERSON", first)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("African-Americans", "African American"),
        ("African Americans", "African American"),
        ("North Koreans", "North Korean"),
        ("Sunni Muslims", "Sunni Muslim"),
        ("Iowans", "Iowan"),
        ("anti-American", "anti-American"),
    ],
)
def test_a_people_has_one_name(written: str, name: str) -> None:
    text = f"Some {written} came."
    assert [entity for _, _, entity in named(text, resolve(text, (written, "NORP")))] == [name]


@pytest.mark.parametrize(
    "body",
    [
        "Senate Committee on Small Business and Entrepreneurship",
        "Harvard Center for Health and the Global Environment",
        "Centers for Medicare and Medicaid Services",
        "Ministry of Gender, Labour and Development",
    ],
)
def test_a_body_of_several_topics_is_one_name(body: str) -> None:
    first, _, rest = body.replace(", ", " and ").partition(" and ")
    text = f"She advises the {body} now."
    spans = [(first, "ORG")] + ([("Global Environment", "ORG")] if "Global" in rest else [])
    assert named(text, resolve(text, *spans)) == [(body, "ORG", body)]


def test_two_bodies_stay_two() -> None:
    text = "The Department of Justice and Homeland Security agreed."
    found = resolve(text, ("Department of Justice", "ORG"), ("Homeland Security", "ORG"))
    assert [name for name, _, _ in named(text, found)] == ["Department of Justice", "Homeland Security"]


def test_a_ticker_is_no_part_of_a_company_s_name() -> None:
    text = "Shares of Caterpillar CAT, +1.05% and Micron Technology MU, -2.44% moved; so did IBM, a maker."
    spans = [(name, "ORG") for name in ("Caterpillar CAT", "Micron Technology MU", "IBM")]
    assert [name for name, _, _ in named(text, resolve(text, *spans))] == ["Caterpillar", "Micron Technology", "IBM"]


@pytest.mark.parametrize("words", ["State Councilor", "DEC", "SEPT"])
def test_posts_and_months_are_no_bodies(words: str) -> None:
    text = f"On {words} Yang left."
    assert named(text, resolve(text, (words, "ORG"))) == []
