from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.records import Article, RawRecord
from tests.conftest import LATEST, PROSE
from transforms.parse import ParseRecords, parse_record


def parsed(record: RawRecord, **mapping: str) -> Article:
    outcome = parse_record(record, latest=LATEST, mapping=mapping)
    assert outcome.kept is not None, outcome.rejected
    return outcome.kept


Make = Callable[..., RawRecord]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"text": "cut', "malformed_json"),
        (b"{'text': 1}", "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b'{"text": ' + b"9" * 6000 + b"}", "malformed_json"),
        (b'["a", "list"]', "not_an_object"),
        (b'"a string"', "not_an_object"),
        (b"42", "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"title": "no text"}', "no_text_field"),
        (b'{"text": 12}', "no_text_field"),
        (b'{"text": {"parts": "x"}}', "no_text_field"),
        (b'{"text": null}', "no_text_field"),
        (b"\0" * 200, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "binary"),
        (b'{"text": "' + bytes(range(0x80, 0x100)), "undecodable"),
    ],
)
def test_rejects_by_reason(make_record: Make, payload: bytes, reason: str) -> None:
    rejected = parse_record(make_record(payload), latest=LATEST, mapping={}).rejected
    assert rejected is not None
    assert (rejected.stage, rejected.reason) == ("parse", reason)
    assert rejected.payload == payload[: 64 * 1024]
    assert (rejected.payload_size, rejected.source_file, rejected.source_offset) == (len(payload), "dump.jsonl", 7)
    assert rejected.payload_sha256


@pytest.mark.parametrize("name", ["text", "Body", "CONTENT", "maintext", "content_original", "article"])
def test_usual_names_of_the_text(make_record: Make, name: str) -> None:
    assert parsed(make_record(json.dumps({name: PROSE}).encode())).text == PROSE


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("title", ("title", "headline")),
        ("url", ("url", "link", "canonical_url")),
        ("authors", ("authors", "author", "byline")),
        ("source", ("source", "source_domain", "publisher")),
        ("record_id", ("id", "ID", "_id", "guid")),
    ],
)
def test_usual_names_of_other_fields(make_record: Make, field: str, names: tuple[str, ...]) -> None:
    for name in names:
        assert getattr(parsed(make_record(json.dumps({"text": PROSE, name: "x"}).encode())), field) == "x"


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"authors": ["A. Ash", "B. Birch"]}, "authors", "A. Ash; B. Birch"),
        ({"authors": [{"name": "A. Ash"}, None, []]}, "authors", "A. Ash"),
        ({"source": {"id": None, "name": "The Post"}}, "source", "The Post"),
        ({"url": "https://www.post.example/a"}, "source", "post.example"),
        ({"url": "http://[broken"}, "source", None),
        ({"id": 17}, "record_id", "17"),
        ({"title": "", "headline": "Second"}, "title", "Second"),
    ],
)
def test_shapes_of_values(make_record: Make, record: dict[str, Any], field: str, expected: str | None) -> None:
    assert getattr(parsed(make_record(json.dumps({"text": PROSE, **record}).encode())), field) == expected


def test_a_list_of_paragraphs_is_a_text(make_record: Make) -> None:
    assert parsed(make_record(b'{"text": ["One.", "Two."]}')).text == "One.\n\nTwo."


def test_the_first_text_that_says_something(make_record: Make) -> None:
    assert parsed(make_record(b'{"text": "", "body": "Here."}')).text == "Here."


def test_a_mapping_overrides_and_reaches_into_objects(make_record: Make) -> None:
    payload = json.dumps({"text": "not this", "story": {"body": PROSE}, "when": "2024-03-05"}).encode()
    article = parsed(make_record(payload), text="story.body", published_at="when")
    assert article.text == PROSE
    assert article.published_at is not None


def test_a_line_of_an_array_is_a_line(make_record: Make) -> None:
    assert parsed(make_record(b'{"text": "One."},')).text == "One."


def test_raw_control_characters_in_strings_are_read(make_record: Make) -> None:
    assert parsed(make_record(b'{"text": "One\ttab\x01."}')).text == "One\ttab\x01."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bridge to close\n\n" + PROSE, "Bridge to close"),
        (PROSE + "\n\n" + PROSE, None),
        ("Bridge to close\n" + PROSE, None),
        ("Only a line", None),
    ],
)
def test_the_headline_of_a_text_file(make_record: Make, text: str, title: str | None) -> None:
    article = parsed(make_record(text.encode(), "text"))
    assert (article.title, article.text) == (title, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    payload=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)),
    form=st.sampled_from(["text", "jsonl"]),
)
def test_nothing_raises(make_record: Make, payload: bytes, form: str) -> None:
    outcome = parse_record(make_record(payload, form), latest=LATEST, mapping={})
    assert (outcome.kept is None) != (outcome.rejected is None)


def test_the_stage_gives_one_outcome_a_record(make_record: Make) -> None:
    good, bad = ParseRecords(LATEST).process([make_record(b'{"text": "Good."}'), make_record(b"bad")])
    assert good.kept is not None
    assert good.kept.text == "Good."
    assert bad.rejected is not None
    assert bad.rejected.reason == "malformed_json"
