"""Dates that a page shows its readers, for pages that state none to machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.extract.blocks import Block
from transforms.extract.elsewhere import is_foreign

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
# Day, month and year are all there, and in an order that nobody can mistake.
DATE_RE = re.compile(
    rf"\b(?:(?:{MONTHS})\.? ?\d{{1,2}}(?:st|nd|rd|th)?,? ?(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -](?:{MONTHS})\.?,?[ -](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])[./-](?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# The time of day behind a date, with its zone.
CLOCK_RE = re.compile(
    r"[,\s|·@–—-]{1,4}(?:at\s+)?([0-2]?\d:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\.?)?(?:\s?(?:[A-Z]{2,5}|[+-]\d\d:?\d\d))?)\b",
    re.IGNORECASE,
)
ORDINAL_RE = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b(?: of)?")
PUBLISHED_RE = re.compile(r"publish|posted|released|\bdate\b|written|\bon\b|\bby\b", re.IGNORECASE)
CHANGED_RE = re.compile(
    r"updat|modif|review|edit|chang|expire|copyright|©|effective|join|since|until|deadline|today|capture", re.IGNORECASE
)
# A line with more than a date, a name and a place beside it is a sentence, and speaks of other dates.
MAX_LINE = 120
MAX_WORDS_OF_SENTENCE = 3
# So many blocks above the title and below the first of the body may say when the article was published.
ABOVE, BELOW = 6, 8
# The numbers of the elements that hold all of a page.
PAGE = frozenset((0, 1))


def visible_dates(blocks: list[Block], title: str | None, first: int) -> Iterator[str]:
    """The dates in the lines around the title, those that are called a publication's first, of a change never.

    Lines below the title come before those above it, which count only where they stand in one element with it: higher
    up is what day it is today.

    Args:
        blocks: the page's.
        title: the article's.
        first: the number of the first block of the body.
    """
    headings = [i for i, block in enumerate(blocks[: first + 1]) if block.text == title or block.tag == "h1"]
    heading = headings[-1] if headings else first
    own = (blocks[heading] if headings else None, blocks[first])
    below = [i for i in range(heading, min(first + BELOW, len(blocks))) if not is_foreign(blocks[i], own)]
    above = [i for i in range(max(heading - ABOVE, 0), heading) if _is_together(blocks[i], blocks[heading])]
    named: list[str] = []
    plain: list[str] = []
    for i in (*below, *(above if headings else ())):
        for date, said in _dates_of(blocks[i].text, blocks[i - 1].text if i else ""):
            if not CHANGED_RE.search(said):
                (named if PUBLISHED_RE.search(said) else plain).append(date)
    yield from named
    yield from plain


def _dates_of(line: str, before: str) -> Iterator[tuple[str, str]]:
    """The dates in a line that is no sentence, each with what is said right before it."""
    if len(line) > MAX_LINE:
        return
    for found in DATE_RE.finditer(line):
        if line.endswith(".") and len(line.replace(found[0], "").split()) > MAX_WORDS_OF_SENTENCE:
            continue
        # "Published" or "Updated" may be a block of its own.
        date, said = ORDINAL_RE.sub("", found[0]), line[: found.start()][-40:] or before[-40:]
        if clock := CLOCK_RE.match(line, found.end()):
            yield f"{date} {clock[1]}", said
        # Should nobody know the zone, the day is still right.
        yield date, said


def _is_together(block: Block, heading: Block) -> bool:
    """Whether two blocks have an element around them that is less than all of the page."""
    near = {block.element, block.parent, block.grandparent} - PAGE
    return not near.isdisjoint((heading.element, heading.parent, heading.grandparent))
