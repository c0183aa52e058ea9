"""The end of a run: the ledger checked, the tables' files moved to their final names, and `_run.json` written last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from schemas.files import ModelRun, Part
from schemas.rows import LEFT_OUT
from schemas.tables import NONE, NULL_PARTITION, TABLES
from transforms.runtime.parquet import write_file
from transforms.runtime.run_files import FILES, file_path, list_parts, relative
from transforms.runtime.storage import join
from transforms.write.commit import Commit, commit
from transforms.write.ledger import Ledger, LedgerError


def check_ledger(ledger: Ledger) -> None:
    """Stop a run whose ledger doesn't balance.

    Raises:
        LedgerError: with the difference, for the first few files.
    """
    if ledger.problems:
        raise LedgerError(f"the ledger doesn't balance: {'; '.join(ledger.problems)}. The output is not finished.")


def _place(parts: Sequence[Part], output: str, run_id: str) -> list[Part]:
    """The parts under their final paths in the output directory; a published file keeps its own."""
    placed = []
    numbers: Counter[tuple[str, str]] = Counter()
    for part in sorted(parts, key=_path):
        if part.path.startswith(join(output, part.table) + "/"):
            placed.append(part)
            continue
        number = numbers[part.table, part.partition]
        numbers[part.table, part.partition] += 1
        placed.append(replace(part, path=join(output, file_path(part.table, part.partition, number, run_id))))
    return placed


def _path(part: Part) -> str:
    return part.path


def _fill(parts: Iterable[Part], folder: str, partition_by: str) -> Iterator[Part]:
    """The parts, and for each table that has none one without rows."""
    missing = dict(TABLES)
    for part in parts:
        missing.pop(part.table, None)
        yield part
    for name, table in missing.items():
        path = join(folder, f"merged/{name}-empty.parquet")
        # Where its like lie in folders, engines look for it in one.
        partition = f"{partition_by}={NULL_PARTITION}" if table.time and partition_by != NONE else ""
        yield Part(name, partition, path, 0, write_file(path, table.schema, []))


def manifest(run: Mapping[str, Any], parts: Sequence[Part], ledger: Ledger, output: str) -> dict[str, Any]:
    """The content of `_run.json`: what the run is (`run`), the ledger, counts of what was written, and its files."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("rejects", "articles", "skipped", LEFT_OUT)}
    for (what, key), count in ledger.tallies.items():
        counts[what][key] += count
    tables = {name: {"rows": 0, "files": 0, "bytes": 0} for name in TABLES}
    for part in parts:
        if part.table in tables:
            table = tables[part.table]
            for key, value in (("rows", part.rows), ("files", 1), ("bytes", part.size)):
                table[key] += value
    sums = asdict(ledger.total)
    sums.pop("file")
    return {
        **run,
        "finished_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "ledger": {**sums, "file_count": ledger.file_count, "files": [asdict(line) for line in ledger.files]},
        "articles": dict(sorted(counts["articles"].items())),
        "rejects": dict(_most_first(counts["rejects"])),
        "skipped": dict(_most_first(counts["skipped"])),
        LEFT_OUT: dict(_most_first(counts[LEFT_OUT])),
        "tables": tables,
        FILES: list_parts(parts, output),
    }


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=_by_count)


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def name_engines(run: Mapping[str, Any], model_runs: Iterable[ModelRun]) -> dict[str, Any]:
    """`run` with what ran each model: `engine` is a list, since workers may differ; empty where none had work."""
    engines: dict[str, set[str]] = {}
    for found in model_runs:
        engines.setdefault(found.language, set()).add(found.engine)
    models = {
        language: {**model, "engine": sorted({*model.get("engine", ()), *engines.get(language, ())})}
        for language, model in run["models"].items()
    }
    return {**run, "models": models}


def finish_run(
    parts: Iterable[Part], ledger: Ledger, *, run: Mapping[str, Any], output: str, folder: str, lock: str = ""
) -> dict[str, Any]:
    """Make the written parts the run's tables. Returns the content of `_run.json`.

    Args:
        parts: what goes into the tables.
        ledger: what was counted in them.
        run: the part of `_run.json` that is known before the start, `run_id` among it.
        output: the run's directory. Files of an earlier run in its tables' folders are replaced.
        folder: the run's working directory.
        lock: the run's lock on `output`, without which it doesn't publish; "" for none.

    Raises:
        LedgerError: before anything is changed.
    """
    check_ledger(ledger)
    written = sorted(_fill(parts, folder, run.get("partition_by", NONE)), key=_path)
    placed = _place(written, output, run["run_id"])
    content = manifest(run, placed, ledger, output)
    moves = [
        (relative(part.path, folder), relative(place.path, output))
        for part, place in zip(written, placed, strict=True)
        if part.path != place.path
    ]
    commit(Commit(moves, content), output=output, folder=folder, lock=lock)
    return content
