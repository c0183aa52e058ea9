"""Near copies: stories changed as outlets change them are found, stories of the same event stay apart."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.made_copies import LOOK_ALIKES, MORE_CHANGES, live_blog, quoting_reply, round_up
from pipeline.local.runner import local_runner
from schemas.files import CheckpointedArticle, CopyDecision
from transforms.dedupe import EXACT, NEAR, NONE, copies
from transforms.dedupe.buckets import BEFORE, FIRST, Original, Pair, band_rows, pack, pairs_of, partners, rows_of
from transforms.dedupe.copies import JudgeCopies
from transforms.dedupe.exact import seniority
from transforms.dedupe.sketch import BANDS, Sketch, bands, near, similarity, sketch_text
from transforms.dedupe.stars import Edge, FindStars, choose
from transforms.runtime.identity import digest

WORDS = [f"{a}{b}{c}" for a in ("ka", "lo", "mi", "nu", "pe") for b in ("r", "s", "t", "v") for c in ("an", "el", "on")]


def story(seed: int, length: int = 400, *, own: bool = False) -> list[str]:
    """Paragraphs of words drawn at random; `own`: from words that no story of another seed has."""
    rng = random.Random(seed)
    words = [f"{word}{seed}" for word in WORDS] if own else WORDS
    return [" ".join(rng.choices(words, k=50)) + "." for _ in range(length // 50)]


def alike(left: list[str], right: list[str]) -> bool:
    sketches = sketch_text("\n\n".join(left)), sketch_text("\n\n".join(right))
    assert sketches[0] and sketches[1]
    return near(sketches[0], sketches[1])


@pytest.mark.parametrize(
    "changed",
    [
        story(1)[:5],
        [*story(1), *story(2)[:1]],
        [*story(2)[:1], *story(1)[:7], *story(3)[:1]],
        [*story(1)[:3], story(2)[0], *story(1)[3:]],
        [part.replace("kar", "kor") for part in story(1)],
        [part.upper().replace(" ", "  ") for part in story(1)],
    ],
    ids=["cut tail", "added paragraph", "other frame", "paragraph inside", "edited", "typography"],
)
def test_what_outlets_do_to_a_story_leaves_a_near_copy(changed: list[str]) -> None:
    assert alike(story(1), changed)


@pytest.mark.parametrize(
    "other",
    [story(2), [*story(1)[:1], *story(2)], [*story(1)[:3], *story(2)[3:]], [*story(1)[:2], *story(2, 100)]],
    ids=["another", "same lead", "shared background", "short with a shared half"],
)
def test_stories_that_share_less_stay_apart(other: list[str]) -> None:
    assert not alike(story(1), other)


def test_a_text_without_spaces_has_shingles_of_characters() -> None:
    text = "".join(chr(0x4E00 + number * 7) for number in range(300))
    whole, cut, other = sketch_text(text), sketch_text(text[:240]), sketch_text(text[::-1])
    assert whole and cut and other
    assert near(whole, cut) and not near(whole, other)


@pytest.mark.parametrize("text", ["", "a b c", "one two three four five six seven eight nine ten eleven twelve"])
def test_short_texts_have_no_near_copies(text: str) -> None:
    assert sketch_text(text) is None


@pytest.mark.parametrize("shared", [20, 60, 120, 180])
def test_similarity_is_estimated_within_its_error(shared: int) -> None:
    left = [f"w{number}" for number in range(203)]
    right = [*left[: shared + 3], *(f"x{number}" for number in range(200 - shared))]
    sketches = sketch_text(" ".join(left)), sketch_text(" ".join(right))
    assert sketches[0] and sketches[1]
    jaccard, contained = similarity(*sketches)  # type: ignore[arg-type]
    assert jaccard == pytest.approx(shared / (400 - shared), abs=0.12)
    assert contained == pytest.approx(shared / 200, abs=0.15)


def test_a_bucket_of_any_size_gives_each_member_few_partners() -> None:
    members = [(number, b"n%04d" % number) for number in range(3000)]
    nodes = [node for _, node in members]
    pairs = set(partners(members))
    assert len(pairs) <= (FIRST + BEFORE) * len(members)
    assert all(senior < junior for senior, junior in pairs)
    # Everyone meets the first, and the one just before.
    assert pairs >= {(nodes[0], node) for node in nodes[1:]} | set(pairwise(nodes))
    assert list(partners(members[:1])) == []


def test_partners_are_near_in_time() -> None:
    members = [(10 * number, b"n%02d" % number) for number in range(40)]
    pairs = list(partners(members, 200))
    assert len(set(pairs)) == len(pairs)
    of_last = {senior for senior, junior in pairs if junior == b"n39"}
    assert of_last == {b"n%02d" % number for number in (19, 20, 21, 22, 35, 36, 37, 38)}
    assert set(partners(members, 9)) == set()


def test_pairs_are_those_that_share_a_band() -> None:
    texts = [story(1), [*story(1), *story(2)[:1]], story(3), story(1)[:6], story(4)]
    sketches = [sketch_text("\n".join(parts)) for parts in texts]
    originals = [Original(b"%016d" % place, sketch) for place, sketch in enumerate(sketches) if sketch]
    shared = {
        (left.node, right.node)
        for left in originals
        for right in originals
        if left.node < right.node and numbered(left.sketch) & numbered(right.sketch)
    }
    packets: dict[int, list[bytes]] = {}
    for some in (originals[:2], originals[2:]):
        for part, packet in pack(*rows_of(some, 64)):
            packets.setdefault(part, []).append(packet)
    found = {pair for group in packets.values() for pair in pairs_of(group)}
    assert found == {Pair(*pair) for pair in shared}
    assert len(shared) == 3


def numbered(sketch: Sketch) -> set[tuple[int, int]]:
    return set(enumerate(bands([sketch])[0].tolist()))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=30), st.sampled_from([2, 5, 1 << 30]))
def test_pairs_that_an_earlier_run_has_compared_are_known_and_no_others(
    made: list[tuple[int, bool]], seconds: int
) -> None:
    """All in one bucket; each with a second, and whether an earlier run knows it."""

    def rows(places: list[int], *, stored: bool) -> bytes:
        ages = np.array([made[place][0] << 27 for place in places], np.uint64)
        nodes = b"".join(b"%016d" % place for place in places)
        return band_rows(nodes, ages, np.zeros((len(places), BANDS), np.uint32), 1, stored=stored)[0].tobytes()

    old, new = ([place for place, (_, stored) in enumerate(made) if stored == wanted] for wanted in (True, False))
    found = pairs_of([rows(new, stored=False), rows(old, stored=True)], seconds)
    # The pairs are those of one run over all.
    every = pairs_of([rows([*old, *new], stored=False)], seconds)
    assert {pair[:2] for pair in found} == {pair[:2] for pair in every}
    before = {pair[:2] for pair in pairs_of([rows(old, stored=False)], seconds)}
    assert {pair[:2] for pair in found if pair.known} == {pair[:2] for pair in found} & before


def test_age_orders_as_seniority_does() -> None:
    made = [
        staged("a", ["x" * 90], 0, published_at=datetime(2020, 1, 1, tzinfo=UTC)),
        staged("b", ["x" * 80], 1, published_at=datetime(2020, 1, 1, tzinfo=UTC)),
        staged("c", ["x" * 99], 2, published_at=datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC)),
        staged("d", ["x" * 99], 3),
        staged("e", ["x" * 9], 4),
    ]
    ages = [Original(b"", Sketch(b"", 0), seniority(article)).age for article in made]
    assert ages == sorted(ages)
    assert len(set(ages)) == len(ages)
    assert sorted(made, key=seniority) == made


@pytest.mark.parametrize("size", [2, 17, 100_000])
def test_a_chain_is_right_however_long(size: int) -> None:
    nodes = [b"%06d" % number for number in range(size)]
    chain: list[Any] = [(node, node, [(before, before, False)]) for before, node in pairwise(nodes)]
    chain.append((nodes[0], nodes[0], []))
    random.Random(1).shuffle(chain)
    # Every second one stands for itself and for the next; nobody is joined to one that isn't a neighbour.
    assert dict(choose(chain)) == {node: before for before, node in list(pairwise(nodes))[::2]}


def solve(edges: set[tuple[int, int]]) -> dict[int, int]:
    """The centres of copies in a graph whose nodes are numbered by seniority: the plain way."""
    centre: dict[int, int] = {}
    for node in sorted({node for edge in edges for node in edge}):
        found = sorted(a for a, b in edges if b == node and a not in centre)
        if found:
            centre[node] = found[0]
    return centre


def stars_of(edges: set[tuple[int, int]]) -> dict[int, int]:
    """The same by the pipeline's steps, without Beam."""
    seniors: dict[int, set[int]] = {}
    for senior, junior in edges:
        seniors.setdefault(junior, set()).add(senior)
    decided, rest = {}, []
    for junior, found in seniors.items():
        neighbours = sorted((b"%03d" % senior, b"%03d" % senior, senior not in seniors) for senior in found)
        if neighbours[0][2]:
            decided[junior] = int(neighbours[0][0])
        else:
            rest.append((b"%03d" % junior, b"%03d" % junior, neighbours))
    return decided | {int(node): int(centre) for node, centre in choose(rest)}


