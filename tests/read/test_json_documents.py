from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.read.sorting import records, rejects
from transforms.read.json_values import read_json
from transforms.read.packing import read_chunks
from transforms.read.source import ByteStream

ARTICLES: list[dict[str, Any]] = [
    {"id": n, "title": f"Story {n}", "text": 'He said: "[{no}]" \\ twice. ' * n, "authors": [{"name": "A {B}"}]}
    for n in range(1, 6)
]
Read = Callable[..., list]


def payloads(found: list) -> list[Any]:
    return [json.loads(item.payload) for item in records(found)]


DOCUMENTS: dict[str, Any] = {
    "array": ARTICLES,
    "newsapi": {"status": "ok", "totalResults": 5, "articles": ARTICLES, "next": {"page": [1]}},
    "guardian": {"response": {"status": "ok", "results": ARTICLES, "pages": 3}},
    "elasticsearch": {"took": 3, "hits": {"total": {"value": 5}, "hits": ARTICLES}},
    "keyed": {f"key {n}": article for n, article in enumerate(ARTICLES)},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", DOCUMENTS)
def test_shapes_of_documents(tmp_path: Path, read: Read, shape: str, indent: int | None) -> None:
    file = tmp_path / f"{shape}.json"
    content = json.dumps(DOCUMENTS[shape], indent=indent).encode()
    file.write_bytes(content)
    found = read(file)
    assert payloads(found) == ARTICLES
    assert all(content[item.source_offset :].startswith(item.payload) for item in records(found))
    assert rejects(found) == []


def test_objects_one_after_another_and_one_alone(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "pretty.json"
    file.write_text("\n".join(json.dumps(article, indent=1) for article in ARTICLES), encoding="utf-8")
    assert payloads(read(file)) == ARTICLES
    file.write_text(json.dumps(ARTICLES[0], indent=1), encoding="utf-8")
    assert payloads(read(file)) == ARTICLES[:1]


def test_content_goes_before_name(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps(ARTICLES, indent=1), encoding="utf-8")
    assert payloads(read(file)) == ARTICLES
    file = tmp_path / "document.json"
    file.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    assert payloads(read(file)) == ARTICLES


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp932"])
def test_encodings_of_documents(tmp_path: Path, read: Read, encoding: str) -> None:
    # ソ, 表 and 構 hold the bytes of a backslash in Shift-JIS.
    articles = [
        {"id": n, "text": "市長は月曜日に新しい橋の表を構えた。ソウルの商人たちは閉鎖に抗議した。"} for n in range(9)
    ]
    file = tmp_path / "encoded.json"
    file.write_text(json.dumps(articles, ensure_ascii=False), encoding=encoding)
    assert payloads(read(file)) == articles


@pytest.mark.parametrize("broken", [b'{"id": 9, "text": "never closed}', b'{"id": 9, "text": }', b'{"id": 9, "te'])
def test_a_broken_article_takes_no_other_with_it(tmp_path: Path, read: Read, broken: bytes) -> None:
    parts = [json.dumps(article).encode() for article in ARTICLES]
    file = tmp_path / "broken.json"
    file.write_bytes(b"[" + b",\n".join([*parts[:2], broken, *parts[2:]]) + b"]")
    found = [item.payload for item in records(read(file))]
    assert [item for item in found if item in parts] == parts
    assert [item[:8] for item in found if item not in parts] == [b'{"id": 9']


def test_a_truncated_document_gives_what_it_holds(tmp_path: Path, read: Read) -> None:
    packed = gzip.compress(json.dumps([{"id": n, "text": f"{n * n}" * 50} for n in range(500)]).encode(), mtime=0)
    file = tmp_path / "cut.json.gz"
    file.write_bytes(packed[: len(packed) // 2])
    found = read(file)
    whole = payloads(found)
    assert [article["id"] for article in whole] == list(range(len(whole)))
    assert len(whole) > 100
    assert [item.reason for item in rejects(found)] == ["corrupt_file"]


@pytest.mark.parametrize("brackets", [b"[", b'{"a":', b'[{"articles":'])
def test_a_million_brackets_are_harmless(tmp_path: Path, read: Read, brackets: bytes) -> None:
    file = tmp_path / "deep.json"
    file.write_bytes(b'[{"id": 1, "text": "before"},\n' + brackets * 1_000_000)
    found = read(file, limit=16 << 20)
    assert payloads([records(found)[0]]) == [{"id": 1, "text": "before"}]
    assert len(found) <= 3


def test_an_article_over_the_limit_is_a_reject(tmp_path: Path, read: Read) -> None:
    articles = [{"id": 1, "text": "a"}, {"id": 2, "text": "x" * 5000}, {"id": 3, "text": "c"}]
    file = tmp_path / "large.json"
    file.write_text(json.dumps(articles), encoding="utf-8")
    found = read(file, limit=1000)
    assert [article["id"] for article in payloads(found)] == [1, 3]
    assert [(item.reason, item.payload_size) for item in rejects(found)] == [
        ("too_large", len(json.dumps(articles[1])))
    ]


values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    articles=st.lists(st.dictionaries(st.text(), values, min_size=1), min_size=1, max_size=5),
    size=st.integers(1, 40),
    ascii_only=st.booleans(),
)
def test_any_array_comes_out_in_pieces_of_any_size(articles: list[Any], size: int, ascii_only: bool) -> None:
    content = json.dumps(articles, ensure_ascii=ascii_only).encode()
    pieces = iter([content[place : place + size] for place in range(0, len(content), size)])
    found = list(read_json(ByteStream("x", pieces), 1 << 20))
    assert payloads(found) == articles


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end(content: bytes) -> None:
    from io import BytesIO

    list(read_json(ByteStream("x", read_chunks(BytesIO(b"[{" + content).read, 7)), 100))


@pytest.mark.parametrize(
    "document",
    [
        {"text": {"0": "A", "1": "B"}, "title": {"0": "T", "1": "U"}},
        {"text": ["A", "B"], "title": ["T", "U"]},
        {"columns": ["text", "title"], "index": [0, 1], "data": [["A", "T"], ["B", "U"]]},
        {"2024-03-05": [{"text": "A", "title": "T"}], "2024-03-06": [{"text": "B", "title": "U"}]},
        [[{"text": "A", "title": "T"}], [{"text": "B", "title": "U"}]],
        {"data": [], "articles": [{"text": "A", "title": "T"}, {"text": "B", "title": "U"}]},
        {"data": {"children": [{"text": "A", "title": "T"}, {"text": "B", "title": "U"}]}},
    ],
)
def test_tables_and_lists_under_keys_of_their_own(tmp_path: Path, read: Read, document: Any) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    found = [json.loads(item.payload) for item in read(file)]
    assert found == [{"text": "A", "title": "T"}, {"text": "B", "title": "U"}]


@pytest.mark.parametrize(
    "document",
    [
        {"text": ["One.", "Two."], "title": ["T"], "author": ["A"]},
        {"text": "A", "data": [{"text": "B"}]},
        {"body": {"rendered": "A"}, "title": {"rendered": "T"}},
    ],
)
def test_what_is_one_article_stays_one(tmp_path: Path, read: Read, document: Any) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert [json.loads(item.payload) for item in read(file)] == [document]


def test_a_response_a_line(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.jsonl"
    lines = ({"status": "ok", "articles": [{"text": f"{n}a"}, {"text": f"{n}b"}]} for n in range(2))
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [json.loads(item.payload)["text"] for item in read(file)] == ["0a", "0b", "1a", "1b"]
