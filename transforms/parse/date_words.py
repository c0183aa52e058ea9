"""Dates written out in other languages than English, and in other scripts, turned into what English would write.

Names of months and weekdays are the Unicode Consortium's (CLDR, by way of Babel). A name that means different months
in different languages (Polish and Croatian `listopad`) means none here.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from babel import Locale

# Languages in which news is written in number, by CLDR's names; some places have names of their own for months.
LANGUAGES = (
    *("fr", "es", "pt", "it", "de", "de_AT", "nl", "sv", "da", "nb", "nn", "fi", "is", "et", "lv", "lt", "pl", "cs"),
    *("sk", "sl", "hr", "bs", "sr", "sr_Latn", "mk", "bg", "ru", "uk", "be", "ro", "hu", "el", "tr", "az", "kk", "uz"),
    *("ky", "tg", "tk", "ka", "hy", "sq", "mt", "ga", "cy", "eu", "ca", "gl", "af", "sw", "so", "id", "ms", "fil"),
    *("th", "km", "lo", "my", "ne", "hi", "mr", "bn", "pa", "gu", "or", "as", "ta", "te", "kn", "ml", "si", "ur", "ar"),
    *("ar_LB", "ar_DZ", "ar_MA", "ar_IQ", "he", "am", "mn", "fa", "ps", "ku"),
)
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDTHS = ("wide", "abbreviated")
# Forms that are common and that CLDR lacks.
MORE_MONTHS = {
    **{
        "sept": 9,
        "setiembre": 9,
        "janv": 1,
        "févr": 2,
        "juil": 7,
        "фев": 2,
        "мая": 5,
        "марта": 3,
        "märz": 3,
        "maerz": 3,
    },
    **{
        "fevr": 2,
        "fevrier": 2,
        "aout": 8,
        "decembre": 12,
        "jaenner": 1,
        "jänner": 1,
        "marzec": 3,
        "subat": 2,
        "şub": 2,
    },
    **{"agustos": 8, "eylul": 9, "aralik": 12, "kasim": 11, "mayis": 5, "junho": 6, "octombrie": 10, "ianuarie": 1},
}
# What stands between the parts of a date, or before it, and says nothing of its day.
FILLERS = frozenset(
    (
        *("de", "del", "do", "da", "di", "d", "den", "der", "le", "la", "el", "il", "am", "az", "a", "of", "the", "г"),
        *(
            "год",
            "года",
            "року",
            "рік",
            "р",
            "gada",
            "m",
            "r",
            "roku",
            "o",
            "e",
            "à",
            "um",
            "uhr",
            "kl",
            "klo",
            "kello",
        ),
        *("ore", "alle", "às", "as", "las", "los", "h", "hs", "hrs", "в", "о", "об", "u", "om", "saat", "at", "jam"),
        *("pukul", "lúc", "ngày", "publié", "publicado", "publicada", "veröffentlicht", "pubblicato", "gepubliceerd"),
        *(
            "op",
            "em",
            "опубликовано",
            "mis",
            "jour",
            "en",
            "ligne",
            "stand",
            "vom",
            "on",
            "i",
            "tahun",
            "año",
            "ano",
            "anno",
        ),
        *("dne", "godine", "година", "năm", "م", "يوم", "في", "พ.ศ", "ค.ศ", "น", "พศ", "ที่", "วันที่", "تاریخ", "dia"),
        *("giorno", "dag", "tanggal", "tgl", "updated", "posted", "em"),
    )
)
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e])*\.?(?:[^\W\d_]+\.?)*")
# Year, month and day by the characters that name them, and then the time.
CHINESE = re.compile(r"(?<!\d)(\d{4})\s*(?:年|년)\s*(\d{1,2})\s*(?:月|월)\s*(\d{1,2})\s*(?:日|号|號|일)?")
ERA = re.compile(r"(令和|平成|昭和|大正|民國|民国)\s*(元|\d{1,3})\s*年")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}
CLOCK = re.compile(r"(\d{1,2})\s*(?:時|时|點|点|시)\s*(?:(\d{1,2})\s*(?:分|분)\s*(?:(\d{1,2})\s*(?:秒|초))?)?")
HALF = re.compile(r"(上午|午前|凌晨|早上|오전)|(下午|午後|晚上|오후)")
WEEKDAY = re.compile(
    r"[(（]?\s*(?:星期|周|週|礼拜)[一二三四五六日天][)）]?|[(（]\s*[一二三四五六日天月火水木金土월화수목금토일](?:曜日?|요일)?\s*[)）]"
    r"|[월화수목금토일]요일|[日月火水木金土]曜日?"
)
VIETNAMESE = re.compile(r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*,?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
# Thailand counts from 543 years before.
THAI = re.compile(r"[\u0e00-\u0e7f]")
BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
# Half past ten: `10h30`, `10 h`, `10.30 Uhr`, `kl. 10.30`.
FIRST = re.compile(r"(?<![0-9])1(?:er|re|ère|º|°|a|ª)(?= )")
HOUR = re.compile(r"(?<!\d)(\d{1,2})\s?[hH]\s?(\d{2})?(?![\w])")
DOTTED_TIME = re.compile(r"(?<=[\s,])(\d{1,2})[.](\d{2})(?=\s*(?:Uhr|uhr|$))")


INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def to_ascii_digits(text: str) -> str:
    """The text with digits of every script as 0–9, and its spaces as such."""
    if text.isascii():
        return text
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character.isascii() or character in INVISIBLE:
        return character if character.isascii() else ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return " " if character.isspace() else unicodedata.normalize("NFKC", character)


def in_english(text: str) -> str | None:
    """A date in another language with an English month's name or figures; None where it has words of neither.

    `text`: digits are ASCII's.
    """
    if not text.isascii():
        text = _by_characters(text)
    text = DOTTED_TIME.sub(r"\1:\2", HOUR.sub(_hour, FIRST.sub("1", text)))
    months = _months()
    text = _long_names().sub(lambda name: f" {ENGLISH[months[_fold(name[0])] - 1]} ", text)
    found: list[str] = []
    place = 0
    for word in WORD.finditer(text):
        found.append(text[place : word.start()])
        place = word.end()
        plain = _fold(word[0])
        if plain in months:
            found.append(f" {ENGLISH[months[plain] - 1]} ")
        elif word[0].isupper() and word[0].isascii() and len(word[0]) <= 5:
            found.append(word[0])
        elif plain not in FILLERS and plain not in _weekdays() and plain not in ("am", "pm", "t", "z"):
            return None
        elif plain in ("am", "pm") and text[: word.start()].rstrip()[-1:].isdigit():
            found.append(plain)
        else:
            found.append(" ")
    found.append(text[place:])
    return _tidy("".join(found), thai=bool(THAI.search(text)))


def _fold(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower().rstrip(".").replace("\u2019", "'").replace("i̇", "i")


def _tidy(text: str, *, thai: bool) -> str:
    if thai:
        text = BUDDHIST.sub(lambda year: str(int(year[0]) - 543), text)
    text = re.sub(r"(?<=\d)\.(?=\s|$)", " ", text)
    return " ".join(re.sub(r"['\u2019،]", " ", text).split()).strip(" ,.-")


def _hour(found: re.Match[str]) -> str:
    return f"{found[1]}:{found[2] or '00'}"


def _by_characters(text: str) -> str:
    text = ERA.sub(lambda era: f"{ERAS[era[1]] + (1 if era[2] == '元' else int(era[2]))}年", text)
    text = VIETNAMESE.sub(r"\3-\2-\1", text)
    if not CHINESE.search(text):
        return text
    half = HALF.search(text)
    text = CHINESE.sub(r"\1-\2-\3 ", HALF.sub(" ", WEEKDAY.sub(" ", text)))
    text = CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or '00'}:{clock[3] or '00'}", text)
    return f"{text} {'AM' if half[1] else 'PM'}" if half and ":" in text else text


@functools.cache
def _months() -> dict[str, int]:
    """Names of months in lower case without a full stop, each with its number."""
    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in WIDTHS:
                for number, name in months[context][width].items():
                    numbers.setdefault(_fold(name), set()).add(number)
    for number, name in enumerate(ENGLISH, start=1):
        numbers.setdefault(name.lower(), set()).add(number)
    found = {name: min(which) for name, which in numbers.items() if len(which) == 1 and not name[-1].isdigit()}
    hebrew = {f"ב{name}": number for name, number in found.items() if "א" <= name[:1] <= "ת"}
    return {**found, **hebrew, **MORE_MONTHS}


@functools.cache
def _long_names() -> re.Pattern[str]:
    """Names of months of more than one word."""
    names = sorted((name for name in _months() if " " in name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


@functools.cache
def _weekdays() -> frozenset[str]:
    names: set[str] = set()
    for language in ("en", *LANGUAGES):
        days = Locale.parse(language).days
        for context in ("format", "stand-alone"):
            for width in WIDTHS:
                names.update(part for name in days[context][width].values() for part in _fold(name).split())
    return frozenset(names)
