"""Who is who across articles: what joins, and above all what doesn't."""

from __future__ import annotations

import pickle
import random
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.local.runner import local_runner
from schemas.files import Part
from schemas.rows import BatchSet, EntityRow, IdentityRow, MentionRow, NameCountRow, TableBatch
from schemas.tables import IDENTITIES, NAME_COUNTS, WRITTEN
from transforms.identities import DecideIdentities
from transforms.identities.counting import add_counts, count_part
from transforms.identities.folding import fold
from transforms.identities.names import body_key, is_variant, person_name
from transforms.names.resolve import entity_id
from transforms.runtime.arrow import pack_batch, to_batch, unpack_batch

PERSON, ORG, NORP, GPE = "PERSON", "ORG", "NORP", "GPE"
Entity = tuple[str, str, int, dict[str, int]]
USED = ("entity_id", "article_id", "article_time")


def counts(entities: list[Entity], month: str = "") -> list[NameCountRow]:
    """(Name, kind, articles, form → articles) as rows of `_names`."""
    rows = []
    for name, label, articles, forms in entities:
        key = entity_id(name, label)
        rows.append(NameCountRow(month, key, name, label, None, articles, 2 * articles))
        rows += [NameCountRow(month, key, None, None, form, times, 0) for form, times in forms.items()]
    return rows


def _put(sets: list[BatchSet], path: str) -> None:
    batches = [unpack_batch(packed.content, IDENTITIES) for found in sets for packed in found.batches]
    Path(path).write_bytes(pickle.dumps([tuple(row.values()) for batch in batches for row in batch.to_pylist()]))


def _pack(rows: list[NameCountRow]) -> BatchSet:
    return BatchSet((TableBatch(NAME_COUNTS.name, pack_batch(to_batch(NAME_COUNTS, rows))),))


def decide(rows: list[NameCountRow], pieces: int = 1, shards: int = 64) -> list[IdentityRow]:
    """The rows of `identities`, by the steps of the pipeline, the counts in so many pieces and shards."""
    sets = [_pack(rows[start::pieces]) for start in range(pieces)]
    with tempfile.NamedTemporaryFile() as file:
        with beam.Pipeline(runner=local_runner(1)) as pipeline:
            counted = pipeline | "Rows" >> beam.Create(sets)
            held = pipeline | "Parts" >> beam.Create([])
            decided = (counted, held) | DecideIdentities(shards) | beam.combiners.ToList()
            _ = decided | beam.Map(_put, file.name)
        return sorted(IdentityRow(*row) for row in pickle.loads(Path(file.name).read_bytes()))


def names(rows: list[IdentityRow]) -> dict[tuple[str, str], str]:
    """(Name, kind) → the name of its identity."""
    return {(row.name, row.label): row.identity_name for row in rows}


CORPUS: list[Entity] = [
    ("Barack Obama", PERSON, 160, {"Obama": 107}),
    ("Michelle Obama", PERSON, 10, {"Obama": 3, "Michelle": 2}),
    ("Obama", PERSON, 219, {}),
    ("OBAMA", ORG, 1, {}),
    ("Donald Trump", PERSON, 282, {"Trump": 238, "Donald J. Trump": 9}),
    ("Donald J. Trump", PERSON, 13, {"Trump": 12}),
    ("Donald Trump Jr.", PERSON, 8, {"Trump": 3}),
    ("Trump Donald", PERSON, 2, {}),
    ("Trump", PERSON, 155, {}),
    ("Trump", ORG, 2, {}),
    ("Hillary Clinton", PERSON, 147, {"Clinton": 80, "Hillary": 20}),
    ("Bill Clinton", PERSON, 54, {"Clinton": 13}),
    ("Clinton", PERSON, 28, {}),
    ("George W. Bush", PERSON, 58, {"Bush": 16}),
    ("George H.W. Bush", PERSON, 13, {"Bush": 3}),
    ("Jeb Bush", PERSON, 25, {"Bush": 11}),
    ("George Bush", PERSON, 3, {}),
    ("Bush", PERSON, 17, {}),
    ("Edward R. Hallam", PERSON, 2, {"Hallam": 2}),
    ("Edward Hallam", PERSON, 3, {"Hallam": 3}),
    ("Hallam", PERSON, 1, {}),
    ("Iain Smith", PERSON, 4, {"Smith": 4}),
    ("Ada Smith", PERSON, 1, {}),
    ("Smith", PERSON, 1, {}),
    ("Alexander Rasmus", PERSON, 4, {"Alexander": 3, "Rasmus": 4}),
    ("Alexander Rasmus Jr.", PERSON, 2, {"Alexander": 2}),
    ("Alexander", PERSON, 3, {}),
    ("John Adams", PERSON, 11, {"Adams": 3}),
    ("John Quincy Adams", PERSON, 5, {"Adams": 2}),
    ("Samuel Adams", PERSON, 4, {}),
    ("Steve King", PERSON, 37, {"King": 20}),
    ("Stephen King", PERSON, 3, {}),
    ("Coretta King", PERSON, 3, {}),
    ("Michael Bloomberg", PERSON, 40, {"Bloomberg": 30}),
    ("Bloomberg", PERSON, 2, {}),
    ("Bloomberg", ORG, 60, {}),
    ("Justin Cruz", PERSON, 2, {}),
    ("Ted Cruz", PERSON, 54, {"Cruz": 40}),
    ("Cruz", PERSON, 3, {}),
    ("Hitler", PERSON, 4, {}),
    ("Department of Justice", ORG, 74, {"Justice Department": 40}),
    ("U.S. Justice Department", ORG, 2, {}),
    ("Republican Party", ORG, 23, {}),
    ("Republican", NORP, 47, {}),
    ("Republicans", ORG, 1, {}),
    ("Washington", GPE, 90, {}),
    ("Washington", PERSON, 2, {}),
    ("Kwara State University", ORG, 9, {"KWASU": 9, "University": 3}),
    ("KWASU", ORG, 2, {}),
    ("Quinnipiac University", ORG, 30, {"Quinnipiac": 28}),
    ("Quinnipiac", ORG, 6, {}),
    ("European Union", ORG, 30, {"Union": 20}),
    ("Union", ORG, 8, {}),
    ("Manchester United", ORG, 12, {"United": 10}),
    ("Man United", ORG, 3, {}),
    ("United", ORG, 3, {}),
]


