"""What a run is asked for: the values of `--languages`, `--since`, `--until` and `--outlets`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.errors import UsageError
from transforms.selection import Asked

LANGUAGE = re.compile(r"[a-z]{2,3}")
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def asked_articles(options: Any) -> Asked:
    """Which articles the options ask for.

    Raises:
        UsageError: a value makes no sense.
    """
    languages = names_in(options.languages)
    for code in languages:
        if not LANGUAGE.fullmatch(code):
            raise UsageError(f"--languages: `{code}` isn't an ISO 639 code like en or de")
    since, until = _span("since", options.since), _span("until", options.until)
    if since and until and since[0] >= until[1]:
        raise UsageError(f"--since {options.since} is later than --until {options.until}")
    return Asked(languages, since and since[0], until and until[1], names_in(options.outlets))


def names_in(value: str | None) -> tuple[str, ...]:
    """The parts of a comma list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip()))


def _span(name: str, value: str | None) -> tuple[datetime, datetime] | None:
    """When a day, month or year begins, and when the next one does; None without a value."""
    if not value:
        return None
    match = DATE.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError(value)
        year, month, day = (int(part) if part else 1 for part in match.groups())
        begin = datetime(year, month, day, tzinfo=UTC)
        if match[3]:
            return begin, begin + timedelta(days=1)
        if match[2]:
            return begin, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return begin, datetime(year + 1, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        form = "a day, month or year like 2024-05-31, 2024-05 or 2024"
        raise UsageError(f"--{name} must be {form}, not {value}") from error
