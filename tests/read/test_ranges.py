from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from functools import partial
from pathlib import Path

import lz4.frame
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.files import FileRange, InputFile
from schemas.records import RawRecord, Reject, Skipped
from transforms.read import ranges
from transforms.read.plan import plan_file
from transforms.read.ranges import block_size, divide, read_range

LIMIT = 1000


@pytest.fixture(autouse=True)
def nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "SMALL", 0)


def read_all(file: Path, folder: Path, *, range_size: int = 50, limit: int = LIMIT) -> list[RawRecord | Reject]:
    """Everything that the steps of reading make of a file, one after another."""
    plan = plan_file(InputFile(str(file), file.stat().st_size), range_size=range_size)
    if isinstance(plan, Reject):
        return [plan]
    found: list[RawRecord | Reject] = []
    for part in plan:
        read = partial(read_range, max_record_size=limit)
        for piece in divide(part, folder=str(folder), range_size=100, max_record_size=limit, read=read):
            if isinstance(piece, FileRange):
                found += [item for item in read(piece) if not isinstance(item, Skipped)]
            elif isinstance(piece, Reject):
                found.append(piece)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    lines=st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=12),
    size=st.integers(1, 90),
)
def test_ranges_give_every_line_once_with_its_place(tmp_path: Path, lines: list[bytes], size: int) -> None:
    content = b'{"a": 1}\n' + b"\n".join(lines)
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    plan = plan_file(InputFile(str(file), len(content)), range_size=size)
    assert not isinstance(plan, Reject)
    records = [record for part in plan for record in read_range(part, max_record_size=LIMIT)]
    assert [record.payload for record in records] == [line for line in content.split(b"\n") if line.strip()]
    for record in records:
        assert isinstance(record, RawRecord)
        assert content[record.source_offset :].startswith(record.payload)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}
LINES = [b'{"number": %d, "pad": "%s"}' % (number, b"x" * (number % 40)) for number in range(60)]


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_lines_come_out_with_their_unpacked_places(tmp_path: Path, suffix: str) -> None:
    content = b"\n".join(LINES)
    half = len(content) // 2
    file = tmp_path / f"lines.jsonl.{suffix}"
    # Two members or frames, the first of which ends inside a line.
    file.write_bytes(PACKERS[suffix](content[:half]) + PACKERS[suffix](content[half:]))
    records = read_all(file, tmp_path / "blocks")
    assert [record.payload for record in records] == LINES
    assert all(content[record.source_offset :].startswith(record.payload) for record in records)
    assert {record.source_file for record in records} == {str(file)}


def test_a_truncated_file_gives_what_it_holds_and_one_reject(tmp_path: Path) -> None:
    packed = gzip.compress(b"\n".join(LINES * 40), mtime=0)
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(packed[: len(packed) // 2])
    found = read_all(file, tmp_path / "blocks")
    rejects = [item for item in found if isinstance(item, Reject)]
    records = [item.payload for item in found if isinstance(item, RawRecord)]
    assert [reject.reason for reject in rejects] == ["corrupt_file"]
    assert records == (LINES * 40)[: len(records)]
    assert len(records) > 500
    assert rejects[0].source_offset == sum(len(line) + 1 for line in records)


def test_garbage_after_the_end_is_one_reject(tmp_path: Path) -> None:
    file = tmp_path / "tail.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n".join(LINES)) + b"garbage")
    found = read_all(file, tmp_path / "blocks")
    assert [item.reason for item in found if isinstance(item, Reject)] == ["corrupt_file"]
    assert sum(isinstance(item, RawRecord) for item in found) >= len(LINES) - 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_over_the_limit_is_a_reject_and_its_neighbours_are_not(tmp_path: Path, packed: bool) -> None:
    content = b'{"a": 1}\n' + b"x" * (3 * LIMIT) + b'\n{"b": 2}\n'
    file = tmp_path / ("large.jsonl.gz" if packed else "large.jsonl")
    file.write_bytes(gzip.compress(content) if packed else content)
    found = read_all(file, tmp_path / "blocks")
    (reject,) = [item for item in found if isinstance(item, Reject)]
    assert (reject.reason, reject.payload_size, reject.source_offset) == ("too_large", 3 * LIMIT, 9)
    assert reject.payload_sha256 is None
    assert [item.payload for item in found if isinstance(item, RawRecord)] == [b'{"a": 1}', b'{"b": 2}']


def test_a_text_over_the_limit_is_a_reject(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    file.write_bytes(b"word " * LIMIT)
    (reject,) = read_all(file, tmp_path)
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.payload_size) == ("too_large", 5 * LIMIT)


def test_utf16_lines_are_recoded(tmp_path: Path) -> None:
    file = tmp_path / "wide.jsonl"
    file.write_bytes('{"text": "Zürich"}\n{"text": "Genève"}\n'.encode("utf-16"))
    assert [record.payload.decode() for record in read_all(file, tmp_path / "blocks")] == [
        '{"text": "Zürich"}',
        '{"text": "Genève"}',
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("zero.jsonl", b"", "empty_file"),
        ("zero.txt", b"", "empty_file"),
        ("picture.png", b"\x89PNG\r\n", "unsupported_format"),
        ("noise.jsonl.gz", bytes(range(256)) * 4, "corrupt_file"),
        ("style.css", b"body { color: red }", "unsupported_format"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    (reject,) = read_all(file, tmp_path)
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.reason, reject.payload) == ("read", reason, content)


def test_a_vanished_file_is_a_reject_worth_another_try(tmp_path: Path) -> None:
    reject = plan_file(InputFile(str(tmp_path / "gone.jsonl"), 10))
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.retryable) == ("unreadable_file", True)


@pytest.mark.parametrize("name", ["lines", "lines.json", "lines.jsonl.gz"])
def test_content_goes_before_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\n".join(LINES))
    assert [record.payload for record in read_all(file, tmp_path)] == LINES


@pytest.mark.parametrize(
    ("size", "block"), [(5 << 20, 2 << 20), (200 << 20, 200 << 14), (1 << 30, 16 << 20), (1 << 40, 16 << 20)]
)
def test_blocks_of_large_archives_are_larger(size: int, block: int) -> None:
    assert block_size(size, 2 << 20) == block