@pytest.fixture(scope="module")
def decided() -> dict[tuple[str, str], str]:
    return names(decide(counts(CORPUS)))


@pytest.mark.parametrize(
    ("name", "label", "identity"),
    [
        ("Obama", PERSON, "Barack Obama"),
        ("OBAMA", ORG, "Barack Obama"),
        ("Trump", PERSON, "Donald Trump"),
        ("Trump", ORG, "Donald Trump"),
        ("Donald J. Trump", PERSON, "Donald Trump"),
        ("Trump Donald", PERSON, "Donald Trump"),
        ("Edward R. Hallam", PERSON, "Edward Hallam"),
        ("Hallam", PERSON, "Edward Hallam"),
        ("Bloomberg", PERSON, "Michael Bloomberg"),
        ("Cruz", PERSON, "Ted Cruz"),
        ("Hitler", PERSON, "Adolf Hitler"),
        ("U.S. Justice Department", ORG, "Department of Justice"),
        ("Republican", NORP, "Republican Party"),
        ("Republicans", ORG, "Republican Party"),
        ("KWASU", ORG, "Kwara State University"),
        ("Quinnipiac", ORG, "Quinnipiac University"),
        ("Man United", ORG, "Manchester United"),
    ],
)
def test_joined(decided: dict[tuple[str, str], str], name: str, label: str, identity: str) -> None:
    assert decided[name, label] == identity


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Michelle Obama", PERSON),
        ("Donald Trump Jr.", PERSON),
        ("Clinton", PERSON),
        ("Bill Clinton", PERSON),
        ("Bush", PERSON),
        ("George Bush", PERSON),
        ("George H.W. Bush", PERSON),
        ("Smith", PERSON),
        ("Alexander", PERSON),
        ("Alexander Rasmus Jr.", PERSON),
        ("John Quincy Adams", PERSON),
        ("Stephen King", PERSON),
        ("Bloomberg", ORG),
        ("Washington", PERSON),
        ("Union", ORG),
        ("United", ORG),
    ],
)
def test_stands_for_itself(decided: dict[tuple[str, str], str], name: str, label: str) -> None:
    assert decided[name, label] == name


def test_a_month_in_which_another_is_meant_keeps_a_surname_apart() -> None:
    greg = [("Greg Abbott", PERSON, 300, {"Abbott": 200})]
    tony = [("Tony Abbott", PERSON, 12, {"Abbott": 9}), ("Abbott", PERSON, 20, {})]
    assert names(decide(counts([*greg, *tony])))["Abbott", PERSON] == "Greg Abbott"
    apart = counts(greg, "2019-01") + counts(tony, "2014-05")
    assert names(decide(apart))["Abbott", PERSON] == "Abbott"


def test_members_are_a_party_only_where_the_corpus_names_it() -> None:
    rows = decide(counts([("Republican", NORP, 9, {}), ("Dublin", GPE, 4, {})]))
    assert [(row.identity_name, row.identity_label, row.basis) for row in rows if row.label == NORP] == [
        ("Republican", NORP, "name")
    ]


