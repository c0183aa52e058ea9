"""What deserves a warning at the end of a run: shares of its records and articles that make results doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from transforms.runtime.parquet import open_columns
from transforms.runtime.run_files import published_parts

# From these shares on somebody should know.
REJECTED, UNDATED, UNREAD, NAMELESS = 0.05, 0.1, 0.05, 0.1
# Languages and reasons that are named.
MOST = 3


WHY_UNDATED = {
    "missing": "give none",
    "ambiguous": "leave open which is the day and which the month (--dates says it)",
    "unreadable": "give one that isn't understood, or isn't whole",
    "placeholder": "give what stands for none (1970-01-01, 0000-00-00)",
    "future": "give one that is still to come",
}


def undated_line(undated: Mapping[str, int], articles: int) -> str | None:
    """How many articles have no date, and why; None where all have one."""
    total = sum(undated.values())
    if not total:
        return None
    why = ", ".join(f"{count:,} {WHY_UNDATED.get(problem, problem)}" for problem, count in undated.items())
    return f"{total:,} of {articles:,} articles have no date: {why}."


class Shares(NamedTuple):
    """Of the articles of a run: how many, how many without a date and without an outlet, and those that no model read,
    by language ("" for none).
    """

    articles: int
    undated: int
    nameless: int
    unread: Mapping[str, int]


def count_shares(output: str, manifest: Mapping[str, Any]) -> Shares:
    """Count them in the table."""
    articles = undated = nameless = 0
    unread: Counter[str] = Counter()
    columns = ["published_at", "outlet", "language", "sentence_count", "duplicate"]
    for part in published_parts(output, manifest):
        if part.table != "articles":
            continue
        with open_columns(part.path) as file:
            table = file.read(columns)
        articles += table.num_rows
        undated += table["published_at"].null_count
        nameless += table["outlet"].null_count
        # Copies are read nowhere: the article that stands for them is.
        left = table.filter(pc.and_(pc.is_null(table["sentence_count"]), pc.is_null(table["duplicate"])))
        for language in left["language"].cast(pa.string()).to_pylist():
            unread[language or ""] += 1
    return Shares(articles, undated, nameless, unread)


def warnings_of(manifest: Mapping[str, Any], shares: Shares) -> Iterator[str]:
    """What to say, a sentence or two each."""
    ledger = manifest["ledger"]
    if is_much(ledger["rejects"], ledger["records"], REJECTED):
        reasons = ", ".join(key.partition(".")[2] for key in list(manifest["rejects"])[:MOST])
        yield (
            f"{_of(ledger['rejects'], ledger['records'], 'records')} were rejected, most for {reasons}; "
            "the view `rejects_by_cause` has one of each to look at."
        )
    if is_much(shares.undated, shares.articles, UNDATED):
        said = undated_line(manifest.get("undated", {}), shares.articles)
        known = said or f"{_of(shares.undated, shares.articles, 'articles')} have no date."
        yield f"{known} They are missing wherever days count."
    if is_much(shares.nameless, shares.articles, NAMELESS):
        yield (
            f"{_of(shares.nameless, shares.articles, 'articles')} tell no outlet: name the field, "
            "--fields source=NAME, or --outlet_from folder."
        )
    if is_much(total := sum(shares.unread.values()), shares.articles, UNREAD):
        most = Counter(shares.unread).most_common(MOST)
        languages = ", ".join(f"{language or 'unknown'} {count:,}" for language, count in most)
        yield (
            f"{_of(total, shares.articles, 'articles')} have no names and no tone, since no model of their language "
            f"was given ({languages}); see --models."
        )


def is_much(some: int, all_: int, share: float) -> bool:
    """Whether some of all are at least this share."""
    return bool(all_) and some >= share * all_


def _of(some: int, all_: int, what: str) -> str:
    return f"{some:,} of {all_:,} {what} ({some / all_:.0%})"
