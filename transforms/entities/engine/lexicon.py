"""The tokenizer, remembered: from text to tokens and their vectors without asking spaCy twice for the same chunk.

spaCy's tokenizer takes a text apart at white space and each chunk by itself, so the tokens of a chunk are the same
wherever it stands. But a last pass over the document joins or splits tokens by special cases that hold affixes (the
"Fla." in "(R-Fla.)"). A case that it finds across white space changes nothing in itself; it can only keep the pass
from changing a chunk that it overlaps with. So a document where such a chunk has a neighbour that could be part of a
case goes through spaCy's tokenizer as a whole, and all others through the table of chunks.

The vector of a token depends on a few of its attributes and not on its neighbours; one row for each distinct set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.attrs import intify_attr
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span

from transforms.entities.engine.network import Floats, Network

Ints = npt.NDArray[np.int64]

# White space that is a token: all of it but a single space between two chunks.
SPACE = re.compile(r"\A\s+|[^\S ]\s*| \s+")
# What is remembered of the words; beyond, all is forgotten at once. English news comes upon some 300,000 distinct
# chunks in 10,000 articles. One takes about 250 bytes, and a vector four times its width.
MOST_CHUNKS = 150_000
MOST_VECTORS = 75_000
PLACES: list[int | str] = ["IDX", "LENGTH", "IS_SPACE"]
# The vector of no word, between documents.
PADDING = 0


class Text(NamedTuple):
    """The tokens of a text: row of its vector, half-open code-point offsets, and whether it is white space."""

    rows: Ints
    starts: Ints
    stops: Ints
    is_space: npt.NDArray[np.bool_]


class TokenCache:
    """A pipeline's tokenizer and embedding behind a table of what they answered. Bounded; not for more than one thread.

    While it is in use, the pipeline's vocabulary is inside a memory zone that ends when the table is full.
    """

    def __init__(self, nlp: Language, network: Network) -> None:
        self._nlp = nlp
        _spare_attributes(nlp.vocab, network)
        self._embed = network.embed
        self._attributes = list(network.attributes)
        self._width = network.project[0].shape[1]
        self._tokenizer = _ChunkTokenizer(nlp.tokenizer) if _cuts_at_white_space(nlp.tokenizer) else None
        self._zone = ExitStack()
        self.epoch = 0
        """Counts how often all has been forgotten: rows of one epoch mean nothing in another."""
        self._chunks = _Chunks()
        self._known: dict[bytes, int] = {}
        # Of each chunk: its first token, how many it has, and whether the tokenizer's last pass changes it.
        self._first, self._count, self._changed = _Column(np.int64), _Column(np.int64), _Column(np.bool_)
        # Of each token.
        self._rows, self._starts, self._stops = _Column(np.int64), _Column(np.int64), _Column(np.int64)
        self._is_space = _Column(np.bool_)
        self._vectors = _Column(np.float32, self._width)
        tokens = (self._rows, self._starts, self._stops, self._is_space)
        self._columns = (self._first, self._count, self._changed, *tokens, self._vectors)
        self._forget()

    def _forget(self) -> None:
        self.epoch += 1
        self._zone.close()
        self._zone.enter_context(self._nlp.memory_zone())
        self._chunks.clear()
        self._chunks.take_new()
        self._known.clear()
        for column in self._columns:
            column.clear()
        self._vectors.extend(np.zeros((1, self._width), np.float32))

    @property
    def vectors(self) -> Floats:
        """The vector of each row, (rows, width); row `PADDING` is zeros. Good until the next `read`."""
        return self._vectors.values

    def read(self, texts: Sequence[str]) -> list[Text]:
        """The tokens of texts."""
        if len(self._chunks) > MOST_CHUNKS or len(self._vectors) > MOST_VECTORS:
            self._forget()
        if self._tokenizer is None:
            return [self._read_whole(text) for text in texts]
        try:
            return self._read_chunks(texts, self._tokenizer)
        except BaseException:
            # Chunks may be numbered and not learned.
            self._forget()
            raise

    def _read_chunks(self, texts: Sequence[str], tokenizer: _ChunkTokenizer) -> list[Text]:
        cut = [cut_chunks(text) for text in texts]
        numbers = [np.fromiter(map(self._chunks.__getitem__, chunks), np.int64, len(chunks)) for chunks, _ in cut]
        self._learn(tokenizer)
        return [
            self._assemble(ids, starts)
            if tokenizer.stand_apart(chunks, np.flatnonzero(self._changed.values[ids]))
            else self._read_whole(text)
            for text, ids, (chunks, starts) in zip(texts, numbers, cut, strict=True)
        ]

    def _assemble(self, ids: Ints, chunk_starts: Ints) -> Text:
        """The tokens of a run of known chunks."""
        counts = self._count.values[ids]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        which = np.repeat(self._first.values[ids] - ends + counts, counts) + np.arange(total)
        offsets = np.repeat(chunk_starts, counts)
        return Text(
            self._rows.values[which],
            offsets + self._starts.values[which],
            offsets + self._stops.values[which],
            self._is_space.values[which],
        )

    def _read_whole(self, text: str) -> Text:
        """The tokens of a text as spaCy's tokenizer gives them."""
        return self._read_doc(self._nlp.make_doc(text))

    def _read_doc(self, doc: Doc) -> Text:
        places = doc.to_array(PLACES).astype(np.int64)
        return Text(self._find_rows(doc), places[:, 0], places[:, 0] + places[:, 1], places[:, 2].astype(np.bool_))

    def _find_rows(self, doc: Doc) -> Ints:
        """The row of each token's vector; new ones are computed by spaCy's own layer."""
        values = np.ascontiguousarray(doc.to_array(self._attributes)).reshape(len(doc), -1)
        keys = [row.tobytes() for row in values]
        new: dict[bytes, int] = {}
        for index, key in enumerate(keys):
            if key not in self._known:
                self._known[key] = len(self._vectors) + len(new)
                new[key] = index
        if new:
            (vectors,) = self._embed.predict([_Selected(doc, np.array(list(new.values())))])
            self._vectors.extend(vectors)
        return np.array([self._known[key] for key in keys], dtype=np.int64)

    def _learn(self, tokenizer: _ChunkTokenizer) -> None:
        """Tokenize the chunks that the table has numbered since the last time."""
        chunks = list(self._chunks.take_new())
        if not chunks:
            return
        firsts = np.empty(len(chunks), np.int64)
        counts = np.empty(len(chunks), np.int64)
        changed = np.zeros(len(chunks), np.bool_)
        for doc, indices in tokenizer.tokenize(chunks):
            text = self._read_doc(doc)
            lengths = np.array([len(chunks[index]) + 1 for index in indices])
            begins = np.cumsum(lengths) - lengths
            places = np.searchsorted(text.starts, begins)
            firsts[indices] = places + len(self._rows)
            counts[indices] = np.diff(np.append(places, len(doc)))
            self._add(text, np.repeat(begins, counts[indices]))
            for place in tokenizer.find_suspects(doc, places):
                index = indices[place]
                begin, end = places[place], places[place] + counts[index]
                final = tokenizer.change(chunks[index], doc[begin:end])
                if final is not None:
                    firsts[index], counts[index], changed[index] = len(self._rows), len(final), True
                    self._add(self._read_doc(final), 0)
        self._first.extend(firsts)
        self._count.extend(counts)
        self._changed.extend(changed)

    def _add(self, text: Text, base: Any) -> None:
        """Put tokens into the table, their offsets from the chunk's beginning."""
        self._rows.extend(text.rows)
        self._starts.extend(text.starts - base)
        self._stops.extend(text.stops - base)
        self._is_space.extend(text.is_space)


