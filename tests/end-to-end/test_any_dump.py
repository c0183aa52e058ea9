"""One input of every format beside its broken and hostile kin: the ledger balances, all that is good comes out."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.run import run
from tests.conftest import PROSE, hold_to_contract
from tests.read.test_archives import make_tar, make_zip
from tests.read.test_warc import RECORDS, record, response


def article(kind: str, number: int) -> dict[str, Any]:
    return {
        "title": f"{kind} {number}",
        "text": f"{kind} story number {number}. {PROSE}",
        "url": f"https://news.example/{kind}/{number}",
        "date_publish": "2024-03-01 10:00:00",
    }


def lines(kind: str, count: int = 5) -> bytes:
    return b"".join(json.dumps(article(kind, number)).encode() + b"\n" for number in range(count))


def write_dump(dump: Path) -> None:
    dump.mkdir()
    (dump / "lines.jsonl").write_bytes(lines("lines"))
    (dump / "newsapi.json").write_text(json.dumps({"status": "ok", "articles": [article("json", n) for n in range(5)]}))
    with (dump / "table.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, article("csv", 0))
        writer.writeheader()
        writer.writerows(article("csv", number) for number in range(5))
    pq.write_table(
        pa.Table.from_pylist([article("parquet", n) for n in range(5)]), dump / "rows.parquet", row_group_size=2
    )
    items = "".join(
        f"<item><title>feed {n}</title><link>https://news.example/feed/{n}</link>"
        f"<description>feed story number {n}. {PROSE}</description></item>"
        for n in range(5)
    )
    (dump / "feed.rss").write_text(f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>')
    (dump / "page.html").write_text("<!doctype html><html><body>Page</body></html>")
    (dump / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, RECORDS)))
    texts = [
        record(
            "conversion",
            article("wet", n)["text"].encode(),
            Target_URI=f"https://n.example/{n}",
            content_type="text/plain",
        )
        for n in range(5)
    ]
    (dump / "texts.warc.wet.gz").write_bytes(b"".join(map(gzip.compress, texts)))
    (dump / "nested.zip").write_bytes(
        make_zip({"a.jsonl": lines("zip"), "deep/b.tar": make_tar({"c.jsonl": lines("tar")})})
    )


def write_trouble(dump: Path) -> None:
    whole = gzip.compress(lines("cut", 400), mtime=0)
    (dump / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (dump / "damaged.warc").write_bytes(response(7) + b"garbage" * 20 + b"\r\n" + response(8))
    (dump / "deep.json").write_bytes(b'[{"title": "deep", "text": "Deep. ' + PROSE.encode() + b'"},' + b"[" * 300_000)
    (dump / "bomb.json.gz").write_bytes(gzip.compress(b"[" + bytes(300 << 20)))
    (dump / "evil.zip").write_bytes(make_zip({"../../evil.txt": b"Zip. " + PROSE.encode(), "x.png": b"\x89PNG"}))
    (dump / "evil.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>evil</title>'
        f"<description>&x; Entity. {PROSE}</description></item></rss>"
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("any")
    dump, output = root / "dump", root / "out"
    write_dump(dump)
    write_trouble(dump)
    assert run(["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet"]) == 0
    return dump, output


def test_the_contract_holds(finished: tuple[Path, Path]) -> None:
    hold_to_contract(finished[1])


def test_every_article_is_out_with_its_fields(finished: tuple[Path, Path]) -> None:
    _, output = finished
    rows = pq.read_table(output / "articles").to_pylist()
    kinds = Counter((row["title"] or row["text"]).split()[0] for row in rows)
    for kind in ("lines", "json", "csv", "parquet", "feed", "wet", "zip", "tar"):
        assert kinds[kind] == 5, kind
    assert kinds["cut"] > 100
    assert kinds["deep"] == kinds["evil"] == 1
    dated = [
        row for row in rows if row["title"] and row["title"].split()[0] in ("csv", "parquet", "json", "zip", "tar")
    ]
    assert len(dated) == 25
    assert {str(row["published_at"])[:19] for row in dated} == {"2024-03-01 10:00:00"}
    assert all(row["source"] == "news.example" for row in dated)
    assert not any("root:" in row["text"] for row in rows)


def test_the_ledger_balances_and_what_is_no_article_is_counted_apart(finished: tuple[Path, Path]) -> None:
    _, output = finished
    manifest = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    ledger = manifest["ledger"]
    assert ledger["records"] == ledger["articles"] + ledger["rejects"]
    assert manifest["skipped"]["http_status_404"] == 1
    assert manifest["skipped"]["warc_request"] == 1
    reasons = Counter(row["reason"] for row in pq.read_table(output / "rejects").to_pylist())
    assert reasons["decompression_bomb"] == 1
    assert reasons["corrupt_file"] == 2
    assert reasons["unsupported_format"] == 1


def test_every_row_has_a_place_of_its_own(finished: tuple[Path, Path]) -> None:
    dump, output = finished
    places = [
        (row["source_file"], row["source_offset"])
        for table in ("articles", "rejects")
        for row in pq.read_table(output / table, columns=["source_file", "source_offset"]).to_pylist()
    ]
    assert len(places) == len(set(places))
    assert f"{dump}/nested.zip/deep/b.tar/c.jsonl" in {file for file, _ in places}
    assert f"{dump}/evil.zip/evil.txt" in {file for file, _ in places}
