from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
import pytest

from pipeline.local import local_runner
from schemas.records import Document, ModelRun, Part, ReadCount, TableRows
from schemas.tables import TABLES
from transforms.assemble import assemble_rows, reject_rows
from transforms.outcome import reject
from transforms.write import FinishRun, WriteTables, parts
from transforms.write.finish import LedgerError, finish_run
from transforms.write.merge import merge_parts, plan_merges
from transforms.write.parquet import row_groups, to_batch


def article_rows(make_article: Any, count: int) -> list[TableRows]:
    found: list[TableRows] = []
    for number in range(count):
        when = datetime(2024, 1 + number % 3, 1, tzinfo=timezone.utc) if number % 4 else None
        article = make_article(article_id=f"a{number}", canonical_id=f"a{number}", content_hash="h", published_at=when)
        found += assemble_rows(Document(article))
    return found


def reject_row() -> TableRows:
    return reject_rows(reject("parse", "binary", "x", source_file="f", source_offset=1, payload=b"\0"))


def write(rows: list[TableRows], reads: int, output: Path, work: Path) -> None:
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        counts = pipeline | "Counts" >> beam.Create([ReadCount("f", reads)])
        merged = pipeline | beam.Create(rows) | WriteTables(str(work / "parts"))
        runs = [ModelRun("en", "newsbeam"), ModelRun("en", "spaCy: odd"), ModelRun("en", "newsbeam")]
        engines = pipeline | "Engines" >> beam.Create(runs)
        run = {"run_id": "r1", "models": {"en": {"name": "small"}, "fr": {"name": "petit"}}}
        _ = merged | FinishRun(counts, engines, run, str(output), str(work))


def test_tables_partitions_and_the_manifest(make_article: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So small a buffer that every month is written in several parts, which are merged.
    monkeypatch.setattr(parts, "BUFFER_BYTES", 2000)
    write([*article_rows(make_article, 40), reject_row()], 41, tmp_path / "out", tmp_path / "work")
    folders = {path.parent.name: pq.read_metadata(path).num_rows for path in (tmp_path / "out").rglob("articles/*/*")}
    assert folders == {"month=unknown": 10, "month=2024-01": 10, "month=2024-02": 10, "month=2024-03": 10}
    manifest = json.loads((tmp_path / "out" / "_run.json").read_text(encoding="utf-8"))
    assert manifest["ledger"] == {"records": 41, "articles": 40, "rejects": 1}
    assert manifest["rejects"] == {"parse.binary": 1}
    assert manifest["articles"] == {"canonical": 40}
    assert manifest["tables"]["articles"]["files"] == 4
    assert manifest["models"]["en"] == {"name": "small", "engine": ["newsbeam", "spaCy: odd"]}
    assert manifest["models"]["fr"] == {"name": "petit", "engine": []}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"articles", "rejects", "_run.json"}


def test_a_ledger_that_does_not_balance_fails_the_run(make_article: Any, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="doesn't balance: 5 records read, but 4 articles and 0 rejects"):
        write(article_rows(make_article, 4), 5, tmp_path / "out", tmp_path / "work")
    assert not (tmp_path / "out").exists()


def a_part(folder: Path, make_article: Any, count: int = 3) -> Part:
    buffer = parts.PartBuffer("articles")
    for rows in article_rows(make_article, count):
        buffer.add(rows.rows[0])
    return buffer.write("2024-01", str(folder))


def test_finishing_twice_does_no_harm_and_replaces_an_earlier_run(make_article: Any, tmp_path: Path) -> None:
    output, work = tmp_path / "out", tmp_path / "work"
    for run_id in ("first", "second"):
        part = a_part(work, make_article)
        for _ in range(2):
            finish_run([part], [ReadCount("f", 3)], run={"run_id": run_id}, output=str(output), folder=str(work))
        files = [str(path.relative_to(output)) for path in output.rglob("*.parquet")]
        assert files == [f"articles/month=2024-01/part-00000-{run_id}.parquet"]
        assert json.loads((output / "_run.json").read_text(encoding="utf-8"))["run_id"] == run_id


def test_an_unbalanced_run_leaves_the_earlier_one_alone(make_article: Any, tmp_path: Path) -> None:
    output, work = tmp_path / "out", tmp_path / "work"
    where: dict[str, Any] = {"output": str(output), "folder": str(work)}
    finish_run([a_part(work, make_article)], [ReadCount("f", 3)], run={"run_id": "first"}, **where)
    with pytest.raises(LedgerError):
        finish_run([a_part(work, make_article)], [ReadCount("f", 4)], run={"run_id": "second"}, **where)
    assert [path.name for path in output.rglob("*.parquet")] == ["part-00000-first.parquet"]
    assert (output / "_run.json").exists()


def test_merging_keeps_all_rows_and_counts(make_article: Any, tmp_path: Path) -> None:
    group = tuple(a_part(tmp_path, make_article, count) for count in (3, 5))
    merged = merge_parts(group, str(tmp_path))
    assert (merged.rows, merged.partition, merged.counts) == (8, "2024-01", (("canonical", 8),))
    assert pq.ParquetFile(merged.path).read().num_rows == 8
    assert merge_parts(group[:1], str(tmp_path)) == group[0]


def test_merges_fill_files_and_leave_nothing_out() -> None:
    sizes = [10, 40, 300, 20, 30, 30]
    made = [Part("mentions", "", f"p{number}", 1, size) for number, size in enumerate(sizes)]
    plan = list(plan_merges(made, file_bytes=60))
    assert sorted(part.path for group in plan for part in group) == [part.path for part in made]
    assert [sum(part.size for part in group) for group in plan] == [50, 300, 50, 30]


def test_row_groups_are_bounded(make_article: Any) -> None:
    batches = [to_batch(TABLES["articles"], rows.rows) for rows in article_rows(make_article, 5)]
    assert [len(group) for group in row_groups(batches)] == [5]
    assert list(row_groups([])) == []