@given(st.sets(st.tuples(st.integers(0, 25), st.integers(0, 25)).filter(lambda pair: pair[0] < pair[1]), max_size=60))
def test_deciding_what_is_plain_first_changes_no_answer(edges: set[tuple[int, int]]) -> None:
    assert stars_of(edges) == solve(edges)


def test_stars_in_a_pipeline_are_those_of_the_plain_way() -> None:
    rng = random.Random(4)
    edges = {(a, b) for a, b in ((rng.randrange(60), rng.randrange(60)) for _ in range(120)) if a < b}
    made = [((b"%03d" % junior,) * 2, (b"%03d" % senior,) * 2) for senior, junior in sorted(edges)]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        found = pipeline | beam.Create(made).with_output_types(Edge) | FindStars()
        assert_that(found, equal_to([(b"%03d" % node, b"%03d" % centre) for node, centre in solve(edges).items()]))


def staged(name: str, parts: list[str], index: int, **over: Any) -> CheckpointedArticle:
    text = "\n\n".join(parts)
    known: dict[str, Any] = {"content_hash": digest(text), "path": "file", "index": index, "published_at": None}
    sketch = sketch_text(text)
    return CheckpointedArticle(
        name, **{**known, "char_count": len(text), "rank": "", "place": ("f", index), "sketch": sketch, **over}
    )


