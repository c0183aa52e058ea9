"""Entities: the names, numbers and dates in a document.

In: documents with sentences. Out: the same with `mentions` and `token_count`; documents without sentences pass as they
are. Nothing is rejected.

The model is any installed spaCy pipeline with an `ner` component, run by `transforms.entities.engine`; sentences come
from `transforms.sentences.segment`, since an entity never crosses the start of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from threadpoolctl import threadpool_limits

from schemas.files import ModelRun
from schemas.records import Document, Mention, Sentence
from transforms.entities.engine import EntityModel, Piece, Recognized, Span, load_model
from transforms.entities.labels import ontonotes_label
from transforms.runtime.casing import settle_case
from transforms.runtime.outcome import Outcome, keep

STAGE = "entities"
# A longer article goes through the model in pieces of whole sentences. spaCy's own limit is 1,000,000.
PIECE_CHARS = 50_000
# A sentence this long that goes on without white space was cut by force. The tokenizer's time grows with the square of
# such a run, so its pieces stay apart.
RUN_CHARS = 1000


def cut_pieces(document: Document) -> list[tuple[int, Piece]]:
    """A document's text in pieces of whole sentences, each with its offset; a short document is one piece."""
    text, sentences = document.article.text, document.sentences or ()
    if document.article.language == "en":
        text = settle_case(text)
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


class FindEntities:
    """The stage. `models`: language (ISO 639) → name of the spaCy pipeline that reads it."""

    name = STAGE
    seconds: float | None = None

    def __init__(self, models: Mapping[str, str]) -> None:
        self._names = dict(models)
        self.model_runs: tuple[ModelRun, ...] = ()

    def setup(self) -> None:
        """Load the models. `model_runs` then tells what runs each."""
        # One process works on one batch; more threads in it would fight the others for the cores.
        self._limit = threadpool_limits(1)
        loaded = {language: load_model(name) for language, name in self._names.items()}
        self._models = {language: model for language, (model, _) in loaded.items()}
        self.model_runs = tuple(ModelRun(language, engine) for language, (_, engine) in loaded.items())

    def process(self, batch: Sequence[Document]) -> list[Outcome[Document]]:
        """Each document with its mentions, those of one language together."""
        outcomes = [keep(document) for document in batch]
        by_language: dict[str | None, list[int]] = {}
        for place, document in enumerate(batch):
            if document.sentences:
                by_language.setdefault(document.article.language, []).append(place)
        for language, places in by_language.items():
            found = recognize_documents([batch[place] for place in places], self._models[language or ""])
            for place, document in zip(places, found, strict=True):
                outcomes[place] = keep(document)
        return outcomes
