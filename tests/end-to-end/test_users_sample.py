"""The article that the project was asked for with."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.run import run
from tests.conftest import SHARED, hold_to_contract


@pytest.mark.skipif(not (SHARED / "sample").is_dir(), reason="needs ../shared/data/sample")
def test_the_sample_article(tmp_path: Path) -> None:
    assert run(["--input", str(SHARED / "sample"), "--output", str(tmp_path / "out"), "--quiet"]) == 0
    hold_to_contract(tmp_path / "out")
    (article,) = pq.read_table(tmp_path / "out" / "articles").to_pylist()
    assert article["text"].endswith("from the West.")
    assert "Share" not in article["text"].split("\n")
    assert article["language"] == "en"
    assert article["sentiment"] is not None
    mentions = pq.read_table(tmp_path / "out" / "mentions").to_pylist()
    found = {(row["text"], row["label"]) for row in mentions}
    people = {text.removeprefix("President ") for text, label in found if label == "PERSON"}
    places = {text.removeprefix("the ").removeprefix("The ") for text, label in found if label == "GPE"}
    assert {"Vladimir Putin", "Xi Jinping"} <= people
    assert {"Russia", "China", "Ukraine", "United States"} <= places
    assert not [text for text, _ in found if "Exit" in text]
    assert all((row["sentiment"] is None) == (row["entity_id"] is None) for row in mentions)
    for table in ("sentences", "entities"):
        assert all(row["sentiment"] is not None for row in pq.read_table(tmp_path / "out" / table).to_pylist())
    assert pq.read_table(tmp_path / "out" / "rejects").num_rows == 0
    # One article: whoever it names is himself, under his own name.
    identities = pq.read_table(tmp_path / "out" / "identities").to_pylist()
    assert {row["basis"] for row in identities} == {"name"}
    entities = pq.read_table(tmp_path / "out" / "entities").to_pylist()
    assert sorted(row["entity_id"] for row in identities) == sorted(row["entity_id"] for row in entities)
