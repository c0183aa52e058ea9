"""Times of publication as dumps write them. What would have to be guessed at is None."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime

from dateutil import parser, tz

# No newspaper is older (the Relation of Strasbourg, 1605).
EARLIEST = datetime(1605, 1, 1, tzinfo=UTC)
MAX_LENGTH = 80
# What the text leaves out is filled from these two; where they lead to different days, something was left out.
DEFAULTS = (datetime(2004, 1, 1), datetime(2008, 12, 28))
YEAR = re.compile(r"(?<![0-9])(?:1[6-9]|20)[0-9]{2}(?![0-9])|^[0-9]{8}(?![0-9])")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
EPOCH = re.compile(r"[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}")
# Seconds since 1970 below this are no time of publication but a counter or a placeholder.
EPOCH_MIN = 10_000_000
EPOCH_MILLISECONDS = 100_000_000_000
# Zones of RFC 822 section 5.1 and those of news agencies; other abbreviations mean more than one zone.
ZONES = {
    "UT": tz.UTC,
    "GMT": tz.UTC,
    "UTC": tz.UTC,
    **{name: tz.tzoffset(name, hours * 3600) for name, hours in {"EST": -5, "EDT": -4, "CDT": -5, "MST": -7}.items()},
    **{name: tz.tzoffset(name, hours * 3600) for name, hours in {"MDT": -6, "PST": -8, "PDT": -7}.items()},
    **{name: tz.tzoffset(name, hours * 3600) for name, hours in {"CET": 1, "CEST": 2, "BST": 1, "EEST": 3}.items()},
    "ET": tz.gettz("America/New_York"),
    "CT": tz.gettz("America/Chicago"),
    "PT": tz.gettz("America/Los_Angeles"),
}


def parse_date(value: object, *, latest: datetime) -> datetime | None:
    """A time of publication in UTC, or None.

    Args:
        value: a text in any form that names year, month and day without doubt, or seconds or milliseconds since 1970.
        latest: no article can have been published after this.

    Returns:
        None for what is impossible (30 February, the year 2050), incomplete (a bare year) or ambiguous (04/05/2024,
        1/6/21). A text without a zone is taken as UTC, one without a time of day as midnight.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        moment = _from_epoch(float(value))
    elif isinstance(value, str):
        text = value.strip()
        if not text or len(text) > MAX_LENGTH:
            return None
        moment = _from_epoch(float(text)) if EPOCH.fullmatch(text) else _from_text(text)
    else:
        return None
    return moment if moment is not None and EARLIEST <= moment <= latest else None


def _from_epoch(seconds: float) -> datetime | None:
    if seconds >= EPOCH_MILLISECONDS:
        seconds /= 1000
    if not EPOCH_MIN <= seconds < EPOCH_MILLISECONDS:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _from_text(text: str) -> datetime | None:
    if not YEAR.search(text):
        return None
    year_first = YEAR_FIRST.match(text)
    readings = {_read(text, default, day_first=False) for default in DEFAULTS}
    if not year_first:
        readings.add(_read(text, DEFAULTS[0], day_first=True))
    moment = readings.pop()
    if readings or moment is None:
        return None
    if year_first and (moment.month, moment.day) != (int(year_first[3]), int(year_first[4])):
        return None
    try:
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _read(text: str, default: datetime, *, day_first: bool) -> datetime | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            return parser.parse(text, default=default, dayfirst=day_first, tzinfos=ZONES)
    except (ValueError, OverflowError, TypeError):
        return None