def test_neither_order_nor_pieces_change_anything() -> None:
    rows = counts(CORPUS)
    first = decide(rows)
    for seed in range(2):
        assert decide(random.Random(seed).sample(rows, len(rows)), pieces=5, shards=1 + 9 * seed) == first


def test_every_entity_has_a_row_that_leads_to_one_of_its_own() -> None:
    rows = decide(counts(CORPUS))
    own = {row.entity_id: row for row in rows}
    assert len(rows) == len(own) == len(CORPUS)
    for row in rows:
        root = own[row.identity_id]
        assert (root.identity_id, root.identity_name, root.identity_label) == tuple(row[3:6])
        assert 0 < row.confidence <= 1
        assert row.mention_count == 2 * row.article_count
    by_basis: dict[str, int] = defaultdict(int)
    for row in rows:
        by_basis[row.basis] += 1
    assert set(by_basis) == {"name", "known", "spelling", "short", "kind"}


def test_names_that_are_no_names_do_no_harm() -> None:
    hostile: list[Entity] = [
        ("'; DROP TABLE entities; --", PERSON, 3, {"\x00": 2, "=|=": 1}),
        ("", PERSON, 1, {}),
        (".", ORG, 1, {}),
        ("Jr.", PERSON, 2, {}),
        ("the", ORG, 1, {"the ": 1}),
        ("A" * 5000 + " B", PERSON, 1, {}),
        ("\U0010ffff\ufffd Smith", PERSON, 1, {}),
        ("U.S.", ORG, 1, {}),
        ("…", NORP, 1, {}),
    ]
    found: Any = decide(counts(hostile))
    assert len(found) >= len(hostile) - 1


def test_counts_add_up_whatever_they_are_split_into() -> None:
    rows = counts(CORPUS[:6], "2012-01") + counts(CORPUS[:6], "2012-02")
    (obama,) = [count for count in add_counts(rows) if count.name == "Barack Obama"]
    assert obama.articles == 320
    assert obama.months == (("2012-01", 160), ("2012-02", 160))
    assert obama.forms == (("Obama", (("2012-01", 107), ("2012-02", 107))),)


def test_names_in_parts() -> None:
    assert fold("The  U.N.") == "un"
    assert person_name("Bashar al-Assad") == person_name("Bashar Assad")
    assert person_name("Obama") is None
    assert person_name("George H.W.") is None
    full, short = person_name("Edward R. Hallam"), person_name("Edward Hallam")
    assert full and short and is_variant(full, short)
    son, father = person_name("Donald Trump Jr."), person_name("Donald Trump")
    assert son and father and not is_variant(son, father)
    assert body_key("U.S. Department of State", ORG) == body_key("State Department", ORG)
    assert body_key("University of Washington", ORG) != body_key("Washington University", ORG)


def test_files_are_counted_by_month(tmp_path: Path) -> None:
    may, june = datetime(2012, 5, 31, 23, 59, tzinfo=UTC), datetime(2012, 6, 1, tzinfo=UTC)
    empty = dict.fromkeys((*EntityRow._fields, *MentionRow._fields))
    obama = {**empty, "entity_id": "o", "name": "Barack Obama", "label": PERSON, "mention_count": 2}
    articles = (("a", may), ("b", may), ("c", june), ("d", None))
    rows = [{**obama, "article_id": key, "article_time": time} for key, time in articles]
    mentions = [{**row, "text": text} for row in rows for text in ("Obama", "Obama", "Barack Obama")]
    parts = []
    for table, found in (("entities", rows), ("mentions", mentions)):
        path = str(tmp_path / f"{table}.parquet")
        types = {
            field.name: field.type for field in WRITTEN[table].schema if found[0].get(field.name) or field.name in USED
        }
        columns = {name: pa.array([row.get(name) for row in found], type_) for name, type_ in types.items()}
        pq.write_table(pa.table(columns), path)
        parts.append(Part(table, "", path, len(found), 1))
    rows = [NameCountRow(**row) for part in parts for row in count_part(part).to_pylist()]
    counted = sorted((row for row in rows if row.form != "Barack Obama"), key=repr)
    assert [(row.month, row.form, row.articles, row.mentions) for row in counted if row.form] == [
        ("", "Obama", 1, 0),
        ("2012-05", "Obama", 2, 0),
        ("2012-06", "Obama", 1, 0),
    ]
    assert [(row.month, row.name, row.articles, row.mentions) for row in counted if not row.form] == [
        ("", "Barack Obama", 1, 2),
        ("2012-05", "Barack Obama", 2, 4),
        ("2012-06", "Barack Obama", 1, 2),
    ]
