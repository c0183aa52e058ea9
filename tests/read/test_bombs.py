from __future__ import annotations

import bz2
import gzip
import io
import lzma
import resource
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.read.sorting import records, rejects
from transforms.read import packing

Read = Callable[..., list]
ZEROS = bytes(1 << 20)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(level=19).compress,
}


@pytest.fixture(autouse=True)
def small_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing.Budget.__init__, "__kwdefaults__", {"floor": 4 << 20, "ratio": packing.BOMB_RATIO})


def peak() -> int:
    """The most memory that this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("name", ["bomb.txt", "bomb.jsonl", "bomb.json", "bomb.csv"])
def test_a_bomb_is_one_reject(tmp_path: Path, read: Read, suffix: str, name: str) -> None:
    file = tmp_path / f"{name}.{suffix}"
    file.write_bytes(PACKERS[suffix](ZEROS * 40))
    before = peak()
    found = read(file)
    assert found[-1].reason in ("decompression_bomb", "unsupported_format")
    assert len(found) == 1
    assert peak() - before < 200_000


def test_what_comes_before_a_bomb_is_read(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "late.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"text": "one"}\n{"text": "two"}\n' + ZEROS * 40))
    found = read(file)
    assert [item.payload for item in records(found)] == [b'{"text": "one"}', b'{"text": "two"}']
    assert [item.reason for item in rejects(found)] == ["decompression_bomb"]


def test_a_bomb_of_layers(tmp_path: Path, read: Read) -> None:
    content = ZEROS * 40
    for _ in range(3):
        content = gzip.compress(content)
    file = tmp_path / "layers.txt.gz"
    file.write_bytes(content)
    assert [item.reason for item in read(file)] == ["decompression_bomb"]


def test_many_members_are_a_bomb_together(tmp_path: Path, read: Read) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"{number}.txt", b"a" * (1 << 20))
    file = tmp_path / "many.zip"
    file.write_bytes(stream.getvalue())
    found = read(file, limit=1 << 10)
    assert found[-1].reason == "decompression_bomb"
    assert {item.reason for item in found[:-1]} == {"too_large"}
    assert len(found) < 30


def test_a_tar_header_that_asks_for_memory(tmp_path: Path, read: Read) -> None:
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    file = tmp_path / "greedy.tar"
    file.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + ZEROS)
    before = peak()
    assert [item.reason for item in read(file)] == ["corrupt_file"]
    assert peak() - before < 100_000


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE rss [<!ENTITY c SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    ],
)
def test_entities_mean_nothing(tmp_path: Path, read: Read, doctype: str) -> None:
    from transforms.parse.elements import parse_element

    file = tmp_path / "feed.xml"
    file.write_text(
        f'<?xml version="1.0"?>{doctype}<rss><channel><item><title>T &c;</title><description>Text</description></item>'
        "</channel></rss>",
        encoding="utf-8",
    )
    (item,) = read(file)
    fields = parse_element(item.payload.decode())
    assert fields is not None
    assert "root:" not in str(fields)
    assert "aaaa" not in str(fields)
    assert fields["text"] == "Text"
