from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
import pytest

from pipeline.local.runner import local_runner
from schemas.files import FileCounts, ModelRun, Part
from schemas.records import Document
from schemas.rows import ReadRow, RowSet, TableRows
from schemas.tables import NONE, READS, TABLES
from transforms.assemble.rows import article_row, reject_set
from transforms.runtime.arrow import to_batch
from transforms.runtime.layout import Layout
from transforms.runtime.outcome import reject
from transforms.runtime.parquet import row_groups
from transforms.write import FinishRun, WriteRows, parts
from transforms.write.finish import finish_run
from transforms.write.ledger import Ledger, LedgerError, count_part, imbalance
from transforms.write.merge import merge_parts, plan_merges


def article_rows(make_article: Any, count: int) -> list[RowSet]:
    found: list[RowSet] = []
    for number in range(count):
        when = datetime(2024, 1 + number % 3, 1, tzinfo=UTC) if number % 4 else None
        article = make_article(
            article_id=f"a{number}", canonical_id=f"a{number}", content_hash="h", published_at=when, source_file="z/f"
        )
        rows = TableRows("articles", (article_row(Document(article)),))
        found.append(RowSet((rows,), partition_by="month"))
    return found


def reject_row() -> RowSet:
    return reject_set(reject("parse", "binary", "x", source_file="g", source_offset=1, payload=b"\0"))


def read_rows(**records: int) -> RowSet:
    """What was read of a file `g` and of a member of the archive `z`."""
    names = {"g": ("g", "g"), "z": ("z", "z/f")}
    rows = (ReadRow(names[key][0], "d", 9, "l", "u", names[key][1], n, "{}") for key, n in records.items())
    return RowSet((TableRows(READS.name, tuple(rows)),))


def write(rows: list[RowSet], output: Path, work: Path) -> None:
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        layout = beam.pvalue.AsSingleton(pipeline | "Layout" >> beam.Create([Layout("month")]))
        written = (pipeline | beam.Create(rows),) | WriteRows(str(work / "parts"))
        runs = [ModelRun("en", "newsbeam"), ModelRun("en", "spaCy: odd"), ModelRun("en", "newsbeam")]
        engines = pipeline | "Engines" >> beam.Create(runs)
        run = {"run_id": "r1", "models": {"en": {"name": "small"}, "fr": {"name": "petit"}}}
        _ = written | FinishRun(layout, engines, run, str(output), str(work))


def test_tables_partitions_and_the_manifest(make_article: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So small a buffer that every month is written in several parts, which are merged.
    monkeypatch.setattr(parts, "BUFFER_BYTES", 2000)
    rows = [*article_rows(make_article, 40), reject_row(), read_rows(z=40), read_rows(g=1)]
    write(rows, tmp_path / "out", tmp_path / "work")
    folders = {path.parent.name: pq.read_metadata(path).num_rows for path in (tmp_path / "out").rglob("articles/*/*")}
    assert folders == {"month=unknown": 10, "month=2024-01": 10, "month=2024-02": 10, "month=2024-03": 10}
    assert pq.read_table(tmp_path / "out" / "articles", columns=["article_id"]).num_rows == 40
    manifest = json.loads((tmp_path / "out" / "_run.json").read_text(encoding="utf-8"))
    none = dict.fromkeys(("records", "articles", "canonical", "copies", "rejects", "left_out"), 0)
    assert manifest["ledger"] == {
        **{**none, "records": 41, "articles": 40, "canonical": 40, "rejects": 1, "file_count": 2},
        "files": [
            {**none, "file": "g", "records": 1, "rejects": 1},
            {**none, "file": "z", "records": 40, "articles": 40, "canonical": 40},
        ],
    }
    assert manifest["rejects"] == {"parse.binary": 1}
    assert manifest["articles"] == {"canonical": 40}
    assert manifest["tables"]["articles"]["files"] == 4
    assert manifest["models"]["en"] == {"name": "small", "engine": ["newsbeam", "spaCy: odd"]}
    assert manifest["models"]["fr"] == {"name": "petit", "engine": []}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*TABLES, "_reads", "_run.json"}
    # A table without rows is one file.
    (empty,) = (tmp_path / "out" / "mentions" / "month=unknown").iterdir()
    assert (pq.read_schema(empty), pq.read_metadata(empty).num_rows) == (TABLES["mentions"].schema, 0)
    listed = {path for files in manifest["files"].values() for path, _, _ in files}
    assert listed == {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.parquet")}


def test_a_ledger_that_does_not_balance_fails_the_run(make_article: Any, tmp_path: Path) -> None:
    # Over all files it would.
    rows = [*article_rows(make_article, 4), reject_row(), read_rows(z=5)]
    told = r"doesn't balance: g: 0 records read, .* 1 rejects written; 1 too many; z: 5 .* 1 lost"
    with pytest.raises(Exception, match=told):
        write(rows, tmp_path / "out", tmp_path / "work")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (FileCounts("f", 5, 3, 2, 1, 2), ""),
        (FileCounts("f", 5, 3, 2, 1, 1), "1 lost"),
        (FileCounts("f", 4, 3, 2, 1, 3), "2 too many"),
        (FileCounts("f", 3, 3, 1, 1, 0), "1 neither"),
        (FileCounts("f", 3, 3, 2, 2, 0), "1 both"),
    ],
)
def test_what_does_not_balance_is_told_with_the_difference(line: FileCounts, told: str) -> None:
    assert imbalance(line).endswith(told)
    assert bool(imbalance(line)) == bool(told)


