"""What dead runs and a finished one have left, found before a run begins, and held against the input of today.

A file of the dump is known by its content, not its name: one that was renamed is not read again, one that has changed
is. Of the same content twice in one input, each file counts.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pyarrow as pa
from apache_beam.io.filesystems import FileSystems

from schemas.files import CUT, InputFile, Part, Scope
from schemas.rows import LEFT_OUT, ReadRow
from schemas.tables import ANALYSES, COPY_TABLES, NAME_COUNTS, READS
from transforms.resume.reuse import AnalysisSource, Attempts, Reuse
from transforms.resume.working_directory import WorkingDirectory
from transforms.runtime.arrow import to_batch
from transforms.runtime.files import list_files
from transforms.runtime.parquet import open_parquet, write_file
from transforms.runtime.part_manifest import SUFFIX, PartManifest, read_part_manifest

# Reading many small files is waiting for storage.
THREADS = 16
FOUND = ("sentences", "mentions", "entities")
# The label of a row of `_reads` that takes away what is read again.
CORRECTION = "retry"
Digest = Callable[[str], str]


class Leftovers(NamedTuple):
    """What dead runs have written: checkpoints and the attempts of their rows, and part manifests."""

    checkpoints: Mapping[str, Counter[str]]
    manifests: Sequence[PartManifest]


def _scan_directory(work: str) -> Leftovers:
    """All that is whole in a dead run's working directory."""
    paths = [file.path for file in list_files(work)]
    folder = FileSystems.join(work, "checkpoints")
    with ThreadPoolExecutor(THREADS) as pool:
        checkpoints = [path for path in paths if FileSystems.split(path)[0] == folder and path.endswith(".parquet")]
        attempts = dict(zip(checkpoints, pool.map(_attempts_of, checkpoints), strict=True))
        manifests = pool.map(read_part_manifest, [path for path in paths if path.endswith(SUFFIX)])
        return Leftovers(
            {path: found for path, found in attempts.items() if found}, [manifest for manifest in manifests if manifest]
        )


def _attempts_of(path: str) -> Counter[str]:
    try:
        return Counter(open_parquet(path)[0].read(["attempt_id"])["attempt_id"].to_pylist())
    except (OSError, pa.ArrowException):
        # It was cut off.
        return Counter()


def read_reads(paths: Iterable[str]) -> Iterator[ReadRow]:
    """The rows of files of `_reads`."""
    for path in paths:
        for row in open_parquet(path)[0].read().to_pylist():
            yield ReadRow(**row)


def complete_attempts(left: Leftovers) -> dict[str, list[ReadRow]]:
    """The attempts of which every record has been written, with their rows of `_reads`."""
    written: Counter[str] = Counter()
    for counted in left.checkpoints.values():
        written.update(counted)
    rows: dict[str, list[ReadRow]] = defaultdict(list)
    for manifest in left.manifests:
        for part, attempts in zip(manifest.parts, manifest.attempts, strict=True):
            if part.table == "rejects":
                for attempt_id, count in attempts:
                    written[attempt_id] += count
            elif part.table == READS.name:
                for row in read_reads([part.path]):
                    rows[row.unit].append(row)
    return {
        attempt_id: found
        for attempt_id, found in rows.items()
        if sum(-row.records if row.label == LEFT_OUT else row.records for row in found) == written[attempt_id]
    }


class Match(NamedTuple):
    """What of the input is known: as `Reuse.known`, and the attempts that are reused."""

    known: dict[str, frozenset[str] | None]
    attempts: frozenset[str]


def match_input(
    files: Sequence[InputFile], published: Iterable[ReadRow], attempts: Mapping[str, list[ReadRow]], digest: Digest
) -> Match:
    """Hold the files of the input against those that have been read.

    Args:
        files: the input.
        published: rows of a finished run's `_reads`: files that have been read to their ends.
        attempts: complete attempts of dead runs.
        digest: tells the digest of the content of a file of this path.
    """
    done: dict[str, set[str]] = defaultdict(set)
    for row in published:
        if row.label in (CORRECTION, LEFT_OUT):
            continue
        done[_content(row.digest, row.size, row.input_file)].add(row.input_file)
    parts: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for attempt_id, rows in sorted(attempts.items()):
        first = next((row for row in rows if row.label != LEFT_OUT), rows[0])
        if first.digest and not first.label.endswith(f":{CUT}"):
            content = _content(first.digest, first.size, first.input_file)
            parts[content].setdefault(first.input_file, {}).setdefault(first.label, attempt_id)
    sizes = {key.rpartition(" ")[2] for key in (*done, *parts)}
    same: dict[str, list[str]] = defaultdict(list)
    for file, content in _contents([file for file in files if str(file.size) in sizes], digest):
        same[content].append(file.path)
    known: dict[str, frozenset[str] | None] = {}
    chosen: set[str] = set()
    for content, paths in same.items():
        for path, _ in pair(paths, done[content]):
            known[path] = None
        for path, old in pair([path for path in paths if path not in known], parts[content]):
            labels = parts[content][old]
            known[path] = frozenset(labels)
            chosen.update(labels.values())
    return Match(known, frozenset(chosen))


