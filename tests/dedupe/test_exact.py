from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.runner import local_runner
from schemas.files import CANONICAL, EXACT, REPEATED, CheckpointedArticle, CopyDecision
from schemas.records import Document, Reject
from tests.conftest import PROSE
from transforms.checkpoint.restore import RestoreArticles
from transforms.checkpoint.write import CheckpointArticles
from transforms.clean import CleanArticles
from transforms.dedupe.copies import JudgeCopies
from transforms.dedupe.exact import judge_copies
from transforms.dedupe.sketch import SketchTexts
from transforms.outlets import name_outlet
from transforms.outlets.steps import LearnOutlets
from transforms.recurring import select_furniture
from transforms.runtime.stage import run_stages
from transforms.write.layout import ChooseLayout


def staged(article_id: str, place: int = 0, **over: Any) -> CheckpointedArticle:
    known: dict[str, Any] = {"content_hash": "0c" * 16, "path": "file", "index": place, "published_at": None}
    return CheckpointedArticle(article_id, **{**known, "char_count": 9, "rank": "r", "place": ("f", place), **over})


def kinds(*articles: CheckpointedArticle, alone: bool = False) -> dict[int, CopyDecision]:
    return {decision.index: decision for _, decision in judge_copies(articles, alone=alone)}


def day(number: int) -> datetime:
    return datetime(2024, 3, number, tzinfo=UTC)


def test_the_earliest_stands_for_all_and_one_without_a_date_comes_last() -> None:
    found = kinds(staged("a", 0), staged("b", 1, published_at=day(2)), staged("c", 2, published_at=day(1)))
    assert {index: decision.kind for index, decision in found.items()} == {0: EXACT, 1: EXACT, 2: CANONICAL}
    assert {decision.canonical_id for decision in found.values()} == {"c"}


def test_the_same_identity_is_repeated_not_a_copy() -> None:
    found = kinds(staged("a", 0), staged("a", 1), staged("b", 2))
    assert [found[index].kind for index in range(3)] == [CANONICAL, REPEATED, EXACT]


def test_without_dedupe_all_stand_for_themselves_but_repeated_ones() -> None:
    found = kinds(staged("a", 0), staged("b", 1), staged("b", 2), alone=True)
    assert [found[index].kind for index in range(3)] == [CANONICAL, CANONICAL, REPEATED]
    assert found[1].canonical_id == "b"


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(1, 3))), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_order_means_nothing(made: list[tuple[str, int | None]], random: Any) -> None:
    articles = [staged(key, i, published_at=number and day(number)) for i, (key, number) in enumerate(made)]
    shuffled = random.sample(articles, len(articles))
    assert kinds(*shuffled) == kinds(*articles)
    kept = [decision for decision in kinds(*articles).values() if decision.kind != REPEATED]
    assert len(kept) == len({key for key, _ in made})
    assert [decision.kind for decision in kept].count(CANONICAL) == 1


def test_the_stages_put_down_judge_and_take(make_article: Any, tmp_path: Path) -> None:
    texts = {"a": PROSE, "b": PROSE, "c": PROSE + " Another story.", "d": PROSE}
    articles = [make_article(url=url, text=text, source_offset=i) for i, (url, text) in enumerate(texts.items())]
    articles.append(make_article(url="c", text=texts["c"] + "\n\nShare.", source_offset=9))
    cleaned = run_stages([CleanArticles(), SketchTexts(near=False)], articles)
    sketched = [outcome.kept for outcome in cleaned]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        kept = pipeline | beam.Create(sketched) | CheckpointArticles(str(tmp_path))
        outlets = beam.pvalue.AsSingleton(kept | LearnOutlets())
        layout = beam.pvalue.AsSingleton(kept | ChooseLayout("year"))
        judged = kept | JudgeCopies()
        taken = judged.decisions | RestoreArticles(select_furniture, outlets, name_outlet, layout)
        copies = taken.written | beam.Filter(lambda item: isinstance(item, Document)) | beam.Map(lambda it: it.article)
        both = (taken.kept, copies) | beam.Flatten()
        assert_that(both | beam.Map(lambda article: article.partition_by), equal_to(["year"] * 4), label="layout")
        urls = both | "Url" >> beam.Map(lambda article: (article.url, article.duplicate is None))
        rejects = taken.written | "Rejects" >> beam.Filter(lambda item: isinstance(item, Reject))
        rejects |= "Reason" >> beam.Map(lambda item: (item.stage, item.reason, item.source_offset))
        assert_that(rejects, equal_to([("dedupe", "repeated_record", 9)]), label="rejects")
        assert_that(urls | "Names" >> beam.Keys(), equal_to(["a", "b", "c", "d"]), label="kept")
        assert_that(urls | "Roles" >> beam.Values(), equal_to([True, True, False, False]), label="kinds")
