"""What an earlier run knows of texts: a run that adds to it decides as one over all, comparing only what is new."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

from benchmarks.made_copies import live_blog
from pipeline.local.runner import local_runner
from schemas.files import CheckpointedArticle, Part, StoredCopies
from schemas.rows import RowSet
from schemas.tables import COPY_TABLES, SKETCHES, WRITTEN
from tests.dedupe.test_near import staged, story
from transforms.dedupe import NEAR, near, stored
from transforms.dedupe.copies import JudgeCopies
from transforms.dedupe.exact import second_of, seniority
from transforms.resume.reuse import Reuse, store_reuse
from transforms.runtime.arrow import to_batch
from transforms.runtime.layout import split_rows
from transforms.runtime.parquet import open_parquet
from transforms.write.merge import merge_parts
from transforms.write.parts import write_part

START = datetime(2024, 1, 31, tzinfo=UTC)
# Of a run in a pipeline: decisions, rows.
FOUND: dict[str, list[Any]] = {}


def keep(found: list[Any], name: str) -> None:
    FOUND[name] = found


FETCHED: list[bytes] = []


def never(*_: Any) -> Any:
    raise AssertionError("an earlier run has done this")


def fetch(group: Any) -> Iterator[Any]:
    """As `stored`'s, and kept."""
    for node, content in REAL_FETCH(group):
        FETCHED.append(node)
        yield node, content


REAL_FETCH = stored._fetch


def plain(item: tuple[str, Any]) -> tuple[str, str, str, bytes]:
    return item[0], item[1].kind, item[1].canonical_id, item[1].lines


def lists_of(parts: Iterable[Part]) -> StoredCopies:
    """The files as the graph takes them."""
    return store_reuse(Reuse(copies=tuple(parts)), tempfile.mkdtemp()).copies


def judge(
    articles: Sequence[CheckpointedArticle], parts: Iterable[Part] = (), days: int = 0
) -> tuple[dict[str, Any], list[RowSet]]:
    """What is decided on every article, by its path, and the rows for a later run."""
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        found = pipeline | beam.Create(articles) | JudgeCopies(NEAR, stored=lists_of(parts), days=days)
        _ = found.decisions | beam.Map(plain) | "D" >> beam.combiners.ToList() | beam.Map(keep, "decisions")
        rows = (*found.rows,) | beam.Flatten()
        _ = rows | "R" >> beam.combiners.ToList() | "K" >> beam.Map(keep, "rows")
    return {path: values for path, *values in FOUND["decisions"]}, FOUND["rows"]


def write(rows: Iterable[RowSet], folder: Path, partition_by: str = "none") -> list[Part]:
    """The rows as files of a finished run."""
    by_table: dict[str, list[Any]] = {}
    for row_set in rows:
        for table in row_set.tables:
            by_table.setdefault(table.table, []).extend(table.rows)
    parts = []
    for name, found in by_table.items():
        batches = [to_batch(WRITTEN[name], found)]
        for partition, some in split_rows(batches, name, partition_by):
            place = str(folder / name / partition) if partition else str(folder / name)
            parts.append(write_part(name, partition, some, place))
    return parts


def known(articles: Iterable[CheckpointedArticle]) -> list[CheckpointedArticle]:
    """As a later run sees them: without their texts."""
    return [replace(article, sketch=None, lines=b"") for article in articles]


def made(seed: int) -> list[CheckpointedArticle]:
    """States of pages that move on, copies of stories, exact and near, and other stories, in any order."""
    rng = random.Random(seed)
    posts = [story(1000 + 100 * seed + number, 100)[0] for number in range(26)]
    texts = [*live_blog(posts), *(story(number) for number in range(4))]
    texts += [[*rng.choice(texts[-4:])[: rng.randrange(5, 9)], *story(rng.randrange(90), 50)] for _ in range(8)]
    texts += [rng.choice(texts) for _ in range(8)]
    texts += [["Too short."], ["Too short."]]
    days = [rng.randrange(60) for _ in texts]
    articles = [
        staged(
            f"{place:02d}",
            parts,
            0,
            path=f"{place:02d}",
            published_at=START + timedelta(days=days[place]) if rng.random() < 0.9 else None,
            lines="".join(parts).encode()[:9],
        )
        for place, parts in enumerate(texts)
    ]
    rng.shuffle(articles)
    return articles


