"""Times written as one number: 20240305, 20240305101500, seconds, milliseconds and smaller since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# By how many digits a number has: seconds and parts of them since 1970, from 1973 on. Below is no time of publication
# but a counter or a placeholder.
EPOCH_MIN = 100_000_000
STEPS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0, 1))
EPOCH_MAX = 100_000_000_000
NUMERAL = re.compile(r"[0-9]{8,19}(?:\.[0-9]{1,9})?|[0-9]\.[0-9]{1,15}[eE]\+?[0-9]{1,2}")
# Year, month, day, and as much of the time of day as there is.
COMPACT = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 17: "%Y%m%d%H%M%S%f"}
MICROSOFT = re.compile(r"\\?/Date\((-?[0-9]{1,16})(?:[+-][0-9]{4})?\)\\?/")
BASIC = re.compile(r"((?:1[6-9]|20)[0-9]{6})[T ]?([0-9]{6})?(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?")


def from_numeral(text: str, latest: datetime) -> tuple[datetime | None, bool]:
    """A time from a text of digits, or from Microsoft's `/Date(…)/`; None for anything else. See `from_number`."""
    if found := MICROSOFT.fullmatch(text):
        return _since_1970(float(found[1]) / 1000), False
    if not NUMERAL.fullmatch(text):
        return None, False
    return from_number(float(text), latest, digits=text.partition(".")[0])


def from_number(value: float, latest: datetime, *, digits: str = "") -> tuple[datetime | None, bool]:
    """A time from a number, and whether it names a whole day; None for a number that is no time.

    A number whose digits are a date (20240305) is that date and never seconds since 1970, unless the date lies in the
    future and the seconds don't (1709632800).
    """
    if not digits:
        digits = str(int(value)) if value == int(value) else ""
    compact = _compact(digits)
    if compact is not None and compact <= latest:
        return compact, len(digits) == 8
    if len(digits) == 8:
        return None, False
    for least, step in STEPS:
        if abs(value) >= least:
            return _since_1970(value / step), False
    return None, False


def _compact(digits: str) -> datetime | None:
    form = COMPACT.get(len(digits))
    if form is None or not digits.startswith(("16", "17", "18", "19", "20")):
        return None
    try:
        return datetime.strptime(digits, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _since_1970(seconds: float) -> datetime | None:
    if not EPOCH_MIN <= seconds < EPOCH_MAX:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None
