"""ARC, the Internet Archive's form before WARC: a line about each record, and the response as it came.

A record is handed on as the WARC record that it would be. Versions 1 and 2; http://archive.org/web/researcher/ArcFileFormat.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.records import RawRecord, Reject, Skipped
from transforms.read.source import ByteStream, Window
from transforms.read.warc import read_record
from transforms.runtime.outcome import PAYLOAD_LIMIT

# Address (which may hold spaces), IP address, time, media type, in version 2 five fields more, and bytes.
HEADER = re.compile(
    rb"([a-z][a-z0-9+.-]{1,20}:[^\r\n]{0,4000}?) ([0-9a-fA-F.:]{1,45}|-) ([0-9]{12,17}) ([^\s]{1,200})"
    rb"(?: [0-9-]{1,5} \S{1,200} \S{1,4000} [0-9]{1,18} \S{1,1000})? ([0-9]{1,18})\r?\n"
)
LONGEST = 8192

Found = RawRecord | Reject | Skipped


def read_arc(source: ByteStream, limit: int) -> Iterator[Found]:
    """The records of an archive. `limit`: bytes of a page. Skipped and rejected is what `warc.read_warc` has so."""
    window = Window(source)
    while _to_next(window):
        window.ensure(LONGEST)
        header = HEADER.match(window.data)
        if header is None:
            yield _damaged(source, window)
            continue
        size = header.end() + int(header[5])
        offset, head = window.offset, bytes(window.data[: header.end()])
        if size > limit + LONGEST:
            yield source.too_large(offset, head, size, limit)
            window.skip(size)
        elif window.ensure(size):
            url, _, time, kind = (part.decode("utf-8", "replace") for part in header.groups()[:4])
            content = bytes(window.data[header.end() : size])
            window.drop(size)
            yield _read(source, (url, time, kind), content, offset, limit)
        else:
            yield _damaged(source, window)


def _read(source: ByteStream, stated: tuple[str, str, str], content: bytes, offset: int, limit: int) -> Found:
    url, time, kind = stated
    if url.startswith(("filedesc:", "dns:", "whois:")):
        return Skipped("arc_" + url.partition(":")[0])
    http = content.startswith(b"HTTP/")
    time = time.ljust(14, "0")
    lines = (
        "WARC/1.0",
        "WARC-Type: response" if http else "WARC-Type: resource",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {time[:4]}-{time[4:6]}-{time[6:8]}T{time[8:10]}:{time[10:12]}:{time[12:14]}Z",
        f"Content-Type: {'application/http; msgtype=response' if http else kind}",
        f"Content-Length: {len(content)}",
    )
    header = "\r\n".join(lines).encode("utf-8", "replace")
    return read_record(source, header + b"\r\n\r\n" + content + b"\r\n\r\n", offset, limit)


def _to_next(window: Window) -> bool:
    """Stand at the next byte that isn't a line end between records; False where there is none."""
    while True:
        window.drop(len(window.data) - len(window.data.lstrip(b"\r\n")))
        if window.data or not window.grow():
            return bool(window.data)


def _damaged(source: ByteStream, window: Window) -> Reject:
    """Leave everything up to the next line about a record behind, as one reject."""
    place, payload = window.offset, bytes(window.data[:PAYLOAD_LIMIT])
    window.drop(1)
    mark = re.compile(rb"(?<=\n)" + HEADER.pattern)
    while True:
        if found := mark.search(window.data):
            window.drop(found.start())
            break
        window.drop(max(len(window.data) - LONGEST, 0))
        if not window.grow():
            window.drop(len(window.data))
            break
    size = window.offset - place
    if source.damage and not window.data:
        return source.cut(place, payload[:size], size)
    return source.reject("corrupt_file", "no ARC record begins here, or it isn't whole", place, payload[:size], size)
