"""A run held to the whole contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from pipeline.tables.contract.files import check_files, check_ledger
from pipeline.tables.contract.finding import BREACH, Finding, judge
from pipeline.tables.contract.measures import check_drift, check_freshness, check_nulls, measure
from pipeline.tables.contract.rules import all_rules, apply_rule
from pipeline.tables.contract.texts import check_texts
from pipeline.tables.runs import BrokenRunError, Run, find_run, open_runs


@dataclass(frozen=True)
class Limits:
    """What else to hold a run to: an earlier run, days that its newest article may be old, shares of NULL."""

    against: str | None = None
    max_age: float | None = None
    max_null: Mapping[str, float] = field(default_factory=dict)


def check_run(
    output: str, limits: Limits | None = None, *, tell: Callable[[str], None] | None = None
) -> Iterator[Finding]:
    """All findings of a run, in the order in which they are worth reading.

    Args:
        output: the directory of a finished run, local or remote.
        limits: without them only what every run must hold.
        tell: is called with what is waited for.

    Raises:
        UsageError: there is no finished run.
    """
    limits = limits or Limits()
    run = find_run(output)
    files = list(check_files(run))
    yield from files
    if files[0].status == BREACH:
        # Without what _run.json tells, nothing can be held to it.
        return
    try:
        yield from _check_rows(run, limits, tell)
    except (duckdb.Error, BrokenRunError) as error:
        yield judge("files", "the tables can be read", 1, 1, " ".join(str(error).split()))


def _check_rows(run: Run, limits: Limits, tell: Callable[[str], None] | None) -> Iterator[Finding]:
    with open_runs([run.output], tell=tell) as (connection, _):
        yield from check_ledger(run, connection)
        for rule in all_rules():
            yield apply_rule(connection, rule)
        yield from check_texts(connection)
        yield from check_freshness(run, connection, limits.max_age)
        yield from check_nulls(connection, limits.max_null)
        if limits.against:
            now = measure(connection)
            with open_runs([limits.against], tell=tell) as (earlier, _):
                yield from check_drift(now, measure(earlier))
