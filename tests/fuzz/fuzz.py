"""Fuzzing by coverage, with atheris: `python -m tests.fuzz.fuzz TARGET [libFuzzer's flags]`.

Targets: `file` (any bytes as a file of any kind), `lines` (as lines of JSON), `article` (any text, cleaned).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["transforms", "schemas"]):
    from schemas.records import Article
    from tests.fuzz.invariants import check_article, check_file


def fuzz_file(content: bytes) -> None:
    """A file of these bytes."""
    check_file(content)


def fuzz_lines(content: bytes) -> None:
    """Lines of JSON."""
    check_file(content, "dump.jsonl", "jsonl")


def fuzz_article(content: bytes) -> None:
    """An article of this text."""
    text = content.decode("utf-8", "replace")
    blank = dict.fromkeys(("record_id", "url", "source", "authors", "published_at"))
    check_article(Article("dump", 0, len(content), text=text, title=text[:30], **blank))  # type: ignore[arg-type]


TARGETS: dict[str, Callable[[bytes], None]] = {"file": fuzz_file, "lines": fuzz_lines, "article": fuzz_article}


def main() -> None:
    """Fuzz one target until it fails or the time is over."""
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
