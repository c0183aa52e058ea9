"""XML with many articles or one: RSS, Atom, NewsML, NITF and the like.

The elements that are articles are cut out of the document as it streams by; only one is held at a time. Where one
begins and ends is known by its tags alone, so that neither entities nor depth cost anything and what is broken inside
stays its own affair; the parser comes later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.records import RawRecord, Reject
from transforms.read.formats import XML
from transforms.read.known import named_root
from transforms.read.source import ByteStream, Patience, Window

# RSS; Atom; NewsML-G2 and NewsML 1, Reuters' corpora; NITF; JATS and others; TREC's and the LDC's; Reuters-21578.
ARTICLES = (b"item", b"entry", b"newsItem", b"NewsItem", b"newsitem", b"nitf", b"article", b"doc", b"DOC", b"REUTERS")
BEGINNING = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:" + b"|".join(ARTICLES) + rb"))(?=[\s/>])")
LONGEST_TAG = 256
HEAD = 4096

Found = RawRecord | Reject


def read_feed(source: ByteStream, limit: int) -> Iterator[Found]:
    """The articles of a document, each with all its markup. `limit`: bytes of one."""
    window = Window(source)
    tag = b""
    marks = BEGINNING
    any_found = False
    patience = Patience()
    start = window.offset
    head = source.peek(HEAD)
    while _to_beginning(window, marks):
        if not tag:
            tag = _tag(window, marks)
            marks = re.compile(rb"<(" + re.escape(tag) + rb")(?=[\s/>])")
        any_found = True
        yield from _read_element(source, window, tag, limit, patience)
    if not any_found and not source.damage:
        message = f"XML without any element that is known for an article{named_root(head)}"
        yield source.reject("unsupported_format", message, start, head, max(window.offset - start, len(head)))


def _tag(window: Window, marks: re.Pattern[bytes]) -> bytes:
    found = marks.match(window.data)
    return bytes(found[1]) if found else b""


def _to_beginning(window: Window, marks: re.Pattern[bytes]) -> bool:
    """Stand at the next beginning of an article, comments aside; False where there is none."""
    anything = re.compile(rb"<!--|" + marks.pattern)
    while True:
        found = anything.search(window.data)
        if found and found[0] != b"<!--":
            window.drop(found.start())
            window.ensure(LONGEST_TAG)
            return True
        if found:
            window.drop(found.start())
            if not _to_end(window, b"-->"):
                return False
        else:
            window.drop(max(len(window.data) - LONGEST_TAG, 0))
            if not window.grow():
                return False


def _to_end(window: Window, mark: bytes) -> bool:
    """Stand behind the next `mark`; False where there is none."""
    while (end := window.data.find(mark)) < 0:
        window.drop(max(len(window.data) - len(mark), 0))
        if not window.grow():
            return False
    window.drop(end + len(mark))
    return True


def _read_element(source: ByteStream, window: Window, tag: bytes, limit: int, patience: Patience) -> Iterator[Found]:
    """The element that the window begins with. None lies in one of the same name: a second beginning cuts the first."""
    end = _find_end(window, tag, limit)
    if end < 0:
        # Never closed, or something in it isn't: up to the next beginning, if there is one.
        mark = re.compile(rb"<" + re.escape(tag) + rb"(?=[\s/>])")
        again = mark.search(window.data, 1) if patience.take(len(window.data)) else None
        end = again.start() if again else -1
    if 0 <= end <= limit:
        content = bytes(window.data[:end])
        yield RawRecord(source.name, window.offset, XML, content, charset=source.charset, date_order=source.date_order)
        window.drop(end)
        return
    offset, content = window.offset, bytes(window.data[:limit])
    if len(window.data) > limit:
        _to_end(window, b"</" + tag)
        yield source.too_large(offset, content, window.offset - offset, limit)
        return
    window.drop(len(window.data))
    if source.damage:
        yield source.cut(offset, content)
    else:
        yield source.reject("malformed_xml", f"<{tag.decode()}> is never closed", offset, content)


def _find_end(window: Window, tag: bytes, limit: int) -> int:
    """Where the element ends; −1 where no end is found within the limit."""
    marks = re.compile(rb"<!\[CDATA\[|<!--|</?" + re.escape(tag) + rb"(?=[\s/>])")
    place = 1
    while True:
        found = marks.search(window.data, place)
        if found is None:
            place = max(place, len(window.data) - LONGEST_TAG)
            if len(window.data) > limit or not window.grow():
                return -1
            continue
        kind, begin = bytes(found[0]), found.start()
        if kind[:2] == b"<!":
            place = _find(window, b"]]>" if kind == b"<![CDATA[" else b"-->", found.end(), limit)
            if place < 0:
                return -1
        elif kind[:2] == b"</":
            return _find(window, b">", begin, limit)
        else:
            return begin


def _find(window: Window, mark: bytes, start: int, limit: int) -> int:
    """The place behind the next `mark`; −1 where there is none within the limit."""
    while (found := window.data.find(mark, start)) < 0:
        start = max(start, len(window.data) - len(mark))
        if len(window.data) > limit or not window.grow():
            return -1
    return found + len(mark)
