"""Boundaries: a span as the model drew it → the names that are in it, without what newswire leaves outside a name.

Cut off: leading articles, possessives, quotes, brackets and punctuation, what follows a line end or a dash, titles and
nationalities before a person, page furniture. A span that holds two names ("Bank of Ghana (BoG)", "AP Photo/Ana Ruiz",
"Erawan Shrine in Bangkok") becomes two. Nothing is added: every result lies within its span, and hangs on the span's
text and label alone, so results are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.names.countries import load_countries
from transforms.names.edges import OUTSIDE, is_titled, trim_edges
from transforms.names.lexicon import BODIES, CURRENCIES, FACILITIES
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import load_gazetteer
from transforms.names.spans import CORE, NAMES, Span
from transforms.names.states import SPELT_OUT
from transforms.runtime.words import is_common

# Code points. A longer "name" is a list or a table that the model took for one.
LONGEST = 120
REMEMBERED = 1 << 16

_ARTICLE = re.compile(r"(?:the|a|an|The|A|An|THE)[ \xa0\n]+(?=\S)")
_STATES = "|".join(form[:-1] for form in SPELT_OUT if form.count(".") == 1)
_ABBREVIATED = re.compile(rf"(?:^|[\s.])(?:[^\W\d_]|Jr|Sr|Inc|Ltd|Corp|Co|Bros|St|{_STATES})\.$")
_BREAK = re.compile(
    r"\s*(?:[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\t|•]|[—–―]|\s-{1,2}\s|…|\.\.\.|\s{3,}|(?<=[a-z]{5})\.(?=\s+[^\W\d_a-z])"
    r"|\s(?:is|are|was|were|has|have|had|will|says?|said)\s"
    r"|\b(?:Replay More|MUST WATCH|JUST WATCHED|Hide Caption|Story highlights|MORE\b))\s*"
)
_APART = re.compile(r"\s*[/(;\[\]]\s*")
_PEOPLE_APART = re.compile(r"\s*[,/()\[\]:]\s*|\s+(?:and|&)\s+")
_INSIDE = re.compile(r"\s+(?:in|at|near|from|on|to)\s+(?:the\s+)?(?=[^\W\d_a-z])")
_OWNER = re.compile(r"['’]s (?=[^\W\d_a-z])")
# Names that end as a possessive does: English family firms and "people's" bodies.
_OWN_S = re.compile(
    r"(?:^| )(?:Mc\w+|Moody|Macy|Sotheby|Christie|Levi|Wendy|Lloyd|Sainsbury|Lowe|Kohl|Domino|Denny|Women|Men|People"
    r"|Children|Veterans)['’]s$"
)


def repair_span(text: str, span: Span) -> list[Span]:
    """The names in a span, in order, each within it; none where nothing is left that could be one."""
    start, end, label = span
    return [(start + first, start + last, kind) for first, last, kind in _repair(text[start:end], label)]


def repair_spans(text: str, spans: Iterable[Span]) -> list[Span]:
    """All spans repaired, amounts and times as they are."""
    repaired: list[Span] = []
    for span in spans:
        start, end, label = span
        if label not in NAMES:
            repaired.append(span)
            continue
        for first, last, kind in _repair(text[start:end], label):
            repaired.append((start + first, _before_ticker(text, start + first, start + last), kind))
    return repaired


# A price's change behind a company's ticker: "Caterpillar CAT, +1.05%".
_CHANGE = re.compile(r",? [+−–-]?\d+\.\d+%")
_TICKER = re.compile(r" [A-Z]{1,5}$")


def _before_ticker(text: str, start: int, end: int) -> int:
    """Where a name ends whose last word is a ticker, by the change of its price behind it."""
    ticker = _TICKER.search(text, start, end) if _CHANGE.match(text, end) else None
    return ticker.start() if ticker else end


@lru_cache(REMEMBERED)
def _repair(found: str, label: str) -> tuple[tuple[int, int, str], ...]:
    if label not in NAMES:
        left = len(found) - len(found.lstrip())
        return ((left, len(found.rstrip()), label),) if found.strip() else ()
    if len(found) > LONGEST:
        return ()
    if label not in CORE:
        return _finish(found, 0, len(found), label)
    names = [name for start, end in _parts(found, label) for name in _finish(found, start, end, label)]
    if "/" in found and label == "ORG" and any(found[start:end] in ORGANISATIONS for start, end, _ in names):
        names = [(start, end, "PERSON" if _is_credited(found[start:end]) else label) for start, end, _ in names]
    return tuple(names)


def _is_credited(name: str) -> bool:
    """Whether what shares a photo's credit with an agency is its photographer ("AP Photo/Ana Ruiz")."""
    return 1 <= name.count(" ") <= 2 and name not in ORGANISATIONS and BODIES.isdisjoint(name.split())


def _parts(found: str, label: str) -> list[tuple[int, int]]:
    """The stretches of a span that may hold one name each."""
    start = len(found) - len(found.lstrip(OUTSIDE))
    broken = _BREAK.search(found, start, max(start, len(found.rstrip(OUTSIDE))))
    end = broken.start() if broken else len(found)
    parts = []
    for match in (_PEOPLE_APART if label == "PERSON" else _APART).finditer(found, start, end):
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, end))
    if label == "PERSON":
        parts = [piece for part in parts for piece in _split_captions(found, *part)]
        owners = [_OWNER.search(found, *part) for part in parts]
        return [(first, owner.start() if owner else last) for (first, last), owner in zip(parts, owners, strict=True)]
    if label in ("GPE", "LOC", "NORP"):
        parts = [piece for part in parts for piece in _split_countries(found, *part)]
    parts = [piece for part in parts for piece in _split_owner(found, *part)]
    if label in ("ORG", "FAC"):
        parts = [piece for part in parts for piece in _split_inside(found, *part)]
    return parts


