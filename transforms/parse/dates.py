"""Times of publication as dumps write them. What would have to be guessed at is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from transforms.parse.date_texts import ISO, MISSING, ORDERS, PLACEHOLDER, UNREADABLE, DateReading, read_text
from transforms.parse.epochs import from_number

__all__ = ["MISSING", "ORDERS", "DateReading", "parse_date", "read_date"]

# No newspaper is older (the Relation of Strasbourg, 1605).
EARLIEST = datetime(1605, 1, 1, tzinfo=UTC)
# What databases and programs write where they have no date.
NOTHING = datetime(1970, 1, 1, tzinfo=UTC)
# Fields under which an export puts a date's value; MongoDB, JSON-LD, Firestore, feeds that became JSON.
HOLDERS = (
    *("$date", "$numberLong", "$numberDouble", "@value", "value", "date", "datetime", "dateTime", "iso", "iso8601"),
    "timestamp",
    *("seconds", "_seconds", "utc", "rendered", "published", "start", "original", "text", "#text", "$t", "$"),
)


# Fields beside it that name its zone, as PHP and calendars have it.
ZONES = ("timezone", "timeZone", "time_zone", "tz")


def parse_date(value: object, *, latest: datetime, order: str = "") -> datetime | None:
    """A time of publication in UTC, or None; see `read_date`."""
    return read_date(value, latest=latest, order=order).moment


def read_date(value: object, *, latest: datetime, order: str = "") -> DateReading:
    """Read a time of publication.

    Args:
        value: a text in any form that names year, month and day without doubt; a number of the form 20240305 or of
            seconds, milliseconds or smaller since 1970; or a list or object that holds one of these.
        latest: no article can have been published after this.
        order: `dmy` or `mdy`, where it is known which one 05/03/2024 means in this file.

    Returns:
        A reading without a moment for what is impossible (30 February, the year 2050, an offset of 25 hours),
        incomplete (a bare year), a placeholder (the first second of 1970) or ambiguous (04/05/2024, 1/6/21 where
        `order` is ""). A text without a zone is taken as UTC, one without a time of day as midnight; where the
        zone's name is unknown there is no time.
    """
    found = _read_value(value, latest, order, depth=0)
    if found.moment is None:
        return found
    if abs((found.moment - NOTHING).total_seconds()) < 1:
        return PLACEHOLDER
    if found.moment > latest:
        return DateReading(None, "future")
    return found if found.moment >= EARLIEST else PLACEHOLDER


def _read_value(value: object, latest: datetime, order: str, *, depth: int) -> DateReading:
    found = MISSING if value is None else UNREADABLE
    if isinstance(value, bool) or depth > 4:
        return found
    if isinstance(value, (int, float)):
        found = _number(value, latest)
    elif isinstance(value, str):
        found = read_text(value, latest, order)
    elif isinstance(value, Mapping):
        found = _mapping(value, latest, order, depth)
    elif isinstance(value, list):
        items = (_read_value(item, latest, order, depth=depth + 1) for item in value[:10])
        found = _parts(value) or _best(items)
    return found


def _best(readings: Iterable[DateReading]) -> DateReading:
    """The first with a moment, else the first that says more than that there is nothing."""
    best = MISSING
    for reading in readings:
        if reading.moment is not None:
            return reading
        if best is MISSING:
            best = reading
    return best


def _mapping(value: Mapping[Any, Any], latest: datetime, order: str, depth: int) -> DateReading:
    if all(isinstance(value.get(name), int) for name in ("year", "month", "day")):
        return _parts([value[name] for name in ("year", "month", "day")]) or UNREADABLE
    place = next((value[name] for name in ZONES if isinstance(value.get(name), str)), None)
    values = (value[name] for name in HOLDERS if name in value)
    zoned = (f"{each} {place}" if place and isinstance(each, str) and _lacks_zone(each) else each for each in values)
    return _best(_read_value(each, latest, order, depth=depth + 1) for each in zoned)


def _lacks_zone(text: str) -> bool:
    """Whether a text is a day with a time of day and nothing else."""
    found = ISO.fullmatch(text.strip())
    return found is not None and found[4] is not None and not (found[8] or found[9])


def _parts(values: list[Any]) -> DateReading | None:
    """Year, month, day and perhaps a time of day as numbers, as Python's `struct_time` becomes in JSON."""
    if not 3 <= len(values) <= 9 or not all(isinstance(value, int) for value in values) or values[0] < 1605:
        return None
    year, month, day, hour, minute, second = [*values[:6], 0, 0, 0][:6]
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return UNREADABLE
    return DateReading(moment, whole_day=len(values) == 3)


def _number(value: float, latest: datetime) -> DateReading:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124, NaN
        return MISSING
    if value in (0, -1):
        return PLACEHOLDER
    moment, whole_day = from_number(value, latest)
    return DateReading(moment, whole_day=whole_day) if moment else UNREADABLE
