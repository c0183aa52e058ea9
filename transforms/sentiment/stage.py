"""The stage: documents with names → documents with sentiment, quotations and speakers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.ml.inference.base import ModelHandler, RunInference
from threadpoolctl import threadpool_limits

from schemas.records import Document, Mention, Sentence
from transforms.runtime.guard import UNGUARDED, Guard, Watch, reject_poison
from transforms.runtime.outcome import KEPT, REJECTS, CountRejects, Outcome, keep, reject_article
from transforms.runtime.trial import Ended
from transforms.sentiment.aggregate import article_sentiment, entity_moods
from transforms.sentiment.engines import load_engine
from transforms.sentiment.model import LANGUAGES, Reading, Scores, SentimentModel, reading_of
from transforms.sentiment.quotes import are_quoted, find_quotes
from transforms.sentiment.speakers import find_speakers

STAGE = "sentiment"
# Characters of text that go through the model at once.
BATCH_CHARS = 60_000


def mark_quotes(document: Document) -> Document:
    """The document with its quotations marked and, in English, their speakers named."""
    sentences, mentions = document.sentences or (), document.mentions or ()
    text = document.article.text
    quotes = find_quotes(text)
    if not quotes:
        return document
    quoted = are_quoted(text, quotes, [(part.start_char, part.end_char) for part in sentences])
    speakers: list[int | None] = [None] * len(sentences)
    if document.article.language in LANGUAGES:
        speakers = find_speakers(text, sentences, quotes, mentions)
    named = are_quoted(text, quotes, [(part.start_char, part.end_char) for part in mentions])
    return replace(
        document,
        sentences=tuple(
            part._replace(quoted=inside, speaker=speaker) if inside or speaker is not None else part
            for part, inside, speaker in zip(sentences, quoted, speakers, strict=True)
        ),
        mentions=tuple(
            part._replace(quoted=True) if inside else part for part, inside in zip(mentions, named, strict=True)
        ),
    )


def apply_scores(document: Document, scores: Scores, neutral: float) -> Document:
    """The document with the scores of its sentences, mentions and entities, and its own. `neutral`: the engine's."""
    # Built anew and not by _replace, which takes three times as long: there are a hundred in every article.
    sentences = tuple(
        Sentence(part.start_char, part.end_char, score, part.quoted, part.speaker)
        for part, score in zip(document.sentences or (), scores.sentences, strict=True)
    )
    mentions = tuple(
        Mention(*part[:4], score, part.entity, stance, part.quoted)
        for part, score, stance in zip(document.mentions or (), scores.mentions, scores.stances, strict=True)
    )
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
    marked = [mark_quotes(document) if document.sentences else document for document in documents]
    known = [index for index, part in enumerate(marked) if part.sentences and part.article.language in LANGUAGES]
    readings: list[Reading] = [reading_of(marked[index]) for index in known]
    for index, scores in zip(known, model.score(readings) if readings else [], strict=True):
        marked[index] = apply_scores(marked[index], scores, model.neutral)
    return marked


def _judge(documents: Sequence[Document], model: SentimentModel) -> Iterator[Outcome[Document]]:
    """Each document scored, or rejected if the model raises on it alone."""
    try:
        yield from map(keep, score_documents(documents, model))
    except MemoryError:
        raise
    except Exception as error:
        if len(documents) == 1:
            message = f"{type(error).__name__}: {error}"[:500]
            yield reject_article(documents[0].article, STAGE, "model_failed", message, retryable=True)
            return
        for document in documents:
            yield from _judge([document], model)


class _Anew:
    """The same in another process, which loads the engine for it."""

    def __init__(self, engine: str, path: str | None) -> None:
        self._engine, self._path = engine, path

    def setup(self) -> None:
        self._model = load_engine(self._engine, self._path)

    def judge(self, document: Document) -> Iterator[Outcome[Document]]:
        return _judge([document], self._model)


def _chars(document: Document) -> int:
    return len(document.article.text) if document.sentences else 1


def _poison(document: Document, ended: Ended) -> Outcome[Document]:
    return Outcome(rejected=reject_poison(document.article, STAGE, ended))


class SentimentHandler(ModelHandler[Document, Outcome[Document], SentimentModel]):
    """Runs an engine in `RunInference`: documents → outcomes, so that a poisonous one goes alone.

    Args:
        engine: `fast`, `accurate` or `vader`.
        path: directory of the model, local or `gs://`, for an engine that has one outside of the package.
        guard: how documents that bring a worker down are found.
    """

    def __init__(self, engine: str, path: str | None = None, guard: Guard = UNGUARDED) -> None:
        super().__init__()
        self._engine = engine
        self._path = path
        self._guard = guard

    def load_model(self) -> SentimentModel:
        """The engine, on one thread: one process is one worker."""
        self._limit = threadpool_limits(1)
        self._watch = Watch(self._guard, STAGE)
        return load_engine(self._engine, self._path)

    def run_inference(
        self, batch: Sequence[Document], model: SentimentModel, inference_args: dict[str, Any] | None = None
    ) -> Iterable[Outcome[Document]]:
        """One outcome per document."""
        suspects = [document for document in batch if self._watch.is_suspect(document.article)]
        outcomes: list[Outcome[Document]] = []
        anew = _Anew(self._engine, self._path)
        blamed = [document.article for document in suspects]
        tried = self._watch.work_alone(anew.judge, suspects, blamed, anew.setup)
        for document, found in zip(suspects, tried, strict=True):
            outcomes += found if isinstance(found, list) else [_poison(document, found)]
        rest = [document for document in batch if document not in suspects] if suspects else list(batch)
        return [*outcomes, *self._judge_rest(rest, model)]

    def _judge_rest(self, documents: list[Document], model: SentimentModel) -> Iterator[Outcome[Document]]:
        subjects = [document.article for document in documents]
        found = self._watch.work(_judge, documents, model, subjects=subjects) if documents else []
        if isinstance(found, list):
            yield from found
        elif len(documents) == 1:
            yield _poison(documents[0], found)
        else:
            for document in documents:
                yield from self._judge_rest([document], model)

    def batch_elements_kwargs(self) -> Mapping[str, Any]:
        """Batches of like amounts of text."""
        size: Callable[[Document], int] = _chars
        return {"min_batch_size": BATCH_CHARS, "max_batch_size": BATCH_CHARS, "element_size_fn": size}


class _Route(beam.DoFn):
    """Outcomes → documents, rejects counted and tagged."""

    def setup(self) -> None:
        self._rejects = CountRejects()

    def process(self, outcome: Outcome[Document]) -> Iterator[Any]:
        if outcome.rejected is None:
            yield outcome.kept
        else:
            self._rejects.add(outcome.rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, outcome.rejected)


@dataclass
class ScoreSentiment(beam.PTransform):
    """Documents → documents with sentiment (`kept`) and rejects (`rejects`).

    Args:
        engine: `fast`, `accurate` or `vader`.
        path: directory of the model, local or `gs://`, for `accurate`.
        guard: how documents that bring a worker down are found.
    """

    engine: str
    path: str | None = None
    guard: Guard = UNGUARDED

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """Batch by length, score, route."""
        return (
            documents
            | "Score" >> RunInference(SentimentHandler(self.engine, self.path, self.guard))
            | "Route" >> beam.ParDo(_Route()).with_outputs(REJECTS, main=KEPT)
        )
