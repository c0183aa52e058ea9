"""An article as attribution looks at it: its quotations, and where the names of those who can speak stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from schemas.records import Mention, Sentence
from transforms.sentiment.quotes import Quote
from transforms.sentiment.speech import AFTER_NAME, SUBJECT

# Who can speak: people, and organisations and states through their spokesmen.
VOICES = frozenset(("PERSON", "ORG", "GPE"))
# A name is its sentence's subject if no more characters stand before it.
LEAD = 32


class Name(NamedTuple):
    """A mention of somebody who can speak."""

    start: int
    end: int
    entity: int
    person: bool


class QuotedArticle:
    """What attribution looks at."""

    def __init__(
        self, text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], mentions: Sequence[Mention]
    ) -> None:
        self.text = text
        self.sentences = sentences
        self.quotes = quotes
        self._starts = [sentence.start_char for sentence in sentences]
        self.names = [
            Name(part.start_char, part.end_char, part.entity, part.label == "PERSON")
            for part in mentions
            if part.entity is not None and part.label in VOICES
        ]
        self.people = {name.entity for name in self.names if name.person}
        self._name_starts = [name.start for name in self.names]
        self._quote_starts = [quote.start for quote in quotes]
        self.first = [self.sentence_at(quote.start) for quote in quotes]
        """The sentence that each quotation begins in."""
        self.last = [self.sentence_at(quote.end - 1) for quote in quotes]
        """The sentence that it ends in."""
        self.limits = [self._limit(index) for index in range(len(quotes))]
        """Where the clause after each ends at the latest: with its sentence, or the next quotation."""

    def sentence_at(self, at: int) -> int:
        """The sentence that holds a place."""
        return (bisect_right(self._starts, at) or 1) - 1

    def _limit(self, index: int) -> int:
        end, last = self.quotes[index].end, self.last[index]
        limit = self.sentences[last].end_char
        if limit <= end + 1 and last + 1 < len(self.sentences) and "\n" not in self.text[end : end + 3]:
            # The sentence ends with the quotation, which asks or exclaims: “Why?” she said.
            following = self.sentences[last + 1].end_char
            if self.text[end:following].lstrip()[:1].islower():
                limit = following
        return min(limit, self.quotes[index + 1].start) if index + 1 < len(self.quotes) else limit

    def names_in(self, start: int, end: int) -> list[Name]:
        """The names that lie in text[start:end]."""
        first = bisect_left(self._name_starts, start)
        last = bisect_left(self._name_starts, end)
        return [name for name in self.names[first:last] if name.end <= end]

    def outside(self, start: int, end: int) -> list[Name]:
        """The names in text[start:end] that stand outside quotations."""
        return [name for name in self.names_in(start, end) if not self._is_quoted(name.start)]

    def is_subject(self, name: Name) -> bool:
        """Whether a name begins its sentence, or a verb of saying follows it."""
        start = self.sentences[self.sentence_at(name.start)].start_char
        if name.start - start <= LEAD and not SUBJECT.search(self.text, start, name.start):
            return True
        return bool(AFTER_NAME.match(self.text, name.end))

    def paragraph(self, quote: Quote) -> tuple[int, int]:
        """Where the paragraph of a quotation begins and ends."""
        end = self.text.find("\n", quote.end)
        return self.text.rfind("\n", 0, quote.start) + 1, end if end >= 0 else len(self.text)

    def _is_quoted(self, at: int) -> bool:
        before = bisect_right(self._quote_starts, at) - 1
        return before >= 0 and at < self.quotes[before].end
