"""Runs the cells of `docs/notebook.ipynb` in plain Python and fills in what they print: `make docs`."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).with_name("notebook.ipynb")


def run_cells(notebook: dict[str, Any], folder: Path) -> list[str]:
    """What each cell of code prints, run one after another in `folder`; the value of its last expression too."""
    before = Path.cwd()
    names: dict[str, Any] = {"__name__": "__main__"}
    os.chdir(folder)
    try:
        return [_run("".join(cell["source"]), names) for cell in code_cells(notebook)]
    finally:
        os.chdir(before)


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells that hold code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _run(source: str, names: dict[str, Any]) -> str:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, NOTEBOOK.name, "exec"), names)  # noqa: S102, the notebook's own code
        if last is not None:
            value = eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names)  # noqa: S307, as above
            if value is not None:
                print(value)  # noqa: T201
    return printed.getvalue()


def main() -> None:
    """Write the notebook anew."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for number, (cell, printed) in enumerate(
        zip(code_cells(notebook), run_cells(notebook, NOTEBOOK.parent), strict=True), start=1
    ):
        lines = printed.rstrip().splitlines(keepends=True)
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
        cell["execution_count"] = number
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
