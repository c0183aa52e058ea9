"""Initials in brackets: they are short for what stands before them, and of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from transforms.names.countries import load_countries
from transforms.names.lexicon import STRONG_BODIES
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import load_gazetteer
from transforms.names.spans import Span
from transforms.runtime.words import is_common

ACTS = frozenset(("LAW", "EVENT"))
_INITIALS = re.compile(r"[A-Z][A-Za-z&-]{1,9}s?$")
_WORDS = re.compile(r"[^\W\d_]+")
# Code points before the brackets in which the words are looked for.
REACH = 120


def abbreviates(short: str, name: str) -> bool:
    """Whether `short` is made of the initials of `name`, with or without those of its small words."""
    return _bare(short).upper() in _letters(name)


def _bare(short: str) -> str:
    return short.replace(".", "").replace("&", "")


def _letters(name: str) -> set[str]:
    """The initials of a name of two words or more, in capitals, with and without those of its small words."""
    words = name.replace("-", " ").split()
    if len(words) < 2:
        return set()
    of_country = len(words) > 3 and words[0] in load_countries().codes
    kept = (words, words[1:]) if of_country else (words,)
    return {
        "".join(word[0] for word in part if not small or word[0].isupper()).upper() for part in kept for small in (0, 1)
    }


def _parts(name: str) -> set[str]:
    """What a name begins with and ends in, by whole words."""
    words = name.split(" ")
    places = range(1, len(words))
    return {" ".join(words[:place]) for place in places} | {" ".join(words[place:]) for place in places}


class Initials:
    """The long names of an article's organisations, by what abbreviates them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self._by_letters: dict[str, list[str]] = {}
        self._by_part: dict[str, list[str]] = {}
        for name in sorted(self.names):
            for letters in _letters(name):
                self._by_letters.setdefault(letters, []).append(name)
            for part in _parts(name):
                self._by_part.setdefault(part, []).append(name)

    def whole(self, part: str) -> str | None:
        """The one name that begins or ends with `part`: "Quinnipiac" University, the New York "Times"."""
        found = self._by_part.get(part, ())
        if len(found) != 1 or " of " in found[0]:
            return None
        known = part in ORGANISATIONS or part in load_countries().demonyms or part in load_gazetteer().strength
        return None if known else found[0]

    def chamber(self) -> str | None:
        """The one house that an article names in full, where it isn't that of the representatives."""
        found = [name for name in self.names if name.startswith("House of ") and name != "House of Representatives"]
        return found[0] if len(found) == 1 and "House of Representatives" not in self.names else None

    def find(self, short: str) -> str | None:
        """The one name that `short` abbreviates."""
        found = self._by_letters.get(_bare(short).upper(), ())
        return found[0] if len(found) == 1 else None


def spell_out(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, with the whole of each name whose initials stand in brackets behind it: "Bruhat … Palike (BBMP)".

    Args:
        text: the article.
        spans: what is known, in order. What reaches further than such a name stays as it is.
    """
    known = list(spans)
    for match in _BRACKETED.finditer(text):
        if not _BEHIND_WORD.match(text, max(0, match.start() - 2)):
            continue
        start, end = _spelt_in(text[max(0, match.start() - REACH) : match.start()], match[1])
        if start == end:
            continue
        start, end = start + max(0, match.start() - REACH), end + max(0, match.start() - REACH)
        near = [span for span in known if span[0] < end and start < span[1]]
        if any(span[0] < start or span[1] > end or span[:2] == (start, end) for span in near):
            continue
        labels = {span[2] for span in near} - {"PERSON"}
        label = labels.pop() if len(near) == len(labels) == 1 else "ORG"
        known = sorted([*(span for span in known if span not in near), (start, end, label)])
    return known


def _spelt_in(before: str, short: str) -> tuple[int, int]:
    """Where in the text before brackets the words in capitals begin and end that `short` has the initials of."""
    end = len(_OWNED.sub("", before))
    start, left = end, len(short)
    for word in reversed(list(_PARTS.finditer(before, 0, end))):
        if before[word.end() : start].strip(" -&,") or "," in before[word.end() : start]:
            return 0, 0
        if word[0][0] == short[left - 1].upper():
            left -= 1
        elif not (word[0].islower() and len(word[0]) < 4):
            return 0, 0
        start = word.start()
        if left == 0:
            return start, end
    return 0, 0


_BRACKETED = re.compile(r"\(([A-Z]{3,8})\)")
_BEHIND_WORD = re.compile(r"[\w’'] \(")
_PARTS = re.compile(r"[^\W\d_]+")
_OWNED = re.compile(r"(?:['’]s)? $")


def follow_long_names(text: str, places: Mapping[str, Sequence[Span]], labels: dict[str, str]) -> dict[str, str]:
    """The labels of an article's names, with those of initials as the name before their brackets has it.

    Initials of words in lower case ("unmanned aerial systems (UAS)") are no name and lose theirs.

    Args:
        text: the article.
        places: name → its mentions, in order.
        labels: name → its label.
    """
    ends = {end: name for name, spans in places.items() for _, end, _ in spans}
    followed = dict(labels)
    acts = Initials(name for name, label in labels.items() if label in ACTS and " " in name)
    for short, label in labels.items():
        if " " in short or not _INITIALS.match(short):
            continue
        for start, end, _ in places[short]:
            if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
                continue
            name = ends.get(start - 2)
            if name in labels and (abbreviates(short, name) or _is_of_body(short, name, labels[name])):
                followed[short] = labels[name]
            elif name is None and _is_of_small_words(text[max(0, start - REACH) : start - 1], short):
                del followed[short]
            break
        else:
            act = acts.find(short) if label == "ORG" and short.isupper() and len(short) > 2 else None
            followed[short] = labels[act] if act else label
    return followed


def _is_of_body(short: str, name: str, label: str) -> bool:
    """Whether a word in brackets is what a body of another language is called: "… Secretariat (Seprelad)"."""
    return label == "ORG" and " " in name and name.rsplit(None, 1)[-1] in STRONG_BODIES and is_unknown(short)


def is_unknown(word: str) -> bool:
    """Whether no table has a word."""
    return not (is_common(word) or word in load_gazetteer().strength or word in load_countries().demonyms)


def _is_of_small_words(before: str, short: str) -> bool:
    """Whether the text before initials spells them out in lower case: "…, unmanned aerial systems (" and "UAS"."""
    letters = short.rstrip("s").lower() if short[:-1].isupper() else short.lower()
    words = _WORDS.findall(before)[-len(letters) :]
    return "".join(word[0].lower() for word in words) == letters and sum(word.islower() for word in words) > 1
