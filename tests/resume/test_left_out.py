"""What a run left out, as it was asked to, when its readings are reused or read again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from schemas.files import InputFile, Part, Selection
from schemas.rows import LEFT_OUT, ReadRow
from schemas.tables import READS
from transforms.resume.retry import RetryPlan, corrections
from transforms.resume.scan import Leftovers, complete_attempts, match_input, read_reads
from transforms.runtime.arrow import to_batch
from transforms.runtime.parquet import write_file
from transforms.runtime.part_manifest import PartManifest

READING = ReadRow("in/a.jsonl", "d", 9, "jsonl:0:-1", "one", "in/a.jsonl", 5, "{}")
NOT_ASKED_FOR = ReadRow("", "", -1, LEFT_OUT, "one", "in/a.jsonl", 2, '{"date": 2}')


def write_reads(folder: Path, *rows: ReadRow) -> Part:
    path = str(folder / "reads.parquet")
    return Part(READS.name, "", path, len(rows), write_file(path, READS.schema, [to_batch(READS, rows)]))


def test_a_reading_is_complete_with_what_was_left_out(tmp_path: Path) -> None:
    def complete(checkpointed: int, *rows: ReadRow) -> list[str]:
        manifest = PartManifest((write_reads(tmp_path, *rows),), ((("one", len(rows)),),))
        left = Leftovers({"c": Counter(one=checkpointed)}, [manifest])
        found = complete_attempts(left)
        files = [InputFile("in/a.jsonl", 9)]
        known = match_input(files, (), found, lambda _: "d").known
        assert known == ({"in/a.jsonl": frozenset(["jsonl:0:-1"])} if found else {})
        return list(found)

    # Whichever row comes first.
    assert complete(3, READING, NOT_ASKED_FOR) == complete(3, NOT_ASKED_FOR, READING) == ["one"]
    assert complete(3, READING) == complete(5, READING, NOT_ASKED_FOR) == complete(0, NOT_ASKED_FOR) == []


def test_a_finished_run_s_file_is_known_by_its_reading_alone() -> None:
    known = match_input([InputFile("in/a.jsonl", 9)], [READING, NOT_ASKED_FOR], {}, lambda _: "d").known
    assert known == {"in/a.jsonl": None}


def test_a_file_that_is_read_again_counts_what_it_leaves_out_once(tmp_path: Path) -> None:
    published = [write_reads(tmp_path, READING, NOT_ASKED_FOR)]
    again = RetryPlan({"in/a.jsonl": Selection(frozenset(), others=True)}, (), frozenset({("in/a.jsonl", 0)}), 0)
    (part,) = corrections(again, published, str(tmp_path))
    rows = [(row.label, row.records, row.skipped) for row in read_reads([part.path])]
    # The reject, the two left out, and why they were.
    assert rows == [("retry", -1, "{}"), ("retry", -2, "{}"), (LEFT_OUT, -2, '{"date": -2}')]
