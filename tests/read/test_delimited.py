from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.read.sorting import records, rejects
from transforms.read.delimited import looks_delimited, read_table
from transforms.read.source import ByteStream

Read = Callable[..., list]
ROWS = [
    {
        "id": str(n),
        "title": f'Story "{n}"',
        "text": f"First, line {n}.\nSecond; line\twith | marks.",
        "date": "2024-03-01",
    }
    for n in range(40)
]


def payloads(found: list) -> list:
    return [json.loads(item.payload) for item in records(found)]


def write(file: Path, *, encoding: str = "utf-8", rows: list = ROWS, **dialect: object) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **dialect)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode(encoding)
    file.write_bytes(content)
    return content


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["table.csv", "table.tsv", "table"])
def test_delimiters_by_content(tmp_path: Path, read: Read, delimiter: str, name: str) -> None:
    file = tmp_path / name
    content = write(file, delimiter=delimiter)
    found = read(file)
    assert payloads(found) == ROWS
    for item, row in zip(records(found), ROWS, strict=True):
        assert content[item.source_offset :].startswith(row["id"].encode() + delimiter.encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "cp932"])
def test_encodings_of_tables(tmp_path: Path, read: Read, encoding: str) -> None:
    text = (
        "市長は新しい橋を開通させた。表も構えた。"
        if encoding == "cp932"
        else "Мэр города открыл новый мост через реку."
    )
    rows = [{"id": str(n), "title": text, "text": f"{text} {n}"} for n in range(30)]
    file = tmp_path / "table.csv"
    write(file, encoding=encoding, rows=rows)
    assert payloads(read(file)) == rows


def test_a_table_without_names_gets_numbers(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("1,2024-03-01,The mayor opened the bridge.\n2,2024-03-02,Traders protested.\n", encoding="utf-8")
    assert payloads(read(file))[0] == {
        "column1": "1",
        "column2": "2024-03-01",
        "column3": "The mayor opened the bridge.",
    }


def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(tmp_path: Path, read: Read) -> None:
    lines = ["id,title,text"] + [f'{n},Title {n},"Text, {n}"' for n in range(9)]
    lines[4] = '3,"Never closed,Text 3'
    lines[7] = '6,"Never closed, and one cell more,Text, 6'
    file = tmp_path / "stray.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    found = read(file)
    assert [row["id"] for row in payloads(found)] == ["0", "1", "2", "3", "4", "5", "7", "8"]
    assert payloads(found)[3] == {"id": "3", "title": "Never closed", "text": "Text 3"}
    assert [(item.reason, item.payload.decode()) for item in rejects(found)] == [("malformed_row", lines[7])]


def test_a_row_over_the_limit_is_a_reject(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "large.csv"
    file.write_text("id,text\n1,a\n2," + "x" * 2000 + "\n3,c\n", encoding="utf-8")
    found = read(file, limit=1000)
    assert [row["id"] for row in payloads(found)] == ["1", "3"]
    assert [(item.reason, item.payload_size) for item in rejects(found)] == [("too_large", 2002)]


def test_backslashes_and_a_line_that_names_the_separator(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "excel.csv"
    file.write_text('sep=;\nid;title;text\n1;"He said \\"no\\"; twice";"A, b"\n', encoding="utf-8")
    assert payloads(read(file)) == [{"id": "1", "title": 'He said "no"; twice', "text": "A, b"}]


@pytest.mark.parametrize(
    "text",
    [
        "However, the council, which met on Monday, voted.\n\nTraders, farmers, fishers\nprotested, loudly, there\n",
        "Paris, London, Rome\nThe mayors, who met, agreed on, well, little.\n",
        "Headline\n\nText of the article.\n",
        "",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert not looks_delimited(text)


cells = st.text(st.characters(exclude_categories=["C"]), max_size=20) | st.sampled_from(
    ["a\nb", 'q"q', "x,y", "1\r\n2"]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example(rows=[("0", "0", "\\")], size=1)
@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12), size=st.integers(1, 50))
def test_any_table_comes_out_in_pieces_of_any_size(rows: list[tuple[str, ...]], size: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("id", "title", "text"), *rows])
    content = text.getvalue().encode()
    pieces = iter([content[place : place + size] for place in range(0, len(content), size)])
    found = list(read_table(ByteStream("x", pieces), 1 << 20))
    assert [tuple(row.values()) for row in payloads(found)] == rows
