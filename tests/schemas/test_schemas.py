from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import get_args, get_type_hints

import pyarrow as pa
import pytest

from schemas.records import Article, Reject
from schemas.rows import RejectRow
from schemas.tables import CHECKPOINT, TABLES, WRITTEN, Table, tables_page
from tests.conftest import ROOT
from transforms.runtime.arrow import to_batch


@pytest.mark.parametrize("table", WRITTEN.values(), ids=list(WRITTEN))
def test_records_and_schemas_hold_together(table: Table) -> None:
    assert table.row._fields == tuple(table.schema.names)  # type: ignore[attr-defined]
    hints = get_type_hints(table.row)
    for column, field in zip(table.columns, table.schema, strict=True):
        optional = type(None) in get_args(hints[column.name])
        assert field.nullable == column.nullable == optional, column.name
        assert field.metadata[b"description"].decode().endswith(".")


def test_staged_articles_lose_nothing_but_what_only_reading_needs() -> None:
    fields = {field.name for field in dataclasses.fields(Article)}
    later = {"raw", "date_problem", "furniture", "outlet", "partition_by"}
    assert set(CHECKPOINT.schema.names) - {"sketch", "shingles"} == fields - later


def test_a_reject_is_its_row() -> None:
    assert tuple(field.name for field in dataclasses.fields(Reject)) == (
        *RejectRow._fields,
        *("attempt_id", "article_id", "content_hash"),
    )


def test_null_may_not_stand_where_it_says_so() -> None:
    row = RejectRow("f", 0, "read", None, "", False, 0, None, b"")  # type: ignore[arg-type]
    with pytest.raises(pa.ArrowInvalid, match=r"rejects\.reason may not be NULL"):
        to_batch(TABLES["rejects"], [row])


def test_the_page_is_that_of_the_schemas() -> None:
    page = Path(ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == "\n".join(tables_page()) + "\n", "run make docs"
