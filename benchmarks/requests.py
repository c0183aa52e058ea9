"""What a run asks of the storage that its output lies on: calls and bytes, fresh, with one article more, and a retry.

Counted where newsbeam reads, writes, lists, moves and removes files of a run, in the run's own process: on Cloud
Storage each opening, listing and batch is a request or few. What children read of the dump is not among it.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.conftest import manifest, record, story
from transforms.runtime import files, parquet, storage

COLUMNS = ("opened", "created", "listed", "moved", "removed", "bytes read", "bytes written")


class _Counted:
    """A file whose bytes are counted, in all and by its table."""

    def __init__(self, stream: Any, path: str, counts: Counter[str]) -> None:
        self._stream, self._counts = stream, counts
        found = re.search(r"/(\w+)/(?:\w+=[\w-]+/)?part-[^/]*$", path)
        self._table = found[1] if found else "nothing published"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, *size: int) -> bytes:
        found: bytes = self._stream.read(*size)
        self._counts["bytes read"] += len(found)
        self._counts[f"bytes read of {self._table}"] += len(found)
        return found

    def write(self, content: bytes) -> int:
        self._counts["bytes written"] += len(content)
        return int(self._stream.write(content))


def watch(counts: Counter[str]) -> None:
    """Have all that touches a run's files counted. To be called before the pipeline is imported."""

    def opening(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            counts[name] += 1
            return _Counted(call(*args), args[0], counts)

        return counted

    def calling(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            counts[name] += len(args[0]) if name in ("moved", "removed") else 1
            return call(*args)

        return counted

    for module in (storage, files, parquet):
        for function, name in (("open_file", "opened"), ("create_file", "created")):
            if hasattr(module, function):
                setattr(module, function, opening(name, getattr(module, function)))
    for function, name in (("list_files", "listed"), ("move_files", "moved"), ("remove_files", "removed")):
        setattr(files, function, calling(name, getattr(files, function)))


def main() -> None:
    """Print a table: a row for each command and number of articles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10000])
    counts: Counter[str] = Counter()
    watch(counts)
    from pipeline.retry import retry  # noqa: PLC0415, see `watch`
    from pipeline.run import run  # noqa: PLC0415

    print(f"| articles | command | {' | '.join(COLUMNS)} |\n|---:|---|{'---:|' * len(COLUMNS)}")
    for articles in parser.parse_args().articles:
        with tempfile.TemporaryDirectory() as folder:
            dump, output = Path(folder) / "dump", str(Path(folder) / "out")
            flags = ["--input", str(dump), "--output", output, "--workers", "1", "--quiet", "--extract_timeout", ".001"]
            _write_dump(dump, articles)
            _measure(articles, "fresh", partial(run, flags), counts)
            _check(output, articles, "extract.timeout")
            (dump / "b.jsonl").write_text(record(articles), encoding="utf-8")
            _measure(articles, "one more", partial(run, [*flags, "--resume"]), counts)
            _check(output, articles + 1, "extract.timeout")
            again = [output, "--quiet", "--workers", "1", "--extract_timeout", "10"]
            _measure(articles, "retry", partial(retry, again), counts)
            _check(output, articles + 2)


def _write_dump(dump: Path, articles: int) -> None:
    """Articles, a broken one, and a page that takes longer than it may."""
    dump.mkdir()
    broken = {"url": "https://a.example/x", "text": "short", "date": "2024-01-01"}
    lines = [record(number) for number in range(articles)]
    page = "".join(f"<p>{part}</p>" for part in story(articles + 1).split("\n\n"))
    (dump / "page.html").write_text(f"<html><body><article>{page}</article></body></html>", encoding="utf-8")
    (dump / "a.jsonl").write_text("".join([*lines, json.dumps(broken), "\n"]), encoding="utf-8")


def _check(output: str, articles: int, *rejects: str) -> None:
    """Stop where a command did something else than what is measured."""
    found = manifest(Path(output))
    if found["ledger"]["articles"] != articles or not found["rejects"].keys() >= {"clean.too_short", *rejects}:
        raise SystemExit(f"not {articles} articles and rejects by {rejects}: {found['ledger']}, {found['rejects']}")


def _measure(articles: int, name: str, command: Callable[[], int], counts: Counter[str]) -> None:
    counts.clear()
    command()
    print(f"| {articles:,} | {name} | {' | '.join(f'{counts[key]:,}' for key in COLUMNS)} |", flush=True)


if __name__ == "__main__":
    main()
