"""Two spans that are one name, as one.

The model breaks a name off where its words are rare: "Quiroga" + "Salas", "Rio Grande" + "do Sul", "United Food and" +
"Commercial Workers Union". Where one follows the other closely, and what is between belongs into such a name, they are
joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.names.countries import load_countries
from transforms.names.lexicon import BODIES, TITLES, TOPICS
from transforms.names.organisations import ORGANISATIONS
from transforms.names.parts import DAY, LINK, NO_PART, is_part
from transforms.names.places import SURE, load_gazetteer
from transforms.names.spans import CORE, PLACES, UPPER, Span
from transforms.runtime.words import is_common

# Code points between two parts of a name, at most.
GAP = 26
# Nothing, a particle, or a nickname in quotes: "Ismael “El Mayo” Zambada".
_LINKED = re.compile(rf" (?:{LINK} |[“\"‘'][\w .’-]{{2,20}}[”\"’'] )?")
_ENDS = re.compile(r" (?:von|van|der|bin|bint|binti|ibn|de|del|de la|de los|di|da|do|dos)$")
# "Rio Grande" + "do Sul", "Santo Domingo de los" + "Colorados".
_PLACE_LINK = re.compile(r" (?:del?|do|da|dos|das|de la|de los|de las) ")
_PLACE_ENDS = re.compile(r" (?:del?|do|da|dos|das|de la|de los|de las)$")
_OPEN = re.compile(r" (?:of|and|for|&)$")
_NEXT_RUN = re.compile(rf" (?:the )?[{UPPER}][\w’'-]+(?: [{UPPER}][\w’'-]+)*")
_PARTED = frozenset(("GPE", "LOC"))
_OF = re.compile(r" (?:of the|for the|on the|of|for|on) ")
_BODY_OF = re.compile(
    r"(?:[A-Z][\w.’'-]+ )*(?:Ministry|Department|Ministries|Secretariat|Committee|Subcommittee|Commission|Council"
    r"|Centers?|Centres?|Institutes?|School|Bureau|Office) (?:of|for|on) "
)
_AND = re.compile(r" (?:and|&) (?:the )?")
_MISTAKEN = frozenset(("ORG", "GPE", "NORP"))


def go_on(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans as the model drew them; organisations that it broke off behind "of" or "and" go on to their next words.

    "Institute for College Access and" + "Success", "United Food and" + "Commercial Workers Union".
    """
    whole: list[Span] = []
    for start, end, label in spans:
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]), "ORG")
            continue
        rest = _NEXT_RUN.match(text, end) if label == "ORG" and _OPEN.search(text, start, end) else None
        goes_on = rest is not None and not BODIES.isdisjoint(text[start : rest.end()].split())
        whole.append((start, rest.end() if rest and goes_on else end, label))
    return whole


def join_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, with those of one name as one."""
    joined: list[Span] = []
    for span in spans:
        # All that joins two spans begins with a space.
        near = joined and span[0] - joined[-1][1] < GAP and text.startswith(" ", joined[-1][1])
        whole = _join(text, joined[-1], span) if near else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(span)
    return joined


def _join(text: str, first: Span, second: Span) -> Span | None:
    """The one name of two spans that follow each other, if they are one."""
    start, end = first[0], second[1]
    both = first[2], second[2]
    joined: Span | None = None
    if both == ("PERSON", "PERSON") and _is_title_of(text, first, second):
        joined = second
    elif _is_rest_of_place(text, first, second):
        joined = start, end, "GPE"
    elif both == ("ORG", "ORG"):
        joined = (
            (start, end, "ORG")
            if _goes_on(*(text[a:b] for a, b in ((start, first[1]), (first[1], second[0]), (second[0], end))))
            else None
        )
    elif _PARTED.issuperset(both):
        joined = (start, end, second[2]) if _is_one_place(text, first, second) else None
    elif _is_rest(text, first, second) if first[2] == "PERSON" else _is_given_name(text, first, second):
        joined = start, end, "PERSON"
    return joined


def _is_given_name(text: str, first: Span, person: Span) -> bool:
    """Whether a word right before a surname is a given name that the model took for something else: "Thaksin"."""
    name = text[first[0] : first[1]]
    if text[first[1] : person[0]] != " " or first[2] not in _MISTAKEN or " " in name or name.isupper():
        return False
    return person[2] == "PERSON" and " " not in text[person[0] : person[1]] and is_part(name)


def _is_rest(text: str, person: Span, span: Span) -> bool:
    """Whether the span right behind a person's is the rest of the name."""
    before, link, name = text[person[0] : person[1]], text[person[1] : span[0]], text[span[0] : span[1]]
    if not _LINKED.fullmatch(link) or is_common(before.rsplit(None, 1)[-1]):
        return False
    if name == "May":
        return not DAY.match(text, span[1])
    linked = link != " "
    if name in ORGANISATIONS or load_gazetteer().strength.get(name, 0) >= SURE:
        return span[2] == "PERSON" and linked and " " not in name
    if " " in name or _ENDS.search(before):
        # "Hessa bint" + "Essa Buhumaid"; a given name of China's behind an English one: "Carrie Lam Cheng Yuet-ngor".
        return span[2] == "PERSON" and (linked or "-" in name or bool(_ENDS.search(before)))
    known = name.isupper() or is_common(name) or name in NO_PART or name in load_countries().demonyms
    return span[2] in CORE and not known


def _is_title_of(text: str, title: Span, person: Span) -> bool:
    """Whether a span right before a person's holds titles alone: "Amir Sheikh" + "Nawaf al-Sabah"."""
    return text[title[1] : person[0]] == " " and TITLES.issuperset(text[title[0] : title[1]].split())


def _is_rest_of_place(text: str, first: Span, second: Span) -> bool:
    """Whether a span goes on where a Spanish or Portuguese place's name was broken off."""
    # Every link but a space begins like " de".
    if second[0] - first[1] > 1 and not text.startswith(" d", first[1]):
        return False
    if second[2] not in CORE or (first[2] not in PLACES and text[first[0] : first[1]] not in load_gazetteer().strength):
        return False
    link = text[first[1] : second[0]]
    return bool(_PLACE_LINK.fullmatch(link) or (link == " " and _PLACE_ENDS.search(text, first[0], first[1])))


def _is_one_place(text: str, first: Span, second: Span) -> bool:
    """Whether two spans are one place's name: "San Luis" + "Potosí"."""
    names = text[first[0] : first[1]], text[second[0] : second[1]]
    strength = load_gazetteer().strength
    return text[first[1] : second[0]] == " " and all(strength.get(name, 0) < SURE for name in names)


def _goes_on(name: str, link: str, rest: str) -> bool:
    if _AND.fullmatch(link):
        return is_body_of_topics(name) and are_topics(rest) and rest not in ORGANISATIONS
    return bool(_OF.fullmatch(link)) and name.rsplit(None, 1)[-1] in BODIES


def is_body_of_topics(name: str) -> bool:
    """Whether a name begins as that of a body which may be of several topics: "Senate Committee on Small Business"."""
    return bool(_BODY_OF.match(name))


def are_topics(words: str) -> bool:
    """Whether words are what such a body may be of: ", Labour and Development", "Entrepreneurship"."""
    return TOPICS.issuperset(re.findall(r"[\w’]+", words))
