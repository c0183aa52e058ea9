"""The answers of the views, counted once more in plain Python from the rows of the tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import newsbeam

Row = dict[str, Any]


class Counted:
    """The rows of a run, and who is named in each story."""

    def __init__(self, output: Path) -> None:
        self.rows: dict[str, list[Row]] = {
            table: pq.read_table(output / table, partitioning=None).to_pylist()
            for table in ("articles", "sentences", "mentions", "entities", "identities")
        }
        self.articles = {row["article_id"]: row for row in self.rows["articles"]}
        self.stories = {key: row for key, row in self.articles.items() if row["duplicate"] is None}
        self.identity = {row["entity_id"]: row for row in self.rows["identities"]}
        self.named: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows["entities"]:
            self.named[row["article_id"]][self.identity[row["entity_id"]]["identity_id"]].append(row)
        self.label = {row["identity_id"]: row["identity_label"] for row in self.rows["identities"]}

    def each(self) -> Iterator[tuple[Row, str, list[Row]]]:
        """(Story, identity, its entities there)."""
        for article_id, identities in self.named.items():
            for identity_id, entities in identities.items():
                yield self.stories[article_id], identity_id, entities


@pytest.fixture(scope="module")
def counted(sample: Path) -> Counted:
    return Counted(sample)


def ask(output: Path, query: str) -> list[tuple[Any, ...]]:
    with newsbeam.open(output) as tables:
        return tables.sql(query).fetchall()


def test_who_is_named_most_and_on_which_day(sample: Path, counted: Counted) -> None:
    stories, mentions, days = Counter[str](), Counter[str](), Counter[Any]()
    for story, key, entities in counted.each():
        stories[key] += 1
        mentions[key] += sum(row["mention_count"] for row in entities)
        if counted.label[key] == "PERSON":
            days[key, story["published_at"] and story["published_at"].date()] += 1
    found = ask(sample, "SELECT identity_id, articles, mentions FROM names")
    assert {row[0]: row[1:] for row in found} == {key: (stories[key], mentions[key]) for key in stories}
    assert {row[:2]: row[2] for row in ask(sample, "SELECT identity_id, day, articles FROM people_by_day")} == days


def test_who_is_named_with_whom(sample: Path, counted: Counted) -> None:
    pairs: Counter[tuple[str, ...]] = Counter()
    for identities in counted.named.values():
        pairs.update(combinations(sorted(k for k in identities if counted.label[k] in ("PERSON", "ORG", "GPE")), 2))
    found = ask(sample, "SELECT identity_id, other_id, articles FROM named_together")
    assert {row[:2]: row[2] for row in found} == pairs


def test_how_outlets_speak_of_a_name(sample: Path, counted: Counted) -> None:
    tones: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for story, key, entities in counted.each():
        scored = [row for row in entities if row["sentiment"] is not None]
        n = sum(row["sentiment_count"] for row in scored)
        if story["outlet"]:
            tone = sum(row["sentiment"] * row["sentiment_count"] for row in scored) / n if n else None
            tones[key, story["outlet"]].append(tone)
    for key, outlet, articles, tone in ask(
        sample, "SELECT identity_id, outlet, articles, sentiment FROM outlets_on_names"
    ):
        expected = tones.pop((key, outlet))
        known = [value for value in expected if value is not None]
        assert articles == len(expected)
        assert tone == (pytest.approx(sum(known) / len(known), abs=1e-5) if known else None)
    assert not tones


def test_who_speaks_and_what_is_said_in_quotations(sample: Path, counted: Counted) -> None:
    sentences: Counter[tuple[Any, str]] = Counter()
    for row in counted.rows["sentences"]:
        if row["speaker"]:
            who = counted.identity.get(row["speaker_id"], {"identity_id": None, "identity_name": row["speaker"]})
            sentences[who["identity_id"], who["identity_name"]] += 1
    found = ask(sample, "SELECT speaker_id, speaker, sentences FROM speakers")
    assert {row[:2]: row[2] for row in found} == sentences
    voices: dict[tuple[str, Any], list[int]] = defaultdict(lambda: [0, 0])
    for row in counted.rows["mentions"]:
        if row["entity_id"]:
            key = counted.identity[row["entity_id"]]["identity_id"]
            voices[key, counted.stories[row["article_id"]]["outlet"]][row["quoted"]] += 1
    found = ask(sample, "SELECT identity_id, outlet, own_mentions, quoted_mentions FROM own_voice")
    assert {row[:2]: list(row[2:]) for row in found} == voices


def test_reprints(sample: Path, counted: Counted) -> None:
    printed = Counter(row["canonical_id"] for row in counted.articles.values())
    spread = {key: count for key, count in printed.items() if count > 1}
    assert dict(ask(sample, "SELECT canonical_id, printed FROM story_spread")) == spread
    every = Counter(key for row in counted.articles.values() for key in counted.named.get(row["canonical_id"], ()))
    assert dict(ask(sample, "SELECT identity_id, articles FROM names_with_copies")) == every
    outlets = Counter(row["outlet"] for row in counted.articles.values())
    copies = Counter(row["outlet"] for row in counted.articles.values() if row["duplicate"])
    found = ask(sample, "SELECT outlet, articles, copies FROM outlets")
    assert {row[0]: row[1:] for row in found} == {key: (outlets[key], copies[key]) for key in outlets}


def test_places_and_languages(sample: Path, counted: Counted) -> None:
    places = Counter(key for _, key, _ in counted.each() if counted.label[key] == "GPE")
    assert dict(ask(sample, "SELECT identity_id, articles FROM places")) == places
    languages = Counter(row["language"] for row in counted.articles.values())
    assert dict(ask(sample, "SELECT language, articles FROM languages")) == languages
