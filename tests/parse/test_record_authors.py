from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.authors import clean_authors

BOTH = "Rosa Feld; Tomas Berg"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["Rosa Feld", "Tomas Berg"], BOTH),
        ("By Rosa Feld and Tomas Berg", BOTH),
        ("Rosa Feld, Tomas Berg", BOTH),
        ("Rosa Feld, CNN Commentator, Tomas Berg, Rosa.Feld post.com", BOTH),
        ("Von Rosa Feld und Tomas Berg", BOTH),
        ("Por Rosa Feld y Tomas Berg", BOTH),
        ('["Rosa Feld", "Tomas Berg"]', BOTH),
        ("['Rosa Feld', 'Tomas Berg']", BOTH),
        ('{"Rosa Feld","Tomas Berg"}', BOTH),
        ("Rosa Feld / Tomas Berg", BOTH),
        ("Feld, Rosa; Berg, Tomas", BOTH),
        ([{"firstname": "Rosa", "lastname": "Feld"}, {"name": "Tomas Berg"}], BOTH),
        ({"0": "Rosa Feld", "1": "Tomas Berg"}, BOTH),
        ({"original": "By Rosa Feld", "person": [{"firstname": "Rosa"}]}, "Rosa Feld"),
        ("By ABBY STANDBY, ROSA FELD and TOMAS BERG", "ABBY STANDBY; ROSA FELD; TOMAS BERG"),
        ("ROSA FELD, Staff Writer", "ROSA FELD"),
        ("By ROSA FELD; Associated Press Writer", "ROSA FELD"),
        ("By ROSA FELD; Feld, Rosa", "ROSA FELD"),
        ("Rosa Feld, Reuters", "Rosa Feld"),
        ("Rosa Feld, The Courier", "Rosa Feld"),
        ("Rosa Feld in London", "Rosa Feld"),
        ("rosa@courier.example (Rosa Feld)", "Rosa Feld"),
        ("Rosa Feld <rosa@courier.example>", "Rosa Feld"),
        ("Rosa Feld (@rosafeld)", "Rosa Feld"),
        ("By Rosa Feld · 5 min read", "Rosa Feld"),
        ("Rosa Feld | March 5, 2024", "Rosa Feld"),
        ("Tom Howell Jr.", "Tom Howell Jr."),
        ("Rosa Feld, Jr.", "Rosa Feld Jr."),
        ("José Ortega y Gasset", "José Ortega y Gasset"),
        ("Joan E Greve", "Joan E Greve"),
        ("Byron York", "Byron York"),
        ("作者：张三", "张三"),
        ("Reuters", "Reuters"),
        *((nobody, None) for nobody in ("", "[]", "nan", "None", "admin", "Staff", "7", 7, float("nan"), None, {}, [])),
    ],
)
def test_names_and_nothing_else(value: object, expected: str | None) -> None:
    assert clean_authors(value, source="The Courier") == expected


@given(
    st.recursive(st.text(max_size=40) | st.none() | st.floats(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_anything_ends(value: object) -> None:
    found = clean_authors(value)
    assert found is None or found.strip() == found
