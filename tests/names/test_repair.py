from __future__ import annotations

import pytest

from transforms.names.repair import repair_span


def repaired(span: str, label: str) -> list[str]:
    text = f"… {span} …"
    found = repair_span(text, (2, 2 + len(span), label))
    return [text[start:end] for start, end, _ in found]


@pytest.mark.parametrize(
    ("span", "label", "names"),
    [
        ("the United States", "GPE", ["United States"]),
        ("The United Nations", "ORG", ["United Nations"]),
        ("Russia's", "GPE", ["Russia"]),
        ("Russia’s", "GPE", ["Russia"]),
        ("Estonia’s Cyber Defense League", "ORG", ["Estonia", "Cyber Defense League"]),
        ("the People's Bank", "ORG", ["People's Bank"]),
        ("McDonald's", "ORG", ["McDonald's"]),
        ("The Hague", "GPE", ["The Hague"]),
        ("Mr. Xi", "PERSON", ["Xi"]),
        ("President Vladimir Putin", "PERSON", ["Vladimir Putin"]),
        ("British Prime Minister Boris Johnson's", "PERSON", ["Boris Johnson"]),
        ("Pope Francis", "PERSON", ["Francis"]),
        ("Omar al-Bashir", "PERSON", ["Omar al-Bashir"]),
        ("Ursula von der Leyen", "PERSON", ["Ursula von der Leyen"]),
        ("House of Representatives Speaker", "ORG", ["House of Representatives"]),
        ("AP Photo/Ana Ruiz", "ORG", ["AP", "Ana Ruiz"]),
        ("Bank of Ghana (BoG)", "ORG", ["Bank of Ghana", "BoG"]),
        ("Amnesty  International", "ORG", ["Amnesty  International"]),
        ("Erawan Shrine in Bangkok", "FAC", ["Erawan Shrine", "Bangkok"]),
        ("pro-Chavez", "PERSON", ["Chavez"]),
        ("Che Guevara T-shirt", "PERSON", ["Che Guevara"]),
        ("nativist", "NORP", []),
        ("George W. Bush-era", "PERSON", ["George W. Bush"]),
        ("New York-based", "GPE", ["New York"]),
        ("Kuala Lumpur-like", "GPE", ["Kuala Lumpur"]),
        ("Editor-in-Chief Alexander Marlow", "PERSON", ["Alexander Marlow"]),
        ("Stratford-upon-Avon", "GPE", ["Stratford-upon-Avon"]),
        ("Human Rights Watch", "ORG", ["Human Rights Watch"]),
        ("Sri Lanka", "PERSON", ["Sri Lanka"]),
        ("Ministry of Health", "ORG", ["Ministry of Health"]),
        ("“Reuters”,", "ORG", ["Reuters"]),
        ("Reuters\n\nPublished Monday", "ORG", ["Reuters"]),
        ("U.S.-North Korea", "GPE", ["U.S.", "North Korea"]),
        ("Guinea-Bissau", "GPE", ["Guinea-Bissau"]),
        ("Electoral College is America", "ORG", ["Electoral College"]),
        ("Senate Replay More Videos", "ORG", ["Senate"]),
        ("Office of the Director General of", "ORG", ["Office of the Director General"]),
        ("Mr McConachie AM", "PERSON", ["McConachie"]),
        ("DG Guy Ryder", "PERSON", ["Guy Ryder"]),
        ("U.S.", "GPE", ["U.S."]),
        ("Paris.", "GPE", ["Paris"]),
        ("the", "ORG", []),
        ("'s", "PERSON", []),
        ("2,014", "ORG", []),
        ("the Second World War", "EVENT", ["Second World War"]),
        ("three  ", "CARDINAL", ["three"]),
        ("the third of May", "DATE", ["the third of May"]),
        ("A" * 121, "ORG", []),
    ],
)
def test_boundaries(span: str, label: str, names: list[str]) -> None:
    assert repaired(span, label) == names


def test_a_credit_names_an_agency_and_a_person() -> None:
    text = "AP Photo/Ana Ruiz"
    assert repair_span(text, (0, len(text), "ORG")) == [(0, 2, "ORG"), (9, 17, "PERSON")]


def test_amounts_keep_their_label_and_place() -> None:
    assert repair_span("in 2019", (3, 7, "DATE")) == [(3, 7, "DATE")]
