from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.options import parse_flags
from pipeline.run import status_of
from pipeline.summary import undated_line
from pipeline.usage import DONE, SHORT


@pytest.mark.parametrize(
    ("articles", "rejects", "flags", "status"),
    [
        (0, 0, [], SHORT),
        (0, 0, ["--min_articles", "0"], DONE),
        (1, 99, [], DONE),
        (9, 1, ["--min_articles", "10"], SHORT),
        (9, 1, ["--max_rejects", "1"], DONE),
        (9, 1, ["--max_rejects", "0"], SHORT),
        (9, 1, ["--max_rejects", "10%"], DONE),
        (9, 1, ["--max_rejects", "9.9%"], SHORT),
    ],
)
def test_the_status_of_a_finished_run(
    articles: int, rejects: int, flags: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parse_flags(["--input", "a", "--output", "b", "--quiet", *flags])
    ledger = {"articles": articles, "rejects": rejects, "records": articles + rejects}
    assert status_of(ledger, options) == status
    assert ("newsbeam: " in capsys.readouterr().err) == (status == SHORT)


@pytest.mark.parametrize("value", ["many", "-1", "%", "-5%"])
def test_limits_that_make_no_sense(value: str) -> None:
    with pytest.raises(UsageError, match="--max_rejects"):
        parse_flags(["--input", "a", "--output", "b", f"--max_rejects={value}"])


def test_articles_without_a_date_are_counted_aloud() -> None:
    line = undated_line({"ambiguous": 12, "missing": 3}, 100)
    assert line is not None
    assert line.startswith(
        "15 of 100 articles have no date: 12 leave open which is the day and which the month (--dates"
    )
    assert undated_line({}, 100) is None


def test_undated_articles_of_a_job() -> None:
    from pipeline.local.performance import undated

    def counter(name: str, value: int) -> Any:
        return SimpleNamespace(key=SimpleNamespace(metric=SimpleNamespace(name=name)), result=value)

    counters = [counter("undated_missing", 2), counter("undated_missing", 1), counter("records", 9)]
    job = SimpleNamespace(metrics=lambda: SimpleNamespace(query=lambda _: {"counters": counters}))
    assert undated(job) == {"missing": 3}
