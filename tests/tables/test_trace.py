"""Trace: from the rows back to the bytes, with what cleaning did in between."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline import cli
from pipeline.run import run
from pipeline.tables.trace.content import ADDED, KEPT, compare
from tests.conftest import PROSE
from tests.read.test_archives import make_zip


def shown(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert cli.main(["trace", *args]) == 0
    return capsys.readouterr().out


def articles(output: Path, where: str) -> list[tuple[str, str]]:
    query = f"SELECT article_id, source_file FROM read_parquet('{output}/articles/**/*.parquet') WHERE {where}"
    return duckdb.sql(query).fetchall()


def test_every_article_of_the_sample_leads_back(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, packed files and whole files: the record is found, and still gives the text that the run has."""
    for suffix in ("crawl-2024-03.jsonl", ".jsonl.gz", ".bz2", ".zst", ".txt"):
        key, file = articles(sample, f"source_file LIKE '%{suffix}' AND duplicate IS NULL ORDER BY article_id")[0]
        told = json.loads(shown(capsys, str(sample), key, "--json"))
        assert told["source"]["problem"] is None, file
        assert told["source"]["same_text"] is True, file
        assert told["source"]["file"] == file
        assert told["raw"]


def test_a_file_in_an_archive_that_was_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    line = json.dumps({"text": f"Share\n\nFirst. {PROSE}\n\nAdvertisement\n\nThe cafÃ© closed. {PROSE}", "title": "T"})
    (dump / "in.zip").write_bytes(make_zip({"deep/a.jsonl": line.encode() + b"\n"}))
    output = tmp_path / "out"
    assert run(["--input", str(dump), "--output", str(output), "--quiet", "--workers", "1"]) == 0
    ((key, _),) = articles(output, "true")
    before = shown(capsys, str(output), key)
    assert "- Advertisement  ← advertisement" in before
    assert "+ The café closed." in before
    shutil.move(dump, tmp_path / "elsewhere")
    gone = shown(capsys, str(output), key)
    assert "the dump's file is not there" in gone
    assert "bridge" in gone
    found = json.loads(shown(capsys, str(output), key[:8], "--dump", str(tmp_path / "elsewhere"), "--json"))
    assert found["source"]["same_text"] is True
    (tmp_path / "elsewhere" / "in.zip").write_bytes(make_zip({"deep/a.jsonl": line.replace("First", "1st").encode()}))
    changed = shown(capsys, str(output), key, "--dump", str(tmp_path / "elsewhere"))
    assert "another text now" in changed
    (tmp_path / "elsewhere" / "in.zip").write_bytes(make_zip({"deep/b.jsonl": b"{}"}))
    assert "has no record at 0 any more" in shown(capsys, str(output), key, "--dump", str(tmp_path / "elsewhere"))


def test_a_mention_and_its_neighbours(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ((key, _),) = articles(sample, "url LIKE '%elbe-flood-prague-dresden'")
    text = shown(capsys, str(sample), f"{key}:0")
    assert "Mention 0" in text
    assert "Raw bytes" not in text
    told = json.loads(shown(capsys, str(sample), f"{key[:10]}:0", "--json"))
    assert len(told["mentions"]) == 1


def test_by_url_and_a_copy(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ((key, _),) = articles(sample, "duplicate = 'near'")
    ((url,),) = duckdb.sql(
        f"SELECT url FROM read_parquet('{sample}/articles/**/*.parquet') WHERE article_id = '{key}'"
    ).fetchall()
    text = " ".join(shown(capsys, str(sample), url).split())
    assert key in text
    assert "near copy of" in text


@pytest.mark.parametrize("wanted", ["abc", "nothinglikeit", "' OR 1=1 --", "0000000:7"])
def test_what_is_not_there(sample: Path, capsys: pytest.CaptureFixture[str], wanted: str) -> None:
    assert cli.main(["trace", str(sample), wanted]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_mention_too_far(sample: Path) -> None:
    ((key, _),) = articles(sample, "url LIKE '%elbe-flood-prague-dresden'")
    assert cli.main(["trace", str(sample), f"{key}:9999"]) == 2


def test_a_page_escapes_everything(tmp_path: Path) -> None:
    dump, output, page = tmp_path / "d.jsonl", tmp_path / "out", tmp_path / "t.html"
    evil = "<script>alert(1)</script> & \u202etxet"
    dump.write_text(json.dumps({"title": evil, "text": f"{evil}. Angela Merkel spoke. {PROSE}", "url": "javascript:1"}))
    assert run(["--input", str(dump), "--output", str(output), "--quiet", "--workers", "1"]) == 0
    ((key, _),) = articles(output, "true")
    assert cli.main(["trace", str(output), key, "--html", str(page)]) == 0
    content = page.read_text(encoding="utf-8")
    assert "<script" not in content
    assert "\u202e" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in content
    assert "<mark>Angela Merkel<small> PERSON</small></mark>" in content


def test_the_diff() -> None:
    changes = compare("Share\n\nThe council voted.\n\nIt was â€œlateâ€\x9d then.")
    kinds = [(change.kind, change.line) for change in changes if change.kind != KEPT]
    assert (ADDED, "It was “late” then.") in kinds
    assert all(change.kind == KEPT for change in compare("The council voted.\n\nIt was late."))
