"""Small dumps of ninety-odd kinds that people have, all in one run, held to what is right for each.

`expected.json` says it: the number of `articles`, `rejects` by reason or by a word of their message, and `rows`: of the
one article with the phrase `at` in its text, what it `has` and `lacks`, and for fields the values that are right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.run import run
from tests.conftest import ROOT, hold_to_contract

KINDS = ROOT / "tests" / "data" / "kinds"
CASES: dict[str, dict[str, Any]] = json.loads((KINDS / "expected.json").read_text(encoding="utf-8"))
OWN_RUN = "a-folder-an-outlet"
Rows = list[dict[str, Any]]


def read(output: Path, table: str) -> Rows:
    rows: Rows = pq.read_table(output / table).to_pylist() if (output / table).exists() else []
    return rows


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    """The articles and rejects of all."""
    articles: Rows = []
    rejects: Rows = []
    for names in ([name for name in CASES if name != OWN_RUN], [OWN_RUN]):
        output = tmp_path_factory.mktemp("kinds") / "out"
        inputs = [part for name in names for part in ("--input", str(KINDS / name))]
        options = CASES[names[0]].get("options", [])
        done = run([*inputs, "--output", str(output), "--dedupe", "none", "--workers", "1", "--quiet", *options])
        assert done == 0
        hold_to_contract(output)
        articles += read(output, "articles")
        rejects += read(output, "rejects")
    return articles, rejects


@pytest.mark.parametrize("name", CASES)
def test_a_kind_of_input(tables: tuple[Rows, Rows], name: str) -> None:
    articles, rejects = ([row for row in rows if f"/{name}" in row["source_file"]] for rows in tables)
    case = CASES[name]
    assert len(articles) in case["articles"]
    for wanted in case.get("rejects", ()):
        assert any(is_wanted(reject, wanted) for reject in rejects), rejects
    wrong = [problem for row in case.get("rows", ()) for problem in problems(row, articles, rejects)]
    assert wrong == []


def is_wanted(reject: dict[str, Any], wanted: dict[str, Any]) -> bool:
    words = wanted.get("message", [""])
    return reject["reason"] in wanted.get("reason", [reject["reason"]]) and any(
        word in reject["message"].lower() for word in words
    )


def problems(row: dict[str, Any], articles: Rows, rejects: Rows) -> Iterator[str]:
    """What is wrong with the article with the phrase `at`."""
    found = [article for article in articles if row["at"] in article["text"]]
    if not found and "reject" in row:
        assert any(is_wanted(reject, row["reject"]) for reject in rejects), rejects
        return
    assert len(found) == 1, row["at"]
    article = found[0]
    text = " ".join(article["text"].split())
    yield from (f"no {phrase}" for phrase in row.get("has", ()) if " ".join(phrase.split()) not in text)
    yield from (f"has {phrase}" for phrase in row.get("lacks", ()) if phrase in article["text"])
    for field in row.keys() & article.keys():
        value = (
            article[field].strftime("%Y-%m-%dT%H:%M") if field == "published_at" and article[field] else article[field]
        )
        if not any(is_right(value, right) for right in row[field]):
            yield f"{field} is {value}, not {row[field]}"


def is_right(value: str | None, right: str | None) -> bool:
    return value == right or (value is not None and right is not None and value[4:5] == "-" and value.startswith(right))
