from __future__ import annotations

import pytest

from transforms.names.aliases import country_name
from transforms.names.countries import load_countries
from transforms.names.places import load_gazetteer, locate


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("U.S.", "United States"),
        ("US", "United States"),
        ("U.S.A.", "United States"),
        ("United States", "United States"),
        ("United States of America", "United States"),
        ("UK", "United Kingdom"),
        ("Burma", "Myanmar"),
        ("Côte d’Ivoire", "Ivory Coast"),
        ("Türkiye", "Turkey"),
        ("Russian Federation", "Russia"),
        ("Kosovo", "Kosovo"),
        ("Netherlands", "Netherlands"),
        ("Paris", None),
        ("Congo-Kinshasa", "Democratic Republic of the Congo"),
    ],
)
def test_countries_have_one_name(name: str, country: str | None) -> None:
    assert country_name(name) == country


def test_every_country_has_a_code_that_leads_back() -> None:
    countries = load_countries()
    assert len(countries.names) > 240
    assert all(countries.codes[name] == code for code, name in countries.names.items())
    assert set(countries.demonyms.values()) <= countries.names.keys()


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Britons", "GB"),
        ("Scottish", "GB"),
        ("Frenchmen", "FR"),
        ("Swiss", "CH"),
        ("Sri Lankan", "LK"),
        ("Danes", "DK"),
    ],
)
def test_nationalities_point_at_a_country(word: str, code: str) -> None:
    assert locate(word, "NORP", ()) == (code, None, None)


@pytest.mark.parametrize(
    ("name", "codes", "code", "point"),
    [
        ("Nairobi", (), "KE", (-1.3, 36.8)),
        ("Kiev", (), "UA", (50.5, 30.5)),
        ("Springfield", (), None, None),
        ("Tripoli", (), "LY", (32.9, 13.2)),
        ("Tripoli", ("LB",), "LY", (32.9, 13.2)),
        ("Valencia", ("ES",), "ES", (39.5, -0.4)),
        ("St. Petersburg", (), "RU", (59.9, 30.3)),
        ("Kerala", (), "IN", None),
        ("Darfur", (), "SD", None),
        ("Russia", (), "RU", None),
        ("Georgia", (), "GE", None),
        ("Georgia", ("US",), "US", None),
        ("Middle East", (), None, None),
        ("Nowhere at All", (), None, None),
    ],
)
def test_places(name: str, codes: tuple[str, ...], code: str | None, point: tuple[float, float] | None) -> None:
    place = locate(name, "GPE", codes)
    assert place.country_code == code
    if point is None:
        assert (place.latitude, place.longitude) == (None, None)
    else:
        assert (place.latitude, place.longitude) == pytest.approx(point, abs=0.1)


def test_people_and_organisations_are_nowhere() -> None:
    assert locate("Paris", "PERSON", ()) == locate("Paris", "ORG", ()) == (None, None, None)


def test_words_and_surnames_are_not_looked_for_as_places() -> None:
    spotted = load_gazetteer().spotted
    assert {"Kenya", "KENYA", "Nairobi", "Kashmir", "Africa", "US"} <= spotted.keys()
    assert not {"Nice", "Reading", "Jordan", "Jackson", "Victoria", "Of", "Man"} & spotted.keys()