def _split_captions(found: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two names for "Donald Trump Jr. Ivanka Trump": a son's is over with what tells him from his father."""
    match = _SON.search(found, start, end)
    return [(start, match.start()), (match.end(), end)] if match else [(start, end)]


_SON = re.compile(r"(?<=[^\W\d_] [JS]r\.)\s+(?=[^\W\d_a-z][\w.’'-]*\s[^\W\d_a-z])")


def _split_countries(found: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two names for "U.S.-North Korea", one for "Guinea-Bissau"."""
    first, _, second = found[start:end].partition("-")
    codes = load_countries().codes
    if first in codes and second in codes and found[start:end] not in codes:
        return [(start, start + len(first)), (end - len(second), end)]
    return [(start, end)]


def _split_owner(found: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two names for "Estonia’s Cyber Defense League", one for "People’s Bank"."""
    match = _OWNER.search(found, start, end)
    if match and trimmed(found[start : match.start()]) in load_gazetteer().strength:
        return [(start, match.start()), (match.end(), end)]
    return [(start, end)]


def trimmed(name: str) -> str:
    """A name without a leading article."""
    return _ARTICLE.sub("", name, count=1)


def _split_inside(found: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two names for "Erawan Shrine in Bangkok", one for "Doctors in Distress"."""
    match = _INSIDE.search(found, start, end)
    if match is None:
        return [(start, end)]
    before = found[start : match.start()].rsplit(" ", 1)[-1]
    if before in FACILITIES or found[match.end() : end].strip(OUTSIDE) in load_gazetteer().strength:
        return [(start, match.start()), (match.end(), end)]
    return [(start, end)]


def _finish(found: str, start: int, end: int, label: str) -> tuple[tuple[int, int, str], ...]:
    start, end = _trim(found, start, end)
    tail = _TAIL.search(found, start, end)
    end = tail.start() if tail else end
    if label in CORE:
        start, end = _trim_words(found, start, end, label)
    name = found[start:end]
    money = _MONEY.search(name) if label in CORE or label == "PRODUCT" else None
    if money and name[: money.start()] in load_countries().demonyms:
        return ((start, start + money.start(), "NORP"),)
    small = name.islower() and (label in CORE or label == "NORP")
    if small or not any(map(str.isalpha, name)) or _NEVER.search(name):
        return ()
    if label in CORE and label != "PERSON" and start and is_titled(found[:end].split()):
        label = "PERSON"
    return ((start, end, label),)


# A people's money is no name, the people's is.
_MONEY = re.compile(rf" (?:{'|'.join(sorted(CURRENCIES))})s?$")
# What is written onto the end of a name and makes it an adjective: "George W. Bush-era".
_TAIL = re.compile(
    r"(?<=[^\W\d_]|\.)-(?:era|led|based|backed|style|like|born|owned|controlled|run|linked|affiliated|endorsed|appointed"
    r"|occupied|held|area|type|esque|friendly|funded|sponsored|supported|dominated|only|wide|bound)$"
)
# Addresses, amounts of money, a member's party and state ("R-Okla"), and what is written in no Latin letter.
_NEVER = re.compile(
    r"www\.|https?:|%[0-9A-F]{2}|^[RDI]-[A-Z][\w.]*$"
    r"|^[A-Z]?[A-Za-z]{0,2}[$€£¥]?\d[\d.,]*(?: (?:million|billion|trillion))?$|^[^A-Za-zÀ-ɏ]+$"
)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds without what stands around a name: white space, punctuation, a leading article, a possessive."""
    while start < end:
        found = text[start:end]
        bare = found.lstrip(OUTSIDE)
        first = len(found) - len(bare)
        bare = bare.rstrip(OUTSIDE)
        if "(" in bare and found.startswith(bare + ")", first):
            bare += ")"
        if bare.endswith(".") and not _ABBREVIATED.search(bare):
            bare = bare.rstrip(".")
        elif bare.endswith(("'s", "’s", "'S", "’S", "`s", "´s")) and not _OWN_S.search(bare):
            bare = bare[:-2]
        article = _ARTICLE.match(bare)
        if article and bare != "The Hague":
            first += article.end()
            bare = bare[article.end() :]
        if len(bare) == len(found):
            break
        start += first
        end = start + len(bare)
    return start, end


def _trim_words(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Bounds without the words at either end that belong to no name of this label."""
    name = text[start:end]
    prefix = _PREFIX.match(name)
    if prefix:
        return start + prefix.end(), end
    words = name.split(" ")
    whole = name in ORGANISATIONS or name in load_gazetteer().spotted or name in load_countries().demonyms
    if len(words) == 1 or whole:
        return start, end
    glued = _GLUED.search(name) if label == "PERSON" else None
    if glued and is_common(glued[1]):
        # A page's next word: "Donald TrumpFive".
        return start, end - len(glued[1])
    first, last = trim_edges(words, label)
    if first == 0 and last == len(words):
        return start, end
    start += sum(len(word) + 1 for word in words[:first])
    return _trim(text, start, start + len(" ".join(words[first:last])))


# What is written onto a name with a hyphen and is no part of it.
_PREFIX = re.compile(r"(?:pro|anti|ex|non|pre|post|mid)-(?=[^\W\d_a-z])")
_GLUED = re.compile(r"(?<=[^\W\d_]{3}[a-z])([A-Z][a-z]+)$")
