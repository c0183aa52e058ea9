"""What the page says of measured errors is what the docs say."""

from __future__ import annotations

import json

import pytest

from docs.measured import TARGET, measured, names, tone
from tests.browser import MISSING, Browser
from tests.conftest import ROOT


def test_the_page_says_what_the_docs_say() -> None:
    assert TARGET.read_text(encoding="utf-8") == measured(), "run make docs"


def test_figures_are_read_out_of_the_tables() -> None:
    page = (
        "356 articles of newswire of all continents:\n\n| | P | R | F1 |\n| person | 0.871 | 0.920 | 0.895 |\n"
        "| organization | 0.711 | 0.760 | 0.735 |\n| location | 0.858 | 0.850 | 0.854 |\n"
        "| all | 0.820 | 0.850 | 0.835 |\n"
    )
    kinds = {"PERSON": [0.871, 0.92], "ORG": [0.711, 0.76], "GPE": [0.858, 0.85]}
    assert names(page) == {"articles": 356, "kinds": kinds}
    page = """
## How good it is, on names as they come
343 names drawn
| fast | **.547** | .47–.62 | .57 / .41 | .87 / .92 | .29 / .25 | 14 % | .038 |
| accurate | **.677** | .59–.74 | .64 / .59 | .90 / .93 | .58 / .44 | 17 % | .033 |
On 1,199 more names of
| fast | **.534** | .45 / .29 | .86 / .92 | .42 / .32 | .021 |

## Another
| fast | **.1** | .1 / .1 | .1 / .1 | .1 / .1 | |
"""
    found = tone(page)
    assert found["fast"] == {
        "names": 1199,
        "labels": {"negative": [0.45, 0.29], "neutral": [0.86, 0.92], "positive": [0.42, 0.32]},
    }
    assert found["accurate"]["names"] == 343
    with pytest.raises(ValueError, match="only"):
        tone("## How good it is, on names as they come\nnothing\n")


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_how_to_read_the_page(browser: Browser, page: object) -> None:
    browser.open(page)  # type: ignore[arg-type]
    text = browser.run("return document.getElementById('reading').innerText")
    found = json.loads(TARGET.read_text(encoding="utf-8"))
    for precision, recall in (*found["names"]["kinds"].values(), *found["tone"]["fast"]["labels"].values()):
        assert f"\t{100 * precision:.0f}\t{100 * recall:.0f}" in text
    assert f"{found['tone']['fast']['names']:,} names" in text
    assert "What not to conclude" in text
    # The way there is at the top.
    assert (
        browser.run("return document.querySelector('header a[href=\"#reading\"]').textContent")
        == "How to read this page"
    )
    assert (ROOT / "docs/sentiment.md").exists()
