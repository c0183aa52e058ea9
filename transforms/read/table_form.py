"""How a table of text is written, found from its beginning: delimiter, quotes, escapes, names of columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from transforms.read.order import table_order

DELIMITERS = ",\t;|^~"
# A table of one column has none; no text holds this.
NO_DELIMITER = "\x1f"
# Rows of the beginning from which the form of the table is found, and lines that may stand before the names.
SAMPLE_ROWS = 50
PREAMBLE = 20
SEPARATOR = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
# What the name of a column looks like, and what surely is none.
NAME = re.compile(r"[^\W\d][\w .:/()#@-]{0,63}|_[\w .-]{0,63}|")
TOKEN = re.compile(r"[^\W\d][\w.:-]{0,40}")
# The name of a table's only column.
TEXT_NAMES = frozenset(
    (
        *("text", "content", "body", "article", "articles", "news", "story", "document", "maintext", "fulltext"),
        *("plaintext", "articletext", "articlebody", "bodytext", "contents", "texto", "texte", "tekst", "текст"),
    )
)
# Columns all of whose cells have one of these shapes.
SHAPES = (
    ("digits", re.compile(r"\d{1,20}")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d.{0,24}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.{0,16}")),
    ("url", re.compile(r"https?://\S+")),
)
MOST = 0.9


class Form(NamedTuple):
    """How a table is written.

    `escape` is a character or None; `quoted`: a quote mark at the beginning of a cell begins a quotation, and isn't
    speech. `names` are those of the columns, `header_lines` the rows before the first that is a record. `shapes` has
    for each column that of its cells ("" for any); `marks`: every row has a quoted cell; `spaces`: cells may begin with
    a space. `order` is that of day and month in its dates.
    """

    delimiter: str
    escape: str | None
    names: tuple[str, ...]
    header_lines: int
    quoted: bool = True
    shapes: tuple[str, ...] = ()
    marks: bool = False
    spaces: bool = True
    order: str = ""

    def dialect(self) -> dict[str, Any]:
        """The form as the csv module takes it."""
        return _dialect(self.delimiter, self.escape, quoted=self.quoted)

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether cells are as many as there are columns, and each has its column's shape, or is empty."""
        return len(cells) == len(self.names) and self.fits_begin(cells)

    def fits_first(self, cells: Sequence[str]) -> bool:
        """Whether the first cell whose column has a shape is there and has it, or is empty."""
        shapes = dict(SHAPES)
        number = next((number for number, shape in enumerate(self.shapes) if shape), 0)
        if number >= len(cells):
            return False
        return not cells[number].strip() or bool(shapes[self.shapes[number]].fullmatch(cells[number].strip()))

    def fits_begin(self, cells: Sequence[str]) -> bool:
        """Whether each of the first cells of a row has its column's shape, or is empty."""
        shapes = dict(SHAPES)
        return all(
            not shape or not cell.strip() or shapes[shape].fullmatch(cell.strip())
            for shape, cell in zip(self.shapes, cells, strict=False)
        )


def tell_form(sample: str, *, one_column: bool = False) -> Form | None:
    """Tell the form of a table from its beginning, or None where it doesn't look like one of two columns or more.

    The delimiter is the one by which most rows have the same number of cells, the greater number where that is equal.
    `one_column`: a first line `text`, or the like, is a table's of one column, too.
    """
    separator = SEPARATOR.match(sample)
    body = sample[separator.end() :] if separator else sample
    best: tuple[tuple[float, int], str, str | None, list[list[str]]] | None = None
    for delimiter in separator[1] if separator else DELIMITERS:
        if delimiter not in body:
            continue
        # A backslash before the quote that ends a cell is a character like any other.
        escapes = '""' not in body and re.search(rf'\\"[^{re.escape(delimiter)}\r\n]', body)
        escape = "\\" if escapes else None
        rows = sample_rows(body, delimiter, escape)
        width = _width(rows)
        if width < 2:
            continue
        score = (round(sum(len(row) == width for row in rows) / len(rows), 1), width)
        if best is None or score > best[0]:
            best = (score, delimiter, escape, rows)
    only = _only_column(body) if one_column else None
    if only is not None and (best is None or best[0][0] < MOST or len(best[3][0]) < 2):
        return only
    return _form(body, *best[1:], skipped=1 if separator else 0) if best else None


def _width(rows: list[list[str]]) -> int:
    """How many cells a row has: as the first, if that is as good as the most frequent number."""
    if not rows:
        return 0
    most, times = Counter(map(len, rows)).most_common(1)[0]
    first = len(rows[0])
    if first < 2 and most < 2:
        # A title above a table of few rows.
        most = next((len(row) for row in rows[1:PREAMBLE] if len(row) > 1 and _is_header(row)), first)
    return most if first < 2 or (times > 2 and most > first and _is_preamble(rows, most)) else first


def _is_preamble(rows: list[list[str]], width: int) -> bool:
    """Whether the first rows are something else than the table, whose names follow."""
    begin = _begin(rows, width)
    return begin > 0 and _is_header(rows[begin])


def _begin(rows: list[list[str]], width: int) -> int:
    """The number of the row that the table begins with: the first that is as wide and isn't padded to be so.

    Programs fill the lines above a table up with delimiters.
    """
    for index, row in enumerate(rows[:PREAMBLE]):
        if len(row) == width and (index + 1 == len(rows) or sum(map(bool, map(str.strip, row))) > 1):
            return index
    return 0


