"""A finished run that no job wrote: tables of any size that keep the contract, made up from a seed.

For measuring and testing what reads tables, where running the job would take too long or wouldn't give what is needed.
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.records import Stance
from schemas.rows import ArticleRow, EntityRow, IdentityRow, MentionRow, RejectRow, SentenceRow
from schemas.tables import MANIFEST, TABLES
from transforms.assemble.rows import sentiment_label
from transforms.names.places import City, load_gazetteer
from transforms.runtime.identity import digest
from transforms.sentiment.aggregate import standard_error

FIRST = (
    "Ada",
    "Bela",
    "Carl",
    "Dora",
    "Emil",
    "Fatima",
    "Hana",
    "Ivo",
    "Karim",
    "Lena",
    "Milan",
    "Nora",
    "Omar",
    "Uma",
)
SYLLABLES = ("ba", "ko", "ri", "sten", "mar", "lo", "vic", "han", "ders", "ova", "mir", "al", "den", "kro", "pe", "tu")
WORDS = (
    *("the", "council", "a", "minister", "said", "on", "Monday", "that", "talks", "with", "markets", "over", "prices"),
    *("had", "stalled", "after", "voters", "rejected", "plans", "for", "new", "ports", "while", "officials", "praised"),
    *("workers", "and", "critics", "feared", "losses", "in", "winter", "as", "storms", "reached", "coasts", "again"),
)
TEXT_SENTENCES = 14
NEUTRAL = 0.1
START = datetime(2024, 1, 1, tzinfo=UTC)
ROWS_PER_FILE = 50_000


@dataclass(frozen=True)
class Known:
    """An entity of the made-up world: `lean` is the tone in which it is mostly spoken of."""

    name: str
    label: str
    lean: float
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def entity_id(self) -> str:
        """As a run would name it: from name and kind alone."""
        return digest(self.name, self.label)


@dataclass
class World:
    """What articles are made of.

    Attributes:
        random: where chance comes from.
        entities: those that can be named, the most frequent first.
        outlets: sources, the most frequent first.
        titles: headlines to use in turn; empty for made-up ones.
    """

    random: random.Random
    entities: Sequence[Known]
    outlets: Sequence[str]
    titles: Sequence[str] = ()
    weights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Names in the news follow Zipf's law, near enough.
        self.weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.entities))))


def make_world(seed: int, size: int = 4000) -> World:
    """A world of so many people and organisations, and the world's larger cities."""
    chance = random.Random(seed)
    found: dict[str, Known] = {}
    known = {city for found in load_gazetteer().cities.values() for city in found[:1]}
    cities = sorted(known, key=_size, reverse=True)[:400]
    while len(found) < size:
        last = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()
        lean = max(-0.9, min(0.9, chance.gauss(0, 0.3)))
        if len(found) % 4 == 3:
            name, label = f"{last} {chance.choice(('Group', 'Union', 'Institute', 'Bank'))}", "ORG"
        else:
            name, label = f"{chance.choice(FIRST)} {last}", "PERSON"
        found.setdefault(name, Known(name, label, lean))
    places = [Known(city.name, "GPE", chance.gauss(0, 0.15), *city.place) for city in cities]
    entities = list(found.values())
    for index, place in enumerate({place.name: place for place in places}.values()):
        entities.insert(index * 5, place)
    return World(chance, entities, [f"paper-{number}.example" for number in range(60)])


def _size(city: City) -> tuple[int, str]:
    return city.population, city.name


@dataclass
class _Rows:
    """The rows of a run on their way to files."""

    articles: list[ArticleRow] = field(default_factory=list)
    sentences: list[SentenceRow] = field(default_factory=list)
    mentions: list[MentionRow] = field(default_factory=list)
    entities: list[EntityRow] = field(default_factory=list)
    identities: list[IdentityRow] = field(default_factory=list)
    rejects: list[RejectRow] = field(default_factory=list)


