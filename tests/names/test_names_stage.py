from __future__ import annotations

import pickle
from typing import Any

import pytest

from schemas.records import Document, Mention, Sentence
from transforms import names
from transforms.names import ResolveNames, resolve_document
from transforms.runtime.stage import run_stages

TEXT = "The United States spoke."


@pytest.fixture
def document(make_article: Any) -> Document:
    return Document(
        make_article(text=TEXT, language="en"),
        sentences=(Sentence(0, len(TEXT)),),
        mentions=(Mention(0, 17, "GPE", 0),),
        token_count=5,
    )


def test_a_document_gets_its_entities(document: Document) -> None:
    found = resolve_document(document)
    assert found.mentions == (Mention(4, 17, "GPE", 0, entity=0),)
    assert [(entity.name, entity.country_code) for entity in found.entities] == [("United States", "US")]
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_document_that_no_model_read_passes(make_article: Any) -> None:
    unread = Document(make_article())
    assert resolve_document(unread) is unread


def test_one_poisonous_article_is_rejected_alone(
    document: Document, make_article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = names.resolve_document

    def choke(part: Document) -> Document:
        if "poison" in part.article.text:
            raise RecursionError("too deep")
        return resolve(part)

    monkeypatch.setattr(names, "resolve_document", choke)
    poison = Document(make_article(text="A poison."), sentences=(Sentence(0, 9),), mentions=())
    first, second, third = run_stages([ResolveNames()], [document, poison, document])
    assert [outcome.kept.entities[0].name for outcome in (first, third) if outcome.kept] == ["United States"] * 2
    assert second.rejected is not None
    rejected = second.rejected
    assert (rejected.stage, rejected.reason, rejected.message) == ("names", "failed", "RecursionError: too deep")
