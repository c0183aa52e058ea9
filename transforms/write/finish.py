"""The end of a run: the ledger checked, the tables' files moved to their final names, and `_run.json` written last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from apache_beam.io.filesystems import FileSystems

from schemas.files import FileCounts, ModelRun, Part
from schemas.tables import TABLES, WRITTEN
from transforms.write.commit import FILE_PREFIX, Commit, commit
from transforms.write.ledger import LedgerError, Tally


class Ledger(NamedTuple):
    """What `CountRows` found."""

    files: Sequence[FileCounts]
    file_count: int
    total: FileCounts
    problems: Sequence[str]
    tallies: Sequence[Tally]


def check_ledger(ledger: Ledger) -> None:
    """Stop a run whose ledger doesn't balance.

    Raises:
        LedgerError: with the difference, for the first few files.
    """
    if ledger.problems:
        raise LedgerError(f"the ledger doesn't balance: {'; '.join(ledger.problems)}. The output is not finished.")


def _final_paths(parts: Sequence[Part], output: str, run_id: str) -> dict[str, str]:
    """Where each part goes: `<table>/[<key>=<partition>/]part-<number>-<run>.parquet`; a published file stays."""
    places = {}
    numbers: Counter[tuple[str, str]] = Counter()
    for part in sorted(parts, key=_path):
        partition = WRITTEN[part.table].partition
        folders = [f"{partition.name}={part.partition}"] if partition else []
        folder = FileSystems.join(output, part.table, *folders)
        if FileSystems.split(part.path)[0] == folder:
            places[part.path] = part.path
            continue
        number = numbers[part.table, part.partition]
        numbers[part.table, part.partition] += 1
        places[part.path] = FileSystems.join(folder, f"{FILE_PREFIX}{number:05d}-{run_id}.parquet")
    return places


def _path(part: Part) -> str:
    return part.path


def manifest(run: Mapping[str, Any], parts: Sequence[Part], ledger: Ledger) -> dict[str, Any]:
    """The content of `_run.json`: what the run is (`run`), the ledger, and counts of what was written."""
    counts: dict[str, Counter[str]] = {"rejects": Counter(), "articles": Counter(), "skipped": Counter()}
    for (what, key), count in ledger.tallies:
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
        "tables": tables,
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
    parts: Sequence[Part], ledger: Ledger, *, run: Mapping[str, Any], output: str, folder: str
) -> dict[str, Any]:
    """Make the written parts the run's tables. Returns the content of `_run.json`.

    Args:
        parts: what goes into the tables.
        ledger: what was counted in them.
        run: the part of `_run.json` that is known before the start, `run_id` among it.
        output: the run's directory. Files of an earlier run in its tables' folders are replaced.
        folder: the run's working directory.

    Raises:
        LedgerError: before anything is changed.
    """
    check_ledger(ledger)
    content = manifest(run, parts, ledger)
    commit(Commit(_final_paths(parts, output, run["run_id"]), content), output=output, folder=folder)
    return content
