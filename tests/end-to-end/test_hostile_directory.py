"""A directory in which everything is wrong but for a few files, whose articles must all come out."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.run import run
from tests.conftest import PROSE, hold_to_contract


def good(number: int) -> bytes:
    record = {"id": number, "title": f"Story {number}", "text": f"Story number {number}. {PROSE}"}
    return json.dumps(record).encode() + b"\n"


def test_every_good_article_comes_out(tmp_path: Path) -> None:
    dump = tmp_path / "a dump, [with] odd names"
    dump.mkdir()
    (dump / "good.jsonl").write_bytes(b"".join(map(good, range(5))))
    (dump / "no newline at the end.jsonl").write_bytes(good(5).strip())
    (dump / "mixed.jsonl").write_bytes(
        good(6)
        + b'{"text": "cut off\n'
        + b"[" * 200_000
        + b"\n\0\0\0\0\0\0\n"
        + b'{"text": '
        + b"9" * 6000
        + b"}\n"
        + b"\xff\xfe\xfd broken \x81\x8d\n"
        + good(7)
        + b'{"id": 8, "text": "An unpaired surrogate \\ud83d stands here. '
        + PROSE.encode()
        + b'"}\n'
    )
    whole = gzip.compress(b"".join(map(good, range(10, 400))), mtime=0)
    (dump / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (dump / "two members.jsonl.gz").write_bytes(gzip.compress(good(900)) + gzip.compress(good(901)))
    (dump / "plain inside.jsonl.gz").write_bytes(good(902))
    (dump / "garbage.jsonl.gz").write_bytes(os.urandom(5000) + b"\0" * 999)
    (dump / "wide.jsonl").write_bytes(("".join(good(n).decode() for n in (903, 904))).encode("utf-16"))
    (dump / "line\nbreak.txt").write_text("Line break. " + PROSE, encoding="utf-8")
    (Path(os.fsdecode(os.fsencode(dump) + b"/caf\xe9.txt"))).write_bytes(b"Caf\xe9. " + PROSE.encode())
    (dump / "large.txt").write_text("\n\n".join(f"Paragraph {n}. {PROSE}" for n in range(18_000)), encoding="utf-8")
    (dump / "zero.jsonl").touch()
    (dump / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(500))
    (dump / "nowhere.txt").symlink_to(dump / "missing")
    os.mkfifo(dump / "pipe.jsonl")
    output = tmp_path / "out"
    assert run(["--input", str(dump), "--output", str(output), "--workers", "1", "--quiet"]) == 0

    hold_to_contract(output)
    articles = pq.read_table(output / "articles").to_pylist()
    numbers = {int(row["title"].split()[1]) for row in articles if (row["title"] or "").startswith("Story")}
    assert {*range(8), *range(10, 100), *range(900, 905)} <= numbers
    texts = [row["text"] for row in articles]
    assert any(text.startswith("An unpaired surrogate") for text in texts)
    assert any(text.startswith("Café. ") for text in texts)
    assert any(text.startswith("Line break. ") for text in texts)
    large = next(row for row in articles if row["source_file"].endswith("large.txt"))
    assert large["char_count"] > 2_000_000
    assert large["text"].endswith(PROSE)
    mentions = pq.read_table(output / "mentions").to_pylist()
    late = [row for row in mentions if row["article_id"] == large["article_id"] and row["start_char"] > 1_900_000]
    assert late
    assert all(large["text"][row["start_char"] : row["end_char"]] == row["text"] for row in late)
    rejects = {(Path(row["source_file"]).name, row["reason"]) for row in pq.read_table(output / "rejects").to_pylist()}
    assert {
        ("cut.jsonl.gz", "corrupt_file"),
        ("garbage.jsonl.gz", "corrupt_file"),
        ("zero.jsonl", "empty_file"),
        ("picture.png", "unsupported_format"),
        ("nowhere.txt", "unsupported_format"),
        ("pipe.jsonl", "unsupported_format"),
        ("mixed.jsonl", "malformed_json"),
        ("mixed.jsonl", "binary"),
    } <= rejects
