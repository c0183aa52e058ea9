"""Kinds: what each name of an article is, decided once for all its mentions.

The model's label of every mention is a vote. To the votes come the weights of what the name says of itself and of the
words around its mentions (see `evidence`), what the gazetteer and the tables know of it, and, for a single word,
whether it belongs to the full name of a person. The kind with the most takes all mentions of the name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from operator import add

from transforms.names.countries import load_countries
from transforms.names.evidence import (
    KINDS,
    ORG,
    OTHER,
    PEOPLE,
    PERSON,
    PLACE,
    Evidence,
    Weights,
    after,
    before,
    load_evidence,
)
from transforms.names.lexicon import (
    AREAS,
    BODIES,
    FACILITIES,
    LANDFORMS,
    ORGANISED,
    PEOPLED,
    STRONG_BODIES,
    SURNAMES,
    TITLES,
)
from transforms.names.organisations import ORGANISATIONS, OTHERS
from transforms.names.own_words import is_given, is_landscape, is_made_like_person, is_reserve, score_name
from transforms.names.people import short_forms
from transforms.names.places import LIKELY, load_gazetteer
from transforms.names.spans import CORE, NAMES, Span
from transforms.names.states import NICKNAMES
from transforms.runtime.words import is_common

KIND_OF = {"PERSON": PERSON, "ORG": ORG, "GPE": PLACE, "LOC": PLACE, "FAC": PLACE, "NORP": PEOPLE}
# What counts for how much, in units of one mention's label. Guesses; only their order of size matters.
VOTE = (1.0, 0.9, 1.0, 1.0, 0.8)
CONTEXT_SHARE = 0.8
SURNAME, GIVEN_NAME, GIVEN_PLACE, PART_OF_ORG = 6.0, 5.0, 2.0, 0.8
TITLED = 1.5
NEAR_AREA = 1.0
NEAR_PEOPLE = 1.0
MEMBER = 1.5
CLUB = 4.0
RELATIVE = 4.0
PAIRED = 1.0
GIVEN_FIRST = 2.0
LANDSCAPE = 4.0
HEAD_OF_BODY = 2.5
# Mentions whose labels and surroundings count in full; of more, they count in the same proportions.
CAP = 4
# Mentions of a name of which the surroundings are read; more say nothing new.
READ = 8

_VOTE_OF = {label: (kind, VOTE[kind]) for label in NAMES for kind in (KIND_OF.get(label, OTHER),)}


def decide_kinds(
    text: str, places: Mapping[str, Sequence[Span]], clubs: Collection[str] = frozenset()
) -> dict[str, str]:
    """The label of every name.

    Args:
        text: the article.
        places: name → its mentions, in order.
        clubs: names that play matches in it.
    """
    members = _bracketed(text, places)
    scores: dict[str, list[float]] = {}
    kinds: dict[str, int] = {}
    for name, spans in places.items():
        score = list(map(add, score_name(name), _score_mentions(text, spans)))
        if members and any(start in members for start, _, _ in spans):
            score[ORG] += MEMBER
        if name in clubs:
            score[ORG] += CLUB
        if is_made_like_person(name) and _is_mistaken(spans):
            score[PERSON] += GIVEN_FIRST
        if is_landscape(name) and all(label in _MISTAKEN_LANDS for _, _, label in spans):
            score[PLACE] += LANDSCAPE
        scores[name] = score
        kinds[name] = score.index(max(score))
    _agree_on_unknown(scores, kinds)
    _follow_full_names(scores, kinds, places)
    return {name: _label(name, kind, places[name]) for name, kind in kinds.items()}


# What the model also takes a land's name for. A work's may be called after one.
_MISTAKEN_LANDS = CORE | {"NORP", "PRODUCT"}


def _is_mistaken(spans: Sequence[Span]) -> bool:
    """Whether the labels of a name's mentions are such as the model gives people, too: a body's, or once a place's."""
    labels = {label for _, _, label in spans}
    return labels <= {"PERSON", "ORG"} or (labels == {"GPE"} and len(spans) == 1)


