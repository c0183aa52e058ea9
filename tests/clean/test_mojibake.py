from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest

from tests.conftest import SHARED
from transforms.clean.text import repair_text

INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2800\ufeff]")
QUOTES = str.maketrans("‘’“”", "''\"\"")


def cases(name: str) -> list[dict[str, Any]]:
    file = SHARED / "mojibake" / f"{name}.json"
    if not file.exists():
        pytest.skip(f"needs {file}")
    return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def canonical(text: str) -> str:
    """A text without what repairing leaves alone or removes beside: shapes of quotes, blanks, invisible characters."""
    return " ".join(INVISIBLE.sub(" ", unicodedata.normalize("NFC", text).translate(QUOTES)).split())


@pytest.mark.parametrize(("name", "least"), [("in-the-wild", 70), ("language-names", 20), ("synthetic", 30)])
def test_damage_is_repaired(name: str, least: int) -> None:
    wrong = [
        case["original"]
        for case in cases(name)
        if canonical(repair_text(case["original"]))
        not in {canonical(case[key]) for key in ("fixed", "fixed-encoding") if key in case}
    ]
    assert wrong == []
    assert len(cases(name)) >= least


def test_what_only_looks_like_damage_is_left_alone() -> None:
    for case in cases("negative"):
        assert canonical(repair_text(case["original"])) == canonical(case.get("fixed-encoding", case["fixed"]))
    assert len(cases("negative")) >= 30
