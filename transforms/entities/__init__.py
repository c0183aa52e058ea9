"""Entities: the names, numbers and dates in a document.

In: documents with sentences. Out: the same with `mentions` and `token_count`; documents without sentences pass as they
are. Reasons for a reject:

- `model_failed`: the model raised on this article alone.

The model is any installed spaCy pipeline with an `ner` component, run by `transforms.entities.engine`; sentences come
from `transforms.sentences.segment`, since an entity never crosses the start of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from threadpoolctl import threadpool_limits

from schemas.files import ModelRun
from schemas.records import Document, Mention, Sentence
from transforms.entities.engine import EntityModel, Piece, Recognized, Span, load_model
from transforms.entities.labels import ontonotes_label
from transforms.runtime.guard import UNGUARDED, Guard, Guarded
from transforms.runtime.outcome import KEPT, REJECTS, CountRejects, reject_article

STAGE = "entities"
RUNS = "runs"
# Characters of text that go through the model at once. More gain no speed and cost memory.
BATCH_CHARS = 60_000
# A longer article goes through the model in pieces of whole sentences. spaCy's own limit is 1,000,000.
PIECE_CHARS = 50_000
# A sentence this long that goes on without white space was cut by force. The tokenizer's time grows with the square of
# such a run, so its pieces stay apart.
RUN_CHARS = 1000


def cut_pieces(document: Document) -> list[tuple[int, Piece]]:
    """A document's text in pieces of whole sentences, each with its offset; a short document is one piece."""
    text, sentences = document.article.text, document.sentences or ()
    pieces: list[tuple[int, Piece]] = []
    first = 0
    for index, sentence in enumerate(sentences):
        following = sentences[index + 1] if index + 1 < len(sentences) else None
        begin = sentences[first].start_char
        if following is None or following.end_char - begin > PIECE_CHARS or _is_forced_cut(sentence, following):
            starts = tuple(part.start_char - begin for part in sentences[first : index + 1])
            pieces.append((begin, Piece(text[begin : sentence.end_char], starts)))
            first = index + 1
    return pieces


def _is_forced_cut(sentence: Sentence, following: Sentence) -> bool:
    return sentence.end_char == following.start_char and sentence.end_char - sentence.start_char >= RUN_CHARS


def place_mentions(spans: Iterable[Span], text: str, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
    """Spans of a document, in order, without white space at their ends, each with the sentence that it begins in."""
    mentions = []
    index = 0
    for span in spans:
        found = text[span.start_char : span.end_char]
        start = span.start_char + len(found) - len(found.lstrip())
        end = start + len(found.strip())
        while index + 1 < len(sentences) and sentences[index + 1].start_char <= start:
            index += 1
        if start < end:
            mentions.append(Mention(start, end, span.label, index))
    return tuple(mentions)


def recognize_documents(documents: Sequence[Document], model: EntityModel) -> list[Document]:
    """The documents with their mentions and number of tokens."""
    pieces = [cut_pieces(document) for document in documents]
    answers = iter(model.recognize([piece for cut in pieces for _, piece in cut]))
    return [_join(document, cut, [next(answers) for _ in cut]) for document, cut in zip(documents, pieces, strict=True)]


def _join(document: Document, cut: Sequence[tuple[int, Piece]], answers: Sequence[Recognized]) -> Document:
    spans = (
        Span(start + offset, end + offset, known)
        for (offset, _), answer in zip(cut, answers, strict=True)
        for start, end, label in answer.spans
        if (known := ontonotes_label(label))
    )
    return replace(
        document,
        mentions=place_mentions(spans, document.article.text, document.sentences or ()),
        token_count=sum(answer.token_count for answer in answers),
    )


class _FindEntities(beam.DoFn):
    """Batches of documents → documents, the poisonous ones rejected one by one."""

    def __init__(self, models: Mapping[str, str]) -> None:
        self._names = dict(models)

    def setup(self) -> None:
        # One process is one worker; more threads in it would fight the other workers for the cores.
        self._limit = threadpool_limits(1)
        loaded = {language: load_model(name) for language, name in self._names.items()}
        self._models = {language: model for language, (model, _) in loaded.items()}
        self._runs = [ModelRun(language, engine) for language, (_, engine) in loaded.items()]
        self._rejects = CountRejects()

        self._told = False

    def start_bundle(self) -> None:
        self._told = False

    def process(self, batch: list[Document]) -> Iterator[Any]:
        if not self._told:
            yield from (beam.pvalue.TaggedOutput(RUNS, run) for run in self._runs)
            self._told = True
        languages = {document.article.language for document in batch if document.sentences}
        for language in sorted(filter(None, languages)):
            documents = [part for part in batch if part.sentences and part.article.language == language]
            yield from self._find(documents, self._models[language])
        yield from (document for document in batch if not document.sentences)

    def _find(self, documents: list[Document], model: EntityModel) -> Iterator[Any]:
        try:
            yield from recognize_documents(documents, model)
        except MemoryError:
            raise
        except Exception as error:
            if len(documents) > 1:
                for document in documents:
                    yield from self._find([document], model)
                return
            message = f"{type(error).__name__}: {error}"[:500]
            rejected = reject_article(documents[0].article, STAGE, "model_failed", message, retryable=True).rejected
            if rejected:
                self._rejects.add(rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, rejected)


def _chars(document: Document) -> int:
    return len(document.article.text) if document.sentences else 1


@dataclass
class FindEntities(beam.PTransform):
    """Documents → documents with mentions (`kept`), rejects (`rejects`) and what ran the models (`runs`).

    Args:
        models: language (ISO 639) → name of the spaCy pipeline that reads it.
    """

    models: dict[str, str]
    guard: Guard = UNGUARDED

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """Batch by length, then recognize."""
        find = Guarded(_FindEntities(self.models), STAGE, self.guard)
        return (
            documents
            | "Batch" >> beam.BatchElements(BATCH_CHARS, BATCH_CHARS, element_size_fn=_chars)
            | "Recognize" >> beam.ParDo(find).with_outputs(REJECTS, RUNS, main=KEPT)
        )