def _bracketed(text: str, places: Mapping[str, Sequence[Span]]) -> set[int]:
    """Where brackets behind a person's name begin: what stands in them is a club or a party."""
    if " (" not in text:
        return set()
    ends = (end for spans in places.values() for _, end, label in spans if label == "PERSON")
    return {end + 2 for end in ends if text.startswith(" (", end)}


def _score_mentions(text: str, spans: Sequence[Span]) -> Sequence[float]:
    """What the model's labels of a name's mentions say, and the words around them."""
    evidence = _scaled()
    said = [0.0] * len(KINDS)
    for _, _, label in spans:
        kind, vote = _VOTE_OF[label]
        said[kind] += vote
    if len(spans) > CAP:
        said = [score * CAP / len(spans) for score in said]
    near, behind = evidence.before, evidence.after
    read = spans[:READ] if len(spans) > READ else spans
    words = [before(text, start) for start, _, _ in read]
    known = [near[word] for word in words if word in near]
    words = [after(text, end) for _, end, _ in read]
    known += [behind[word] for word in words if word in behind]
    if not known:
        return said
    total = known[0]
    for row in known[1:]:
        total = tuple(map(add, total, row))
    share = min(1.0, CAP / len(read))
    return [score + share * weight for score, weight in zip(said, total, strict=True)]


@cache
def _scaled() -> Evidence:
    """The weights in units of a vote; a title before a name, and the word for an area beside it, count so too."""
    evidence = load_evidence()
    left, right = _times(evidence.before, CONTEXT_SHARE), _times(evidence.after, CONTEXT_SHARE)
    for title in TITLES:
        _raise(left, title, PERSON, TITLED)
        _raise(left, title + ".", PERSON, TITLED)
    for body in ORGANISED:
        _raise(left, body, ORG, NEAR_AREA)
        _raise(right, body, ORG, NEAR_AREA)
    for people in PEOPLED:
        _raise(right, people, PEOPLE, NEAR_PEOPLE)
    for area in AREAS:
        _raise(left, area, PLACE, NEAR_AREA)
        _raise(right, area, PLACE, NEAR_AREA)
    return Evidence(evidence.name, left, right)


def _raise(table: dict[str, Weights], key: str, kind: int, weight: float) -> None:
    weights = list(table.get(key, (0.0,) * len(KINDS)))
    weights[kind] += weight
    table[key] = tuple(weights)


def _times(table: Mapping[str, Weights], factor: float) -> dict[str, Weights]:
    return {key: tuple(weight * factor for weight in weights) for key, weights in table.items()}


def _agree_on_unknown(scores: Mapping[str, list[float]], kinds: dict[str, int]) -> None:
    """A name of two or three unknown words and the single word that it ends or begins with are of one kind.

    "Tigist Alemayehu", once, and "Tigist", five times: what is said of both decides, a person for lack of better.
    """
    for name, kind in list(kinds.items()):
        if " " not in name:
            continue
        words = name.split()
        if not 2 <= len(words) <= 3 or any(map(_is_known, words)) or name in load_gazetteer().strength:
            continue
        for short in (words[-1], words[0]):
            if short in kinds and (kinds[short] != kind or kind != PERSON):
                both = list(map(add, scores[name], scores[short]))
                both[PERSON] += PAIRED
                if both.index(max(both)) in (PERSON, kind):
                    kinds[name] = kinds[short] = both.index(max(both))
                break


def _is_known(word: str) -> bool:
    known = word in ORGANISATIONS or word in BODIES or (word in FACILITIES and word not in SURNAMES)
    return known or is_common(word) or word.isupper() or word in load_gazetteer().strength