def _form(body: str, delimiter: str, escape: str | None, rows: list[list[str]], *, skipped: int) -> Form:
    quoted = _is_quoted(body, delimiter, rows)
    if not quoted:
        rows = sample_rows(body, delimiter, None, quoted=False)
        escape = None
    width = _width(rows)
    begin = _begin(rows, width)
    first, records = rows[begin], rows[begin + 1 :]
    named = _is_header(first)
    header = first if named else [""] * width
    if named and _are_numbered(first, records):
        # R writes the numbers of rows without a name above them.
        header = ["row_number", *first]
    names = column_names(header)
    records = [row for row in (records if named else rows[begin:]) if len(row) == len(names)]
    marks = bool(records) and quoted and all(has_mark(line, delimiter) for line in _beginnings(body, records))
    return Form(
        delimiter,
        escape,
        names,
        skipped + begin + named,
        quoted,
        _shapes(names, records),
        marks,
        any(cell.startswith(" ") for row in records for cell in row),
        table_order(names, records),
    )


def _are_numbered(names: Sequence[str], records: list[list[str]]) -> bool:
    """Whether each record has a number more than there are names, and no comma too many."""
    return (
        bool(records)
        and all(len(row) == len(names) + 1 and row[0].strip().isdigit() for row in records)
        and not any(cell.startswith(" ") for row in records for cell in row)
        and re.fullmatch(r"(?i)\W*(?:id|index|nr?|no|number|key)\W*|.*id", names[0]) is None
    )


def _beginnings(body: str, records: list[list[str]]) -> list[str]:
    """The lines in which records with a first cell that is found there begin."""
    firsts = {row[0] for row in records if row[0]}
    return [line for line in body.splitlines() if any(line.startswith((f'"{first}"', first)) for first in firsts)][:50]


def has_mark(line: str, delimiter: str) -> bool:
    """Whether a cell that begins in a line is quoted."""
    return line.startswith('"') or f'{delimiter}"' in line


def _is_quoted(body: str, delimiter: str, rows: list[list[str]]) -> bool:
    """Whether quote marks at the beginning of cells are the table's own, and not speech's.

    They are speech's where cells begin with one and don't end with one, quotations end within cells, and rows have as
    many cells without regard to quotes.
    """
    if '"' not in body:
        return True
    plain = sample_rows(body, delimiter, None, quoted=False)
    speech = sum(cell.startswith('"') and not cell.rstrip().endswith('"') for row in plain for cell in row)
    width = len(rows[0])
    return not speech or '""' in body or any(len(row) != width for row in plain) or _is_strict(body, delimiter)


def _is_strict(body: str, delimiter: str) -> bool:
    """Whether every quotation in a table's beginning ends where its cell does."""
    lines = body.replace("\0", "").splitlines(keepends=True)
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return True


def _only_column(body: str) -> Form | None:
    """A table of one column that is called text."""
    first, _, rest = body.lstrip("\r\n").partition("\n")
    name = first.strip().strip('"')
    if not rest.strip() or re.sub(r"[\W_]+", "", name.lower()) not in TEXT_NAMES:
        return None
    return Form(NO_DELIMITER, None, (name,), 1, rest.lstrip().startswith('"'), ("",))


def looks_delimited(sample: str) -> bool:
    """Whether a text without a telling name is surely a table: names in the first row, as many cells in the next."""
    form = tell_form(sample)
    if form is None or len(form.names) < 3 or form.header_lines != 1:
        return False
    rows = sample_rows(sample, form.delimiter, form.escape, quoted=form.quoted)
    few = rows[1:4]
    return (
        len(few) > 0 and all(TOKEN.fullmatch(cell.strip()) for cell in rows[0]) and {*map(len, few)} == {len(rows[0])}
    )


def sample_rows(
    sample: str, delimiter: str, escape: str | None, *, quoted: bool = True, most: int = SAMPLE_ROWS
) -> list[list[str]]:
    """The first rows, up to `most`; the last, which may be cut, only where it is the only one behind the first."""
    lines = sample.replace("\0", "").splitlines(keepends=True)
    reader = csv.reader(lines, **_dialect(delimiter, escape, quoted=quoted))
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) > most:
                break
    except csv.Error:
        pass
    cut = not sample.endswith(("\n", "\r"))
    return rows[:-1] if len(rows) > 2 and (cut or len(rows) > most) else rows


def _dialect(delimiter: str, escape: str | None, *, quoted: bool) -> dict[str, Any]:
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return {"delimiter": delimiter, "escapechar": escape, "doublequote": escape is None, "quoting": quoting}


def _is_header(row: Sequence[str]) -> bool:
    return all(NAME.fullmatch(cell.strip()) for cell in row) and any(cell.strip() for cell in row)


def column_names(row: Sequence[str]) -> tuple[str, ...]:
    """A name for every column: its own, or `column1`, `column2`, …; a second of the same name gets a number."""
    names: list[str] = []
    for number, cell in enumerate(row, start=1):
        name = cell.strip() or f"column{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return tuple(names)


def _shapes(names: Sequence[str], records: list[list[str]]) -> tuple[str, ...]:
    found = []
    for number in range(len(names)):
        cells = [row[number].strip() for row in records if row[number].strip()]
        found.append(next((name for name, shape in SHAPES if cells and all(map(shape.fullmatch, cells))), ""))
    return tuple(found)
