"""Dates written as text: ISO 8601, RFC 822, figures, words. What would have to be guessed at is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dateutil import parser

from transforms.parse.date_words import in_english, to_ascii_digits
from transforms.parse.epochs import from_numeral
from transforms.parse.zones import find_place, is_zoned, plain_zones, split_place, zone

MAX_LENGTH = 80
# How a date begins that stands for none.
NO_DAY = ("0000-00-00", "0001-01-01", "00/00/0000", "01/01/0001", "1/1/0001")
# What the text leaves out is filled from these two; where they lead to different days, something was left out.
DEFAULTS = (datetime(2004, 1, 1), datetime(2008, 12, 28))
# Orders of day and month in dates like 05/03/2024.
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
ORDERS = (DAY_FIRST, MONTH_FIRST)
# RFC 2822 section 4.3: years of two digits from 50 on are of the last century.
PIVOT = 50

YEAR = re.compile(r"(?<![0-9])(?:1[6-9]|20)[0-9]{2}(?![0-9])|^[0-9]{8}(?![0-9])")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:(?:[Tt]| +)([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?"
    r" ?(?:([Zz]|UTC|GMT)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)
NUMERIC = re.compile(r"([0-9]{1,2})(\s?[/.-]\s?)([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:\.?,?[\sT]+(\S.*))?", re.DOTALL)
# `05 Mar 24` and `Mar 5, 24`, as RFC 822 and databases have it.
SHORT_YEAR = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? +)?([0-9]{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -]([0-9]{2})(?=$|[ ,T])(.*)", re.DOTALL
)
PREFIX = re.compile(
    r"on\s+|(?:(?:first|last|originally|date)?[ -]*(?:updated|published|posted|modified|created|released|dated?)\b"
    r"(?: date)?(?: (?:on|at))?[\s:,-]*)+",
    re.IGNORECASE,
)
# `2024. 3. 5.`, as Korean and Hungarian have it, and Oracle's `10.15.00.000000`.
SPACED = re.compile(r"([0-9]{4})\. ?([0-9]{1,2})\. ?([0-9]{1,2})\.?(?![0-9])")
DOTTED_HOUR = re.compile(r"(?<=[0-9]{4}[ ,])( ?[0-9]{1,2})\.([0-9]{2})(?= ?[A-Za-z(]|$)")
DOTTED_CLOCK = re.compile(r"(?<= )([0-9]{1,2})\.([0-9]{2})\.([0-9]{2})(?=[. ]|$)")
SEPARATORS = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+(?=[0-9]{1,2}:)|,?\s+(?:at\s+|@\s*)", re.IGNORECASE)
HALF_DAY = re.compile(r"(?<=[0-9])\s*([ap])\.\s?m\.?", re.IGNORECASE)
EMPTY = frozenset(("", "nan", "nat", "none", "null", "n/a", "na", "undefined", "nil", "unknown", "-", "--", "[]", "{}"))


class DateReading(NamedTuple):
    """What a value says of the time of publication: that time in UTC, or why there is none.

    `problem`: `missing`, `placeholder`, `ambiguous` (05/03/2024, of whose order nothing tells), `unreadable` (no date,
    an impossible or an incomplete one) or `future`; "" with a moment. `whole_day`: no time of day is given.
    """

    moment: datetime | None
    problem: str = ""
    whole_day: bool = False


MISSING, PLACEHOLDER = DateReading(None, "missing"), DateReading(None, "placeholder")
AMBIGUOUS, UNREADABLE = DateReading(None, "ambiguous"), DateReading(None, "unreadable")


def read_text(text: str, latest: datetime, order: str) -> DateReading:
    """Read a text; arguments and answer as those of `dates.read_date`."""
    text = to_ascii_digits(text.strip()).strip(" \t\n\"'")
    if text.lower() in EMPTY:
        return MISSING
    if text.startswith(NO_DAY):
        return PLACEHOLDER
    if found := ISO.fullmatch(text):
        return _iso(found)
    text, place = split_place(text)
    if place is not None and not is_zoned(text):
        return _local(read_text(text, latest, order), place)
    return _in_words(text, latest, order) if len(text) <= MAX_LENGTH else UNREADABLE


def _in_words(text: str, latest: datetime, order: str) -> DateReading:
    """A date that isn't of ISO 8601's form."""
    moment, whole_day = from_numeral(text, latest)
    if moment is not None:
        return DateReading(moment, whole_day=whole_day)
    text = DOTTED_HOUR.sub(r"\1:\2", text) if "." in text else text
    text = DOTTED_CLOCK.sub(r"\1:\2:\3", SPACED.sub(r"\1-\2-\3", plain_zones(text)))
    reading = _written(text, latest, order)
    if reading.problem == "unreadable":
        plain = HALF_DAY.sub(r"\1m", SEPARATORS.sub(" ", PREFIX.sub("", text))).strip(" ,.;")
        if plain != text:
            reading = _written(plain, latest, order)
        if reading.problem == "unreadable" and (english := in_english(plain)) and english != plain:
            reading = _written(english, latest, order)
    if reading.problem == "unreadable" and "|" in text:
        first = text.partition("|")[0].strip()
        reading = read_text(first, latest, order) if first else reading
    return reading


def _local(reading: DateReading, place: str) -> DateReading:
    """A time that was read as one of UTC, as that of a place."""
    known = find_place(place)
    if known is None:
        return UNREADABLE
    if reading.moment is None or reading.whole_day:
        return reading
    return _in_utc(reading.moment.replace(tzinfo=known), whole_day=False)


def _iso(found: re.Match[str]) -> DateReading:
    year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59),
            int((fraction or "0")[:6].ljust(6, "0")), UTC,
        )  # fmt: skip
        if sign and not utc:
            offset = (int(hours) * 60 + int(minutes or 0)) * (60 if sign == "+" else -60)
            zone(None, offset)
            moment -= timedelta(seconds=offset)
    except (ValueError, OverflowError):
        return UNREADABLE
    return DateReading(moment, whole_day=hour is None)


def _written(text: str, latest: datetime, order: str) -> DateReading:
    if found := NUMERIC.fullmatch(text):
        return _numeric(found, latest, order)
    if not YEAR.search(text) and (found := SHORT_YEAR.fullmatch(text)):
        text = f"{found[1]} {found[2]} {_century(int(found[3]), 2)}{found[4]}"
    if not YEAR.search(text):
        return UNREADABLE
    year_first = YEAR_FIRST.match(text)
    readings = {_read(text, default, day_first=order == DAY_FIRST) for default in DEFAULTS}
    if None in readings or len(readings) > 1:
        return UNREADABLE
    if not year_first and not order:
        readings.add(_read(text, DEFAULTS[0], day_first=True))
    moment = readings.pop()
    if readings or moment is None:
        return AMBIGUOUS if readings else UNREADABLE
    if year_first and (moment.month, moment.day) != (int(year_first[3]), int(year_first[4])):
        return UNREADABLE
    return _in_utc(moment, whole_day=":" not in text)


def _century(year: int, digits: int) -> int:
    if digits > 2:
        return year
    return year + (1900 if year >= PIVOT else 2000)


def _numeric(found: re.Match[str], latest: datetime, order: str) -> DateReading:
    """Day, month and year as figures. Full stops stand between day and month in that order, everywhere."""
    first, mark, second, year, rest = found.groups()
    days: set[datetime | None] = set()
    if "." in mark:
        order = DAY_FIRST
    for day, month, named in ((first, second, DAY_FIRST), (second, first, MONTH_FIRST)):
        if order in ("", named):
            days.add(_day(_century(int(year), len(year)), int(month), int(day)))
    if len(year) == 2 and not order:
        # The year may be the first.
        days.add(_day(_century(int(first), 2), int(second), int(year)))
    possible = [day for day in days if day is not None and day <= latest]
    if len(possible) != 1:
        return AMBIGUOUS if possible else UNREADABLE
    day_found = possible[0]
    if not rest:
        return DateReading(day_found, whole_day=True)
    rest = HALF_DAY.sub(r"\1m", SEPARATORS.sub(" ", f" {rest}")).strip(" ,|-")
    moment = _read(f"{day_found:%Y-%m-%d} {rest}", DEFAULTS[0], day_first=False)
    if moment is None or (moment.year, moment.month, moment.day) != (day_found.year, day_found.month, day_found.day):
        return UNREADABLE
    return _in_utc(moment, whole_day=":" not in rest)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _in_utc(moment: datetime, *, whole_day: bool) -> DateReading:
    try:
        if moment.tzinfo is None:
            return DateReading(moment.replace(tzinfo=UTC), whole_day=whole_day)
        return DateReading(moment.astimezone(UTC), whole_day=whole_day)
    except (OverflowError, ValueError):
        return UNREADABLE


def _read(text: str, default: datetime, *, day_first: bool) -> datetime | None:
    try:
        return parser.parse(text, default=default, dayfirst=day_first, tzinfos=zone)
    except (ValueError, OverflowError, TypeError):
        return None
