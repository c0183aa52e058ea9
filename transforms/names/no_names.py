"""What the model takes for a name and is none: posts, ministers' fields, headlines, common words, page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.names.countries import load_countries
from transforms.names.evidence import load_known
from transforms.names.lexicon import (
    BODIES,
    COMPETITIONS,
    DAYS,
    EVENTS,
    FIELDS,
    HAPPENINGS,
    LAWS,
    LEADING,
    NOT_NAMES,
    POSTS,
    RANKS,
    TITLES,
)
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import load_gazetteer
from transforms.names.spans import CORE, Span
from transforms.names.states import NICKNAMES
from transforms.runtime.words import is_common

# So much of the text tells whether a word is written in lower case as well.
READ = 100_000
# Words. A longer name is a headline that the model took for one, unless it is a body's of something.
LONGEST = 8
_TICKER = re.compile(r"[A-Z]{2,6}\.[A-Z]{1,2}$")
_LEAGUES = (["Champions", "League"], ["Nations", "League"], ["Europa", "League"])


def is_office(text: str, span: Span) -> bool:
    """Whether what the model took for an organisation is a minister's field: "Minister of Health", "Trade Minister"."""
    start, end, _ = span
    words = text[start:end].split(" ")
    if text[start:end] in ORGANISATIONS or not BODIES.isdisjoint(words):
        return False
    before, after = text[max(0, start - 40) : start], text[end : end + 12]
    if after.startswith(" Minister") and FIELDS.issuperset(words):
        return True
    if words[0] in _MINISTERS and words[1:2] in (["of"], ["for"]):
        return True
    return bool(_MINISTER_OF.search(before)) or (after.startswith(" Minister") and all(map(is_common, words)))


_MINISTERS = frozenset(
    ("Minister", "Ministers", "Undersecretary", "Secretary", "Commissioner", "Custodian", "Supervisor")
)
_MINISTER_OF = re.compile(r"\b(?:Minister|Ministers|Undersecretary|Secretary) (?:of|for) (?:the )?$")


def is_false(text: str, name: str, label: str) -> bool:
    """Whether what the model took for a person, an organisation or a place is none."""
    if label not in CORE:
        return label == "NORP" and is_emphasis(text, name)
    words = name.split()
    if len(words) > 1:
        return _is_no_full_name(name, words, label)
    if name in _NEVER or len(name) == 1 or _TICKER.match(name) or (name[-1].isdigit() and label != "ORG"):
        return True
    if (len(name) > 4 and name.isupper() and name.title() in _NEVER) or is_emphasis(text, name):
        return True
    if name.isupper() or name in load_gazetteer().spotted or name in ORGANISATIONS:
        return False
    return is_common(name) or _is_in_small(text, name.lower())


def _is_no_full_name(name: str, words: Sequence[str], label: str) -> bool:
    """Whether two words or more are an event, a holiday, a headline, a post, a kind of state."""
    kept = label == "ORG" and (words[-1] in LAWS or words[-1] in HAPPENINGS)
    ends = not kept and words[-1] in (EVENTS if label == "ORG" else COMPETITIONS)
    long = len(words) > LONGEST and (BODIES.isdisjoint(words) or _OF.isdisjoint(words))
    no_name = (
        ends or long or _is_kind_of_state(name, words) or words[-2:] in _LEAGUES or (label == "ORG" and _is_post(words))
    )
    return no_name or bool(_HOLIDAY.search(name))


def _is_kind_of_state(name: str, words: Sequence[str]) -> bool:
    """Whether a name is a common word and "State": "Administrative State", and no known state."""
    known = name in NICKNAMES or name in load_gazetteer().strength or name in ORGANISATIONS
    return len(words) == 2 and words[1] == "State" and is_common(words[0]) and not known


# "Martin Luther King Jr. Day".
_HOLIDAY = re.compile(r" [JS]r\.? Day$")
# Letters. Of shorter words in capitals, most are the initials of a body: "ICE".
SHOUTED = 4


def is_emphasis(text: str, name: str) -> bool:
    """Whether a name is a common word in capitals, which its writer shouts: "DISGRACEFUL".

    Initials that make a word are told by the brackets in which they are introduced: "Federation for American
    Immigration Reform (FAIR)".
    """
    if len(name) < SHOUTED or not name.isupper() or not is_common(name):
        return False
    return not (name in ORGANISATIONS or name in load_known() or f"({name})" in text)


def _is_in_small(text: str, word: str) -> bool:
    """Whether a text has a word in lower case."""
    at = text.find(" " + word, 0, READ)
    while at >= 0:
        end = at + 1 + len(word)
        if not (text[end : end + 1].isalnum() or text[end : end + 1] in _GOES_ON):
            return True
        at = text.find(" " + word, end, READ)
    return False


_GOES_ON = frozenset("-_@.'’")


def _is_post(words: Sequence[str]) -> bool:
    """Whether the words of a name are a post and nothing else: "Technical Specialist", "Supreme Council Member"."""
    codes = load_countries().codes
    return (words[-1] in RANKS or words[-1] in POSTS) and all(
        is_common(word) or word in TITLES or word in LEADING or word in codes for word in words
    )


_OF = frozenset(("of", "for"))
_NEVER = NOT_NAMES | DAYS | EVENTS
