"""Quotations: which parts of a text are somebody's words.

Double quotes of all shapes, straight ones by what stands on either side of them; single ones where they can't be
apostrophes. A quotation that runs over several paragraphs opens each of them anew and is closed only in the last, as
printers have it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MARKS = re.compile("[\"“”„«»‘']")
PARAGRAPH = re.compile(r"\n\s*")
CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "'": "'"}
# A single quote that closes later than this was an apostrophe.
SINGLE_CHARS = 400
# The end of a quotation in single quotes, the surer one first: after punctuation, then before anything but a letter.
SINGLE_ENDS = {
    "‘": (re.compile(r"[.,!?…]’(?!\w)"), re.compile(r"\w’(?!\w)")),
    "'": (re.compile(r"[.,!?…]'(?!\w)"), re.compile(r"\w'(?!\w)")),
}
# Words that begin with an apostrophe, and years.
ELIDED = re.compile(r"['‘](?:em|til|tis|twas|cause|round|n|bout|\d\ds?)\b", re.I)
OPENS_BEFORE = frozenset(" \t\n\r\u00a0([{—–-‘“'\"/:,")
# A sentence or name is quoted when at least this share of it is.
MOST = 0.5


class Quote(NamedTuple):
    """A quotation's place, its marks included. `goes_on`: the next one of the list is its next paragraph."""

    start: int
    end: int
    goes_on: bool = False


def find_quotes(text: str) -> list[Quote]:
    """The quotations of a text, in order and apart from one another."""
    if not MARKS.search(text):
        return []
    quotes: list[Quote] = []
    first = 0
    for match in [*PARAGRAPH.finditer(text), None]:
        last = match.start() if match else len(text)
        for start, end, closed in _in_paragraph(text, first, last):
            goes_on = not closed and match is not None and _opens_again(text, match.end(), text[start])
            if closed or goes_on:
                quotes.append(Quote(start, end, goes_on))
            elif quotes and quotes[-1].goes_on and start == first:
                # The mark at the start of a paragraph goes on with the last one's, and nobody closes it.
                quotes[-1] = quotes[-1]._replace(goes_on=False)
        first = match.end() if match else last
    return quotes


def _in_paragraph(text: str, first: int, last: int) -> Iterator[tuple[int, int, bool]]:
    """Quotations of text[first:last]: start, end, and whether a mark closes them or the paragraph does."""
    at = first
    while found := MARKS.search(text, at, last):
        start, mark = found.start(), found.group()
        at = start + 1
        if mark in "”»" and not (mark == "»" and _is_opening(text, start)):
            continue
        if mark in "‘'":
            end = _single_end(text, start, last)
        else:
            end = _double_end(text, start, last) if mark != '"' or _is_opening(text, start) else None
        if end is None:
            continue
        closed = end > 0
        at = end if closed else last
        yield start, at, closed


def _double_end(text: str, start: int, last: int) -> int:
    """Where the quotation that opens at `start` ends, exclusive; −1 where the paragraph ends first."""
    mark = text[start]
    if mark != '"':
        ends = CLOSING[mark]
        places = [place for end in ends if (place := text.find(end, start + 1, last)) >= 0]
        end = min(places) + 1 if places else -1
        return _mixed_end(text, start, end, last) if mark == "“" else end
    at = start + 1
    while (at := text.find('"', at, last)) >= 0:
        if not _is_opening(text, at):
            break
        at += 1
    curly = text.find("”", start + 1, at if at >= 0 else last)
    if curly >= 0 and text.find("“", start + 1, curly) < 0:
        return curly + 1
    return at + 1 if at >= 0 else -1


def _mixed_end(text: str, start: int, end: int, last: int) -> int:
    """The end of a quotation with a curly mark before it: a straight one, where another opens before `end`."""
    straight = text.find('"', start + 1, end if end > 0 else last)
    if straight < 0 or _is_opening(text, straight):
        return end
    return straight + 1 if end < 0 or text.find("“", straight, end) >= 0 else end


def _is_opening(text: str, at: int) -> bool:
    """Whether a mark that may open or close opens: nothing or a space before it, no space after it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before in OPENS_BEFORE) and bool(after) and not after.isspace()


def _single_end(text: str, start: int, last: int) -> int | None:
    """Where the quotation in single quotes that opens at `start` ends; None where that is an apostrophe."""
    mark = text[start]
    if not _is_opening(text, start) or ELIDED.match(text, start):
        return None
    stop = min(last, start + SINGLE_CHARS)
    for pattern in SINGLE_ENDS[mark]:
        if (match := pattern.search(text, start + 1, stop)) and " " in text[start : match.end()]:
            return match.end()
    return None


def _opens_again(text: str, at: int, mark: str) -> bool:
    return text.startswith(mark, at) or (mark == "„" and text.startswith("“", at))


def are_quoted(text: str, quotes: Sequence[Quote], spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Of each span, whether it lies inside a quotation, wholly or mostly.

    A name that is all that the marks hold, such as a film's or a nickname, is not quoted.
    """
    starts, ends = [quote.start for quote in quotes], [quote.end for quote in quotes]
    starts.append(len(text))
    quoted = []
    for start, end in spans:
        count, index = 0, bisect_right(ends, start)
        while starts[index] < end:
            count += min(end, ends[index]) - max(start, starts[index])
            index += 1
        quoted.append(count > 0 and count >= MOST * (end - start) and not _is_bare(text, start, end, quotes[index - 1]))
    return quoted


def _is_bare(text: str, start: int, end: int, quote: Quote) -> bool:
    """Whether a span, or it and a comma or a full stop, is all that a quotation's marks hold."""
    if start != quote.start + 1:
        return False
    return end == quote.end - 1 or (end == quote.end - 2 and text[end] in ",.")
