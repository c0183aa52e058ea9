from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
import zstandard

from tests.conftest import INPUTS, SHARED
from tests.read.sorting import records, rejects, skipped

PAGE = b"<html><body><p>The council voted to close the old bridge.</p></body></html>"
Read = Callable[..., list]


def record(kind: str, block: bytes, **headers: str) -> bytes:
    named = {"Type": kind, "Record-ID": f"<urn:uuid:{len(block)}>", "Date": "2024-03-01T10:00:00Z", **headers}
    head = "".join(f"WARC-{key.replace('_', '-')}: {value}\r\n" for key, value in named.items() if not key.islower())
    kind = headers.get("content_type", "application/http; msgtype=response")
    return (
        f"WARC/1.0\r\n{head}Content-Type: {kind}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
    )


def response(number: int, body: bytes = PAGE, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return record("response", head + body, Target_URI=f"https://news.example/{number}")


RECORDS = [
    record("warcinfo", b"software: x\r\n", content_type="application/warc-fields"),
    response(1),
    record(
        "request", b"GET / HTTP/1.1\r\nHost: news.example\r\n\r\n", content_type="application/http; msgtype=request"
    ),
    response(2, status="404 Not Found"),
    response(3, kind="image/png"),
    response(4, kind="text/html"),
    record("metadata", b"a: b\r\n", content_type="application/warc-fields"),
]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".lz4": lz4.frame.compress,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_only_good_pages_are_records_and_the_rest_is_counted(tmp_path: Path, read: Read, suffix: str) -> None:
    file = tmp_path / f"CC-NEWS-20240301.warc{suffix}"
    file.write_bytes(b"".join(map(PACKERS[suffix], RECORDS)))
    found = read(file)
    assert [(item.url, item.charset, item.html) for item in records(found)] == [
        ("https://news.example/1", "utf-8", PAGE),
        ("https://news.example/4", None, PAGE),
    ]
    plain = b"".join(RECORDS)
    for item in records(found):
        assert item.fetched_at == "2024-03-01T10:00:00Z"
        assert plain[item.source_offset :].startswith(b"WARC/1.0\r\nWARC-Type: response")
    assert rejects(found) == []
    assert skipped(found) == ["http_not_html", "http_status_404", "warc_metadata", "warc_request", "warc_warcinfo"]


def test_texts_of_a_wet_file(tmp_path: Path, read: Read) -> None:
    text = "Mayor opens bridge\nThe mayor opened the bridge in Zürich.".encode()
    file = tmp_path / "texts.warc.wet.gz"
    block = record("conversion", text, Target_URI="https://news.example/5", content_type="text/plain")
    file.write_bytes(gzip.compress(RECORDS[0]) + gzip.compress(block))
    found = read(file)
    (item,) = records(found)
    assert (item.file_format, item.payload, item.url, item.html) == ("wet", text, "https://news.example/5", None)
    assert skipped(found) == ["warc_warcinfo"]


def test_transfer_and_content_encodings_are_taken_off(tmp_path: Path, read: Read) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    packed = gzip.compress(PAGE)
    heads = [b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Content-Encoding: gzip"]
    blocks = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n\r\n" + body
        # The last says that it is packed and isn't.
        for head, body in zip(heads, [chunked, packed, PAGE], strict=True)
    ]
    file = tmp_path / "encoded.warc"
    file.write_bytes(b"".join(record("response", block) for block in blocks))
    assert [item.html for item in records(read(file))] == [PAGE, PAGE, PAGE]


@pytest.mark.parametrize(
    "damage",
    [
        b"garbage between records\r\n\r\n",
        b"WARC/1.0\r\nno header at all\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_what_lies_around_damage_is_read(tmp_path: Path, read: Read, damage: bytes) -> None:
    file = tmp_path / "damaged.warc"
    file.write_bytes(response(1) + damage + response(2) + response(3))
    found = read(file)
    assert [item.url[-1] for item in records(found)] == ["1", "2", "3"]
    (reject,) = rejects(found)
    assert (reject.reason, reject.source_offset) == ("corrupt_file", len(response(1)))
    assert reject.payload.startswith(damage.rstrip())


def test_a_record_that_says_it_is_longer_than_it_is_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    wrong = response(2).replace(
        b"Content-Length: %d\r\n\r\nHTTP" % len(response(2)[response(2).index(b"HTTP/") : -4]),
        b"Content-Length: 500\r\n\r\nHTTP",
    )
    assert b"Content-Length: 500" in wrong
    file = tmp_path / "long.warc"
    file.write_bytes(response(1) + wrong + response(3) + response(4))
    found = read(file)
    assert [item.url[-1] for item in records(found)] == ["1", "3", "4"]
    assert [item.source_offset for item in rejects(found)] == [len(response(1))]


def test_a_broken_member_of_a_packed_file_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    members = [gzip.compress(response(number), mtime=0) for number in range(4)]
    broken = bytearray(members[1])
    broken[40:60] = bytes(20)
    file = tmp_path / "broken.warc.gz"
    file.write_bytes(members[0] + bytes(broken) + members[2] + members[3][:-30])
    found = read(file)
    assert [item.url[-1] for item in records(found)] == ["0", "2"]
    assert [item.reason for item in rejects(found)] == ["corrupt_file", "corrupt_file"]
    assert all("gzip" in item.message for item in rejects(found))


def test_a_large_page_is_a_reject_and_a_large_picture_is_passed_over(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "large.warc"
    large = b"x" * 300_000
    file.write_bytes(response(1, large) + response(2, large, kind="video/mp4") + response(3))
    found = read(file, limit=100_000)
    assert [item.url[-1] for item in records(found)] == ["3"]
    assert [(item.reason, item.source_offset) for item in rejects(found)] == [("too_large", 0)]
    assert rejects(found)[0].payload_size > 300_000
    assert skipped(found) == ["http_not_html"]


# Pages, texts, rejects and what is passed over, as another reader (FastWARC's own iterator) finds them too.
REAL = {
    "aut-example.warc.gz": (94, 0, 728),
    "block-sized-records.warc.lz4": (0, 0, 3),
    "clipped.warc.gz": (0, 1, 0),
    "clueweb-quirk.warc.gz": (29, 0, 1),
    "example-bad-non-chunked.warc.gz": (1, 0, 5),
    "example-iana.org-chunked.warc": (1, 0, 2),
    "example-trunc.warc": (1, 1, 3),
    "example-wget-bad-target-uri.warc.gz": (1, 0, 5),
    "example-wrong-chunks.warc.gz": (1, 0, 1),
    "example.warc": (1, 0, 5),
    "warcfile.warc": (16, 0, 34),
    "warcfile.warc.gz": (16, 0, 34),
    "warcfile.warc.lz4": (16, 0, 34),
    "whirlwind.warc.gz": (1, 0, 3),
    "whirlwind.warc.wet.gz": (1, 0, 1),
}


@pytest.mark.parametrize("name", REAL)
def test_real_archives(read: Read, name: str) -> None:
    file = SHARED / "warc" / name
    if not file.exists():
        pytest.skip(f"needs {file}")
    found = read(file, limit=16 << 20)
    assert (len(records(found)), len(rejects(found)), len(skipped(found))) == REAL[name]
    assert all(item.payload.strip() for item in records(found))


def test_the_three_packings_of_a_real_archive_hold_the_same_pages(read: Read) -> None:
    if not (SHARED / "warc").exists():
        pytest.skip(f"needs {SHARED / 'warc'}")
    pages = [
        [
            (item.url, item.source_offset, item.payload)
            for item in records(read(SHARED / "warc" / f"warcfile.warc{suffix}"))
        ]
        for suffix in ("", ".gz", ".lz4")
    ]
    assert pages[0] == pages[1] == pages[2]
    assert len(pages[0]) == 16


def test_pages_by_their_bytes_where_servers_do_not_say(read: Read) -> None:
    urls = [item.url for item in records(read(INPUTS / "107-xhtml.warc"))]
    assert urls[:6] == [f"https://courier.example/a/{number}" for number in range(500, 506)]


def test_bodies_packed_in_every_way(read: Read) -> None:
    found = records(read(INPUTS / "108-encodings.warc"))
    assert [item.url for item in found] == [f"https://courier.example/a/{number}" for number in range(508, 519)]
    assert all(item.payload.startswith(b"<!doctype html>") for item in found)


@pytest.mark.parametrize("name", ["example.arc", "example.arc.gz"])
def test_arc_files(read: Read, name: str) -> None:
    if not (SHARED / "warc" / name).exists():
        pytest.skip("../shared/data is absent")
    (found,) = records(read(SHARED / "warc" / name))
    assert (found.url, found.file_format, found.fetched_at) == ("http://example.com/", "html", "2014-02-16T05:02:21Z")
    assert b"<title>Example Domain</title>" in found.payload


def test_an_arc_s_next_record_is_found_behind_damage(tmp_path: Path, read: Read) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>The mayor.</p></html>"
    record = b"http://a.example/%d 1.2.3.4 20240305101500 text/html %d\n%s\n"
    parts = [record % (number, len(page), page) for number in range(3)]
    file = tmp_path / "a.arc"
    head = b"filedesc://a.arc 0.0.0.0 20240305101500 text/plain 4\n1 0\n\n"
    file.write_bytes(head + parts[0] + b"broken line\n" + parts[1] + parts[2])
    found = read(file)
    assert [item.url for item in records(found)] == [f"http://a.example/{number}" for number in range(3)]
    assert [item.reason for item in rejects(found)] == ["corrupt_file"]
