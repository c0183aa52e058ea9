"""Tables that pandas wrote as JSON: by columns (`{"text": {"0": …}}`, `{"text": […]}`) or as columns and data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.records import RawRecord, Reject
from transforms.read.formats import JSON
from transforms.read.source import ByteStream
from transforms.read.table_form import TEXT_NAMES
from transforms.runtime.decoding import decode

SPLIT = frozenset(("columns", "data"))
# With one of these beside it, a list of texts is a column.
OTHER_NAMES = frozenset(("title", "headline", "url", "link", "date", "id", "publishedat", "source", "label", "author"))


def plain(name: str) -> str:
    """A name as names are compared: lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", name.lower())


def is_table(members: Sequence[tuple[str, bytes, bytes]]) -> bool:
    """Whether an object is a table, by its keys, the characters with which their values begin, and those of the first
    values in these.
    """
    keys = {key for key, _, _ in members}
    kinds = {kind for _, kind, _ in members}
    if keys >= SPLIT and kinds <= {b"["}:
        return True
    texts = [first for key, _, first in members if plain(key) in TEXT_NAMES]
    if not texts or len(members) < 2:
        return False
    if kinds == {b"{"}:
        return all(first in (b'"', b"n") for first in texts)
    return kinds == {b"["} and all(first == b'"' for first in texts) and bool({*map(plain, keys)} & OTHER_NAMES)


def read_rows(source: ByteStream, content: bytes, offset: int) -> Iterator[RawRecord | Reject]:
    """The rows of a table, each as a JSON object; the place of one is that of the table and its number.

    What turns out to be no table is one record.
    """
    decoded = decode(content, source.charset)
    try:
        rows = _rows(json.loads(decoded.text, strict=False)) if decoded else None
    except (ValueError, RecursionError):
        rows = None
    if rows is None:
        yield RawRecord(source.name, offset, JSON, content, charset=source.charset, date_order=source.date_order)
        return
    for number, row in enumerate(rows):
        payload = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
        yield RawRecord(source.name, offset + number, JSON, payload, charset="utf-8", date_order=source.date_order)


def _rows(table: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    if table.keys() >= SPLIT:
        names = [str(name) for name in table["columns"]]
        rows = table["data"]
        whole = all(isinstance(row, list) and len(row) == len(names) for row in rows)
        return [dict(zip(names, row, strict=True)) for row in rows] if whole else None
    if all(isinstance(column, Mapping) for column in table.values()):
        numbers = dict.fromkeys(number for column in table.values() for number in column)
        if len(numbers) < 2 and not all(number.isdigit() for number in numbers):
            # An object of a text: WordPress' `{"rendered": …}`.
            return None
        return [{name: column.get(number) for name, column in table.items()} for number in numbers]
    sizes = {len(column) for column in table.values() if isinstance(column, list)}
    if len(sizes) != 1 or sizes <= {0, 1} or not all(isinstance(column, list) for column in table.values()):
        return None
    return [{name: column[number] for name, column in table.items()} for number in range(sizes.pop())]
