from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from schemas.records import Article, RawRecord
from tests.conftest import LATEST, PROSE
from transforms.parse import parse_record

Make = Callable[..., RawRecord]
LONG = f"{PROSE}\n\n{PROSE}"


def parsed(make_record: Make, content: Any, file_format: str = "json") -> Article:
    outcome = parse_record(make_record(json.dumps(content).encode(), file_format), latest=LATEST, mapping={})
    assert outcome.kept is not None, outcome.rejected
    return outcome.kept


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        # WordPress' REST API.
        (
            {
                "id": 196, "date": "2024-03-05T10:00:00", "date_gmt": "2024-03-05T09:00:00", "author": 7,
                "link": "https://blog.example/196", "title": {"rendered": "Ferry &#8211; plan"},
                "content": {"rendered": f"<p>{PROSE}</p>", "protected": False}, "excerpt": {"rendered": "<p>S.</p>"},
            },
            {"title": "Ferry – plan", "text": PROSE, "authors": None, "published_at": "2024-03-05T09:00",
             "url": "https://blog.example/196", "source": "blog.example"},
        ),
        # JSON Feed.
        (
            {"content_html": f"<p>{PROSE}</p>", "date_published": "2024-03-05T10:00:00+01:00",
             "authors": [{"name": "Rosa Feld"}]},
            {"text": PROSE, "authors": "Rosa Feld", "published_at": "2024-03-05T09:00"},
        ),
        # Fundus.
        (
            {"body": {"summary": ["S."], "sections": [{"headline": ["H"], "paragraphs": [PROSE, PROSE]}]},
             "publishing_date": "2024-03-05 10:00:00+01:00"},
            {"text": f"H\n\n{LONG}", "published_at": "2024-03-05T09:00"},
        ),
        # trafilatura.
        (
            {"raw_text": PROSE, "source": "https://courier.example/1", "source-hostname": "Harwick Courier",
             "hostname": "courier.example", "author": "Rosa Feld; Tomas Berg", "date": "2024-03-05"},
            {"url": "https://courier.example/1", "source": "Harwick Courier", "authors": "Rosa Feld; Tomas Berg"},
        ),
        # datatrove and Dolma.
        (
            {"text": PROSE, "id": "d1", "source": "cc-news", "created": "2024-03-05T10:00:00Z",
             "metadata": {"url": "https://courier.example/2", "title": "Ferry plan"}},
            {"url": "https://courier.example/2", "title": "Ferry plan", "published_at": "2024-03-05T10:00",
             "source": "courier.example", "record_id": "d1"},
        ),
        ({"text": PROSE, "metadata": '{"title": "Ferry plan"}'}, {"title": "Ferry plan"}),
        # The New York Times' Article Search.
        (
            {"body": PROSE, "headline": {"main": "Ferry plan", "kicker": None}, "web_url": "https://times.example/a",
             "byline": {"original": "By Rosa Feld", "person": []}, "pub_date": "2024-03-05T10:00:00+0000"},
            {"title": "Ferry plan", "authors": "Rosa Feld", "published_at": "2024-03-05T10:00"},
        ),
        # Event Registry: the time of day stands in another field.
        (
            {"uri": "8011", "date": "2024-03-05", "dateTime": "2024-03-05T10:00:00Z", "body": PROSE,
             "url": "https://m.courier.example/a", "source": {"uri": "courier.example", "title": "Harwick Courier"}},
            {"published_at": "2024-03-05T10:00", "source": "Harwick Courier", "url": "https://m.courier.example/a"},
        ),
        # X.
        (
            {"id_str": "1", "created_at": "Tue Mar 05 10:00:00 +0000 2024", "full_text": PROSE,
             "user": {"name": "Harwick Courier", "screen_name": "courier"}},
            {"published_at": "2024-03-05T10:00", "authors": "Harwick Courier", "record_id": "1"},
        ),
        # TREC's Washington Post.
        (
            {"id": "a1", "article_url": "https://post.example/1", "author": "Rosa Feld", "published_date": 1709632800,
             "contents": [{"type": "title", "content": "Ferry plan"}, {"type": "sanitized_html", "content": PROSE},
                          {"type": "image", "fullcaption": "x"}, {"type": "sanitized_html", "content": PROSE}]},
            {"text": LONG, "published_at": "2024-03-05T10:00", "url": "https://post.example/1"},
        ),
        # An editor's blocks, of spans.
        (
            {"body": [{"_type": "block", "children": [{"text": "One "}, {"_type": "span", "text": "two."}]},
                      {"_type": "image"}, {"_type": "block", "children": [{"_type": "span", "text": "Three."}]}]},
            {"text": "One two.\n\nThree."},
        ),
        # Elasticsearch, MongoDB, JSON-LD.
        ({"_index": "n", "_id": "7", "_source": {"text": PROSE, "title": "T"}}, {"title": "T", "record_id": "7"}),
        ({"_id": {"$oid": "65e6"}, "text": PROSE, "date": {"$date": 1709632800000}}, {"record_id": "65e6"}),
        (
            {"@graph": [{"@type": "Person", "@id": "#r", "name": "Rosa Feld"},
                        {"@type": "NewsArticle", "headline": "H", "articleBody": PROSE, "author": {"@id": "#r"}}]},
            {"title": "H", "text": PROSE, "authors": "Rosa Feld"},
        ),
        # Common Crawl's news.
        ({"maintext": PROSE, "requested_url": "https://courier.example/3"}, {"url": "https://courier.example/3"}),
        # The fullest text, and only what is one.
        ({"Text": "", "text": PROSE}, {"text": PROSE}),
        ({"text": PROSE[:40], "full_text": PROSE}, {"text": PROSE}),
        ({"text": PROSE, "raw_text": f"{PROSE} Menu."}, {"text": PROSE}),
        ({"content": f"{PROSE[:90]}… [+2314 chars]"}, {"text": PROSE[:90]}),
        ({"content": f"{PROSE[:50]}… [+2314 chars]", "description": PROSE}, {"text": PROSE}),
        ({"text": PROSE, "title": float("nan"), "author": float("nan")}, {"title": None, "authors": None}),
        ({"text": PROSE, "title": "None", "url": "nan"}, {"title": None, "url": None}),
        ({"text": PROSE, "year": 2024, "month": "3", "day": 5}, {"published_at": "2024-03-05T00:00"}),
        # An outlet is a name or a host, and never an address.
        ({"text": PROSE, "source": "https://www.courier.example/rss"}, {"source": "courier.example"}),
        ({"text": PROSE, "publisher": {"@type": "Organization", "name": "Courier"}}, {"source": "Courier"}),
        ({"text": PROSE, "source": "rss", "domain": "courier.example"}, {"source": "courier.example"}),
        ({"text": PROSE, "url": "courier.example/a/860"}, {"source": "courier.example"}),
        (
            {"text": PROSE, "url": "https://web.archive.org/web/20240601000000/https://courier.example/a"},
            {"source": "courier.example"},
        ),
    ],
)  # fmt: skip
def test_fields_that_people_have(make_record: Make, record: dict[str, Any], expected: dict[str, Any]) -> None:
    article = parsed(make_record, record)
    found = {name: getattr(article, name) for name in expected}
    if article.published_at and "published_at" in expected:
        found["published_at"] = f"{article.published_at:%Y-%m-%dT%H:%M}"
    assert found == expected


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"title": "T", "body": {"parts": 3}}, ("`body` holds an object of parts", "fields are title, body")),
        ({"title": "T", "summary": "S"}, ("no field is known", "--fields text=summary")),
        ({"text": None, "a": 1}, ("`text` holds null", "fields are text, a")),
    ],
)
def test_a_reject_names_the_field_that_failed(make_record: Make, record: Any, words: tuple[str, ...]) -> None:
    rejected = parse_record(make_record(json.dumps(record).encode()), latest=LATEST, mapping={}).rejected
    assert rejected is not None
    assert rejected.reason == "no_text_field"
    assert all(word in rejected.message for word in words), rejected.message


