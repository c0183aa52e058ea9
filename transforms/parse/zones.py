"""Zones of time as news writes them: by name, by offset, and as the two together."""

from __future__ import annotations

import re
from datetime import tzinfo
from functools import lru_cache

from dateutil import tz
from dateutil.zoneinfo import get_zonefile_instance

# Hours ahead of UTC. RFC 822 section 5.1 has the first five, the others are the agencies' and the IANA's own. A name
# that stands for several zones is here where one of them is what news means by it: the US' Central (RFC 822), India's,
# Britain's and the Gulf's time. AST, AMT and SST mean too many.
HOURS: dict[str, float] = {
    **{"UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6},
    **{"PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "NST": -3.5, "NDT": -2.5, "ADT": -3},
    **{
        "CET": 1,
        "CEST": 2,
        "MEZ": 1,
        "MESZ": 2,
        "WEST": 1,
        "BST": 1,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "MSD": 4,
        "TRT": 3,
    },
    **{"IST": 5.5, "IDT": 3, "GST": 4, "PKT": 5, "NPT": 5.75, "IRST": 3.5, "AFT": 4.5, "JST": 9, "KST": 9, "HKT": 8},
    **{"SGT": 8, "MYT": 8, "PHT": 8, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "AWST": 8, "ACST": 9.5, "ACDT": 10.5},
    **{"AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "WAT": 1, "CAT": 2, "SAST": 2, "EAT": 3, "BRT": -3, "ART": -3},
    **{"PET": -5, "COT": -5, "VET": -4, "UYT": -3, "MEX": -6},
}
# Names that stand for summer and winter time alike.
PLACES = {
    **{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"},
    **{"AKT": "America/Anchorage", "AET": "Australia/Sydney", "NZT": "Pacific/Auckland"},
}
# Names written out, as programs and systems have them; those of the US are LONG_NAME's.
WRITTEN_OUT = {
    **{"coordinated universal": 0, "greenwich mean": 0, "british summer": 1, "irish standard": 1, "west africa": 1},
    **{"central european": 1, "central europe": 1, "w. europe": 1, "romance": 1, "central european summer": 2},
    **{"eastern european": 2, "eastern european summer": 3, "israel": 2, "israel daylight": 3, "central africa": 2},
    **{"south africa": 2, "east africa": 3, "moscow": 3, "turkey": 3, "arab": 3, "arabian": 3, "gulf": 4},
    **{"pakistan": 5, "india": 5.5, "indian": 5.5, "nepal": 5.75, "bangladesh": 6, "indochina": 7, "china": 8},
    **{"singapore": 8, "hong kong": 8, "philippine": 8, "malaysia": 8, "taipei": 8, "australian western": 8},
    **{"japan": 9, "tokyo": 9, "korea": 9, "korean": 9, "australian central": 9.5, "australian eastern": 10},
    **{"australian eastern daylight": 11, "new zealand": 12, "new zealand daylight": 13, "brasilia": -3},
    **{"argentina": -3, "alaska": -9, "alaska daylight": -8, "hawaii": -10, "hawaiian": -10},
}
WRITTEN_OUT_RE = re.compile(r"(?<![\w+-])\(?([a-z. ]{4,25}?)(?: standard)? time\)?$", re.IGNORECASE)
# The IANA's names.
PLACE = re.compile(
    r"(?<=[0-9mMZz])[\s,]*[\[(]?((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Canada|Europe|Indian|Pacific"
    r"|US|Etc)/[A-Za-z_+\-0-9]{2,20}(?:/[A-Za-z_]{2,20})?)[\])]?$"
)
# An offset, or a zone's name, that a time already has.
ZONED = re.compile(r"(?:[0-9][Zz]|[+\-\u2212][0-9]{2}:?[0-9]{2}|\b(?:UTC|GMT)(?: ?[+\-\u2212][0-9:]{1,5})?)$")
# The widest are those of Kiribati and of the Baker Island.
EARLIEST, LATEST = -12 * 3600, 14 * 3600
# `GMT+8`, `UTC+05:30`, `GMT+0200`: ahead of UTC. The reversed sign of POSIX is for the variable TZ alone.
NAMED_OFFSET = re.compile(
    r"\b(?:GMT|UTC|UT|Z)\s*([+\-\u2212])\s*([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9:])", re.IGNORECASE
)
# A zone's name behind an offset says the same again: `+0800 (China Standard Time)`, `+01:00[Europe/Berlin]`.
SAID_AGAIN = re.compile(r"\s*(?:\[[\w/+-]{1,40}\]|\([^()]{1,50}\))\s*$")
OFFSET_AND_NAME = re.compile(r"(?<=[0-9])\s*([+-][0-9]{2}:?[0-9]{2})\s+[A-Z]{2,5}$")
LONG_NAME = re.compile(r"\b(Eastern|Central|Mountain|Pacific)(?: (?:Standard|Daylight))?(?: Time)?\b")
BRACKETED = re.compile(r"\(\s*((?:GMT|UTC|UT)[^()]{0,12}|[A-Z]{2,5})\s*\)")


@lru_cache(maxsize=1000)
def find_place(name: str) -> tzinfo | None:
    """The zone of an IANA name as dateutil brings it along, the same on every machine; no file is looked for."""
    found: tzinfo | None = get_zonefile_instance().get(name)
    return found


def split_place(text: str) -> tuple[str, str | None]:
    """A date's text without the IANA's name of a zone at its end, and that name; None where there is none."""
    found = PLACE.search(text) if "/" in text else None
    return (text[: found.start()].rstrip(), found[1]) if found else (text, None)


def is_zoned(text: str) -> bool:
    """Whether a date's text ends with an offset from UTC."""
    return ZONED.search(text) is not None


def plain_zones(text: str) -> str:
    """A date's text with its zone as an offset or one name, where it is written as both."""
    if "(" in text or "[" in text:
        rest = SAID_AGAIN.sub("", text)
        text = BRACKETED.sub(r"\1", rest if is_zoned(rest) else text)
    if text[-4:].lower().rstrip(")") in ("time", "ime"):
        text = WRITTEN_OUT_RE.sub(_written_out, text)
    if text[-1:].isalpha():
        text = LONG_NAME.sub(lambda name: f"{name[1][0]}T", OFFSET_AND_NAME.sub(r" \1", text))
    return NAMED_OFFSET.sub(_offset, text) if "+" in text or "-" in text or "\u2212" in text else text


def _written_out(found: re.Match[str]) -> str:
    hours = WRITTEN_OUT.get(found[1].strip().lower())
    if hours is None:
        return found[0]
    minutes = int(abs(hours) * 60)
    return f" {'-' if hours < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _offset(found: re.Match[str]) -> str:
    sign = "-" if found[1] != "+" else "+"
    return f" {sign}{int(found[2]):02}:{found[3] or '00'}"


def zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a name, or of an offset in seconds, None where there is neither; for dateutil's parser.

    Raises:
        ValueError: nobody knows the name, or no place on earth has that offset.
    """
    if name is None and offset is None:
        return None
    if offset is not None:
        if not EARLIEST <= offset <= LATEST:
            raise ValueError(f"no place has an offset of {offset} seconds")
        return tz.tzoffset(None, offset)
    key = (name or "").upper()
    place = tz.gettz(PLACES[key]) if key in PLACES else None
    if place is not None:
        return place
    if key not in HOURS:
        raise ValueError(f"unknown zone {name}")
    return tz.tzoffset(key, int(HOURS[key] * 3600))