def spell_out(judged: tuple[str, CopyDecision]) -> tuple[int, str]:
    decision = judged[1]
    return decision.index, f"{decision.kind} {decision.canonical_id}" if decision.kind in (
        NEAR,
        EXACT,
    ) else decision.kind


@pytest.mark.parametrize(
    ("mode", "kinds"),
    [
        (NEAR, ["canonical", "near a", "near a", "canonical", "near a", "canonical"]),
        (EXACT, ["canonical", "canonical", "exact b", "canonical", "canonical", "canonical"]),
        (NONE, ["canonical"] * 6),
    ],
)
def test_copies_point_at_what_they_are_copies_of(mode: str, kinds: list[str]) -> None:
    one, two = story(1), story(2)
    articles = [
        staged("a", [*one, *story(3)[:1]], 0),
        staged("b", one, 1),
        staged("c", one, 2),
        staged("d", two, 3),
        staged("e", one[:5], 4),
        staged("f", ["Too short."], 5, sketch=None),
    ]
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        judged = pipeline | beam.Create(articles) | JudgeCopies(mode)
        found = judged.decisions | beam.Map(spell_out)
        assert_that(found, equal_to(list(enumerate(kinds))))


def judged(articles: list[CheckpointedArticle], mode: str = NEAR) -> dict[int, CopyDecision]:
    found: list[Any] = []
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        decisions = (pipeline | beam.Create(articles) | JudgeCopies(mode)).decisions
        _ = decisions | beam.Map(spell) | beam.combiners.ToList() | beam.Map(record)
    found.extend(RECORDED.pop())
    return {index: CopyDecision(index, kind, canonical_id) for index, kind, canonical_id in found}


RECORDED: list[list[tuple[int, str, str]]] = []


def record(found: list[tuple[int, str, str]]) -> None:
    RECORDED.append(found)


