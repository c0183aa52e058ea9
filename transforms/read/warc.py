"""WARC and WET: pages out of responses, texts out of conversions; what else an archive holds is counted.

Where a record begins and ends is known by its header's length, and checked: the next one must begin there. Where it
doesn't, or bytes are broken, the next place that looks like a header is looked for. What a record says is FastWARC's
affair. ISO 28500:2017; WET is Common Crawl's form with `conversion` records of plain text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastwarc.warc import WarcRecord

from schemas.records import RawRecord, Reject, Skipped
from transforms.read.formats import HTML, WET
from transforms.read.sniff import is_page
from transforms.read.source import ByteStream, Window
from transforms.runtime.outcome import PAYLOAD_LIMIT

BEGINNING = re.compile(rb"WARC/[01]\.[0-9]+\r?\n[A-Za-z-]+[ \t]*:")
END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([0-9]{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
# Headers longer than this are none. FastWARC's own limit is half of it.
MAX_HEADER = 1 << 16
CONVERSION = "conversion"
PAGES = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "text/xhtml"))
# What servers say that don't know: the bytes tell.
UNSURE = frozenset(
    (
        *("", "text/plain", "text/xml", "application/xml", "application/octet-stream", "binary/octet-stream", "*/*"),
        *(
            "application/unknown",
            "application/x-unknown-content-type",
            "unknown/unknown",
            "content/unknown",
            "text/htm",
        ),
    )
)
OK = 200
GZIP = b"\x1f\x8b\x08"
# Servers pack a body twice at times.
MAX_LAYERS = 3

Found = RawRecord | Reject | Skipped


class Border(NamedTuple):
    """A record that begins at `offset` and at the window's beginning; `large`: more of it than the limit."""

    offset: int
    header: int
    size: int
    large: bool


def read_warc(source: ByteStream, limit: int) -> Iterator[Found]:
    """The records of an archive from where the source stands to its end.

    `limit`: bytes of a page or text. A `Skipped` stands for every record that isn't one, a reject for damage: one for
    all bytes up to the next header.
    """
    window = Window(source)
    for found in find_records(source, window, limit):
        if isinstance(found, Reject):
            yield found
        elif found.large:
            yield _read_large(source, window, found, limit)
        else:
            yield read_record(source, bytes(window.data[: found.size]), found.offset, limit)


def find_records(source: ByteStream, window: Window, limit: int) -> Iterator[Border | Reject]:
    """Where records begin and end. While one is looked at, `window` begins with it and holds it, if it isn't large."""
    while _to_next(window):
        header = _header_size(window)
        length = LENGTH.search(window.data, 0, header) if header else None
        if not length:
            yield _damaged(source, window, skip=5)
            continue
        size = header + int(length[1])
        if size > limit + MAX_HEADER:
            yield Border(window.offset, header, size, large=True)
            window.skip(size)
            continue
        whole = window.ensure(size)
        if not whole or not _ends_well(window, size):
            # The length may be wrong and take in what follows.
            inner = BEGINNING.search(window.data, header, size)
            if inner or not whole:
                yield _damaged(source, window, skip=inner.start() if inner else len(window.data))
                continue
        yield Border(window.offset, header, size, large=False)
        window.drop(size)


def _to_next(window: Window) -> bool:
    """Stand at the next byte that isn't a line end between records; False where there is none."""
    while True:
        blank = len(window.data) - len(window.data.lstrip(b"\r\n"))
        window.drop(blank)
        if window.data or not window.grow():
            return bool(window.data)


def _header_size(window: Window) -> int:
    """Bytes of the header that the window begins with, its empty line included; 0 where there is none."""
    window.ensure(MAX_HEADER)
    if not BEGINNING.match(window.data):
        return 0
    end = END_OF_HEADER.search(window.data, 0, MAX_HEADER)
    return end.end() if end else 0


def _ends_well(window: Window, size: int) -> bool:
    """Whether a header, or the end of the file, follows the record."""
    window.ensure(size + 64)
    rest = bytes(window.data[size : size + 64]).lstrip(b"\r\n")
    return rest.startswith(b"WARC/"[: len(rest)])


def _damaged(source: ByteStream, window: Window, *, skip: int) -> Reject:
    """Leave everything up to the next header behind, but at least `skip` bytes, as one reject."""
    place = window.offset
    payload = bytes(window.data[:PAYLOAD_LIMIT])
    window.drop(min(skip, len(window.data)))
    while True:
        if found := BEGINNING.search(window.data):
            window.drop(found.start())
            break
        window.drop(max(len(window.data) - 64, 0))
        if not window.grow():
            window.drop(len(window.data))
            break
    size = window.offset - place
    if source.damage and not window.data:
        return source.cut(place, payload[:size], size)
    message = "no WARC record begins here, or the one that does isn't as long as it says"
    return source.reject("corrupt_file", message, place, payload[:size], size)


