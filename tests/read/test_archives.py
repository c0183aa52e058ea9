from __future__ import annotations

import gzip
import io
import json
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.read.sorting import records, rejects, skipped
from tests.read.test_warc import response

Read = Callable[..., list]
LINES = b'{"text": "one"}\n{"text": "two"}\n'
MEMBERS = {
    "a/lines.jsonl": LINES,
    "a/story.txt": b"The mayor opened the bridge.",
    "page.html": b"<!DOCTYPE html><html><p>Page</p></html>",
    "table.csv": b"id,title,text\n1,T,Text\n",
    "crawl.warc.gz": gzip.compress(response(1)),
    "array.json": json.dumps([{"text": "three"}, {"text": "four"}]).encode(),
    "logo.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "empty.txt": b"",
    "__MACOSX/._story.txt": b"x",
}
FORMATS = ["csv", "html", "html", "json", "json", "jsonl", "jsonl", "text"]


def make_zip(members: dict[str, bytes] = MEMBERS) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def make_tar(members: dict[str, bytes] = MEMBERS) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dump.zip", make_zip()),
        ("dump.tar", make_tar()),
        ("dump.tar.gz", gzip.compress(make_tar())),
        ("dump.tgz", gzip.compress(make_tar())),
        ("dump", make_zip()),
        ("zipped.zip.gz", gzip.compress(make_zip())),
    ],
)
def test_members_of_all_kinds(tmp_path: Path, read: Read, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    found = read(file)
    assert sorted(item.file_format for item in records(found)) == FORMATS
    assert {item.source_file.removeprefix(f"{file}/") for item in records(found)} == MEMBERS.keys() - {
        "logo.png",
        "empty.txt",
        "__MACOSX/._story.txt",
    }
    assert sorted((item.source_file.rpartition("/")[2], item.reason) for item in rejects(found)) == [
        ("empty.txt", "empty_file"),
        ("logo.png", "unsupported_format"),
    ]
    assert skipped(found) == ["archive_hidden"]


def test_archives_in_archives_up_to_a_limit(tmp_path: Path, read: Read) -> None:
    content = LINES
    for depth in range(6):
        content = make_zip({f"{depth}.zip" if depth else "lines.jsonl": content})
        file = tmp_path / "nested.zip"
        file.write_bytes(content)
        found = read(file)
        if depth < 4:
            assert len(records(found)) == 2
        else:
            assert [item.reason for item in found] == ["nested_too_deep"]


def test_two_members_of_one_name_are_told_apart(tmp_path: Path, read: Read) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a.jsonl", LINES)
        archive.writestr("a.jsonl", LINES)
    file = tmp_path / "twice.zip"
    file.write_bytes(stream.getvalue())
    assert {item.source_file for item in records(read(file))} == {f"{file}/a.jsonl", f"{file}/a.jsonl#2"}


TRICKS = [
    "../../../tmp/evil.txt",
    "/etc/evil.txt",
    "..\\..\\evil.txt",
    "a/../../evil.txt",
    "C:\\evil.txt",
    "a\x1b[31m\nb.txt",
]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_tricks_with_names_stay_names(tmp_path: Path, read: Read, make: Callable[..., bytes]) -> None:
    root = tmp_path / "deep" / "er"
    root.mkdir(parents=True)
    file = root / "tricks.zip"
    file.write_bytes(make(dict.fromkeys(TRICKS, b"The mayor opened the bridge.")))
    before = sorted(path for path in tmp_path.rglob("*"))
    found = read(file)
    assert len(records(found)) == len(TRICKS)
    for item in records(found):
        member = item.source_file.removeprefix(f"{file}/")
        assert ".." not in member.split("/")
        assert member.isprintable()
    assert sorted(path for path in tmp_path.rglob("*")) == before
    assert not Path("/tmp/evil.txt").exists()


def test_links_and_devices_are_passed_over(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "links.tar"
    with tarfile.open(file, "w") as archive:
        for name, kind in (
            ("soft.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("fifo.txt", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    stream = zipfile.ZipFile(tmp_path / "links.zip", "w")
    link = zipfile.ZipInfo("soft.txt")
    link.external_attr = 0o120777 << 16
    stream.writestr(link, "/etc/passwd")
    stream.close()
    assert skipped(read(file)) == ["archive_device", "archive_link", "archive_link"]
    assert skipped(read(tmp_path / "links.zip")) == ["archive_link"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_archive_gives_what_it_holds(tmp_path: Path, read: Read, share: float) -> None:
    members = {f"{n}.jsonl": b'{"text": "%s"}\n' % (b"%d" % n * 300) for n in range(40)}
    for name, content in (("cut.zip", make_zip(members)), ("cut.tar", make_tar(members))):
        file = tmp_path / name
        file.write_bytes(content[: int(len(content) * share)])
        found = read(file)
        assert len(records(found)) >= 40 * share - 8
        assert [item.reason for item in rejects(found)][-1] == "corrupt_file"
        assert len(rejects(found)) <= 2


def test_a_broken_member_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    members = {f"{n}.txt": b"The mayor opened bridge %d. " % n * 50 for n in range(5)}
    content = bytearray(make_zip(members))
    place = content.index(b"2.txt") + 5
    content[place : place + 20] = b"\xff" * 20
    file = tmp_path / "broken.zip"
    file.write_bytes(content)
    found = read(file)
    assert [item.source_file[-5:] for item in records(found)] == ["0.txt", "1.txt", "3.txt", "4.txt"]
    assert [(item.reason, item.source_file[-5:]) for item in rejects(found)] == [("corrupt_file", "2.txt")]
    tape = bytearray(make_tar(members))
    header = tape.index(b"2.txt\0")
    tape[header + 148 : header + 156] = b"\xff" * 8
    file = tmp_path / "broken.tar"
    file.write_bytes(tape)
    found = read(file)
    assert [item.source_file[-5:] for item in records(found)] == ["0.txt", "1.txt", "3.txt", "4.txt"]
    assert [item.reason for item in rejects(found)] == ["corrupt_file"]


def test_a_password_and_a_document_are_rejects(tmp_path: Path, read: Read) -> None:
    content = bytearray(make_zip({"a.txt": b"The mayor opened the bridge."}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file = tmp_path / "secret.zip"
    file.write_bytes(content)
    assert [item.reason for item in read(file)] == ["encrypted"]
    file = tmp_path / "letter.docx"
    file.write_bytes(make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}))
    assert [item.reason for item in read(file)] == ["corrupt_file"]
    file = tmp_path / "book.epub"
    file.write_bytes(make_zip({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<a/>"}))
    assert [(item.reason, "an EPUB isn't read" in item.message) for item in read(file)] == [
        ("unsupported_format", True)
    ]
