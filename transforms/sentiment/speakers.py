"""Speakers: who says what stands in quotation marks, where the text says so plainly.

A quotation's speaker is the name beside a verb of saying that touches it (“…,” said X; X said: “…”; according to X,
“…”; “…,” said the chairman, X). A pronoun counts where one person alone can be meant. What goes on with a quotation in
the same paragraph or the next has its speaker. Everything else stays unknown: a wrong voice is worse than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from schemas.records import Mention, Sentence
from transforms.sentiment.quotes import Quote

# Who can speak: people, and organisations and states through their spokesmen.
VOICES = frozenset(("PERSON", "ORG", "GPE", "NORP"))
VERBS = (
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?)|add(?:ed|s)|ask(?:ed|s)|w(?:rote|rites)|tweet(?:ed|s)|post(?:ed|s)|"
    r"declare[ds]|state[ds]|note[ds]|argue[ds]|claim(?:ed|s)|insist(?:ed|s)|warn(?:ed|s)|explain(?:ed|s)|repl(?:ied|ies)|"
    r"respond(?:ed|s)|continue[ds]|conclude[ds]|recall(?:ed|s)|announce[ds]|acknowledge[ds]|admit(?:ted|s)|"
    r"promise[ds]|joke[ds]|suggest(?:ed|s)|testifie[ds]|quip(?:ped|s)|remark(?:ed|s)|observe[ds]|complain(?:ed|s)|"
    r"agree[ds]|thunder(?:ed|s)|shout(?:ed|s)|yell(?:ed|s)|repeat(?:ed|s)|confirm(?:ed|s)|stress(?:ed|es)|"
    r"call(?:ed|s)|describe[ds]|blast(?:ed|s)|dismiss(?:ed|es)|predict(?:ed|s)|vow(?:ed|s))"
)
ADVERB = r"(?:(?:has|had|have|also|later|then|once|recently|previously|reportedly|\w+ly)\s+){0,2}"
# Between a name and its verb: a description between commas, an age or a party in brackets.
DESCRIBED = r"(?:\s*\([^()\n]{1,30}\))?(?:\s*,\s*[^\"“”\n]{1,100}?,)?"
# Between a verb and a name: an office or a description, “said Mayor ”, “said the party's leader, ”.
OFFICE = r"(?:(?:the|a|an)\s+[^,.;:\"“”\n]{1,60},\s*|(?:(?:the\s+)?[A-Z]?[\w.’'\-]+\s+){0,4})"
AFTER_VERB = re.compile(rf"[\s,]*{ADVERB}{VERBS}\s+{OFFICE}$")
AFTER_NAME = re.compile(rf"{DESCRIBED}\s*{ADVERB}{VERBS}\b")
ACCORDING = re.compile(r"\baccording to\s+" + OFFICE + "$", re.I)
SAID_PRONOUN = re.compile(rf"[\s,]*(?:{ADVERB}{VERBS}\s+(he|she)\b|(he|she)\s+{ADVERB}{VERBS}\b)")
PRONOUN_SAID = re.compile(rf"\b(he|she)\s+{ADVERB}{VERBS}\b", re.I)
# Before a name that follows a quotation: “…,” the mayor, X, said; “…,” Mayor X said.
BEFORE_NAME = re.compile(rf"[\s,]*{OFFICE}$")
# What makes a name part of somebody else's description: “a source close to X”, “a spokesman for President X”.
BELONGS = re.compile(
    r"\b(?:to|of|for|with|by|from|against|about|at|in|on|between|under|behind|near)\s+(?:the\s+)?(?:[A-Z][\w.]*\s+)?$"
)
# What may stand between the verb and the quotation that follows it.
TAIL = re.compile(r"[^.!?\n]{0,90}[\s:,—–\-]*$")
REACH = 200  # characters on either side of a quotation where its speaker is looked for


class _Name(NamedTuple):
    """A mention of somebody who can speak."""

    start: int
    end: int
    entity: int
    person: bool


class _Article:
    """What attribution looks at."""

    def __init__(
        self, text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], mentions: Sequence[Mention]
    ) -> None:
        self.text = text
        self.sentences = sentences
        self.quotes = quotes
        self._starts = [sentence.start_char for sentence in sentences]
        self.names = [
            _Name(part.start_char, part.end_char, part.entity, part.label == "PERSON")
            for part in mentions
            if part.entity is not None and part.label in VOICES
        ]
        self._name_starts = [name.start for name in self.names]
        self._quote_starts = [quote.start for quote in quotes]

    def sentence_at(self, at: int) -> int:
        """The sentence that holds a place."""
        return max(0, bisect_right(self._starts, at) - 1)

    def names_in(self, start: int, end: int) -> list[_Name]:
        """The names that lie in text[start:end]."""
        first = bisect_left(self._name_starts, start)
        last = bisect_left(self._name_starts, end)
        return [name for name in self.names[first:last] if name.end <= end]

    def outside(self, start: int, end: int) -> list[_Name]:
        """The names in text[start:end] that stand outside quotations."""
        return [name for name in self.names_in(start, end) if not self._is_quoted(name.start)]

    def _is_quoted(self, at: int) -> bool:
        before = bisect_right(self._quote_starts, at) - 1
        return before >= 0 and at < self.quotes[before].end


def find_speakers(
    text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], mentions: Sequence[Mention]
) -> list[int | None]:
    """Of each sentence, the place among the article's entities of who is quoted in it.

    None where nobody is, or where it isn't plain who.
    """
    found: list[int | None] = [None] * len(sentences)
    if not quotes or not sentences:
        return found
    article = _Article(text, sentences, quotes, mentions)
    voices: list[int | None] = []
    for index in range(len(quotes)):
        voices.append(_speaker(article, index, voices))
    _hand_back(article, voices)
    # The longest quotation that a sentence holds decides.
    longest = [0] * len(sentences)
    for quote, voice in zip(quotes, voices, strict=True):
        for index in range(article.sentence_at(quote.start), article.sentence_at(quote.end - 1) + 1):
            sentence = sentences[index]
            shared = min(quote.end, sentence.end_char) - max(quote.start, sentence.start_char)
            if shared > longest[index]:
                longest[index] = shared
                found[index] = voice
    return found


def _speaker(article: _Article, index: int, voices: Sequence[int | None]) -> int | None:
    """The speaker of a quotation; `voices` are those of the quotations before it."""
    if index and article.quotes[index - 1].goes_on:
        return voices[-1]
    named = _named_after(article, index)
    if named is None:
        named = _named_before(article, index)
    if named is not None:
        return named
    quote = article.quotes[index]
    after = article.text[quote.end : min(_limit(article, index), quote.end + REACH)]
    before = article.text[_floor(article, index) : quote.start]
    if SAID_PRONOUN.match(after) or _said_by_pronoun(before):
        return _meant(article, index, voices)
    return voices[-1] if index and _goes_on(article, index) else None


def _limit(article: _Article, index: int) -> int:
    """Where the clause after a quotation ends at the latest: with its sentence, or the next quotation."""
    quote = article.quotes[index]
    sentence = article.sentences[article.sentence_at(quote.end - 1)]
    end = sentence.end_char
    if end <= quote.end + 1:
        # The sentence ends with the quotation, which asks or exclaims: “Why?” she said.
        following = article.sentence_at(quote.end - 1) + 1
        if following < len(article.sentences) and "\n" not in article.text[quote.end : quote.end + 3]:
            gap = article.text[quote.end : article.sentences[following].end_char]
            end = article.sentences[following].end_char if gap.lstrip()[:1].islower() else end
    following_quote = article.quotes[index + 1].start if index + 1 < len(article.quotes) else end
    return min(end, following_quote)


def _floor(article: _Article, index: int) -> int:
    """Where the clause before a quotation begins at the earliest."""
    quote = article.quotes[index]
    start = article.sentences[article.sentence_at(quote.start)].start_char
    return max(start, quote.start - REACH, article.quotes[index - 1].end if index else 0)


def _named_after(article: _Article, index: int) -> int | None:
    """Who is named right after a quotation as its speaker."""
    quote = article.quotes[index]
    limit = _limit(article, index)
    for name in article.names_in(quote.end, min(limit, quote.end + REACH)):
        between = article.text[quote.end : name.start]
        if ACCORDING.search(between):
            return name.entity
        if BELONGS.search(between):
            continue
        if AFTER_VERB.fullmatch(between):
            return name.entity
        if BEFORE_NAME.fullmatch(between) and AFTER_NAME.match(article.text[name.end : limit]):
            return name.entity
    return None


def _named_before(article: _Article, index: int) -> int | None:
    """Who is named before a quotation, in the same sentence, as its speaker."""
    quote = article.quotes[index]
    floor = _floor(article, index)
    before = article.names_in(floor, quote.start)
    for name in reversed(before):
        rest = article.text[name.end : quote.start]
        start = article.text[floor : name.start]
        belongs = BELONGS.search(start)
        if not belongs and (verb := AFTER_NAME.match(rest)) and TAIL.fullmatch(rest[verb.end() :]):
            return name.entity
        if ACCORDING.search(start) and TAIL.fullmatch(rest):
            return name.entity
    return None


def _said_by_pronoun(before: str) -> bool:
    """Whether the clause before a quotation says that he or she said it, and nobody else did after that."""
    found = list(PRONOUN_SAID.finditer(before))
    return bool(found and TAIL.fullmatch(before[found[-1].end() :]))


def _meant(article: _Article, index: int, voices: Sequence[int | None]) -> int | None:
    """Whom “he said” or “she said” means: the last speaker or the only person since then; None where it isn't plain."""
    quote = article.quotes[index]
    at = article.sentence_at(quote.start)
    since = article.sentences[max(0, at - 2)].start_char
    people = {name.entity for name in article.outside(since, _limit(article, index)) if name.person}
    earlier = index - 1
    while earlier >= 0 and article.quotes[earlier].end >= since:
        voice = voices[earlier]
        if voice is not None:
            people.add(voice)
            break
        earlier -= 1
    return people.pop() if len(people) == 1 else None


def _goes_on(article: _Article, index: int) -> bool:
    """Whether a quotation goes on with the one before it: the same paragraph, the clause between names nobody else."""
    before, quote = article.quotes[index - 1], article.quotes[index]
    between = article.text[before.end : quote.start]
    if "\n" in between:
        return False
    first, last = article.sentence_at(before.end - 1), article.sentence_at(quote.start)
    starts_sentence = article.sentences[last].start_char >= quote.start - 1
    return starts_sentence and last - first <= 1


def _hand_back(article: _Article, voices: list[int | None]) -> None:
    """Give a quotation that goes on, or is cut in two by its attribution, the speaker that only its next part names."""
    for index in range(len(voices) - 2, -1, -1):
        if voices[index] is None and article.quotes[index].goes_on:
            voices[index] = voices[index + 1]