def make_run(output: Path, count: int, world: World) -> Path:
    """Write a run of about `count` articles, of which every seventh is a copy, and a few rejects."""
    rows = _Rows()
    originals: list[ArticleRow] = []
    for number in range(count):
        if number % 7 == 6 and originals:
            rows.articles.append(_copy(world.random.choice(originals[-200:]), number, world))
        else:
            originals.append(_article(number, world, rows))
            rows.articles.append(originals[-1])
    rows.identities = _identities(rows.entities)
    for number in range(max(1, count // 50)):
        payload = json.dumps({"title": f"Broken {number}", "text": None}).encode()
        rows.rejects.append(
            RejectRow(
                "dump.jsonl",
                10**9 + number,
                "parse",
                "no_text_field",
                "holds NoneType, not text",
                False,
                len(payload),
                None,
                payload,
            )
        )
    _write(output, rows)
    return output


def _article(number: int, world: World, rows: _Rows) -> ArticleRow:
    chance = world.random
    named = chance.choices(world.entities, cum_weights=world.weights, k=6)
    url = f"https://news.example/{number}"
    text, spans, places = _text(named, chance)
    content_hash = digest(text)
    key = digest(json.dumps(["url", url]), content_hash)
    found: dict[str, list[MentionRow]] = defaultdict(list)
    scores = []
    for index, (start, end, inside) in enumerate(spans):
        quoted = chance.random() < 0.2
        score = max(-1.0, min(1.0, chance.gauss(0, 0.3) + (inside[0][2].lean if inside else 0)))
        scores.append(score)
        speaker = inside[0][2] if quoted and inside and inside[0][2].label == "PERSON" else None
        rows.sentences.append(
            SentenceRow(
                key,
                index,
                start,
                end,
                score,
                sentiment_label(score, NEUTRAL),
                quoted,
                speaker and speaker.name,
                speaker and speaker.entity_id,
            )
        )
        for low, high, entity in inside:
            mention = MentionRow(
                key,
                places.index((low, high)),
                index,
                low,
                high,
                text[low:high],
                entity.label,
                entity.entity_id,
                score,
                sentiment_label(score, NEUTRAL),
                None,
                None,
                None,
                quoted,
            )
            rows.mentions.append(mention)
            found[entity.entity_id].append(mention)
    by_id = {entity.entity_id: entity for entity in named}
    rows.entities += [_entity(by_id[entity_id], mentions, len(text)) for entity_id, mentions in found.items()]
    mean = statistics.fmean(scores)
    title = (
        world.titles[number % len(world.titles)] if world.titles else f"{named[0].name} and the {chance.choice(WORDS)}"
    )
    published = START + timedelta(seconds=chance.randrange(366 * 86400)) if number % 20 else None
    for found_rows in (rows.sentences, rows.mentions, rows.entities):
        timed = [row._replace(article_time=published) if row.article_id == key else row for row in found_rows[-200:]]
        found_rows[-200:] = timed
    outlet = _outlet(world)
    return ArticleRow(
        key,
        url,
        outlet,
        "news.example",
        outlet,
        "dump.jsonl",
        number * 2000,
        title,
        None,
        published,
        None,
        "en",
        0.9,
        text,
        None,
        len(text),
        len(text) // 5,
        len(spans),
        content_hash,
        key,
        None,
        mean,
        sentiment_label(mean, NEUTRAL),
    )


def _outlet(world: World) -> str:
    return world.outlets[min(int(world.random.expovariate(0.12)), len(world.outlets) - 1)]


def _text(
    named: Sequence[Known], chance: random.Random
) -> tuple[str, list[tuple[int, int, list[tuple[int, int, Known]]]], list[tuple[int, int]]]:
    """A text, the spans of its sentences with the mentions in each, and the spans of all mentions."""
    text, spans, places = "", [], []
    for _ in range(TEXT_SENTENCES):
        start, inside = len(text), []
        for _ in range(chance.randint(0, 3)):
            text += " ".join(chance.choices(WORDS, k=chance.randint(2, 7))) + " "
            entity = chance.choice(named)
            inside.append((len(text), len(text) + len(entity.name), entity))
            text += entity.name + " "
        text += " ".join(chance.choices(WORDS, k=6)) + "."
        spans.append((start, len(text), inside))
        places += [(low, high) for low, high, _ in inside]
        text += " "
    return text.strip(), spans, places


def _identities(entities: Sequence[EntityRow]) -> list[IdentityRow]:
    """Every entity as itself."""
    found: dict[str, list[EntityRow]] = defaultdict(list)
    for row in entities:
        found[row.entity_id].append(row)
    return [
        IdentityRow(
            *(key, same[0].name, same[0].label),
            *(key, same[0].name, same[0].label),
            *(1.0, "name", len(same), sum(row.mention_count for row in same)),
        )
        for key, same in found.items()
    ]


def _entity(entity: Known, mentions: Sequence[MentionRow], length: int) -> EntityRow:
    scores = [mention.sentiment for mention in mentions if mention.sentiment is not None]
    unquoted = [mention.sentiment for mention in mentions if mention.sentiment is not None and not mention.quoted]
    mean, own = statistics.fmean(scores), statistics.fmean(unquoted) if unquoted else None
    labels = [mention.sentiment_label for mention in mentions]
    shares = Stance(*(labels.count(name) / len(labels) for name in Stance._fields))
    return EntityRow(
        mentions[0].article_id,
        entity.entity_id,
        entity.name,
        entity.label,
        len(mentions),
        mentions[0].start_char,
        1 - mentions[0].start_char / length,
        mean,
        sentiment_label(mean, NEUTRAL),
        len(scores),
        *shares,
        statistics.pstdev(scores),
        standard_error(shares, len(scores)),
        own,
        sentiment_label(own, NEUTRAL),
        entity.country_code,
        entity.latitude,
        entity.longitude,
    )


def _copy(original: ArticleRow, number: int, world: World) -> ArticleRow:
    url = f"https://news.example/{number}"
    published = original.published_at + timedelta(hours=world.random.randint(0, 40)) if original.published_at else None
    return original._replace(
        article_id=digest(json.dumps(["url", url]), original.content_hash),
        url=url,
        source=(outlet := _outlet(world)),
        outlet=outlet,
        source_offset=number * 2000,
        published_at=published,
        duplicate="exact",
        sentiment=None,
        sentiment_label=None,
        token_count=None,
        sentence_count=None,
    )


def _write(output: Path, rows: _Rows) -> None:
    tables = {name: {"rows": 0, "files": 0, "bytes": 0} for name in TABLES}
    files: dict[str, list[tuple[str, int, int]]] = {}
    for name in TABLES:
        inside = getattr(rows, name)
        (output / name).mkdir(parents=True)
        for number, start in enumerate(range(0, len(inside), ROWS_PER_FILE)):
            path = output / name / f"part-{number:05d}-made.parquet"
            some = inside[start : start + ROWS_PER_FILE]
            _write_file(path, name, some)
            size = path.stat().st_size
            files.setdefault(name, []).append((str(path.relative_to(output)), len(some), size))
            for key, value in (("rows", len(some)), ("files", 1), ("bytes", size)):
                tables[name][key] += value
    copies = Counter(row.duplicate or "canonical" for row in rows.articles)
    records = len(rows.articles) + len(rows.rejects)
    manifest = {
        "run_id": "20250101T000000-made",
        "newsbeam": "0.2.0",
        "started_at": "2025-01-03T00:00:00+00:00",
        "finished_at": "2025-01-03T01:00:00+00:00",
        "options": {},
        "sentiment": {"engine": "made", "model": "made", "version": "0", "neutral": NEUTRAL},
        "models": {"en": {"name": "made", "version": "0", "sha256": "", "engine": ["newsbeam"]}},
        "ledger": {"records": records, "articles": len(rows.articles), "rejects": len(rows.rejects)},
        "articles": dict(copies),
        "rejects": {"parse.no_text_field": len(rows.rejects)},
        "skipped": {},
        "tables": tables,
        "files": files,
    }
    (output / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _write_file(path: Path, name: str, rows: Sequence[Any]) -> None:
    schema = TABLES[name].schema
    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")