@pytest.mark.parametrize(("seed", "partition_by"), [(0, "none"), (1, "month"), (2, "year")])
def test_runs_that_add_decide_as_one_over_all(seed: int, partition_by: str, tmp_path: Path) -> None:
    articles = made(seed)
    whole, _ = judge(articles)
    assert {kind for kind, *_ in whole.values()} == {"canonical", "near", "exact"}
    parts: list[Part] = []
    for turn, (start, stop) in enumerate([(0, 15), (15, 16), (16, len(articles))]):
        found, more = judge([*known(articles[:start]), *articles[start:stop]], parts)
        parts += write(more, tmp_path / str(turn), partition_by)
        assert len(found) == stop
    assert found == whole
    # Nothing new: nothing is compared or written.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "near", never)
        patch.setattr(stored, "_fetch", never)
        assert judge(known(articles), parts) == (whole, [])
    assert {part.table for part in parts} == set(COPY_TABLES)


@pytest.mark.parametrize("days", [2, 20])
def test_a_bound_in_days_is_one_of_pairs_whatever_the_order_of_runs(days: int, tmp_path: Path) -> None:
    articles = made(4)
    whole, _ = judge(articles, days=days)
    # The date of a text is that of its first article.
    firsts = {article.content_hash: article for article in sorted(articles, key=seniority, reverse=True)}
    seconds = {article.article_id: second_of(seniority(firsts[article.content_hash])) for article in articles}
    near_ones = [(path, values[1]) for path, values in whole.items() if values[0] == "near"]
    assert near_ones
    assert all(abs(seconds[path] - seconds[first]) <= days * 86_400 for path, first in near_ones)
    assert len(near_ones) < sum(values[0] == "near" for values in judge(articles)[0].values())
    for order, key in enumerate((seniority, bytes_of_id)):
        parts: list[Part] = []
        ordered = sorted(articles, key=key, reverse=bool(order))
        for turn, start in enumerate(range(0, len(ordered), 16)):
            found, more = judge([*known(ordered[:start]), *ordered[start : start + 16]], parts, days)
            parts += write(more, tmp_path / f"{order}-{turn}", "month")
        assert found == whole


def bytes_of_id(article: CheckpointedArticle) -> bytes:
    return article.article_id.encode()


def test_a_new_text_is_compared_with_its_candidates_alone(tmp_path: Path) -> None:
    articles = [staged(f"{number:04d}", story(number, 100), 0, path=f"{number:04d}") for number in range(1000)]
    _, rows = judge(articles)
    parts = write(rows, tmp_path)
    sketches = next(part for part in parts if part.table == SKETCHES.name)
    assert open_parquet(sketches.path)[0].metadata.num_row_groups == 8
    new = staged("new", [*story(700, 100), "And a word more."], 0, path="new")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "_fetch", fetch)
        found, more = judge([*known(articles), new], parts)
    assert [bytes.fromhex(articles[700].content_hash)] == FETCHED
    assert found["0700"][:2] == ["near", "new"]
    assert sum(len(table.rows) for row_set in more for table in row_set.tables) == 3


def test_merged_files_say_the_same(tmp_path: Path) -> None:
    articles = made(5)
    parts: list[Part] = []
    for turn, start in enumerate(range(0, len(articles), 10)):
        _, rows = judge([*known(articles[:start]), *articles[start : start + 10]], parts)
        parts += write(rows, tmp_path / str(turn))
    merged = []
    for name in COPY_TABLES:
        some = tuple(part for part in parts if part.table == name)
        merged.append(merge_parts(some, str(tmp_path / "work"), str(tmp_path / "out")))
    new = [staged("new", story(2)[:6], 0, path="new", published_at=START - timedelta(days=9))]
    assert judge([*known(articles), *new], merged)[0] == judge([*articles, *new])[0]


def test_what_no_article_has_any_more_stands_for_nothing(tmp_path: Path) -> None:
    articles = [staged(name, story(1)[:length], 0, path=name) for name, length in (("a", 8), ("b", 7), ("c", 6))]
    first, rows = judge(articles)
    assert [values[:2] for _, values in sorted(first.items())] == [["canonical", "a"], ["near", "a"], ["near", "a"]]
    # A model has rejected the first.
    found, _ = judge(known(articles[1:]), write(rows, tmp_path))
    assert [values[:2] for _, values in sorted(found.items())] == [["canonical", "b"], ["near", "b"]]
