"""The ledger: what was read beside what was written, file by file, all of it counted from the written tables.

In: the parts that become the tables, `_reads` among them. Out: a line for each input file, the sum, what doesn't
balance, and tallies by reason and kind. For every file, and every member of an archive:

- records read = articles + rejects + articles left out, since the run isn't asked for them;
- articles = canonical ones (which stand for themselves) + copies (which `duplicate` names).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa

from schemas.files import FileCounts, Part
from schemas.rows import LEFT_OUT
from transforms.runtime.parquet import open_columns

TALLIES = "tallies"
# So many files are listed in `_run.json`, the first by name; all of them are in `_reads`.
LISTED = 1000
COLUMNS = {
    "articles": ["source_file", "article_id", "canonical_id", "duplicate"],
    "rejects": ["source_file", "stage", "reason"],
    "_reads": ["source_file", "input_file", "label", "records", "skipped"],
}

# So many problems are shown, the first by name.
SHOWN = 5

# What is known of a file, and what is wrong with it.
Sum = tuple[FileCounts, list[str]]


class Ledger(NamedTuple):
    """The first `LISTED` lines, how many there are, their sum, the first problems, and tallies by reason and kind."""

    files: Sequence[FileCounts] = ()
    file_count: int = 0
    total: FileCounts = FileCounts("")
    problems: Sequence[str] = ()
    tallies: Mapping[tuple[str, str], int] = {}


class LedgerError(Exception):
    """What was written doesn't add up to what was read."""


def count_part(part: Part) -> tuple[dict[str, FileCounts], Counter[tuple[str, str]]]:
    """What a written file says of each source file, and its tallies: (what is counted, reason or kind) → how many.

    Raises:
        LedgerError: it doesn't hold the rows that it was said to.
    """
    lines: dict[str, FileCounts] = {}
    tallies: Counter[tuple[str, str]] = Counter()
    with open_columns(part.path) as file:
        if file.metadata.num_rows != part.rows:
            raise LedgerError(f"{part.path} holds {file.metadata.num_rows} rows, but {part.rows} were written into it")
        for batch in file.iter_batches(columns=COLUMNS[part.table]) if part.table in COLUMNS else ():
            _count_batch(part.table, batch, lines, tallies)
    return lines, tallies


def _count_batch(
    table: str, batch: pa.RecordBatch, lines: dict[str, FileCounts], tallies: Counter[tuple[str, str]]
) -> None:
    names = batch.schema.names
    for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
        row = dict(zip(names, values, strict=True))
        line = _line(table, row, tallies)
        known = lines.get(row["source_file"])
        lines[row["source_file"]] = add(known, line) if known else line


def _line(table: str, row: dict[str, Any], tallies: Counter[tuple[str, str]]) -> FileCounts:
    if table == "articles":
        stands = row["canonical_id"] == row["article_id"]
        tallies["articles", row["duplicate"] or "canonical"] += 1
        return FileCounts("", articles=1, canonical=int(stands), copies=int(row["duplicate"] is not None))
    if table == "rejects":
        tallies["rejects", f"{row['stage']}.{row['reason']}"] += 1
        return FileCounts("", rejects=1)
    left_out = row["label"] == LEFT_OUT
    for reason, count in json.loads(row["skipped"]).items():
        tallies[LEFT_OUT if left_out else "skipped", reason] += count
    if left_out:
        return FileCounts("", left_out=row["records"])
    return FileCounts(row["input_file"], records=row["records"])


def add(left: FileCounts, right: FileCounts) -> FileCounts:
    """Two lines as one, under whichever name is known."""
    counts = (a + b for a, b in zip(astuple(left)[1:], astuple(right)[1:], strict=True))
    return FileCounts(max(left.file, right.file), *counts)


def total(lines: Iterable[FileCounts]) -> FileCounts:
    """All lines as one."""
    found = FileCounts("")
    for line in lines:
        found = add(found, line)
    return found


def imbalance(line: FileCounts) -> str:
    """What doesn't balance in a line, in words; "" where all does."""
    if difference := line.records - line.articles - line.rejects - line.left_out:
        what = "lost" if difference > 0 else "too many"
        others = f", {line.left_out} left out" if line.left_out else ""
        return (
            f"{line.records} records read, but {line.articles} articles and {line.rejects} rejects written{others}; "
            f"{abs(difference)} {what}"
        )
    if difference := line.articles - line.canonical - line.copies:
        return (
            f"{line.articles} articles, but {line.canonical} canonical ones and {line.copies} copies; "
            f"{abs(difference)} {'neither' if difference > 0 else 'both'}"
        )
    return ""


class _CountPart(beam.DoFn):
    def process(self, part: Part) -> Iterator[Any]:
        lines, tallies = count_part(part)
        yield from lines.items()
        if tallies:
            yield beam.pvalue.TaggedOutput(TALLIES, Ledger(tallies=tallies))


def _sum_source(group: tuple[str, Iterable[FileCounts]]) -> tuple[str, Sum]:
    """All that is known of a source file, under the name of its input file; and what is wrong with it."""
    line = total(group[1])
    name, problem = line.file or group[0], imbalance(line)
    return name, (line, [f"{name}: {problem}"] if problem else [])


def _sum_input(group: tuple[str, Iterable[Sum]]) -> Ledger:
    name, sums = group
    lines, problems = zip(*sums, strict=True)
    line = replace(total(lines), file=name)
    return Ledger([line], 1, line, sorted(chain(*problems))[:SHOWN])


def _name(line: FileCounts) -> str:
    return line.file


def add_ledgers(ledgers: Iterable[Ledger]) -> Ledger:
    """Ledgers of different files as one."""
    files: list[FileCounts] = []
    problems: list[str] = []
    tallies: Counter[tuple[str, str]] = Counter()
    file_count, sums = 0, FileCounts("")
    for ledger in ledgers:
        files = sorted((*files, *ledger.files), key=_name)[:LISTED]
        problems = sorted((*problems, *ledger.problems))[:SHOWN]
        tallies.update(ledger.tallies)
        file_count, sums = file_count + ledger.file_count, add(sums, ledger.total)
    return Ledger(files, file_count, replace(sums, file=""), problems, tallies)


@dataclass
class CountRows(beam.PTransform):
    """Parts → the ledger, one element; none where there are no parts."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[Ledger]:
        """Count each file, add up by source, by input, and all."""
        count = beam.ParDo(_CountPart()).with_output_types(tuple[str, FileCounts], tallies=Ledger)
        counted = parts | "CountRows" >> count.with_outputs(TALLIES, main="lines")
        files = (
            counted["lines"]
            | "BySource" >> beam.GroupByKey()
            | "SumSource" >> beam.Map(_sum_source).with_output_types(tuple[str, Sum])
            | "ByFile" >> beam.GroupByKey()
            | "SumFile" >> beam.Map(_sum_input).with_output_types(Ledger)
        )
        both = (files, counted[TALLIES]) | "Both" >> beam.Flatten()
        return both | "Add" >> beam.CombineGlobally(add_ledgers).without_defaults()
