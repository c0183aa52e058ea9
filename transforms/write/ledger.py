"""The ledger: what was read beside what was written, file by file, all of it counted from the written tables.

In: the parts that become the tables, `_reads` among them. Out: a line for each input file, the sum, what doesn't
balance, and tallies by reason and kind. For every file, and every member of an archive:

- records read = articles + rejects;
- articles = canonical ones (which stand for themselves) + copies (which `duplicate` names).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from typing import Any

import apache_beam as beam
import pyarrow as pa

from schemas.files import FileCounts, Part
from transforms.runtime.parquet import open_columns
from transforms.runtime.typed import with_type

TALLIES = "tallies"
# So many files are listed in `_run.json`, the first by name; all of them are in `_reads`.
LISTED = 1000
COLUMNS = {
    "articles": ["source_file", "article_id", "canonical_id", "duplicate"],
    "rejects": ["source_file", "stage", "reason"],
    "_reads": ["source_file", "input_file", "records", "skipped"],
}

Tally = tuple[tuple[str, str], int]


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
    for reason, count in json.loads(row["skipped"]).items():
        tallies["skipped", reason] += count
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
    if difference := line.records - line.articles - line.rejects:
        what = "lost" if difference > 0 else "too many"
        return (
            f"{line.records} records read, but {line.articles} articles and {line.rejects} rejects written; "
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
        yield from (beam.pvalue.TaggedOutput(TALLIES, item) for item in tallies.items())


def _sum_source(group: tuple[str, Iterable[FileCounts]]) -> tuple[str, FileCounts]:
    """All that is known of a source file, under the name of its input file."""
    line = total(group[1])
    return line.file or group[0], line


def _sum_input(group: tuple[str, Iterable[FileCounts]]) -> FileCounts:
    return replace(total(group[1]), file=group[0])


def _problem(line: tuple[str, FileCounts]) -> Iterator[str]:
    if problem := imbalance(line[1]):
        yield f"{line[0]}: {problem}"


def _name(line: FileCounts) -> str:
    return line.file


@dataclass
class CountRows(beam.PTransform):
    """Parts → `files` (a list of the first `LISTED` lines), `count` of all, `total`, `problems` (a list), `tallies`."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, parts: beam.PCollection[Part]) -> dict[str, beam.PCollection[Any]]:
        """Count each file, add up by source, then by input."""
        counted = (
            parts
            | "SpreadParts" >> beam.Reshuffle()
            | "CountRows" >> beam.ParDo(_CountPart()).with_outputs(TALLIES, main="lines")
        )
        sources = (
            counted["lines"]
            | "TypeLines" >> with_type(tuple[str, FileCounts])
            | "BySource" >> beam.GroupByKey()
            | "SumSource" >> beam.Map(_sum_source).with_output_types(tuple[str, FileCounts])
        )
        files = sources | "ByFile" >> beam.GroupByKey() | "SumFile" >> beam.Map(_sum_input)
        return {
            "files": files | "First" >> beam.combiners.Top.Smallest(LISTED, key=_name),
            "count": files | "CountFiles" >> beam.combiners.Count.Globally(),
            "total": files | "Total" >> beam.CombineGlobally(total),
            "problems": sources | "Problems" >> beam.FlatMap(_problem) | "Worst" >> beam.combiners.Top.Smallest(5),
            "tallies": counted[TALLIES] | "TypeTallies" >> with_type(Tally) | "SumTallies" >> beam.CombinePerKey(sum),
        }
