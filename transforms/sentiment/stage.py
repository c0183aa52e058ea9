"""The stage: documents with names → documents with sentiment, quotations and speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from threadpoolctl import threadpool_limits

from schemas.records import Document, Mention, Sentence
from transforms.runtime.outcome import Outcome, keep
from transforms.runtime.tuples import from_columns
from transforms.sentiment.aggregate import article_sentiment, entity_moods
from transforms.sentiment.engines import load_engine
from transforms.sentiment.model import LANGUAGES, MaskedArticle, Scores, SentimentModel, masked_article
from transforms.sentiment.quotes import are_quoted, find_quotes
from transforms.sentiment.speakers import find_speakers

STAGE = "sentiment"


def _mark_quotes(document: Document) -> Document:
    """The document with its quotations marked and, in English, their speakers named."""
    sentences, mentions = document.sentences or (), document.mentions or ()
    text = document.article.text
    quotes = find_quotes(text)
    if not quotes:
        return document
    speakers: list[int | None] = [None] * len(sentences)
    if document.article.language in LANGUAGES:
        speakers = find_speakers(text, sentences, quotes, mentions)
    starts, ends, scores, *_ = zip(*sentences, strict=True)
    quoted = are_quoted(text, quotes, list(zip(starts, ends, strict=True)))
    named = are_quoted(text, quotes, [mention[:2] for mention in mentions])
    return replace(
        document,
        sentences=tuple(from_columns(Sentence, starts, ends, scores, quoted, speakers)),
        mentions=tuple(
            part._replace(quoted=True) if inside else part for part, inside in zip(mentions, named, strict=True)
        ),
    )


def _apply_scores(document: Document, scores: Scores, neutral: float) -> Document:
    """The document with the scores of its sentences, mentions and entities, and its own. `neutral`: the engine's.

    It has a sentence at least.
    """
    starts, ends, _, quoted, speakers = zip(*document.sentences or (), strict=True)
    sentences = tuple(from_columns(Sentence, starts, ends, scores.sentences, quoted, speakers))
    mentions: tuple[Mention, ...] = ()
    if document.mentions:
        *places, _, entities, _, quoted = zip(*document.mentions, strict=True)
        mentions = tuple(from_columns(Mention, *places, scores.mentions, entities, scores.stances, quoted))
    return replace(
        document,
        sentences=sentences,
        mentions=mentions,
        moods=entity_moods(mentions, len(document.entities), neutral),
        sentiment=article_sentiment(sentences),
        neutral=neutral,
    )


def score_documents(documents: Sequence[Document], model: SentimentModel) -> list[Document]:
    """The documents with quotations, speakers and sentiment.

    Those without sentences pass as they are; those in another language than the model's have no sentiment.
    """
    marked = [_mark_quotes(document) if document.sentences else document for document in documents]
    known = [index for index, part in enumerate(marked) if part.sentences and part.article.language in LANGUAGES]
    articles: list[MaskedArticle] = [masked_article(marked[index]) for index in known]
    for index, scores in zip(known, model.score(articles) if articles else [], strict=True):
        marked[index] = _apply_scores(marked[index], scores, model.neutral)
    return marked


class ScoreSentiment:
    """The stage.

    Args:
        engine: `fast`, `accurate` or `vader`.
        path: directory of the model, local or `gs://`, for an engine that has one outside of the package.
    """

    name = STAGE
    seconds: float | None = None

    def __init__(self, engine: str, path: str | None = None) -> None:
        self._engine, self._path = engine, path

    def setup(self) -> None:
        """Load the engine."""
        # One process works on one batch; more threads in it would fight the others for the cores.
        self._limit = threadpool_limits(1)
        self._model = load_engine(self._engine, self._path)

    def process(self, batch: Sequence[Document]) -> list[Outcome[Document]]:
        """Each document with its sentiment."""
        return [keep(document) for document in score_documents(batch, self._model)]
