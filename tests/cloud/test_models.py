"""A spaCy pipeline of one's own, in a bucket: `--models en=gs://…`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import spacy

from pipeline.cli import run_command
from pipeline.run import run
from tests.cloud.conftest import manifest_of, upload

PROSE = "Ann Reed opened the bridge in Harwick on Monday. Reed said that the town had waited for it for thirty years. "


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pipeline that knows one person."""
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner")
    ner.add_label("PERSON")
    doc = nlp.make_doc("Ann Reed spoke.")
    example = spacy.training.Example.from_dict(doc, {"entities": [(0, 8, "PERSON")]})
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(40):
        nlp.update([example], sgd=optimizer)
    nlp.to_disk(tmp_path / "own")
    return tmp_path / "own"


@pytest.mark.cloud
def test_a_pipeline_in_a_bucket_reads_as_its_copy_on_disk(storage: Any, own: Path, tmp_path: Path) -> None:
    address = upload(storage, own, "models/own")
    dump = tmp_path / "dump.jsonl"
    dump.write_text(json.dumps({"url": "https://news.example/1", "text": PROSE * 4}), encoding="utf-8")
    flags = ("--input", str(dump), "--workers", "1", "--quiet")
    assert run((*flags, "--output", str(tmp_path / "local"), "--models", f"en={own}")) == 0
    there = ("--output", str(tmp_path / "there"), "--models", f"en={address}")
    assert run_command("pipeline.run:run", (*flags, *there)) == 0
    local, remote = manifest_of(tmp_path / "local"), manifest_of(tmp_path / "there")
    assert local["models"]["en"]["sha256"] == remote["models"]["en"]["sha256"]
    rows = [pq.read_table(tmp_path / name / "mentions").to_pylist() for name in ("local", "there")]
    assert rows[0] == rows[1]
    assert {row["text"] for row in rows[1] if row["label"] == "PERSON"} == {"Ann Reed", "Reed"}


@pytest.mark.cloud
def test_a_pipeline_that_is_not_there_ends_the_run_at_its_start(
    storage: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.jsonl"
    dump.write_text(json.dumps({"text": PROSE}), encoding="utf-8")
    flags = ("--input", str(dump), "--output", str(tmp_path / "out"), "--models", f"en=gs://{storage.name}/nowhere")
    assert run_command("pipeline.run:run", (*flags, "--quiet")) == 2
    assert "no spaCy pipeline in gs://" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