def test_a_file_that_lost_rows_is_found_when_it_is_counted(make_article: Any, tmp_path: Path) -> None:
    part = a_part(tmp_path, make_article)
    assert count_part(part)[0]["z/f"].articles == 3
    with pytest.raises(LedgerError, match="holds 3 rows, but 4 were written"):
        count_part(replace(part, rows=4))


def a_part(folder: Path, make_article: Any, count: int = 3) -> Part:
    buffer = parts.PartBuffer("articles")
    for rows in article_rows(make_article, count):
        buffer.add(rows.tables[0].rows[0])
    (part,) = buffer.write(str(folder), NONE)
    return part


def balanced(*problems: str) -> Ledger:
    return Ledger([], 0, FileCounts(""), problems)


def test_finishing_twice_does_no_harm_and_replaces_an_earlier_run(make_article: Any, tmp_path: Path) -> None:
    output, work = tmp_path / "out", tmp_path / "work"
    for run_id in ("first", "second"):
        part = a_part(work, make_article)
        for _ in range(2):
            finish_run([part], balanced(), run={"run_id": run_id}, output=str(output), folder=str(work))
        files = [str(path.relative_to(output)) for path in output.rglob("articles/**/*.parquet")]
        assert files == [f"articles/part-00000-{run_id}.parquet"]
        assert json.loads((output / "_run.json").read_text(encoding="utf-8"))["run_id"] == run_id


def test_an_unbalanced_run_leaves_the_earlier_one_alone(make_article: Any, tmp_path: Path) -> None:
    output, work = tmp_path / "out", tmp_path / "work"
    where: dict[str, Any] = {"output": str(output), "folder": str(work)}
    finish_run([a_part(work, make_article)], balanced(), run={"run_id": "first"}, **where)
    with pytest.raises(LedgerError):
        finish_run([a_part(work, make_article)], balanced("f: 1 lost"), run={"run_id": "second"}, **where)
    assert {path.name for path in output.rglob("*.parquet")} == {"part-00000-first.parquet"}
    assert (output / "_run.json").exists()


def test_merging_keeps_all_rows_and_counts(make_article: Any, tmp_path: Path) -> None:
    group = tuple(a_part(tmp_path, make_article, count) for count in (3, 5))
    work, output = str(tmp_path), str(tmp_path / "out")
    merged = merge_parts(group, work, output)
    assert (merged.rows, merged.partition) == (8, "")
    assert pq.ParquetFile(merged.path).read().num_rows == 8
    assert merge_parts(group[:1], work, output) == group[0]
    # What a dead run left isn't this one's to publish as it is.
    (taken,) = [merge_parts(group[:1], str(tmp_path / "other"), output)]
    assert (taken.rows, taken.path.startswith(str(tmp_path / "other"))) == (3, True)


def test_merges_fill_files_and_leave_nothing_out() -> None:
    sizes = [10, 40, 300, 20, 30, 30]
    made = [Part("mentions", "", f"p{number}", 1, size) for number, size in enumerate(sizes)]
    plan = list(plan_merges(made, file_bytes=60))
    assert sorted(part.path for group in plan for part in group) == [part.path for part in made]
    assert [sum(part.size for part in group) for group in plan] == [50, 300, 50, 30]


def test_a_published_file_that_much_is_added_to_by_little_stays_as_it_is() -> None:
    files = {"out/mentions/archive": 1000}
    for day in range(40):
        added = {f"work/day{day}": 10 + day}
        made = [Part("mentions", "", path, 1, size) for path, size in (files | added).items()]
        plan = list(plan_merges(made, output="out"))
        assert [made[0]] in [list(group) for group in plan]
        files = {
            made[0].path if group == (made[0],) else f"out/mentions/{day}-{number}": sum(part.size for part in group)
            for number, group in enumerate(plan)
        }
        assert len(files) <= 8
    assert sum(files.values()) == 1000 + sum(range(10, 50))
    # What is added is more: all go into one.
    made = [Part("mentions", "", path, 1, size) for path, size in (files | {"work/much": 2000}).items()]
    assert len(list(plan_merges(made, output="out"))) <= 8


def test_row_groups_are_bounded(make_article: Any) -> None:
    batches = [to_batch(TABLES["articles"], rows.tables[0].rows) for rows in article_rows(make_article, 5)]
    assert [len(group) for group in row_groups(batches)] == [5]
    assert list(row_groups([])) == []
