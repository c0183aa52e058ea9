"""The notebook of the docs runs, cell by cell, and prints what stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docs.notebook import NOTEBOOK, code_cells, run_cells
from tests.conftest import ROOT


def test_its_cells_run_and_print_what_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    printed = run_cells(notebook, tmp_path / "docs")
    stored = ["".join("".join(output["text"]) for output in cell["outputs"]) for cell in code_cells(notebook)]
    # Counts are exact; scores and the names that they decide about may differ in a model's next version.
    assert printed[0].strip() == stored[0]
    assert [len(text.splitlines()) for text in printed] == [len(text.splitlines()) for text in stored], "run make docs"
