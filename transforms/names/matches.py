"""Reports of matches, in which a city's name is its club's: "Brighton led", "Nottingham Forest drew with Villa"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.names.places import SURE, load_gazetteer
from transforms.names.spans import UPPER, Span

_SCORE = re.compile(
    r"\b(?:beat|won|win|drew|draw|lost|defeat|defeated|led|victory)\b[^.\n]{0,60}?(?<![\d-])\d{1,3}[-–]\d{1,3}(?![\d-])"
)
_TALLY = re.compile(r"\d[-–]\d")
_GAME = re.compile(
    r"\b(?:scored|scorer|goals?|goalkeeper|striker|midfielder|defender|penalty|half-time|kick-off|hat-trick|league|"
    r"premiership|fixture|matchday|relegation|quarterback|touchdowns?|innings|wickets?|playoffs?|semi-?finals?|"
    r"quarter-?finals?|win over|defeat to|coach|season|team-mates?|teammates?|stoppage|offside|header|equaliser)\b"
)
# Results and different words of the game that an article must have, one of each at least.
LEAST = 3
_PLAYS = re.compile(
    r"(?:['’]s? \w+)? (?:beat|drew|won|win|wins|lost|lose|led|lead|level|levelled|equali[sz]ed|scored|host|hosted|"
    r"hosts|faced|face|faces|thrashed|trounced|edged|defeated|hammered|play|played|plays|travel|travelled|"
    r"went|were|are|have|take on|took|needed|"
    r"side|striker|midfielder|defender|goalkeeper|coach|manager|captain|fans|player|players)\b|,? \d{1,3}[-–]\d{1,3}\b"
)
_AGAINST = re.compile(
    r"\b(?:beat|beating|against|over|defeated|defeating|thrashed|drew with|lost to|defeat to|defeat by|win over|"
    r"draw with|draw at|won at|won \d+[-–]\d+ at|above|below|behind|joined|join|signed for|signed from|from|leaders|"
    r"visit|visitors|visiting|hosts|and|with|at) $"
)
SHORT_CLUBS = frozenset(
    ("City", "United", "Rovers", "Villa", "Forest", "Wanderers", "Athletic", "Palace", "Spurs", "Gunners", "Albion")
)
"""What a report calls a club by, once its city is known."""

_SHORT = re.compile(
    rf"(?:(?<=[a-z,] )|(?<=['’]s ))(?:{'|'.join(sorted(SHORT_CLUBS))})"
    rf"(?![\w-]| [{UPPER}])"
)


def is_match_report(text: str) -> bool:
    """Whether an article reports matches: it has results and the words of a game."""
    results = _SCORE.findall(text) if _TALLY.search(text) else ()
    words = set(_GAME.findall(text)) if results else set()
    return bool(words) and len(results) + len(words) >= LEAST


def find_clubs(text: str, places: Mapping[str, Sequence[Span]]) -> set[str]:
    """Of the names of a match report, those that play like a club; states play too, but stay states."""
    strength = load_gazetteer().strength
    return {
        name
        for name, spans in places.items()
        if strength.get(name, 0) < SURE
        and any(
            label != "PERSON" and (_PLAYS.match(text, end) or _AGAINST.search(text, max(0, start - 24), start))
            for start, end, label in spans
        )
    }


def find_short_clubs(text: str, masked: str) -> list[Span]:
    """Clubs that a match report calls by their last word alone: "Guardiola's City"."""
    return [(*match.span(), "ORG") for match in _SHORT.finditer(text) if masked[match.start()] == text[match.start()]]
