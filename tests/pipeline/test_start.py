"""Processes that newsbeam starts are its own, whatever lies in the folder that it is called in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROSE, ROOT


def test_a_folder_with_the_user_s_own_modules_changes_nothing(tmp_path: Path) -> None:
    for name in ("pipeline", "transforms", "schemas", "tests", "msgspec", "spacy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the user’s own module was run')", encoding="utf-8")
    (tmp_path / "dump.jsonl").write_text(json.dumps({"text": PROSE}) + "\n", encoding="utf-8")
    # As the console script does: its own folder is the first on the path, not the working directory.
    script = tmp_path / "bin" / "newsbeam"
    script.parent.mkdir()
    script.write_text(f"import sys\nsys.path.append({str(ROOT)!r})\nfrom pipeline.cli import entry\nentry()\n")
    command = [sys.executable, str(script), "run", "--input", "dump.jsonl", "--output", "out", "--workers", "2"]
    done = subprocess.run([*command, "--quiet"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    manifest = json.loads((tmp_path / "out" / "_run.json").read_text(encoding="utf-8"))
    assert manifest["ledger"]["articles"] == 1