def cut_chunks(text: str) -> tuple[list[str], Ints]:
    """A text's chunks, as spaCy's tokenizer cuts them, and where they start.

    A chunk is a run without white space, or of white space alone; a single space between two chunks belongs to none.
    """
    chunks: list[str] = []
    counts: list[int] = []
    bases: list[int] = []
    end = 0
    for found in SPACE.finditer(text):
        begin, after = found.span()
        if end < begin:
            words = text[end:begin].split(" ")
            chunks += words
            counts.append(len(words))
            bases.append(end)
        if begin and text[begin] == " ":
            begin += 1
        chunks.append(text[begin:after])
        counts.append(1)
        bases.append(begin)
        end = after
    rest = text[end:].removesuffix(" ").split(" ") if end < len(text) else []
    chunks += rest
    counts.append(len(rest))
    bases.append(end)
    lengths = np.fromiter(map(len, chunks), np.int64, len(chunks)) + 1
    starts = np.cumsum(lengths) - lengths
    number = np.array(counts)
    runs = np.cumsum(number) - number
    shift = np.array(bases) - np.append(starts, 0)[runs]
    return chunks, starts + np.repeat(shift, number)


def _spare_attributes(vocab: Any, network: Network) -> None:
    """Keep a vocabulary from working out what neither the tokenizer nor the network asks of a new word."""
    needed = {intify_attr(name) for name in (*network.attributes, *PLACES, "ORTH", "NORM")}
    vocab.lex_attr_getters = {key: get for key, get in vocab.lex_attr_getters.items() if key in needed}


