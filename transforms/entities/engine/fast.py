"""The engine: an `EntityModel` that answers as spaCy's `ner` does, several times faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from transforms.entities.engine.actions import Actions, CompiledActions, Entities, Tokens
from transforms.entities.engine.encoder import Encoder
from transforms.entities.engine.lexicon import PADDING, Text, TokenCache
from transforms.entities.engine.network import read_network
from transforms.entities.engine.pieces import Piece, Recognized, Span
from transforms.entities.engine.reference import make_doc, read_doc
from transforms.runtime import kernels

# Tokens that go through the layers at once: their rows stay in the processor's cache. A long piece is not divided.
BATCH_TOKENS = 6000


class ArrayModel:
    """A spaCy pipeline's `ner` on arrays.

    Raises:
        UnsupportedError: the pipeline is not of the make that the engine knows.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        network = read_network(nlp)
        self._padding = network.padding
        self._encoder = Encoder(network.window)
        lanes = kernels.LANES[0] if kernels.LANES and CompiledActions.can_compile(network) else 0
        offset = self._encoder.offset
        self._actions = CompiledActions(network, offset, lanes) if lanes else Actions(network, offset)
        self._lexicon = TokenCache(nlp, network)

    def recognize(self, pieces: Sequence[Piece]) -> list[Recognized]:
        """See `EntityModel`."""
        texts = self._lexicon.read([piece.text for piece in pieces])
        found: list[Recognized] = []
        for start, end in _batches([len(text.rows) for text in texts]):
            found += self._find(pieces[start:end], texts[start:end])
        return found

    def _find(self, pieces: Sequence[Piece], texts: Sequence[Text]) -> list[Recognized]:
        lengths = np.array([len(text.rows) for text in texts])
        if not lengths.any():
            return [Recognized((), 0) for _ in texts]
        # Rows that keep the documents apart stand before, between and after them.
        places = np.arange(lengths.sum()) + np.repeat(np.arange(1, len(texts) + 1) * self._padding, lengths)
        unit = 2 * self._encoder.pairs
        size = -(-(places[-1] + 1 + self._padding) // unit) * unit
        rows = np.full(size, PADDING)
        rows[places] = np.concatenate([text.rows for text in texts])
        encoded = self._encoder.encode(rows, self._lexicon.vectors, self._lexicon.epoch).reshape(size, -1)
        tokens = Tokens(
            rows=(places & 1) * (size // 2) + (places >> 1),
            is_space=np.concatenate([text.is_space for text in texts]),
            ends_run=np.concatenate([_ends_run(piece, text) for piece, text in zip(pieces, texts, strict=True)]),
        )
        return self._divide(self._actions.find(encoded, tokens), pieces, texts, np.cumsum(lengths))

    def _divide(
        self, entities: Entities, pieces: Sequence[Piece], texts: Sequence[Text], ends: npt.NDArray[np.int64]
    ) -> list[Recognized]:
        """Each piece's own entities, as offsets into its text."""
        starts = np.concatenate([text.starts for text in texts])[entities.first].tolist()
        stops = np.concatenate([text.stops for text in texts])[entities.stop - 1].tolist()
        labels = [self._actions.labels[label] for label in entities.label.tolist()]
        bounds = [0, *np.searchsorted(entities.first, ends).tolist()]
        doubtful = set(np.searchsorted(ends, entities.doubtful, side="right").tolist())
        found = []
        for number, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
            if number in doubtful:
                found.append(self._ask_spacy(piece))
                continue
            low, high = bounds[number : number + 2]
            spans = map(Span, starts[low:high], stops[low:high], labels[low:high])
            kept = tuple(span for span in spans if not piece.text[span.start_char : span.end_char].isspace())
            found.append(Recognized(kept, len(text.rows)))
        return found

    def _ask_spacy(self, piece: Piece) -> Recognized:
        """The answer of spaCy itself: one text in a thousand has a tie that the order of additions decides."""
        (doc,) = self._nlp.pipe([make_doc(self._nlp, piece)])
        return read_doc(doc)


def _ends_run(piece: Piece, text: Text) -> npt.NDArray[np.bool_]:
    """Whether each token is the last of a sentence or of the text."""
    flags = np.zeros(len(text.starts) + 1, np.bool_)
    begins = np.array(piece.sentence_starts, dtype=np.int64)
    tokens = np.searchsorted(text.starts, begins)
    there = tokens < len(text.starts)
    flags[tokens[there]] = text.starts[tokens[there]] == begins[there]
    flags[-1] = True
    return flags[1:]


def _batches(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of pieces of about `BATCH_TOKENS` tokens, as first and one after the last."""
    start = tokens = 0
    for index, length in enumerate(lengths):
        if index > start and tokens + length > BATCH_TOKENS:
            yield start, index
            start, tokens = index, 0
        tokens += length
    if start < len(lengths):
        yield start, len(lengths)
