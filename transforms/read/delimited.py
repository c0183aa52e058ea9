"""CSV and its kin: rows of text between commas, semicolons, tabs or bars, each a record of named fields.

A row may span lines inside quotes. Where it hasn't as many cells as the table has columns, a quote was most likely
never closed, or a delimiter not quoted. The row then ends before the next line that begins one, so that it doesn't
swallow its neighbours, and no piece of it becomes a record; it is put right only where that leaves nothing to guess.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from schemas.records import RawRecord, Reject
from transforms.read.formats import CSV
from transforms.read.lines import Line, LineReader
from transforms.read.source import ByteStream, Patience
from transforms.read.table_form import NO_DELIMITER, Form, has_mark, sample_rows, table_order, tell_form
from transforms.runtime.decoding import decode

# How much of a table is looked at for the order of its dates.
ORDER_SIZE, ORDER_ROWS = 1 << 20, 2000

Found = RawRecord | Reject


def form_of(source: ByteStream) -> Form | None:
    """The form of the table at whose beginning a source stands."""
    form = tell_form(_text(source.peek(), source.charset).removeprefix("\ufeff"), one_column=True)
    if form is None or form.order or "date" not in form.shapes:
        return form
    # Further on one of its dates may show the order of day and month.
    more = _text(source.peek(ORDER_SIZE), source.charset)
    rows = sample_rows(more, form.delimiter, form.escape, quoted=form.quoted, most=ORDER_ROWS)
    records = [row for row in rows[form.header_lines :] if len(row) == len(form.names)]
    return form._replace(order=table_order(form.names, records))


def read_table(source: ByteStream, limit: int, *, form: Form | None = None) -> Iterator[Found]:
    """The rows of a table, each as a JSON object of its cells by the names of their columns.

    Args:
        source: the bytes; at the beginning of the file where `form` isn't given, at that of a row where it is.
        limit: bytes of a row.
        form: as found from the beginning of the file.
    """
    header = 0
    if form is None:
        form = form_of(source)
        if form is None:
            head = source.peek()
            yield source.reject("unsupported_format", "no table of two columns or more", source.offset, head, len(head))
            return
        header = form.header_lines
    rows = Rows(source, limit, form, header=header)
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
            yield RawRecord(source.name, row.offset, CSV, payload, charset="utf-8", date_order=form.order)
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
    """The rows of a table, one after another, in bounded memory; a reject says where the source is damaged.

    `header`: how many rows at the beginning aren't like the others.
    """

    def __init__(self, source: ByteStream, limit: int, form: Form, *, header: int = 0) -> None:
        self._source, self._limit, self._form = source, limit, form
        self._lines = LineReader(source, limit)
        self._stream = iter(self._lines)
        self._pending: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0
        self._patience = Patience()
        self._header = header
        # The module's own limit is 128 KiB a cell.
        csv.field_size_limit(max(limit, csv.field_size_limit()))

    def __iter__(self) -> Iterator[Row]:
        # Where cells have a shape, a line that begins no row shows that the one before it has no end.
        shaped = any(self._form.shapes) and self._form.quoted
        held: tuple[Row, list[Line]] | None = None
        reader = self._reader()
        while True:
            cells, problem = self._next(reader)
            if not self._taken:
                break
            if not cells and not problem:
                if held:
                    held[1].extend(self._taken)
                continue
            whole = not problem and len(cells) == len(self._form.names)
            if held and (whole or self._may_begin(cells)):
                yield held[0]
                held = None
            found = Row(self._taken[0].offset, cells) if whole else self._mend(cells, problem, held)
            held, reader = None, reader if whole else self._reader()
            if found is not None and shaped and not found.problem and not self._header:
                held = (found, self._taken)
            elif found is not None:
                self._header = max(self._header - 1, 0)
                yield found
        if held:
            yield held[0]

    def _may_begin(self, cells: list[str]) -> bool:
        """Whether cells, or the line that they are of, may begin a row, whose commas may shift its columns."""
        if not cells:
            cells = _text(self._taken[0].content, self._source.charset).split(self._form.delimiter)
        surplus = max(len(cells) - len(self._form.names), 0)
        return any(self._form.fits_first(cells[shift:]) for shift in range(min(surplus, 20) + 1))

    def _continue(self, row: Row, lines: list[Line]) -> Row:
        """A row that lines follow which begin none: its last cell goes on in them, or it is broken."""
        self._give_back(1)
        self._taken = [*lines, *self._taken]
        self._take_rest()
        first = self._taken[0]
        size = self._taken[-1].offset + self._taken[-1].size - first.offset
        content = b"\n".join(line.content for line in self._taken)
        last = self._form.shapes[len(row.cells) - 1] if len(row.cells) == len(self._form.names) else "none"
        if not last and size <= self._limit and self._form.delimiter != NO_DELIMITER:
            rest = _text(b"\n".join(line.content for line in self._taken[len(lines) :]), self._source.charset)
            blank = sum(not line.content.strip() for line in lines[1:])
            text = f"{row.cells[-1]}{chr(10) * (blank + 1)}{rest}".rstrip()
            text = text[:-1] if text.endswith('"') and text.count('"') % 2 else text
            return Row(first.offset, [*row.cells[:-1], text])
        return Row(first.offset, [], content, size, "lines follow it that begin no row: a quote is missing")

    def _next(self, reader: Iterator[list[str]]) -> tuple[list[str], str]:
        """The next row's cells, and what is wrong with them; what was taken for it is in `_taken`."""
        self._taken, self._size = [], 0
        try:
            return next(reader, []), ""
        except csv.Error as error:
            return [], str(error)

    def _mend(self, cells: list[str], problem: str, held: tuple[Row, list[Line]] | None) -> Row | None:
        """A row that isn't like the table's: put right where that leaves nothing to guess, else as a problem.

        `held`: the row that it goes on.
        """
        if held:
            return self._continue(*held)
        width = len(self._form.names)
        problem = problem or f"{len(cells)} cells, where the file has {width}"
        first = self._taken[0]
        if len(self._taken) > 1:
            # A quote that was never closed, most likely: the row ends before the next line that begins one.
            self._give_back(1)
            self._take_rest()
        lines = b"\n".join(line.content for line in self._taken)
        text = _text(lines, self._source.charset).replace("\0", "")
        size = self._taken[-1].offset + self._taken[-1].size - first.offset
        if size <= self._limit:
            if len(self._taken) == 1 and 1 < len(cells) < width:
                # Its last cells are missing.
                return Row(first.offset, cells)
            for mended in (cells if len(self._taken) == 1 else [], self._by_marks(text), self._without_marks(text)):
                if mended and (whole := self._whole(mended)):
                    return Row(first.offset, whole)
        if not text.strip():
            return None
        return Row(first.offset, [], lines, size, problem)

    def _whole(self, cells: list[str]) -> list[str] | None:
        """Cells as a row of the table: without empty ones too many, with what a bare comma in prose cut; or None."""
        width = len(self._form.names)
        if len(cells) == width:
            return cells if self._form.fits(cells) else None
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        if self._form.spaces or len(cells) < width:
            return None
        joined: list[str] = []
        for cell in cells:
            if joined and cell.startswith(" "):
                joined[-1] += self._form.delimiter + cell
            else:
                joined.append(cell)
        return joined if self._form.fits(joined) else None

    def _by_marks(self, text: str) -> list[str]:
        """The cells of a row in which only a quote mark before a delimiter or at the end closes a cell."""
        delimiter = re.escape(self._form.delimiter)
        if not self._form.quoted or '"' not in text:
            return []
        end = rf"\s*(?:{delimiter}|\Z)"
        cell = re.compile(rf'"((?:[^"]|"(?!{end}))*)"?{end}|([^{delimiter}]*)(?:{delimiter}|\Z)')
        cells: list[str] = []
        place = 0
        while place <= len(text) and len(cells) <= len(self._form.names):
            found = cell.match(text, place)
            if found is None:
                return []
            cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
            if found.end() == len(text):
                closed = text.endswith(self._form.delimiter)
                return [*cells, ""] if closed else cells
            place = found.end()
        return []

    def _without_marks(self, text: str) -> list[str]:
        """The cells of a line whose quote marks are speech."""
        if len(self._taken) > 1:
            return []
        cells = next(csv.reader([text.replace("\r", " ")], delimiter=self._form.delimiter, quoting=csv.QUOTE_NONE), [])
        if not self._form.fits(cells):
            return []
        return [cell[1:] if cell.startswith('"') and cell.count('"') == 1 else cell for cell in cells]

    def _give_back(self, kept: int) -> None:
        """Have all lines of the row but the first ones come again, for a new reader."""
        self._pending.extendleft(reversed(self._taken[kept:]))
        del self._taken[kept:]

    def _take_rest(self) -> None:
        """Take lines up to the next that begins a row."""
        taken = self._taken
        size = taken[0].size
        while size <= self._limit:
            line = self._pending.popleft() if self._pending else next(self._stream, None)
            if line is None:
                break
            if self._begins_row(line):
                self._pending.appendleft(line)
                break
            taken.append(line)
            size += line.size + 1
        self._taken = taken

    def _begins_row(self, line: Line) -> bool:
        text = _text(line.content, self._source.charset)
        if self._form.delimiter not in text or (self._form.marks and not has_mark(text, self._form.delimiter)):
            return False
        kept = self._taken
        self._pending.appendleft(line)
        cells, problem = self._next(self._reader())
        read, self._taken = self._taken, kept
        self._pending.extendleft(reversed(read))
        self._pending.popleft()
        return self._patience.take(sum(each.size for each in read)) and not problem and self._form.fits(cells)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), strict=True, **self._form.dialect())

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
