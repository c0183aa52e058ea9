from __future__ import annotations

import os
from pathlib import Path

import pytest

from transforms.read.files import NOT_A_FILE, expand_pattern, native_path, open_file, split_input


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    for name in (
        "a.jsonl",
        "b [1].jsonl",
        "c,d.txt",
        "deep/e.txt",
        ".hidden",
        "_SUCCESS",
        "deep/.git/f.txt",
        "new\nline.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    return tmp_path


def names(pattern: str | Path, root: Path) -> list[str]:
    return [str(Path(file.path).relative_to(root)) for file in expand_pattern(str(pattern))]


def test_a_directory_is_all_below_it_but_what_is_hidden(dump: Path) -> None:
    assert names(dump, dump) == ["a.jsonl", "b [1].jsonl", "c,d.txt", "new\nline.txt", "deep/e.txt"]


def test_a_hidden_file_is_read_when_named(dump: Path) -> None:
    assert names(dump / ".hidden", dump) == [".hidden"]


def test_a_name_that_looks_like_a_glob_is_a_name_first(dump: Path) -> None:
    assert names(dump / "b [1].jsonl", dump) == ["b [1].jsonl"]


def test_globs(dump: Path) -> None:
    assert names(dump / "*.jsonl", dump) == ["a.jsonl", "b [1].jsonl"]
    assert "deep/e.txt" in names(dump / "**.txt", dump)


def test_nothing_there(dump: Path) -> None:
    for pattern in ("missing.txt", "*.warc"):
        with pytest.raises(FileNotFoundError):
            list(expand_pattern(str(dump / pattern)))


def test_comma_lists(dump: Path) -> None:
    assert split_input(f"{dump}/a.jsonl, {dump}/deep") == [f"{dump}/a.jsonl", f"{dump}/deep"]
    assert split_input(f"{dump}/c,d.txt") == [f"{dump}/c,d.txt"]
    assert split_input(" ") == []


def test_pipes_and_dangling_links_are_told_apart_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "missing")
    assert {file.size for file in expand_pattern(str(tmp_path))} == {NOT_A_FILE}


def test_a_name_that_is_not_utf8_leads_back_to_its_file(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"inside")
    (file,) = expand_pattern(str(tmp_path))
    assert file.path.startswith("file://")
    file.path.encode("utf-8")
    assert Path(native_path(file.path)).read_bytes() == b"inside"
    with open_file(file.path) as stream:
        assert stream.read() == b"inside"
