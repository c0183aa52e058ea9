"""Entities: the names, numbers and dates in a document.

In: documents with sentences. Out: the same with `mentions` and `token_count`; documents without sentences pass as they
are. Reasons for a reject:

- `model_failed`: the model raised on this article alone.

The model is any installed spaCy pipeline with an `ner` component; sentences come from `transforms.segment`, since an
entity never crosses the start of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import apache_beam as beam
import spacy
from threadpoolctl import threadpool_limits

from schemas.records import Document, Mention, Sentence
from transforms.labels import ontonotes_label
from transforms.outcome import KEPT, REJECTS, CountRejects, reject_article

STAGE = "entities"
# Characters of text that go through the model at once. More gain no speed and cost memory.
BATCH_CHARS = 60_000
# A longer article goes through the model in pieces of whole sentences. spaCy's own limit is 1,000,000.
PIECE_CHARS = 50_000
# A sentence this long that goes on without white space was cut by force. The tokenizer's time grows with the square of
# such a run, so its pieces stay apart.
RUN_CHARS = 1000


class Piece(NamedTuple):
    """A run of text for the model, with the places in it where sentences begin."""

    text: str
    sentence_starts: tuple[int, ...]


class Span(NamedTuple):
    """What the model found in a piece: half-open code-point offsets and a label."""

    start_char: int
    end_char: int
    label: str


class Recognized(NamedTuple):
    """The model's answer on a piece."""

    spans: tuple[Span, ...]
    token_count: int


class EntityModel(Protocol):
    """What finds names. Loaded once a process; the same answer for a piece whatever else is in its batch."""

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        """One answer per piece, in their order. May raise on a piece that it can't take."""


class SpacyModel:
    """An installed spaCy pipeline, reduced to what its `ner` needs."""

    def __init__(self, name: str) -> None:
        self._nlp = spacy.load(name, exclude=unneeded_components(name))

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        """See `EntityModel`."""
        # Outside a memory zone the vocabulary keeps every word it ever saw.
        with self._nlp.memory_zone():
            docs = (self._make_doc(piece) for piece in pieces)
            return [
                Recognized(
                    tuple(
                        Span(ent.start_char, ent.end_char, label)
                        for ent in doc.ents
                        if ent.text.strip() and (label := ontonotes_label(ent.label_))
                    ),
                    len(doc),
                )
                for doc in self._nlp.pipe(docs, batch_size=len(pieces))
            ]

    def _make_doc(self, piece: Piece) -> Any:
        doc = self._nlp.make_doc(piece.text)
        starts = set(piece.sentence_starts)
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = True
        return doc


def unneeded_components(name: str) -> list[str]:
    """The components of an installed pipeline that its `ner` doesn't listen to.

    Raises:
        ValueError: no such pipeline is installed, or it has no `ner`.
    """
    try:
        config = spacy.util.load_config(spacy.util.get_package_path(name) / _data_folder(name) / "config.cfg")
    except (ImportError, OSError, ValueError) as error:
        raise ValueError(f"there is no spaCy pipeline `{name}` installed: pip install {name}") from error
    pipeline = config["nlp"]["pipeline"]
    if "ner" not in pipeline:
        raise ValueError(f"the spaCy pipeline `{name}` has no `ner` component: it has {', '.join(pipeline)}")
    listens = config["components"]["ner"]["model"].get("tok2vec", {}).get("@architectures", "")
    needed = {"ner", "tok2vec", "transformer"} if "Listener" in listens else {"ner"}
    return [component for component in pipeline if component not in needed]


def _data_folder(name: str) -> str:
    meta = spacy.util.get_model_meta(spacy.util.get_package_path(name))
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


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
        Span(span.start_char + offset, span.end_char + offset, span.label)
        for (offset, _), answer in zip(cut, answers, strict=True)
        for span in answer.spans
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
        self._models = {language: SpacyModel(name) for language, name in self._names.items()}
        self._rejects = CountRejects()

    def process(self, batch: list[Document]) -> Iterator[Any]:
        languages = {document.article.language for document in batch if document.sentences}
        for language in sorted(filter(None, languages)):
            documents = [part for part in batch if part.sentences and part.article.language == language]
            yield from self._find(documents, self._models[language])
        yield from (document for document in batch if not document.sentences)

    def _find(self, documents: list[Document], model: EntityModel) -> Iterator[Any]:
        try:
            yield from recognize_documents(documents, model)
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
    """Documents → documents with mentions (`kept`) and rejects (`rejects`).

    Args:
        models: language (ISO 639) → name of the spaCy pipeline that reads it.
    """

    models: dict[str, str]

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> Any:
        """Batch by length, then recognize."""
        return (
            documents
            | "Batch" >> beam.BatchElements(BATCH_CHARS, BATCH_CHARS, element_size_fn=_chars)
            | "Recognize" >> beam.ParDo(_FindEntities(self.models)).with_outputs(REJECTS, main=KEPT)
        )
