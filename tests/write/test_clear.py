from __future__ import annotations

from pathlib import Path

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.runtime.files import remove_files
from transforms.write.clear import BATCH, ClearFolder, batches


def test_all_that_lies_below_the_folder_is_removed_and_nothing_else(tmp_path: Path) -> None:
    work, kept = tmp_path / "work", tmp_path / "kept"
    (work / "parts").mkdir(parents=True)
    kept.write_text("kept")
    for number in range(BATCH + 5):
        (work / "parts" / f"{number}").write_text("x")
    assert [len(batch) for batch in batches(str(work))] == [BATCH, 5]
    with TestPipeline() as pipeline:
        removed = pipeline | beam.Create([{}]) | ClearFolder(str(work))
        assert_that(removed, equal_to([BATCH, 5]))
    assert not [path for path in work.rglob("*") if path.is_file()]
    assert kept.read_text() == "kept"


def test_what_is_gone_already_is_fine(tmp_path: Path) -> None:
    remove_files([str(tmp_path / "missing")])
    assert list(batches(str(tmp_path / "nowhere"))) == []