def _follow_full_names(
    scores: Mapping[str, list[float]], kinds: dict[str, int], places: Mapping[str, Sequence[Span]]
) -> None:
    """What a person of a full name is called in short follows him, and a single word the organisation it begins."""
    surnames, given, heads = _short_names(kinds, places)
    alone = {name for name, kind in kinds.items() if kind == PERSON and " " not in name and len(places[name]) > 1}
    for name, score in scores.items():
        if " " in name and kinds[name] in (ORG, PLACE) and (_is_relative(name, surnames) or _is_relative(name, alone)):
            score[PERSON] += RELATIVE
        elif name in surnames or _is_family(name, surnames):
            score[PERSON] += SURNAME
        elif given.get(name, places[name][0][0]) < places[name][0][0]:
            known = name in load_gazetteer().strength or is_common(name)
            score[PERSON] += GIVEN_PLACE if known else GIVEN_NAME
        elif name in heads:
            score[ORG] += heads[name]
        else:
            continue
        kinds[name] = score.index(max(score))


def _short_names(
    kinds: Mapping[str, int], places: Mapping[str, Sequence[Span]]
) -> tuple[set[str], dict[str, int], dict[str, float]]:
    """Surnames of people, their given names and from which offset on they mean them; organisations' first words.

    What these weigh: more for a word of no other use, of a name that says that it is a body's ("Burisma Holdings").
    """
    surnames: set[str] = set()
    given: dict[str, int] = {}
    heads: dict[str, float] = {}
    for name, kind in kinds.items():
        if " " not in name:
            continue
        if kind == ORG:
            head, *_, last = name.split()
            own = last in STRONG_BODIES and not _is_known(head) and not is_given(head) and kinds.get(head) != PEOPLE
            heads[head] = max(heads.get(head, 0.0), HEAD_OF_BODY if own else PART_OF_ORG)
        elif kind == PERSON:
            forms = short_forms(name)
            surnames |= forms.surnames
            for form in forms.given:
                given[form] = min(places[name][0][0], given.get(form, places[name][0][0]))
    return surnames, given, heads


def _is_family(name: str, surnames: Collection[str]) -> bool:
    """Whether a name is the plural of a person's surname: "the Clintons"."""
    return name.removesuffix("s") in surnames or name.removesuffix("es") in surnames


def _is_relative(name: str, surnames: Collection[str]) -> bool:
    """Whether a name of two or three words ends in the surname of a person: "Marine Le Pen"."""
    first, _, rest = name.partition(" ")
    if not rest or rest.count(" ") > 1 or rest not in surnames or first in ORGANISATIONS:
        return False
    if name in load_gazetteer().strength:
        return False
    sure = load_gazetteer().strength.get(first, 0) >= LIKELY
    known = is_common(first) or sure or first in load_countries().demonyms or first.isupper()
    return " " in rest or not known


def _label(name: str, kind: int, spans: Sequence[Span]) -> str:
    known = "GPE" if name in NICKNAMES else OTHERS.get(name)
    if known:
        return known
    if kind == PERSON:
        return "PERSON"
    if kind == ORG:
        return "ORG"
    if kind == PEOPLE:
        return "NORP"
    labels = [label for _, _, label in spans]
    if kind == PLACE:
        return _place_label(name, labels)
    others = [label for label in labels if label not in KIND_OF]
    return max(sorted(set(others or labels)), key=(others or labels).count)


def _place_label(name: str, labels: Sequence[str]) -> str:
    gazetteer = load_gazetteer()
    if name in gazetteer.strength:
        return "LOC" if name in gazetteer.wide else "GPE"
    last = name.rsplit(None, 1)[-1]
    if last in FACILITIES:
        return "FAC"
    if is_reserve(name):
        return "LOC"
    if last in LANDFORMS:
        return "LOC" if labels.count("LOC") >= labels.count("GPE") else "GPE"
    return max(("GPE", "LOC", "FAC"), key=labels.count)
