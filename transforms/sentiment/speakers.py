"""Speakers: who says what stands in quotation marks, where the text says so plainly.

A quotation's speaker is the name beside a verb of saying that touches it (“…,” said X; X said: “…”; according to X,
“…”; “…,” said the chairman, X). A pronoun counts where one person alone can be meant. What goes on with a quotation in
the same paragraph or the next has its speaker. Everything else stays unknown: a wrong voice is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.records import Mention, Sentence
from transforms.sentiment.quoted_article import LEAD, Name, QuotedArticle
from transforms.sentiment.quotes import Quote
from transforms.sentiment.speech import (
    ACCORDING,
    AFTER_NAME,
    AFTER_VERB,
    BEFORE_NAME,
    BELONGS,
    DESCRIBES,
    ENTITLED,
    INTRODUCED,
    PRONOUN_SAID,
    QUOTED_AS,
    SAID_BY_SOMEBODY,
    SAID_PRONOUN,
    SAID_ROLE,
    SAYS_BEFORE,
    TAIL,
    TITLE,
)

REACH = 200  # characters on either side of a quotation where its speaker is looked for
# Sentences back to a voice that "he said" can mean.
MEMORY = 6


def find_speakers(
    text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], mentions: Sequence[Mention]
) -> list[int | None]:
    """Of each sentence, the place among the article's entities of who is quoted in it.

    None where nobody is, or where it isn't plain who.
    """
    found: list[int | None] = [None] * len(sentences)
    if not quotes or not sentences:
        return found
    article = QuotedArticle(text, sentences, quotes, mentions)
    voices: list[int | None] = []
    for index in range(len(quotes)):
        voices.append(_speaker(article, index, voices))
    _give_back(article, voices)
    _go_on_over_paragraphs(article, voices)
    # The longest quotation that a sentence holds decides.
    longest = [0] * len(sentences)
    for quote, voice, first, last in zip(quotes, voices, article.first, article.last, strict=True):
        for index in range(first, last + 1):
            sentence = sentences[index]
            shared = min(quote.end, sentence.end_char) - max(quote.start, sentence.start_char)
            if shared > longest[index]:
                longest[index] = shared
                found[index] = voice
    return found


def _speaker(article: QuotedArticle, index: int, voices: Sequence[int | None]) -> int | None:
    """The speaker of a quotation; `voices` are those of the quotations before it."""
    quote = article.quotes[index]
    said = article.text[quote.start : quote.end].strip("\"'“”‘’")
    if TITLE.fullmatch(said) and ENTITLED.search(article.text, max(0, quote.start - 12), quote.start):
        return None
    if index and article.quotes[index - 1].goes_on:
        return voices[-1]
    named = _named_after(article, index)
    if named is None:
        named = _named_before(article, index)
    return named if named is not None else _unnamed(article, index, voices)


def _unnamed(article: QuotedArticle, index: int, voices: Sequence[int | None]) -> int | None:
    """The speaker of a quotation beside which no name stands."""
    quote = article.quotes[index]
    after = article.text[quote.end : min(article.limits[index], quote.end + REACH)]
    before = article.text[_floor(article, index) : quote.start]
    if SAID_PRONOUN.match(after) or _said_by_pronoun(before):
        return _meant(article, index, voices)
    if SAID_ROLE.match(after):
        return _only_person(article, index)
    if INTRODUCED.search(before) and (subject := _subject(article, index)) is not None:
        return subject
    if index and _goes_on(article, index):
        return voices[-1]
    return None if SAID_BY_SOMEBODY.match(after) else _reported(article, index)


def _floor(article: QuotedArticle, index: int) -> int:
    """Where the clause before a quotation begins at the earliest."""
    quote = article.quotes[index]
    start = article.sentences[article.first[index]].start_char
    return max(start, quote.start - REACH, article.quotes[index - 1].end if index else 0)


def _named_after(article: QuotedArticle, index: int) -> int | None:
    """Who is named right after a quotation as its speaker."""
    quote = article.quotes[index]
    limit = article.limits[index]
    names = article.names_in(quote.end, min(limit, quote.end + REACH))
    for place, name in enumerate(names):
        between, rest = article.text[quote.end : name.start], article.text[name.end : limit]
        if ACCORDING.search(between):
            return _described(article, names[place:]).entity
        if QUOTED_AS[0].fullmatch(between) and QUOTED_AS[1].match(rest):
            return name.entity
        if BELONGS.search(between):
            continue
        if AFTER_VERB.fullmatch(between):
            return _described(article, names[place:]).entity
        if BEFORE_NAME.fullmatch(between) and AFTER_NAME.match(rest):
            return name.entity
    return None


def _described(article: QuotedArticle, names: Sequence[Name]) -> Name:
    """The first of some names, or the person whom it only describes: "Sanders campaign manager Faiz Shakir"."""
    first = names[0]
    for name in names[1:]:
        if not DESCRIBES.fullmatch(article.text, first.end, name.start):
            break
        if name.person:
            return name
    return first


def _named_before(article: QuotedArticle, index: int) -> int | None:
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


def _subject(article: QuotedArticle, index: int) -> int | None:
    """Whom the sentence of a quotation begins with."""
    start = article.sentences[article.first[index]].start_char
    names = article.outside(start, article.quotes[index].start)
    return names[0].entity if names and names[0].start - start <= LEAD and names[0].person else None


def _meant(article: QuotedArticle, index: int, voices: Sequence[int | None]) -> int | None:
    """Whom “he said” or “she said” means; None where it isn't plain.

    The person who said something in the sentences right before; or else the last person quoted, unless somebody else
    came up since; or else the only person of the last two sentences.
    """
    quote, at = article.quotes[index], article.first[index]
    sayer = _sayer(article, article.sentences[max(0, at - 2)].start_char, quote.start)
    if sayer is not None:
        return sayer
    last = next((place for place in range(index - 1, -1, -1) if voices[place] is not None), None)
    if last is not None and at - article.last[last] <= MEMORY:
        voice = voices[last]
        _, paragraph = article.paragraph(article.quotes[last])
        since = article.outside(article.quotes[last].end, quote.start)
        others = {name.entity for name in since if name.person and (name.start > paragraph or article.is_subject(name))}
        return voice if voice in article.people and others <= {voice} else None
    return _only_person(article, index)


def _only_person(article: QuotedArticle, index: int) -> int | None:
    """The one person whom the last two sentences name, as the subject of one of them."""
    first = article.sentences[max(0, article.first[index] - 2)].start_char
    named = [name for name in article.outside(first, article.limits[index]) if name.person]
    people = {name.entity for name in named}
    return people.pop() if len(people) == 1 and any(map(article.is_subject, named)) else None


def _sayer(article: QuotedArticle, start: int, end: int) -> int | None:
    """The last person in text[start:end] of whom it says that he or she said something."""
    names = [name for name in article.outside(start, end) if name.person]
    later: set[int] = set()
    for name in reversed(names):
        if later - {name.entity}:
            return None
        if article.is_subject(name):
            later.add(name.entity)
        sentence = article.sentences[article.sentence_at(name.start)].start_char
        before = article.text[max(start, sentence, name.start - 60) : name.start]
        if not BELONGS.search(before) and AFTER_NAME.match(article.text, name.end, end):
            return name.entity
        if SAYS_BEFORE.search(before) and article.text[name.end : name.end + 1] in (".", ","):
            return name.entity
    return None


def _reported(article: QuotedArticle, index: int) -> int | None:
    """Who is said in the sentence before a quotation, in the same paragraph, to have said what stands there."""
    quote, at = article.quotes[index], article.first[index]
    if at == 0 or article.sentences[at].start_char < quote.start - 1:
        return None
    before = article.sentences[at - 1]
    if "\n" in article.text[before.start_char : quote.start].strip():
        return None
    return _sayer(article, before.start_char, min(before.end_char, quote.start))


def _goes_on(article: QuotedArticle, index: int) -> bool:
    """Whether a quotation goes on with the one before it: the same paragraph, the clause between names nobody else."""
    before, quote = article.quotes[index - 1], article.quotes[index]
    between = article.text[before.end : quote.start]
    if "\n" in between:
        return False
    first, last = article.last[index - 1], article.first[index]
    starts_sentence = article.sentences[last].start_char >= quote.start - 1
    return starts_sentence and last - first <= 1


def _give_back(article: QuotedArticle, voices: list[int | None]) -> None:
    """Give a quotation that goes on, or is cut in two by its attribution, the speaker that only its next part names."""
    for index in range(len(voices) - 2, -1, -1):
        if voices[index] is None and article.quotes[index].goes_on:
            voices[index] = voices[index + 1]


def _go_on_over_paragraphs(article: QuotedArticle, voices: list[int | None]) -> None:
    """Give a quotation that is all of its paragraph the speaker of the paragraph before it.

    In an article where one person alone speaks, “he said” is that person's, too.
    """
    only = {voice for voice in voices if voice is not None}
    alone = only.pop() if len(only) == 1 and sum(voice is not None for voice in voices) > 1 else None
    for index, quote in enumerate(article.quotes):
        if voices[index] is not None:
            continue
        start, end = article.paragraph(quote)
        after = article.text[quote.end : min(article.limits[index], quote.end + REACH)]
        if alone in article.people and SAID_PRONOUN.match(after):
            voices[index] = alone
        elif index and voices[index - 1] is not None:
            _, last = article.paragraph(article.quotes[index - 1])
            whole = not article.text[start : quote.start].strip() and not article.text[quote.end : end].strip()
            if whole and not article.text[last:start].strip():
                voices[index] = voices[index - 1]
