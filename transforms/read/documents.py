"""Documents of office programs: DOCX and RTF are texts, or exports of press archives; rows of XLSX are records.

They are read by python-docx, striprtf and openpyxl, which load nothing from elsewhere and run nothing.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from striprtf.striprtf import rtf_to_text

from schemas.records import RawRecord, Reject
from transforms.read.exports import read_export, tell_export
from transforms.read.formats import TEXT, XLSX
from transforms.read.order import rows_order
from transforms.read.source import ByteStream
from transforms.read.table_form import column_names
from transforms.runtime.decoding import decode

WORKBOOK, LETTER = "xl/workbook.xml", "word/document.xml"
# Unpacked bytes of a document; its libraries hold all of them.
MAX_UNPACKED = 256 << 20
# Rows above the names of a sheet's columns, and rows that show the order of its dates.
PREAMBLE, ORDER_ROWS = 20, 500

Found = RawRecord | Reject


def is_document(members: frozenset[str]) -> bool:
    """Whether a zip with these members is a document that is read."""
    return bool(members & {WORKBOOK, LETTER})


def read_document(source: ByteStream, stream: BinaryIO, members: frozenset[str], limit: int) -> Iterator[Found]:
    """The records of a DOCX or XLSX.

    Args:
        source: what gives the records their name.
        stream: the file, in which any place can be gone to.
        members: the names of its members.
        limit: bytes of a record.
    """
    try:
        size = sum(info.file_size for info in zipfile.ZipFile(stream).infolist())
        if size > MAX_UNPACKED:
            yield source.too_large(0, b"", size, MAX_UNPACKED)
            return
        stream.seek(0)
        if WORKBOOK in members:
            yield from _rows(source, stream, limit)
        else:
            yield from _texts(source, _letter(stream), limit)
    except MemoryError:
        raise
    except Exception as error:  # whatever the libraries meet in a damaged document
        yield source.reject("corrupt_file", f"no readable document: {type(error).__name__}: {error}"[:500], 0)


def read_rtf(source: ByteStream, limit: int) -> Iterator[Found]:
    """The text of an RTF, or the documents of the export that it is. `limit`: bytes of it."""
    offset = source.offset
    content = b"".join(iter(source.read, b""))
    if source.damage:
        yield source.cut(offset, content)
        return
    if len(content) > limit:
        yield source.too_large(offset, content[:limit], len(content), limit)
        return
    decoded = decode(content, source.charset)
    try:
        text = rtf_to_text(decoded.text if decoded else content.decode("latin-1"), errors="replace")
    except (ValueError, LookupError, IndexError, RecursionError, TypeError) as error:
        yield source.reject("corrupt_file", f"no readable RTF: {error}"[:500], offset, content)
        return
    yield from _texts(source, [line.strip(" ") for line in text.split("\n")], limit)


def _letter(stream: BinaryIO) -> list[str]:
    """The paragraphs of a DOCX, those in tables too."""
    import docx  # noqa: PLC0415, as openpyxl takes long to load, and few dumps hold any
    from docx.table import Table  # noqa: PLC0415

    paragraphs: list[str] = []
    for block in docx.Document(stream).iter_inner_content():
        if isinstance(block, Table):
            paragraphs.extend(cell.text for row in block.rows for cell in row.cells)
        else:
            paragraphs.append(block.text)
    return paragraphs


def _texts(source: ByteStream, paragraphs: list[str], limit: int) -> Iterator[Found]:
    lines = "\n".join(paragraphs).encode("utf-8", "replace")
    if tell_export(lines):
        yield from read_export(ByteStream(source.name, iter([lines]), charset="utf-8"), limit)
        return
    text = "\n\n".join(line for paragraph in paragraphs if (line := paragraph.strip())).encode("utf-8", "replace")
    if len(text) > limit:
        yield source.too_large(0, text[:limit], len(text), limit)
    elif text:
        yield RawRecord(source.name, 0, TEXT, text, charset="utf-8")


def _rows(source: ByteStream, stream: BinaryIO, limit: int) -> Iterator[Found]:
    """The rows of all sheets below the names of their columns; a row's place is its number among them all."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    place = 0
    for sheet in book.worksheets:
        names: tuple[str, ...] = ()
        first: list[dict[str, Any]] = []
        order = ""
        for cells in _records(sheet):
            if not names:
                names = column_names([str(cell or "") for cell in cells])
                continue
            row = {name: _plain(cell) for name, cell in zip(names, cells, strict=False) if cell is not None}
            if len(first) < ORDER_ROWS:
                first.append(row)
                order = rows_order(first) if len(first) in (1, 10, 100, ORDER_ROWS) else order
            payload = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "replace")
            if len(payload) > limit:
                yield source.too_large(place, payload[:limit], len(payload), limit)
            else:
                yield RawRecord(source.name, place, XLSX, payload, charset="utf-8", date_order=order)
            place += 1


def _records(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet that hold something, from that with the names of its columns on."""
    begun = False
    above = 0
    for cells in sheet.iter_rows(values_only=True):
        full = [cell for cell in cells if cell not in (None, "")]
        if not full:
            continue
        begun = begun or len(full) > 1 or above >= PREAMBLE or len(cells) == 1
        above += 1
        if begun:
            yield cells


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
