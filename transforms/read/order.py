"""The order of day and month in a file's dates, found from its beginning: 13/03/2024 shows what 05/03/2024 means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

# Day first and month first, as `parse.dates` takes them.
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
NUMERIC = re.compile(r"\s*(\d{1,2})\s?([/-])\s?(\d{1,2})\s?\2\s?(?:\d{4}|\d{2})(?:[,\sT].{0,30})?", re.DOTALL)
# In lines of JSON, and in XML.
IN_JSON = re.compile(r'"([^"\\]{1,60})"\s*:\s*"(\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})[^"\\]{0,30})"')

IN_XML = re.compile(r"<([\w:.-]{1,60})[^<>]{0,200}>\s*(\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})[^<]{0,30})</")


def told_order(cells: Iterable[str]) -> str:
    """What the dates of one column show: an order, or "" where none shows any, or some show one and some the other."""
    seen = set()
    for cell in cells:
        if found := NUMERIC.fullmatch(cell):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second > 0 and first <= 31:
                seen.add(DAY_FIRST)
            elif second > 12 >= first > 0 and second <= 31:
                seen.add(MONTH_FIRST)
    return seen.pop() if len(seen) == 1 else ""


def _agreed(orders: Iterable[str]) -> str:
    """The order that columns agree upon; "" where they don't."""
    found = {order for order in orders if order}
    return found.pop() if len(found) == 1 else ""


def table_order(names: Sequence[str], records: Sequence[Sequence[str]]) -> str:
    """The order in a table's dates."""
    return _agreed(told_order(row[number] for row in records) for number in range(len(names)))


def text_order(sample: str) -> str:
    """The order in the dates of objects of JSON or elements of XML, whole or cut."""
    if "/" not in sample and "-" not in sample:
        return ""
    columns: dict[str, list[str]] = {}
    for name, value in [*IN_JSON.findall(sample), *IN_XML.findall(sample)]:
        columns.setdefault(name, []).append(value)
    return _agreed(told_order(values) for values in columns.values())


def has_open_dates(sample: str) -> bool:
    """Whether a beginning has dates whose order it doesn't show, so that more of the file may."""
    return bool(IN_JSON.search(sample) or IN_XML.search(sample)) and not text_order(sample)


def rows_order(rows: Iterable[dict[str, object]]) -> str:
    """The order in the dates of rows of named cells."""
    return text_order("\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in rows))