def _cuts_at_white_space(tokenizer: Any) -> bool:
    """Whether a pipeline's tokenizer is spaCy's own, and none of its special cases goes across white space."""
    if type(tokenizer) is not Tokenizer:
        return False
    return all(rule.isspace() or not any(map(str.isspace, rule)) for rule in tokenizer.rules)


class _ChunkTokenizer:
    """spaCy's tokenizer without its last pass, and the question what that pass would have changed."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._full = tokenizer
        affixes = {
            "prefix_search": _Search(tokenizer.prefix_search, None),
            "suffix_search": _Search(tokenizer.suffix_search, None),
            "infix_finditer": _Search(tokenizer.infix_finditer, ()),
        }
        matches = {"token_match": tokenizer.token_match, "url_match": tokenizer.url_match}
        bare = Tokenizer(tokenizer.vocab, **affixes, **matches)
        self._matcher = PhraseMatcher(tokenizer.vocab)
        cases = [bare(rule) for rule in tokenizer.rules if not rule.isspace()]
        self._matcher.add("special", cases)
        self._pairs = {(left.text, right.text) for case in cases for left, right in pairwise(case)}
        # A rule takes part in the last pass if affixes are found in it while it is added.
        for search in affixes.values():
            search.asleep = True
        self._plain = Tokenizer(tokenizer.vocab, rules=tokenizer.rules, **affixes, **matches)
        for search in affixes.values():
            search.asleep = False

    def tokenize(self, chunks: Sequence[str]) -> Iterator[tuple[Doc, list[int]]]:
        """Documents that hold the chunks, a space between two; with each the indices of its chunks."""
        spaces = [index for index, chunk in enumerate(chunks) if chunk.isspace()]
        words = [index for index, chunk in enumerate(chunks) if not chunk.isspace()]
        for index in spaces:
            yield self._plain(chunks[index]), [index]
        if words:
            yield self._plain(" ".join(chunks[index] for index in words)), words

    def find_suspects(self, doc: Doc, places: Ints) -> list[int]:
        """The chunks of a document, by number, that hold a special case. `places` are their first tokens."""
        starts = [start for _, start, _ in self._matcher(doc)]
        return sorted(set((np.searchsorted(places, starts, side="right") - 1).tolist()))

    def change(self, chunk: str, tokens: Span) -> Doc | None:
        """A chunk as the last pass leaves it; None if that is as it was."""
        final = self._full(chunk)
        same = [(token.text, token.norm) for token in tokens] == [(token.text, token.norm) for token in final]
        return None if same else final

    def stand_apart(self, chunks: Sequence[str], changed: Ints) -> bool:
        """Whether no special case can reach from a changed chunk of a document into its neighbours."""
        for index in changed.tolist():
            around = [self._plain(chunk) for chunk in chunks[max(0, index - 1) : index + 2]]
            if any((left[-1].text, right[0].text) in self._pairs for left, right in pairwise(around)):
                return False
        return True


class _Search:
    """A search for affixes that answers `nothing` while asleep."""

    def __init__(self, search: Callable[[str], Any] | None, nothing: Any) -> None:
        self._search, self._nothing = search, nothing
        self.asleep = False

    def __call__(self, text: str) -> Any:
        return self._nothing if self.asleep or self._search is None else self._search(text)


class _Chunks(dict[str, int]):
    """A number for each chunk ever asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[str] = []

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = len(self)
        self._new.append(chunk)
        return number

    def take_new(self) -> list[str]:
        """The chunks numbered since the last time, in order."""
        new, self._new = self._new, []
        return new


class _Column:
    """A column of values that grows at its end. What it grew to it keeps, so that memory finds its level."""

    def __init__(self, dtype: Any, *shape: int) -> None:
        self._values = np.empty((1024, *shape), dtype)
        self._used = 0

    def extend(self, values: npt.NDArray[Any]) -> None:
        end = self._used + len(values)
        if end > len(self._values):
            grown = np.empty((max(end, self._used * 3 // 2), *self._values.shape[1:]), self._values.dtype)
            grown[: self._used] = self._values[: self._used]
            self._values = grown
        self._values[self._used : end] = values
        self._used = end

    def clear(self) -> None:
        self._used = 0

    @property
    def values(self) -> npt.NDArray[Any]:
        return self._values[: self._used]

    def __len__(self) -> int:
        return self._used


class _Selected:
    """Some of a document's tokens, as far as an embedding layer asks."""

    def __init__(self, doc: Doc, indices: Ints) -> None:
        self._doc, self._indices = doc, indices
        self.vocab = doc.vocab

    def to_array(self, columns: Any) -> Any:
        return self._doc.to_array(columns)[self._indices]

    def __len__(self) -> int:
        return len(self._indices)
