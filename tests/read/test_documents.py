from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.conftest import INPUTS
from tests.read.sorting import records, rejects
from tests.read.test_exports import NEXIS

Read = Callable[..., list]
PARAGRAPHS = ["Ferry plan passes", "The council voted on Tuesday.", "", "Pavel Hruby led the review."]


def letter(paragraphs: list[str]) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def test_a_letter_is_a_text(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(letter(PARAGRAPHS))
    (found,) = records(read(file))
    assert (found.file_format, found.payload.decode()) == ("text", "\n\n".join(filter(None, PARAGRAPHS)))


def test_an_export_in_a_letter_is_its_documents(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(letter(NEXIS.split("\n")))
    assert [json.loads(item.payload)["title"] for item in records(read(file))] == [
        "Ferry plan passes after long vote",
        "Second story",
    ]


def test_rows_of_all_sheets(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in (
        ["Exported"],
        ["title", "date", "text"],
        ["A", datetime(2024, 3, 5, 10), "One."],
        ["B", "13/03/2024", "Two."],
    ):
        first.append(row)
    second = book.create_sheet()
    for row in (["text"], ["Three."]):
        second.append(row)
    file = tmp_path / "a.xlsx"
    book.save(file)
    found = records(read(file))
    assert [json.loads(item.payload) for item in found] == [
        {"title": "A", "date": "2024-03-05T10:00:00", "text": "One."},
        {"title": "B", "date": "13/03/2024", "text": "Two."},
        {"text": "Three."},
    ]


def test_rich_text_under_any_name(read: Read) -> None:
    (found,) = records(read(INPUTS / "61-rtf-named.txt"))
    text = found.payload.decode()
    assert text.startswith("Ferry plan passes\n\nThe council of Harwick voted")
    assert "\\" not in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 50, ("PDF", "pdftotext")),
        ("a.bin", b"SQLite format 3\x00" + b"\x00" * 50, ("SQLite", "sqlite3")),
        ("a.pkl", b"\x80\x04\x95" + b"x" * 50, ("pickle",)),
        ("a.yaml", b"- text: x\n", ("YAML",)),
        ("a.sql", b"INSERT INTO a VALUES (1);\n", ("SQL", "CSV")),
        ("a.xml", b"<mediawiki><page><title>A</title></page></mediawiki>", ("mediawiki", "WikiExtractor")),
    ],
)
def test_what_is_not_read_is_named_with_a_way_out(
    tmp_path: Path, read: Read, name: str, content: bytes, words: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    (found,) = rejects(read(file))
    assert found.reason == "unsupported_format"
    assert all(word in found.message for word in words), found.message


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"id,title,text\n"), ("a.json", b"[]"), ("a.jsonl", b"\n \n")])
def test_a_file_that_yields_nothing_says_so(tmp_path: Path, read: Read, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert [item.reason for item in read(file)] == ["empty_file"]


def test_lines_are_texts_where_that_is_said(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "news.2024.txt"
    file.write_text("The first article.\nThe second one.\n\nThe third.\n", encoding="utf-8")
    found = records(read(file, file_format="lines"))
    assert [(item.file_format, item.payload) for item in found] == [
        ("text", b"The first article."),
        ("text", b"The second one."),
        ("text", b"The third."),
    ]
