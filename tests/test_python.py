"""newsbeam from Python."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import newsbeam
from tests.conftest import DUMP


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("python") / "out"
    manifest = newsbeam.run([DUMP / "crawl-2024-03.jsonl", DUMP / "plain"], output, workers=1)
    assert manifest["ledger"]["articles"] > 0
    return output


def test_tables_and_views_are_relations(finished: Path) -> None:
    with newsbeam.open(finished) as tables:
        count = tables.articles.aggregate("count(*)").fetchall()
        assert count == [(tables.runs[0].manifest["ledger"]["articles"],)]
        named = tables.sql("SELECT articles FROM names WHERE name = $who", who="Femke Jansen").fetchall()
        assert named == tables.names.filter("name = 'Femke Jansen'").project("articles").fetchall() != []
        arrow = tables.entities.arrow()
        assert "name" in (arrow if isinstance(arrow, pa.Table) else arrow.read_all()).column_names
        assert "names" in dir(tables)


def test_values_are_bound(finished: Path) -> None:
    with newsbeam.open(finished) as tables:
        who = "'; DROP VIEW articles; --"
        assert tables.sql("SELECT $who AS who FROM articles LIMIT 1", who=who).fetchall() == [(who,)]
        assert len(tables.articles.limit(1).fetchall()) == 1


def test_there_is_no_other_table(finished: Path) -> None:
    with newsbeam.open(finished) as tables, pytest.raises(AttributeError, match="no table or view `article`"):
        _ = tables.article


def test_what_is_wrong_is_raised(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(newsbeam.UsageError, match="--input matches nothing"):
        newsbeam.run(tmp_path / "none", tmp_path / "out")
    with pytest.raises(newsbeam.UsageError, match="holds a finished run"):
        newsbeam.run(DUMP, finished, fields={"text": "body"})
    with pytest.raises(newsbeam.UsageError, match="no finished run"):
        newsbeam.open(tmp_path)
