"""Near copies: stories changed as outlets change them are found, stories of the same event stay apart."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.runner import local_runner
from schemas.files import CheckpointedArticle, CopyDecision
from transforms.dedupe import EXACT, NEAR, NONE
from transforms.dedupe.buckets import Original, pack, pairs_of, partners, rows_of
from transforms.dedupe.components import ROUNDS, Edge, FindComponents, large_star, small_star
from transforms.dedupe.copies import JudgeCopies
from transforms.dedupe.sketch import bands, near, similarity, sketch_text
from transforms.runtime.identity import digest

WORDS = [f"{a}{b}{c}" for a in ("ka", "lo", "mi", "nu", "pe") for b in ("r", "s", "t", "v") for c in ("an", "el", "on")]


def story(seed: int, length: int = 400) -> list[str]:
    """Paragraphs of words drawn at random."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=50)) + "." for _ in range(length // 50)]


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


def test_a_bucket_of_any_size_gives_each_member_two_partners() -> None:
    members = [(number % 7, b"n%04d" % number) for number in range(3000)]
    pairs = list(partners(members))
    assert len(pairs) < 2 * len(members)
    assert all(left < right for left, right in pairs)
    assert {node for pair in pairs for node in pair} == {node for _, node in members}
    assert list(partners(members[:1])) == []


def test_pairs_are_those_that_share_a_band() -> None:
    texts = [story(1), [*story(1), *story(2)[:1]], story(3), story(1)[:6], story(4)]
    sketches = [sketch_text("\n".join(parts)) for parts in texts]
    originals = [Original(b"%016d" % place, sketch) for place, sketch in enumerate(sketches) if sketch]
    shared = {
        (left.node, right.node)
        for left in originals
        for right in originals
        if left.node < right.node and set(bands(left.sketch)) & set(bands(right.sketch))
    }
    packets: dict[int, list[bytes]] = {}
    for some in (originals[:2], originals[2:]):
        for part, packet in pack(*rows_of(some)):
            packets.setdefault(part, []).append(packet)
    found = {pair for group in packets.values() for pair in pairs_of(group)}
    # A bucket of three gives two pairs, which join all of them.
    assert found <= shared
    assert least(found) == least(shared)
    assert len(least(found)) == 3


def least(edges: Iterable[Edge]) -> dict[bytes, bytes]:
    """Every node's component by its least node: the plain way."""
    roots: dict[bytes, bytes] = {}

    def root(node: bytes) -> bytes:
        while roots.setdefault(node, node) != node:
            node = roots[node]
        return node

    for left, right in edges:
        low, high = sorted((root(left), root(right)))
        roots[high] = low
    return {node: root(node) for node in list(roots)}


def alternate(edges: set[Edge], rounds: int) -> set[Edge]:
    """The rounds of `FindComponents`, without Beam."""
    for _ in range(rounds):
        ways = {(a, b) for edge in edges for a, b in (edge, edge[::-1])}
        edges = {edge for node in {a for a, _ in ways} for edge in large_star(node, [b for a, b in ways if a == node])}
        down = {(max(edge), min(edge)) for edge in edges}
        edges = {edge for node in {a for a, _ in down} for edge in small_star(node, [b for a, b in down if a == node])}
    return edges


@given(st.sets(st.tuples(st.integers(0, 25), st.integers(0, 25)).filter(lambda pair: pair[0] != pair[1]), max_size=40))
def test_components_are_found_in_the_rounds_there_are(numbers: set[tuple[int, int]]) -> None:
    edges = {(b"%02d" % a, b"%02d" % b) for a, b in numbers}
    expected = {(node, root) for node, root in least(edges).items() if node != root}
    assert alternate(edges, ROUNDS) == expected


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_very_long_path_is_joined_in_the_rounds_there_are(seed: int) -> None:
    order = random.Random(seed).sample(range(100, 350), 250) if seed else list(range(100, 350))
    path = {(b"%d" % a, b"%d" % b) for a, b in pairwise(order)}
    assert alternate(path, ROUNDS) == {(b"%d" % node, b"100") for node in range(101, 350)}


def test_a_long_path_is_one_component() -> None:
    order = random.Random(5).sample(range(100), 100)
    path = {(b"%02d" % a, b"%02d" % b) for a, b in pairwise(order)}
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        found = pipeline | beam.Create(sorted(path)) | FindComponents()
        assert_that(found, equal_to([(b"%02d" % node, b"00") for node in range(1, 100)]))


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
        (NEAR, ["canonical", "near a", "exact a", "canonical", "near a", "canonical"]),
        (EXACT, ["canonical", "canonical", "exact b", "canonical", "canonical", "canonical"]),
        (NONE, ["canonical"] * 6),
    ],
)
def test_clusters_point_at_their_first(mode: str, kinds: list[str]) -> None:
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
        found = judged | beam.Map(spell_out)
        assert_that(found, equal_to(list(enumerate(kinds))))