def _read_large(source: ByteStream, window: Window, border: Border, limit: int) -> Skipped | Reject:
    """A record over the limit: only its first bytes say what it is."""
    head = bytes(window.data[: border.header + MAX_HEADER])
    record = _parse(head)
    skipped = _why_skipped(record) if record else None
    return skipped or source.too_large(border.offset, head, border.size, limit)


def read_record(source: ByteStream, raw: bytes, offset: int, limit: int) -> Found:
    """One whole record: a page, a text, or why it is neither."""
    record = _parse(raw)
    if record is None:
        return source.reject("corrupt_file", "no WARC record", offset, raw)
    if skipped := _why_skipped(record):
        return skipped
    kind = WET if _type(record) == CONVERSION else HTML
    declared = _declared(record)
    content = _body_of(_content(raw), _encoding(record), limit) if kind == HTML else _content(raw)
    if kind == HTML and declared not in PAGES and not is_page(content):
        return Skipped("http_not_html")
    if len(content) > limit:
        return source.too_large(offset, content, len(content), limit)
    url = record.headers.get("WARC-Target-URI")
    return RawRecord(
        source.name,
        offset,
        kind,
        content,
        charset=record.http_charset if record.is_http else "utf-8" if kind == WET else None,
        url=url.strip().removeprefix("<").removesuffix(">") if url else None,
        fetched_at=record.headers.get("WARC-Date"),
    )


def _parse(raw: bytes, *, decode: Any = "none") -> Any:
    """FastWARC's view of a record, or None where it can't make anything of it."""
    try:
        record = WarcRecord.from_bytes(raw)
        if record.is_http:
            record.parse_http(auto_decode=decode, strict_mode=False)
            if record.http_headers and not record.http_content_type:
                # Lines that end without a return, as ClueWeb09's do; or there is no content type.
                quirky = WarcRecord.from_bytes(raw)
                quirky.parse_http(auto_decode=decode, strict_mode=False, quirks_mode=True)
                record = quirky if quirky.http_content_type else _parse_plainly(raw, decode)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:
        # FastWARC's panics are no `Exception`.
        return None
    return record


def _parse_plainly(raw: bytes, decode: Any) -> Any:
    record = WarcRecord.from_bytes(raw)
    record.parse_http(auto_decode=decode, strict_mode=False)
    return record


def _type(record: Any) -> str:
    return str(record.record_type).rpartition(".")[2].lower()


def _why_skipped(record: Any) -> Skipped | None:
    """Why a record is neither a page nor a text, as far as its headers tell; None where it is, or may be."""
    kind = _type(record)
    if kind == CONVERSION:
        plain = _media_type(record.headers.get("Content-Type")) == "text/plain"
        return None if plain else Skipped("warc_conversion")
    if kind not in ("response", "resource"):
        return Skipped(f"warc_{kind}")
    if not record.is_http:
        return (
            None if _declared(record) in PAGES else Skipped("warc_not_http" if kind == "response" else "warc_resource")
        )
    if not record.http_headers:
        return Skipped("warc_not_http")
    status = record.http_headers.status_code
    if status != OK:
        return Skipped(f"http_status_{status}" if status and 100 <= status < 600 else "http_status_unknown")
    declared = _declared(record)
    return None if declared in PAGES or declared in UNSURE or "/" not in declared else Skipped("http_not_html")


def _media_type(value: str | None) -> str:
    """A media type without its parameters; of a doubled one the first."""
    return re.split("[;,]", value or "")[0].strip().lower()


def _declared(record: Any) -> str:
    return _media_type(record.http_content_type if record.is_http else record.headers.get("Content-Type"))


def _encoding(record: Any) -> str:
    headers = record.http_headers if record.is_http else None
    return (headers.get("Content-Encoding") or "").strip().lower() if headers else ""


def _body_of(content: bytes, encoding: str, limit: int) -> bytes:
    """A body without what its server packed it with and didn't rightly say: gzip by its first bytes, raw deflate.

    No more than a little over `limit` bytes of it.
    """
    for _ in range(MAX_LAYERS):
        if content.startswith(GZIP):
            windows: tuple[int, ...] = (31,)
        elif encoding == "deflate" and content.lstrip()[:1] != b"<":
            windows = (15, -15)
        else:
            break
        unpacked = next((found for window in windows if (found := _inflate(content, window, limit))), b"")
        if not unpacked:
            break
        content = unpacked
    return content


def _inflate(content: bytes, window: int, limit: int) -> bytes:
    """What zlib makes of bytes, up to the limit or the damage in them."""
    unpacker = zlib.decompressobj(window)
    try:
        return unpacker.decompress(content, limit + 1)
    except zlib.error:
        return b""


def _content(raw: bytes) -> bytes:
    """The body, freed of the transfer's and the content's encoding; as it is, or up to the damage, where that fails."""
    found = b""
    for decode in ("all", "none"):
        record = _parse(raw, decode=decode)
        pieces = []
        try:
            while piece := record.reader.read(MAX_HEADER):
                pieces.append(piece)
        except (OSError, ValueError, AttributeError):
            pass
        if found := b"".join(pieces):
            break
    return found
