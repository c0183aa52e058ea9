from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.records import RawRecord
from tests.read.sorting import records, rejects
from transforms.read.delimited import read_table
from transforms.read.source import ByteStream
from transforms.read.table_form import looks_delimited

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


def rows_of(text: str) -> list:
    """The rows of a table as they come, rejects as their reason and bytes."""
    found = read_table(ByteStream("x", iter([text.encode()])), 1 << 20)
    return [
        json.loads(item.payload) if isinstance(item, RawRecord) else (item.reason, item.payload.decode())
        for item in found
    ]


TABLE = "id,title,date,text\n" + "".join(
    f'{n},T {n},2024-03-0{n + 1},"Body {n}, first.\n\nSecond, line {n}."\n' for n in range(6)
)
WHOLE = rows_of(TABLE)
F = {"title": "F", "text": "G"}


@pytest.mark.parametrize("damaged", [TABLE.replace('"Body 2', "Body 2"), TABLE.replace('line 3."', "line 3.")])
def test_a_quote_that_is_missing_costs_no_text_and_no_neighbour(damaged: str) -> None:
    assert rows_of(damaged) == WHOLE


def test_a_row_that_can_t_be_put_right_is_one_reject() -> None:
    whole, broken = WHOLE[:4] + WHOLE[5:], '4,T,4,2024-03-05,"Body 4, first.\n\nSecond, line 4."'
    found = rows_of(TABLE.replace("T 4", "T,4"))
    assert [row for row in found if isinstance(row, dict)] == whole
    assert [row for row in found if isinstance(row, tuple)] == [("malformed_row", broken)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A comma in prose that should have been quoted, as a space behind it shows.
        (
            "id,title,text\n1,A, says mayor,One two.\n2,B,Three, four.\n",
            [
                {"id": "1", "title": "A, says mayor", "text": "One two."},
                {"id": "2", "title": "B", "text": "Three, four."},
            ],
        ),
        # More cells than columns and nothing to tell which: never cut, never the neighbour's.
        (
            "title,text\nA,B\nC,D,E\nF,G\n",
            [{"title": "A", "text": "B"}, ("malformed_row", "C,D,E"), {"title": "F", "text": "G"}],
        ),
        ("title,text\nA,B,,\nC,D\n", [{"title": "A", "text": "B"}, {"title": "C", "text": "D"}]),
        # Speech at the beginning of cells is no quotation of the table's.
        (
            'id\ttext\n1\t"We go," she said.\n2\t"No," he said.\n3\tPlain.\n',
            [
                {"id": "1", "text": '"We go," she said.'},
                {"id": "2", "text": '"No," he said.'},
                {"id": "3", "text": "Plain."},
            ],
        ),
        (
            'id,text\n1,"He said "no" to us, and left."\n2,"Plain."\n',
            [{"id": "1", "text": 'He said "no" to us, and left.'}, {"id": "2", "text": "Plain."}],
        ),
        ('text\n"One, two."\n"Three."\n', [{"text": "One, two."}, {"text": "Three."}]),
        ("id^text\n1^One.\n2^Two.\n", [{"id": "1", "text": "One."}, {"id": "2", "text": "Two."}]),
        # R's numbers of rows, and lines before the names.
        (
            '"title","text"\n"1","A","B"\n"2","C","D"\n',
            [{"row_number": "1", "title": "A", "text": "B"}, {"row_number": "2", "title": "C", "text": "D"}],
        ),
        (
            "Exported by X\n\ntitle,text,date\nA,B,2024\nC,D,2024\nE,F,2024\n",
            [{"title": a, "text": b, "date": "2024"} for a, b in ("AB", "CD", "EF")],
        ),
    ],
)
def test_forms_of_tables(text: str, expected: list) -> None:
    assert rows_of(text) == expected


def test_lines_that_end_in_returns(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "mac.csv"
    file.write_bytes(b'id,title,text\r1,A,"One, two."\r2,B,Three.\r')
    assert payloads(read(file)) == [
        {"id": "1", "title": "A", "text": "One, two."},
        {"id": "2", "title": "B", "text": "Three."},
    ]


@pytest.mark.parametrize(
    ("dates", "order"),
    [(("05/03/2024", "13/03/2024"), "dmy"), (("05/03/2024", "03/13/2024"), "mdy"), (("05/03/2024",), ""),
     (("13/03/2024", "03/13/2024"), ""), (("2024-03-13",), "")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_the_order_of_dates_is_what_the_file_shows(
    tmp_path: Path, read: Read, dates: tuple[str, ...], order: str, name: str
) -> None:
    rows = [{"title": "A", "date": date, "text": "Body."} for date in dates]
    file = tmp_path / name
    if name == "a.csv":
        write(file, rows=rows)
    else:
        file.write_text("\n".join(map(json.dumps, rows)) if name == "a.jsonl" else json.dumps(rows), encoding="utf-8")
    assert {item.date_order for item in records(read(file))} == {order}
