"""Writes how good names and tone are, as the tables of these docs have it, to where the page takes it: `make docs`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parent / "pipeline/tables/report/measured.json"
NAMES_RE = re.compile(r"^\| (person|organization|location) \| ([\d.]+) \| ([\d.]+) \| [\d.]+ \|$", re.MULTILINE)
ARTICLES_RE = re.compile(r"^([\d,]+) articles of newswire of all continents:$", re.MULTILINE)
KINDS = {"person": "PERSON", "organization": "ORG", "location": "GPE"}
TONE = "## How good it is, on names as they come\n"
SAMPLE_RE = re.compile(r"\b([\d,]+) (?:more )?names\b")
PAIR_RE = re.compile(r"(\.\d+) / (\.\d+)")
ENGINE_RE = re.compile(r"\| (\w+) \| \**\.\d+\** \|")


def names(page: str) -> dict[str, Any]:
    """Precision and recall by kind of name, and on how many articles, from docs/names.md."""
    (articles,) = ARTICLES_RE.findall(page)
    found = {KINDS[kind]: [float(precision), float(recall)] for kind, precision, recall in NAMES_RE.findall(page)}
    if len(found) != len(KINDS):
        raise ValueError(f"docs/names.md has figures of {sorted(found)} only")
    return {"articles": int(articles.replace(",", "")), "kinds": found}


def tone(page: str) -> dict[str, Any]:
    """By engine: precision and recall of each label, and on how many names; of several tables the last counts."""
    section = page.split(TONE, 1)[1].split("\n## ", 1)[0]
    found: dict[str, Any] = {}
    sample = 0
    for line in section.splitlines():
        if engine := ENGINE_RE.match(line):
            pairs = [[float(value) for value in pair] for pair in PAIR_RE.findall(line)]
            found[engine[1]] = {
                "names": sample,
                "labels": dict(zip(("negative", "neutral", "positive"), pairs, strict=True)),
            }
        elif counts := SAMPLE_RE.findall(line):
            sample = int(counts[0].replace(",", ""))
    if not {"fast", "accurate"} <= found.keys():
        raise ValueError(f"docs/sentiment.md has figures of {sorted(found)} only")
    return found


def measured() -> str:
    """The file's content."""
    read = {name: (HERE / f"{name}.md").read_text(encoding="utf-8") for name in ("names", "sentiment")}
    return json.dumps({"names": names(read["names"]), "tone": tone(read["sentiment"])}, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(measured(), encoding="utf-8")
