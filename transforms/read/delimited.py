"""CSV and its kin: rows of text between commas, semicolons, tabs or bars, each a record of named fields.

A row may span lines inside quotes. Where the number of its cells is one that the file doesn't have, a quote was most
likely never closed: the row's first line is taken by itself then and the others are read anew, so that one stray quote
doesn't swallow its neighbours.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from schemas.records import RawRecord, Reject
from transforms.read.formats import CSV
from transforms.read.lines import Line, LineReader
from transforms.read.source import ByteStream
from transforms.runtime.decoding import decode

DELIMITERS = ",\t;|"
# Rows of the beginning from which the form of the table is told.
SAMPLE_ROWS = 50
SEPARATOR = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
# What the name of a column looks like, and what surely is none.
NAME = re.compile(r"[^\W\d][\w .:/()#@-]{0,63}|_[\w .-]{0,63}|")
TOKEN = re.compile(r"[^\W\d][\w.:-]{0,40}")

Found = RawRecord | Reject


class Form(NamedTuple):
    """How a table is written: delimiter, escape character (or None), names of columns, widths of rows, first row."""

    delimiter: str
    escape: str | None
    names: tuple[str, ...]
    widths: frozenset[int]
    header_lines: int


def tell_form(sample: str) -> Form | None:
    """Tell the form of a table from its beginning, or None where it doesn't look like one of two columns or more.

    The delimiter is the one by which most rows have the same number of cells, the greater number where that is equal.
    """
    separator = SEPARATOR.match(sample)
    skipped = 1 if separator else 0
    body = sample[separator.end() :] if separator else sample
    best: tuple[tuple[float, int], str, str | None, list[list[str]]] | None = None
    for delimiter in separator[1] if separator else DELIMITERS:
        # A backslash before the quote that ends a cell is a character like any other.
        escapes = '""' not in body and re.search(rf'\\"[^{re.escape(delimiter)}\r\n]', body)
        escape = "\\" if escapes else None
        rows = _sample_rows(body, delimiter, escape)
        if not rows or len(rows[0]) < 2:
            continue
        same = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        score = (round(same, 1), len(rows[0]))
        if best is None or score > best[0]:
            best = (score, delimiter, escape, rows)
    if best is None:
        return None
    _, delimiter, escape, rows = best
    named = _is_header(rows[0])
    names = _names(rows[0] if named else [""] * len(rows[0]))
    widths = frozenset([len(row) for row in rows[1:]] or [len(rows[0])]) | {len(rows[0])}
    return Form(delimiter, escape, names, widths, skipped + named)


def looks_delimited(sample: str) -> bool:
    """Whether a text without a telling name is surely a table: names in the first row, as many cells in the next."""
    form = tell_form(sample)
    if form is None or len(form.names) < 3 or not form.header_lines:
        return False
    rows = _sample_rows(sample, form.delimiter, form.escape)
    few = rows[1:4]
    return (
        len(few) > 0 and all(TOKEN.fullmatch(cell.strip()) for cell in rows[0]) and {*map(len, few)} == {len(rows[0])}
    )


def _sample_rows(sample: str, delimiter: str, escape: str | None) -> list[list[str]]:
    """The first rows; the last of them, which may be cut, only where it is the only one behind the first."""
    reader = csv.reader(sample.replace("\0", "").splitlines(keepends=True), **_dialect(delimiter, escape))
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows[:-1] if len(rows) > 2 else rows


def _dialect(delimiter: str, escape: str | None) -> dict[str, Any]:
    return {"delimiter": delimiter, "escapechar": escape, "doublequote": escape is None}


def _is_header(row: Sequence[str]) -> bool:
    return all(NAME.fullmatch(cell.strip()) for cell in row) and any(cell.strip() for cell in row)


def _names(row: Sequence[str]) -> tuple[str, ...]:
    """A name for every column: its own, or `column1`, `column2`, …; a second of the same name gets a number."""
    names: list[str] = []
    for number, cell in enumerate(row, start=1):
        name = cell.strip() or f"column{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return tuple(names)


def form_of(source: ByteStream) -> Form | None:
    """The form of the table at whose beginning a source stands."""
    return tell_form(_text(source.peek(), source.charset).removeprefix("\ufeff"))


def read_table(source: ByteStream, limit: int, *, form: Form | None = None) -> Iterator[Found]:
    """The rows of a table, each as a JSON object of its cells by the names of their columns.

    Args:
        source: the bytes; at the beginning of the file where `form` isn't given, at that of a row where it is.
        limit: bytes of a row.
        form: as told from the beginning of the file.
    """
    header = 0
    if form is None:
        form = form_of(source)
        if form is None:
            head = source.peek()
            yield source.reject("unsupported_format", "no table of two columns or more", source.offset, head, len(head))
            return
        header = form.header_lines
    rows = Rows(source, limit, form)
    for row in rows:
        if header:
            header -= 1
        elif row.problem:
            yield (
                source.too_large(row.offset, row.content, row.size, limit)
                if row.size > limit
                else source.reject("malformed_row", row.problem, row.offset, row.content)
            )
        else:
            cells = dict(zip(form.names, row.cells, strict=False))
            payload = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
            yield RawRecord(source.name, row.offset, CSV, payload, charset="utf-8")
    if source.damage:
        cut = rows.rest()
        yield source.cut(cut.offset, cut.content, cut.size)


class Row(NamedTuple):
    """A row: where it begins, its cells, and, where there is a problem, its bytes and what it is."""

    offset: int
    cells: list[str]
    content: bytes = b""
    size: int = 0
    problem: str = ""


class Rows:
    """The rows of a table, one after another, in bounded memory; damage of the source is told by a reject of it."""

    def __init__(self, source: ByteStream, limit: int, form: Form) -> None:
        self._source, self._limit, self._form = source, limit, form
        self._lines = LineReader(source, limit)
        self._stream = iter(self._lines)
        self._pending: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0
        # The module's own limit is 128 KiB a cell.
        csv.field_size_limit(max(limit, csv.field_size_limit()))

    def __iter__(self) -> Iterator[Row]:
        reader = self._reader()
        while True:
            cells, problem = self._next(reader)
            if problem and len(self._taken) == 1:
                # A quote inside a quoted cell that should have been doubled, most likely.
                reader = self._give_back(0)
                cells, problem = self._next(self._reader(strict=False))
            if not self._taken:
                return
            if not problem and len(cells) not in self._form.widths and cells:
                problem = f"{len(cells)} cells, where the file has {len(self._form.names)}"
            if not problem or (len(self._taken) == 1 and not self._is_odd(cells)):
                if cells:
                    yield Row(self._taken[0].offset, cells)
            else:
                yield self._alone(problem)
                reader = self._give_back(1)

    def _next(self, reader: Iterator[list[str]]) -> tuple[list[str], str]:
        """The next row's cells, and what is wrong with them; what was taken for it is in `_taken`."""
        self._taken, self._size = [], 0
        try:
            return next(reader, []), ""
        except csv.Error as error:
            return [], str(error)

    def _give_back(self, kept: int) -> Iterator[list[str]]:
        """Have all lines of the row but the first ones come again, for a new reader."""
        self._pending.extendleft(reversed(self._taken[kept:]))
        return self._reader()

    def _is_odd(self, cells: list[str]) -> bool:
        """Whether cells have no column to go to, or there are none."""
        return not cells or any(cell.strip() for cell in cells[len(self._form.names) :])

    def _alone(self, problem: str) -> Row:
        """The first line of what was taken, by itself and without regard to quotes."""
        first = self._taken[0]
        if first.size <= self._limit:
            text = _text(first.content, self._source.charset)
            # A return inside a line, which would not do outside quotes, is as good as a space.
            line = text.replace("\0", "").replace("\r", " ")
            cells = next(csv.reader([line], delimiter=self._form.delimiter, quoting=csv.QUOTE_NONE), [])
            if len(cells) == len(self._form.names):
                return Row(first.offset, [cell.strip('"') for cell in cells])
        return Row(first.offset, [], first.content, first.size, problem)

    def _reader(self, *, strict: bool = True) -> Iterator[list[str]]:
        return csv.reader(self._feed(), strict=strict, **_dialect(self._form.delimiter, self._form.escape))

    def _feed(self) -> Iterator[str]:
        """Lines for the reader, until a row has more bytes than it may have."""
        while True:
            line = self._pending.popleft() if self._pending else next(self._stream, None)
            if line is None:
                return
            self._taken.append(line)
            self._size += line.size + 1
            if self._size > self._limit:
                raise csv.Error("a quote that is never closed")
            yield _text(line.content, self._source.charset).replace("\0", "") + "\n"

    def rest(self) -> Line:
        """The line that damage cut."""
        return self._lines.rest()


def _text(content: bytes, charset: str | None) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    decoded = decode(content, charset)
    return decoded.text if decoded else content.decode("latin-1")