def spell(item: tuple[str, CopyDecision]) -> tuple[int, str, str]:
    return item[1].index, item[1].kind, item[1].canonical_id


def test_every_state_of_a_live_blog_is_near_the_one_that_stands_for_it() -> None:
    posts = [" ".join(random.Random(number).choices(WORDS, k=40)) + "." for number in range(150)]
    states = live_blog(posts)
    start = datetime(2024, 5, 1, tzinfo=UTC)
    made = [
        staged(f"s{number:03d}", state, number, published_at=start + timedelta(minutes=number))
        for number, state in enumerate(states)
    ]
    found = judged(made)
    texts = {article.article_id: sketch_text("\n\n".join(state)) for article, state in zip(made, states, strict=True)}
    copies = [(made[index].article_id, decision) for index, decision in found.items() if decision.kind == NEAR]
    assert len(copies) > len(states) / 2
    for article_id, decision in copies:
        own, canonical = texts[article_id], texts[decision.canonical_id]
        assert own and canonical and near(own, canonical)
        assert found[int(decision.canonical_id[1:])].kind == "canonical"


def test_a_round_up_joins_nobody() -> None:
    for seed in range(4):
        one, two, three = (story(number, own=True) for number in range(seed * 3, seed * 3 + 3))
        texts = [one, two, three, round_up(one, two), round_up(three, one, two)]
        found = judged([staged(f"a{number}", parts, number) for number, parts in enumerate(texts)])
        assert [found[index].kind for index in range(3)] == ["canonical"] * 3


@pytest.mark.parametrize("paragraphs", [7, 8])
def test_a_story_that_is_two_thirds_of_a_page_is_no_copy_of_it_and_two_thirds_of_a_story_are(paragraphs: int) -> None:
    for seed in range(6):
        one, two = story(2 * seed, 600, own=True), story(2 * seed + 1, 600, own=True)
        first, rest = one[:paragraphs], 12 - paragraphs
        assert not alike(first, [*first, *two[:rest]])
        assert not alike(first, [*two[:rest], *first])
        # A page that goes on with the same story is this story, cut.
        assert alike(first, one)


def test_a_reply_is_no_copy_of_what_it_quotes() -> None:
    message, other = story(1), story(2)
    replies = [quoting_reply(message, story(number)[:1]) for number in (3, 4)]
    found = judged(
        [staged(f"a{number}", [text], number) for number, text in enumerate(["\n\n".join(message), *replies])]
        + [staged("other", other, 3)]
    )
    assert {decision.kind for decision in found.values()} == {"canonical"}


@pytest.mark.parametrize("form", LOOK_ALIKES, ids=lambda form: form.__name__)
def test_forms_filled_with_other_data_stay_apart(form: Any) -> None:
    rng = random.Random(2)
    found = judged([staged(f"a{number}", [form(rng)], number) for number in range(20)])
    assert {decision.kind for decision in found.values()} == {"canonical"}


@pytest.mark.parametrize("change", MORE_CHANGES, ids=lambda change: change.__name__)
def test_scans_capitals_and_credits_leave_a_copy(change: Any) -> None:
    rng = random.Random(2)
    assert sum(alike(story(seed, 800), change(story(seed, 800), story(99), rng)) for seed in range(10)) >= 9


def test_a_content_that_many_have_is_judged_in_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "SHARE", 10)
    near_one = [*story(1), *story(2)[:1]]
    made = [staged(f"a{number:02d}", story(1), number) for number in range(45)]
    found = judged([*made, staged("b", near_one, 45)])
    assert found[45].kind == "canonical"
    assert {(found[index].kind, found[index].canonical_id) for index in range(45)} == {(NEAR, "b")}
    found = judged(made)
    assert sorted((found[index].kind, found[index].canonical_id) for index in range(45)) == [
        ("canonical", "a00"),
        *[(EXACT, "a00")] * 44,
    ]


@pytest.mark.parametrize(("size", "parts"), [(0, 16), (10 << 30, 320), (10 << 40, 327_680), (1 << 60, 1 << 20)])
def test_groups_grow_with_the_input(size: int, parts: int) -> None:
    assert copies.count_parts(size) == parts