def pair(new: Iterable[str], old: Iterable[str]) -> list[tuple[str, str]]:
    """Files of one content, each with the name that it had: its own, or that of one that is no longer there."""
    names, before = set(new), set(old)
    gone = sorted(before - names)
    return [*((path, path) for path in sorted(names & before)), *zip(sorted(names - before), gone, strict=False)]


def _content(digest: str, size: int, path: str) -> str:
    """What a file is known by; one that couldn't be read by its name."""
    return f"{digest or path} {size}"


def _contents(files: Sequence[InputFile], digest: Digest) -> Iterator[tuple[InputFile, str]]:
    def content(file: InputFile) -> str:
        try:
            return _content(digest(file.path) if file.size >= 0 else "", file.size, file.path)
        except OSError:
            return _content("", file.size, file.path)

    with ThreadPoolExecutor(THREADS) as pool:
        yield from zip(files, pool.map(content, files), strict=True)


def plan_reuse(
    files: Sequence[InputFile],
    *,
    dead: Sequence[WorkingDirectory],
    published: Sequence[Part],
    work: str,
    config: Mapping[str, str],
    digest: Digest,
) -> Reuse:
    """All of it as the pipeline takes it.

    Args:
        files: the input.
        dead: working directories of dead runs.
        published: files of the finished run that is added to.
        work: this run's working directory.
        config: digests of what `reading` and `analysis` hang on; what dead runs did under others is left.
        digest: tells the digest of the content of a file of this path.
    """
    lefts = [(item, _scan_directory(item.path)) for item in dead]
    readable = [left for item, left in lefts if item.run.get("reading") == config["reading"]]
    everything = Leftovers(
        {path: attempts for left in readable for path, attempts in left.checkpoints.items()},
        [manifest for left in readable for manifest in left.manifests],
    )
    attempts = complete_attempts(everything)
    reads = [part for part in published if part.table == READS.name]
    match = match_input(files, read_reads(part.path for part in reads), attempts, digest)
    known = tuple(part for part in published if part.table in COPY_TABLES)
    parts = [*reads, *known, *(part for part in published if part.table == "rejects")]
    parts += _write_reads([row for attempt_id in sorted(match.attempts) for row in attempts[attempt_id]], work)
    sources = [
        _source_of(manifest)
        for item, left in lefts
        if item.run.get("analysis") == config["analysis"]
        for manifest in left.manifests
        if any(part.table == ANALYSES.name for part in manifest.parts)
    ]
    articles = [part.path for part in published if part.table == "articles"]
    if articles and config["analysis"] == config["published"]:
        found = tuple(part for part in published if part.table in FOUND)
        sources.append(AnalysisSource("published", tuple(articles), found))
    checkpoints = [(path, match.attempts & counted.keys()) for path, counted in everything.checkpoints.items()]
    counts = tuple(part for part in published if part.table == NAME_COUNTS.name)
    return Reuse(
        scope=Scope(known=match.known),
        checkpoints=(*(item for item in checkpoints if item[1]), *((path, None) for path in articles)),
        parts=tuple(parts),
        mixed=tuple(_mixed(everything.manifests, match.attempts)),
        sources=tuple(sources),
        counts=counts,
        counted=sum(part.rows for part in published if part.table == "entities") if counts else -1,
        copies=known,
    )


def _mixed(
    manifests: Iterable[PartManifest], chosen: frozenset[str]
) -> Iterator[tuple[Part, Attempts, frozenset[str]]]:
    for manifest in manifests:
        for part, attempts in zip(manifest.parts, manifest.attempts, strict=True):
            if part.table == "rejects" and (some := chosen & {attempt_id for attempt_id, _ in attempts}):
                yield part, attempts, some


def _source_of(manifest: PartManifest) -> AnalysisSource:
    analyses = tuple(part.path for part in manifest.parts if part.table == ANALYSES.name)
    return AnalysisSource(analyses[0], analyses, tuple(part for part in manifest.parts if part.table in FOUND))


def _write_reads(rows: Sequence[ReadRow], work: str) -> list[Part]:
    if not rows:
        return []
    path = FileSystems.join(work, "parts", f"{READS.name}-{uuid.uuid4().hex}.parquet")
    size = write_file(path, READS.schema, [to_batch(READS, rows)])
    return [Part(READS.name, "", path, len(rows), size)]