@pytest.mark.parametrize("status", ["draft", "auto-draft", "trash"])
def test_a_draft_is_no_article(make_record: Make, status: str) -> None:
    record = make_record(json.dumps({"text": PROSE, "status": status}).encode())
    rejected = parse_record(record, latest=LATEST, mapping={}).rejected
    assert rejected is not None
    assert (rejected.reason, status in rejected.message) == ("not_an_article", True)


def test_the_order_of_a_file_decides_about_its_dates(make_record: Make) -> None:
    record = make_record(json.dumps({"text": PROSE, "date": "05/03/2024"}).encode())
    orders = {"": None, "dmy": 3, "mdy": 5}
    for order, month in orders.items():
        kept = parse_record(record, latest=LATEST, mapping={}, order=order).kept
        assert kept is not None
        assert (kept.published_at and kept.published_at.month, kept.date_problem == "ambiguous") == (month, not order)


@pytest.mark.parametrize(
    ("source_file", "record", "outlet"),
    [
        ("/dumps/Harwick Courier/a.json", {"text": PROSE}, "Harwick Courier"),
        ("gs://bucket/dumps/courier/a.zip/b.json", {"text": PROSE}, "courier"),
        ("dumps/a.zip/courier/b.json", {"text": PROSE}, "courier"),
        ("/dumps/courier/a.json", {"text": PROSE, "source": "The Post"}, "The Post"),
        ("a.json", {"text": PROSE}, None),
    ],
)
def test_the_folder_as_outlet(source_file: str, record: dict[str, str], outlet: str | None) -> None:
    raw = RawRecord(source_file, 0, "json", json.dumps(record).encode())
    kept = parse_record(raw, latest=LATEST, mapping={}, by_folder=True).kept
    assert kept is not None
    assert kept.source == outlet
