"""Lines in capitals, as they would be written otherwise, so that what reads names reads these too.

News flashes, headlines and the speakers of a transcript ("FREDRICK:") are in capitals, in which every word looks like a
name. Common words are written small here, all others with a capital; every code point keeps its place.
"""

from __future__ import annotations

import re

from transforms.runtime.words import is_common

_SHORT = "A AN AS AT BE BY DO GO HE IF IN IS IT ME MY NO OF ON OR SO TO UP WE"
_SMALL = frozenset(_SHORT.split())
# Common words that stand in capitals more often than not where a name follows, counted in American news.
_LEADING = """
affordable air attorney blue border central chairman chairwoman civil cold common congressman criminal daily deputy
electoral environmental executive federal fifth finance governor grand great high holy human hurricane international
joint little medical metropolitan middle national new palm presidential prime public regional revolutionary royal saint
secretary senator social special super supreme tea vice white world
"""
# Given names of three letters.
_GIVEN = """
abe amy ana ann ben bob dan don eva eve gus guy hal ian ida jan jay jim joe jon ken kim lee leo liz lou lyn mae max may
meg mia pat peg ray rob rod ron roy sal sam stu sue tad ted tim tom val vic wes zoe
"""
_NO_SMALL = frozenset(_LEADING.split()) | frozenset(_GIVEN.split())
# So short are initials, which stay as they are, as does what has no vowel.
INITIALS = 3
_VOWELS = frozenset("AEIOUY")
_SHOUTED = re.compile(r"^(?=[^a-z\n]*[A-Z]{3})[^a-z\n]{12,}$|^(?P<speaker>[A-Z][A-Z .,'’-]{2,40})(?=: )", re.MULTILINE)
_WORD = re.compile(r"['’](?:S|T|RE|VE|LL|D|M)\b|[^\W\d_]+")


def settle_case(text: str) -> str:
    """An English text with its lines in capitals, and speakers at the start of a line, as headlines are written."""
    return _SHOUTED.sub(_settle_line, text)


def _settle_line(match: re.Match[str]) -> str:
    line = match.group()
    # A speaker of two words or more is a name, which has no initials of three letters.
    longest = 2 if match["speaker"] and " " in line else INITIALS
    return _WORD.sub(lambda word: _settle_word(word.group(), longest), line)


def _settle_word(word: str, longest: int) -> str:
    small = word.lower()
    if not word[0].isalpha():
        return small
    if word in _SMALL or (is_common(word) and small not in _NO_SMALL):
        settled = small
    elif (len(word) <= longest and small not in _NO_SMALL) or _VOWELS.isdisjoint(word):
        settled = word
    else:
        settled = word[:1] + small[1:]
    return settled if len(settled) == len(word) else word
