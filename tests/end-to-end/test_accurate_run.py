"""A whole run with the encoder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ACCURATE, ROOT

pytest.importorskip("onnxruntime", reason="the extra `accurate` isn't installed")
pytest.importorskip("tokenizers", reason="the extra `accurate` isn't installed")
if ACCURATE is None:
    pytest.skip("there is no model of `accurate`: make train-sentiment makes it", allow_module_level=True)

TEXT = (
    "OTTAWA - The jury praised Ann Reed's brilliant work on Monday. Tom Hill was jailed for fraud in Ottawa. "
    "“Hill is a liar and a thief,” said Ann Reed. The court will meet again in May."
)


def test_a_run_with_the_encoder(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    output = tmp_path / "out"
    flags = ["--sentiment", "accurate", "--sentiment_model", str(ACCURATE), "--workers", "1", "--quiet"]
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--input",
        str(tmp_path / "dump.jsonl"),
        "--output",
        str(output),
    ]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, cwd=ROOT, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    entities = {row["name"]: row for row in pq.read_table(output / "entities").to_pylist()}
    assert entities["Ann Reed"]["sentiment"] > 0
    assert entities["Tom Hill"]["sentiment"] < -0.2
    assert entities["Tom Hill"]["sentiment_unquoted"] > -1
    spoken = [row["speaker"] for row in pq.read_table(output / "sentences").to_pylist()]
    assert spoken == [None, None, "Ann Reed", None]
    manifest = json.loads((output / "_run.json").read_text())["sentiment"]
    assert manifest["engine"] == "accurate"
    assert set(manifest["sha256"]) == {"model.onnx", "tokenizer.json"}
