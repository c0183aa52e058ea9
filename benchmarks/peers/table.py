"""The table of `make bench-peers`."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measure import Measured

COLUMNS = ("articles", "tool", "wall s", "processor s", "peak memory MB", "written", "names", "wall", "processor")
HEAD = f"| {' | '.join(COLUMNS)} |\n|---:|---|{'---:|' * (len(COLUMNS) - 2)}"


@dataclass(frozen=True)
class Row:
    """What a tool took for some number of articles and wrote of them, or why there is nothing to say.

    `written` counts articles, `names` the places in texts where one was found.
    """

    tool: str
    articles: int
    measured: Measured | None = None
    written: int = 0
    names: int = 0
    problem: str = ""


def print_row(row: Row, newsbeam: Row | None) -> str:
    """A line of Markdown; the last two columns are multiples of what newsbeam took."""
    if row.measured is None:
        return f"| {row.articles:,} | {row.tool} | {row.problem} |{' |' * (len(COLUMNS) - 3)}"
    taken = row.measured
    cells = [f"{taken.wall:.1f}", f"{taken.cpu:.1f}", f"{taken.memory / 1e6:,.0f}"]
    cells += [f"{row.written:,}", f"{row.names:,}"]
    own = newsbeam.measured if newsbeam else None
    cells += [f"{taken.wall / own.wall:.2f} ×", f"{taken.cpu / own.cpu:.2f} ×"] if own else ["", ""]
    return f"| {row.articles:,} | {row.tool} | {' | '.join(cells)} |"
