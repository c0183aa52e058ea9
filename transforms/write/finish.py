"""The end of a run: the ledger checked, files moved to their final names, and `_run.json` written last.

Until then nothing stands in the tables' folders; a directory without `_run.json` is no finished run. A step that runs
twice does no harm: what is already moved stays.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.records import ModelRun, Part, ReadCount
from schemas.tables import MANIFEST, TABLES

FILE_PREFIX = "part-"


class LedgerError(Exception):
    """What was written doesn't add up to what was read."""


def ledger(parts: Iterable[Part], reads: Iterable[ReadCount]) -> dict[str, int]:
    """Records read, counted where they were read, beside the articles and rejects that were written.

    Raises:
        LedgerError: they differ.
    """
    rows: Counter[str] = Counter()
    for part in parts:
        rows[part.table] += part.rows
    records = sum(read.records for read in reads)
    if records != rows["articles"] + rows["rejects"]:
        difference = records - rows["articles"] - rows["rejects"]
        raise LedgerError(
            f"the ledger doesn't balance: {records} records read, but {rows['articles']} articles and "
            f"{rows['rejects']} rejects written; {difference} unaccounted for. The output is not finished."
        )
    return {"records": records, "articles": rows["articles"], "rejects": rows["rejects"]}


def skipped_by_reason(reads: Iterable[ReadCount]) -> dict[str, int]:
    """What was passed over in dumps because it was never meant to be an article, the most frequent first."""
    skipped: Counter[str] = Counter()
    for read in reads:
        skipped.update(dict(read.skipped))
    return dict(skipped.most_common())


def final_paths(parts: Sequence[Part], output: str, run_id: str) -> dict[str, str]:
    """Where each part goes: `<table>/[<key>=<partition>/]part-<number>-<run>.parquet`."""
    places = {}
    numbers: Counter[tuple[str, str]] = Counter()
    for part in sorted(parts, key=_path):
        partition = TABLES[part.table].partition
        folders = [f"{partition.name}={part.partition}"] if partition else []
        number = numbers[part.table, part.partition]
        numbers[part.table, part.partition] += 1
        name = f"{FILE_PREFIX}{number:05d}-{run_id}.parquet"
        places[part.path] = FileSystems.join(output, part.table, *folders, name)
    return places


def _path(part: Part) -> str:
    return part.path


def manifest(run: Mapping[str, Any], parts: Sequence[Part], reads: Sequence[ReadCount]) -> dict[str, Any]:
    """The content of `_run.json`: what the run is (`run`), the ledger, and counts of what was written."""
    balance = ledger(parts, reads)
    counts: dict[str, Counter[str]] = {"rejects": Counter(), "articles": Counter()}
    tables = {name: {"rows": 0, "files": 0, "bytes": 0} for name in TABLES}
    for part in parts:
        counts.get(part.table, Counter()).update(dict(part.counts))
        table = tables[part.table]
        for key, value in (("rows", part.rows), ("files", 1), ("bytes", part.size)):
            table[key] += value
    return {
        **run,
        "finished_at": datetime.now(tz=timezone.utc).isoformat(timespec="seconds"),
        "ledger": balance,
        "articles": dict(sorted(counts["articles"].items())),
        "rejects": dict(counts["rejects"].most_common()),
        "skipped": skipped_by_reason(reads),
        "tables": tables,
    }


def name_engines(run: Mapping[str, Any], model_runs: Iterable[ModelRun]) -> dict[str, Any]:
    """`run` with what ran each model: `engine` is a list, since workers may differ; empty where none had work."""
    engines: dict[str, set[str]] = {}
    for found in model_runs:
        engines.setdefault(found.language, set()).add(found.engine)
    models = {
        language: {**model, "engine": sorted(engines.get(language, ()))} for language, model in run["models"].items()
    }
    return {**run, "models": models}


def finish_run(
    parts: Sequence[Part], reads: Sequence[ReadCount], *, run: Mapping[str, Any], output: str, folder: str
) -> dict[str, Any]:
    """Make the written parts the run's tables.

    Args:
        parts: what goes into the tables.
        reads: how many records were read.
        run: the part of `_run.json` that is known before the start, `run_id` among it.
        output: the run's directory. Files of an earlier run in its tables' folders are replaced.
        folder: the run's working directory.

    Raises:
        LedgerError: before anything is changed.
    """
    content = manifest(run, parts, reads)
    places = final_paths(parts, output, run["run_id"])
    _clear(output, keep=set(places.values()))
    for source, target in places.items():
        move(source, target)
    written = FileSystems.join(folder, MANIFEST)
    with FileSystems.create(written, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
        stream.write(json.dumps(content, indent=2, ensure_ascii=False).encode())
    move(written, FileSystems.join(output, MANIFEST))
    return content


def _clear(output: str, *, keep: set[str]) -> None:
    """Remove an earlier run's manifest, then its tables' files."""
    found = [FileSystems.join(output, MANIFEST)]
    for table in TABLES:
        pattern = FileSystems.join(output, table, "**")
        found += [match.path for match in FileSystems.match([pattern])[0].metadata_list]
    stale = [path for path in found if path not in keep and FileSystems.exists(path)]
    if stale:
        FileSystems.delete(stale)


def move(source: str, target: str) -> None:
    """Rename a file, making the folders above it; nothing where that has been done already."""
    if "://" not in target:
        parent = FileSystems.split(target)[0]
        if not FileSystems.exists(parent):
            FileSystems.mkdirs(parent)
    try:
        FileSystems.rename([source], [target])
    except BeamIOError:
        if FileSystems.exists(source) or not FileSystems.exists(target):
            raise
