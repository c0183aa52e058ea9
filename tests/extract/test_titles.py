from __future__ import annotations

import pytest

from transforms.extract.titles import choose_title


@pytest.mark.parametrize(
    ("headings", "names", "site", "title"),
    [
        (["Bridge to close"], ("Bridge to close | The Post",), "The Post", "Bridge to close"),
        (
            ["Old bridge will close, council says"],
            ("Old bridge will close",),
            None,
            "Old bridge will close, council says",
        ),
        (["The Post", "Bridge to close"], ("Bridge to close - The Post",), None, "Bridge to close"),
        (["The Post"], ("Bridge to close - The Post",), "The Post", "Bridge to close"),
        ([], ("Bridge to close — The Post",), "The Post", "Bridge to close"),
        ([], ("The Post: Bridge to close",), None, "The Post: Bridge to close"),
        ([], ("The Post | Bridge to close",), "The Post", "Bridge to close"),
        (
            [],
            ("Traders - and mayors - protest at the bridge | Post",),
            "Post",
            "Traders - and mayors - protest at the bridge",
        ),
        (["BRIDGE TO CLOSE"], ("Bridge to close | The Post",), None, "Bridge to close"),
        (["Bridge to close"], (), None, "Bridge to close"),
        (
            ["Ten good reasons to know why the old bridge will close for good"],
            ("Old bridge: why it will close soon | The Post",),
            "The Post",
            "Ten good reasons to know why the old bridge will close for good",
        ),
        (
            ["Impact"],
            ("Impact of the old bridge's closing on traders and mayors",),
            None,
            "Impact of the old bridge's closing on traders and mayors",
        ),
        (
            ["Post", "Bridge to close"],
            ("Bridge to close", "Bridge to close - Post Daily"),
            "Post Daily",
            "Bridge to close",
        ),
        (
            ["The old bridge will close soon Posted on July 1, 2024 by ann"],
            ("The old bridge will close soon",),
            None,
            "The old bridge will close soon",
        ),
        (["Old bridge will cl ose"], ("Old bridge will close",), None, "Old bridge will close"),
        (["The bridge - how it closed"], ("The bridge - how it closed",), None, "The bridge - how it closed"),
        ([], ("Le maire : « Le pont est fatigué »",), None, "Le maire : « Le pont est fatigué »"),
        ([], ("Le maire : « Le pont est fatigué » | La Poste",), "La Poste", "Le maire : « Le pont est fatigué »"),
        ([], ("Old bridge to close soon – Harwick - The Post | News",), None, "Old bridge to close soon"),
        ([], ("How the old bridge closed - Part 1 | The Post",), None, "How the old bridge closed - Part 1"),
        # A site that is called as its address is, a section in capitals, and letters that any name holds.
        (["bridges.com"], ("bridges.com Old bridge to close",), None, "Old bridge to close"),
        (
            ["BRIDGE SAFETY"],
            ("Bridge closings: how safety is measured in old towns",),
            None,
            "Bridge closings: how safety is measured in old towns",
        ),
        (
            ["A&B Updates"],
            ("A to B: the bridge that will close in autumn",),
            None,
            "A to B: the bridge that will close in autumn",
        ),
        ([], (), None, None),
        (["", " "], ("",), "", None),
    ],
)
def test_titles(headings: list[str], names: tuple[str, ...], site: str | None, title: str | None) -> None:
    found = choose_title([h for h in headings if h.strip()], tuple(n for n in names if n), site)
    assert found == title
