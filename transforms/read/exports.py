"""Exports of press archives as text: LexisNexis and Nexis Uni, Factiva, ProQuest. Each document in one is a record.

A document comes out as an object of fields, as a row of a table does; its place is the byte at which it begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from schemas.records import RawRecord, Reject
from transforms.read.factiva import factiva_document, factiva_page
from transforms.read.formats import FACTIVA, LEXISNEXIS, PROQUEST
from transforms.read.lexisnexis import lexis_document, nexis_document
from transforms.read.proquest import proquest_document
from transforms.read.source import ByteStream, Window
from transforms.runtime.decoding import decode

Found = RawRecord | Reject
Document = dict[str, str]


class Kind(NamedTuple):
    """A form of export: its format, what its beginning holds, where documents begin or end, and what takes one apart.

    `begins`: the mark stands before a document, else behind it.
    """

    file_format: str
    told_by: tuple[re.Pattern[bytes], ...]
    mark: re.Pattern[bytes]
    begins: bool
    read: Callable[[str], Document | None]


def _lines(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode(), re.MULTILINE)


# `1 of 3 DOCUMENTS`, and as the archive says it in German, French, Spanish, Italian and Dutch.
NUMBER = _lines(
    r"^[ \t\f]*(?:Document\s+)?\d{1,5}\s+(?:of|de|von|sur|di|van)\s+\d{1,5}\s+(?:DOCUMENTS?|DOKUMENTE?N?|DOCUMENTOS?"
    r"|DOCUMENTI|DOCUMENTEN)[ \t]*\r?$"
)
END = _lines(r"^[ \t]*End of Document[ \t]*\r?$")
WORDS = _lines(r"^\d[\d,.]* words[ \t]*\r?$")
NUMBERED = _lines(r"^Document [A-Z]{2,10}[0-9A-Za-z]{12,40}[ \t]*\r?$")
ACCESSION = _lines(r"^AN[ \t]+(?:Document )?\S+[ \t]*\r?$")
RULE = _lines(r"^_{20,}[ \t]*\r?$")
CODES = tuple(map(_lines, (r"^HD(?:[ \t]|\r?$)", r"^PD[ \t]", r"^(?:LP|TD)(?:[ \t]|\r?$)")))
KINDS = (
    Kind(LEXISNEXIS, (NUMBER,), NUMBER, True, lexis_document),
    Kind(LEXISNEXIS, (_lines(r"^Length:\s*\d[\d,.]* words"), _lines(r"^Body[ \t]*\r?$")), END, False, nexis_document),
    Kind(LEXISNEXIS, (END,), END, False, nexis_document),
    Kind(FACTIVA, CODES, ACCESSION, False, factiva_document),
    Kind(FACTIVA, (WORDS, NUMBERED), NUMBERED, False, factiva_page),
    Kind(PROQUEST, (_lines(r"^ProQuest document ID:"),), RULE, False, proquest_document),
    Kind(PROQUEST, (_lines(r"^Report Information from ProQuest"),), RULE, False, proquest_document),
    Kind(PROQUEST, (RULE, _lines(r"^Full text: ")), RULE, False, proquest_document),
)  # fmt: skip


def tell_export(head: bytes) -> Kind | None:
    """The form of export that a text is, by its first bytes."""
    return next((kind for kind in KINDS if all(mark.search(head) for mark in kind.told_by)), None)


def read_export(source: ByteStream, limit: int) -> Iterator[Found]:
    """The documents of an export. `limit`: bytes of one."""
    kind = tell_export(source.peek())
    if kind is None:
        head = source.peek()
        message = "no export of LexisNexis, Factiva or ProQuest as text"
        yield source.reject("unsupported_format", message, source.offset, head, len(head))
        return
    window = Window(source)
    while window.data or window.grow():
        offset = window.offset
        content = _next_document(window, kind, limit)
        if len(content) > limit:
            yield source.too_large(offset, content[:limit], window.offset - offset, limit)
        elif content.strip():
            yield from _read(source, kind, content, offset)


def _next_document(window: Window, kind: Kind, limit: int) -> bytes:
    """The bytes up to and with a document's end, or up to the beginning of the next."""
    start = 1
    while True:
        found = kind.mark.search(window.data, start)
        if found and (found.end() < len(window.data) or not window.grow()):
            end = found.start() if kind.begins else found.end()
            break
        if found is None:
            start = max(len(window.data) - 256, 1)
            if len(window.data) > limit or not window.grow():
                end = len(window.data)
                break
    content = bytes(window.data[:end])
    window.drop(end)
    return content


def _read(source: ByteStream, kind: Kind, content: bytes, offset: int) -> Iterator[Found]:
    decoded = decode(content, source.charset)
    if decoded is None:
        yield source.reject("undecodable", "no encoding makes sense of these bytes", offset, content)
        return
    fields = kind.read(decoded.text.replace("\r\n", "\n").replace("\f", "\n"))
    if fields is None:
        # What stands before the first document or behind the last: a cover, a list of results.
        return
    payload = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    yield RawRecord(source.name, offset, kind.file_format, payload, charset="utf-8")
