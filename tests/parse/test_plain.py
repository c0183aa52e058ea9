from __future__ import annotations

import pytest

from tests.conftest import PROSE
from transforms.parse.plain import Plain, read_plain

FIELDS = {
    "title": "Ferry plan",
    "published_at": "5 March 2024",
    "authors": "Rosa Feld",
    "url": "https://courier.example/1",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"Title: Ferry plan\nDate: 5 March 2024\nAuthor: Rosa Feld\nURL: https://courier.example/1\n\n{PROSE}",
            Plain(PROSE, "Ferry plan", "https://courier.example/1", FIELDS),
        ),
        (
            f'---\ntitle: "Ferry plan"\ntags:\n  - sea\ndate: 5 March 2024\n---\n\n{PROSE}',
            Plain(PROSE, "Ferry plan", None, {"title": "Ferry plan", "published_at": "5 March 2024"}),
        ),
        (
            f"https://courier.example/1\n\n{PROSE}\n\n{PROSE}",
            Plain(f"{PROSE}\n\n{PROSE}", None, "https://courier.example/1"),
        ),
        (f"Ferry plan\n\n{PROSE}", Plain(f"Ferry plan\n\n{PROSE}", "Ferry plan")),
        (f"<p>{PROSE}</p>", Plain(PROSE)),
        (f"{PROSE}\n\n@highlight\n\nCouncil votes", Plain(PROSE)),
        # Prose that only looks like fields.
        (f"Date: none was set.\n\n{PROSE}", Plain(f"Date: none was set.\n\n{PROSE}")),
        (f"Rome: a visit\nParis: another\n\n{PROSE}", Plain(f"Rome: a visit\nParis: another\n\n{PROSE}")),
        ("https://courier.example/1", Plain("https://courier.example/1")),
        ("", Plain("")),
    ],
)
def test_a_plain_text_taken_apart(text: str, expected: Plain) -> None:
    assert read_plain(text, story="@highlight" in text) == expected
