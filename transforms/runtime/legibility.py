"""The encoding in which bytes can be read, where nothing says which it is.

chardet (0BSD) proposes by the frequencies of bytes in each encoding and language; how well the letters of a text go
together (no sign, other script or capital inside a word) decides between what it proposes.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

# Encodings in use, and those that hardly any news is in. Of two that make the same text the first is named.
USUAL = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949", "koi8-r", "koi8-u"),
    *("iso8859-1", "iso8859-2", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9"),
    *("iso8859-13", "iso8859-15", "cp1125", "cp866"),
)
RARE = (
    *("mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-iceland", "iso8859-16", "johab"),
    *("cp850", "cp852", "cp437", "cp737", "cp775", "cp855", "cp857", "cp858", "cp861", "cp862", "cp865"),
)
CANDIDATES = USUAL + RARE
# Factors of the likelihood: of a rare one; where all that isn't ASCII is curly quotes in their places.
RARELY = 0.97
QUOTED = 1.2
QUOTES = frozenset("‘’“”")
# Larger encodings by the names of those that they hold, as the WHATWG's Encoding standard takes most of them.
WIDER = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **{"iso8859-9": "cp1254", "shift_jis": "cp932", "euc_jp": "euc_jis_2004", "euc_kr": "cp949", "big5": "big5hkscs"},
}
# Bytes that are judged.
JUDGED = 4000
# Markup is taken off this much.
MARKUP = 1 << 19
TAGS = re.compile(rb"(?is)<(script|style)\b.*?</\1\s*>|<[^>]{0,2000}>")
# A proposal that is less sure than this part of the surest is none.
CLOSE = 0.5
# A sign or another alphabet inside a word (marks on letters are none), a sign of money behind one.
BROKEN_WORD = re.compile(
    "(?<=[^\\W\\d_])[^\\w\\s'’.,:;/&@#|*+=<>()\\[\\]{}\"…–—\\-\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u0900-\u0eff]"
    "(?=[^\\W\\d_])|(?<=[a-z\xdf-\xff])[¡¢£¤¥§¿‚„•]|[A-Za-z\xc0-\u024f][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z\xc0-\u024f]"
)
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile("[A-Za-z\xc0-\u024f\u1e00-\u1eff]+")
MANY_ACCENTS = 0.7
# Signs that news is written with, beside letters.
USUAL_SIGNS = frozenset("‘’“”„‚«»‹›–—…•·€£©®™°§¿¡º№、。，．！？：；～―「」『』（）《》・ー¥\xa0\u3000′″¾½²³×")


class Reading(NamedTuple):
    """An encoding, how likely it is (comparable among readings of the same bytes only), and the text in it."""

    encoding: str
    likelihood: float
    text: str


def telling_part(payload: bytes) -> bytes:
    """Lines that aren't ASCII, outside of tags and scripts if there are any, `JUDGED` bytes of them."""
    outside = TAGS.sub(b"\n", payload[:MARKUP]) if b"<" in payload else payload[:MARKUP]
    return _high_lines(outside) or _high_lines(payload)


def _high_lines(text: bytes) -> bytes:
    return b"\n".join(line for line in text.splitlines() if not line.isascii())[:JUDGED]


def readings(telling: bytes) -> list[Reading]:
    """What bytes beyond ASCII may be, the likeliest first; none for bytes that are no text."""
    # It takes a quarter of a second and 35 MB, which dumps of UTF-8 needn't pay.
    import chardet  # noqa: PLC0415

    proposed = chardet.detect_all(telling, ignore_threshold=True, compat_names=False, include_encodings=CANDIDATES)
    surest = max((one["confidence"] for one in proposed), default=0.0)
    found: dict[str, Reading] = {}
    for one in proposed:
        encoding = WIDER.get(one["encoding"] or "", one["encoding"])
        if encoding in CANDIDATES and one["confidence"] >= CLOSE * surest:
            text = telling.decode(encoding, "replace")
            known = found.get(text, Reading(encoding, 0.0, text))
            found[text] = Reading(
                min(encoding, known.encoding, key=CANDIDATES.index), max(one["confidence"], known.likelihood), text
            )
    judged = [reading._replace(likelihood=reading.likelihood * _factor(reading)) for reading in found.values()]
    return sorted(judged, key=_order)


def _order(reading: Reading) -> tuple[float, int]:
    return -reading.likelihood, CANDIDATES.index(reading.encoding)


def _factor(reading: Reading) -> float:
    only_quotes = all(character in QUOTES for character in set(reading.text) if character > "\x7f")
    usual = 1.0 if reading.encoding in USUAL else RARELY
    return usual * (QUOTED if only_quotes else 1.0) * max(1 - odd_share(reading.text), 0.0)


def count_high(text: str) -> int:
    """Characters beyond ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def odd_share(text: str) -> float:
    """Of the characters beyond ASCII, the share that no word of any language has where it stands; may be over 1."""
    odd = sum(count for character, count in Counter(text).items() if character > "\x7f" and _is_odd(character))
    odd += len(BROKEN_WORD.findall(text)) + sum(_odd_letters(word) for word in WORD.findall(text) if not word.isascii())
    return odd / max(count_high(text), 1)


def _is_odd(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] == "C" or (kind[0] not in "LM" and character not in USUAL_SIGNS) or character in "ˆµ"


def _odd_letters(word: str) -> int:
    """Letters beyond ASCII that are out of place in a word: capitals after small ones, as text in another Cyrillic
    encoding has, and those of Latin words that are nearly all accented, as text of another script is in Latin.
    """
    capitals = 0
    if not (word[1:].islower() or word.isupper()):
        pairs = itertools.pairwise(word)
        capitals = sum(a.islower() and b.isupper() and (a > "\x7f" or b > "\x7f") for a, b in pairs)
    high = count_high(word)
    accented = high > max(MANY_ACCENTS * len(word), 2) and LATIN.fullmatch(word)
    return capitals + (high if accented else 0)
