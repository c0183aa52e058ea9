"""What a run warns of at its end."""

from __future__ import annotations

from typing import Any

from pipeline.warnings import Shares, warnings_of


def manifest(records: int, rejects: int) -> dict[str, Any]:
    reasons = {"parse.malformed_json": rejects} if rejects else {}
    return {"ledger": {"records": records, "articles": records - rejects, "rejects": rejects}, "rejects": reasons}


def test_nothing_is_said_of_a_good_run() -> None:
    assert not list(warnings_of(manifest(100, 4), Shares(96, 9, 9, {"de": 4})))
    assert not list(warnings_of(manifest(0, 0), Shares(0, 0, 0, {})))


def test_each_share_that_makes_results_doubtful_is_named() -> None:
    said = list(warnings_of(manifest(100, 20), Shares(80, 8, 40, {"de": 3, "": 2, "fr": 9})))
    assert [line if "wherever" in line else line.partition(")")[0] + ")" for line in said] == [
        "20 of 100 records (20%)",
        "8 of 80 articles (10%) have no date. They are missing wherever days count.",
        "40 of 80 articles (50%)",
        "14 of 80 articles (18%)",
    ]
    assert "malformed_json" in said[0]
    assert "(fr 9, de 3, unknown 2)" in said[3]
